using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MbmsMe.Crypto;
using MbmsMe.Srtp;

namespace MbmsMe.Tests.Fuzz;

/// <summary>
/// The SRTP receiver: up to 16 packets, some of which the harness protects as their sender would. Nothing but those becomes
/// clear, to the octet and once.
/// </summary>
/// <remarks>
/// The first octet: 1 without confidentiality, 2 without integrity. Each packet is preceded by an octet of flags and two of
/// length. Flag 1: protect it under the MTK of release6. Flag 2: under that of draft2004. The upper four bits: its ROC. Flag 4: it
/// is lost. Flag 8: what comes is the packet before as it was on the wire, with these octets exclusively ored to its start.
/// </remarks>
internal sealed class SrtpHarness : Harness
{
    /// <summary>As many as the receiver tells SSRCs apart: none is forgotten.</summary>
    private const int MaxPackets = SrtpReceiver.MaxSources;

    private const int Allocation = 1024;
    private const int FixedHeader = 12;
    private const int NoConfidentiality = 1;
    private const int NoIntegrity = 2;
    private const int Release6 = 1;
    private const int Draft2004 = 2;
    private const int Lost = 4;
    private const int Again = 8;

    private readonly SrtpSender _release6 = new(SrtpSender.MtkOf(1, 1));
    private readonly SrtpSender _draft2004 = new(SrtpSender.Key(Check.Bytes("00020001"), 100));
    private readonly SrtpKeyRing _ring;

    public SrtpHarness()
    {
        _ring = SrtpSender.Ring(_release6.Mtk, _draft2004.Mtk);
    }

    public override string Name => "srtp";

    public override IEnumerable<Seed> Seeds()
    {
        // 2 CSRCs and an extension of one word.
        byte[] rich = Check.Bytes("92600005000000a0decafbad1111111122222222bede000110ff0000414243");
        for (int protection = 0; protection <= (NoConfidentiality | NoIntegrity); protection++)
        {
            yield return Seed("rich header, protection " + protection, protection, Item(Release6, rich), Item(Draft2004, rich));
        }

        yield return Seed("replays and reordering", 0, [.. ((int[])[9, 9, 7, 72, 8, 7, 9, 200]).Select(sequence => Plain(Release6, 0, sequence))]);
        yield return Seed("wraps", 0, Plain(Release6, 0, 65535), Plain(Release6, 1, 0), Plain(Draft2004, 0, 65534), Plain(Draft2004, 1, 65535));
        yield return Seed("wraps without integrity", NoIntegrity, Plain(Release6, 0, 65535), Plain(Release6, 1, 0), Plain(Release6, 0, 65534));
        yield return Seed("found with a later ROC", 0, Plain(Release6, 5, 5), Plain(Release6, 15, 10));
        yield return Seed("damaged, then replayed", 0, Plain(Release6, 0, 1), Item(Again, [0, 0, 0, 1]), Item(Again, [0, 0, 0, 1]), Item(Again, []));
        yield return Seed("on the way for long", 0, Plain(Release6 | Lost, 0, 1), Item(Again, new byte[_release6.Packet(0, 1).Length]));
        yield return Seed("not protected", 0, Plain(0, 0, 1));
        yield return Seed("no payload", 0, Item(Release6, _release6.Clear(1)[..FixedHeader]));
        yield return Seed("every SSRC", 0, [.. Enumerable.Range(0, MaxPackets).Select(ssrc => Item(Release6, [.. _release6.Clear(1)[..11], (byte)ssrc, 1]))]);
    }

    protected override void Test(byte[] input)
    {
        if (input.Length == 0)
        {
            return;
        }

        bool confidentiality = (input[0] & NoConfidentiality) == 0;
        bool integrity = (input[0] & NoIntegrity) == 0;
        SrtpReceiver receiver = new(new SrtpCrypto(new ManagedCrypto()), _ring, confidentiality, integrity);
        Dictionary<string, (byte[] Clear, uint Roc)> sent = [];
        HashSet<(uint Ssrc, uint Roc, int Sequence)> taken = [];
        byte[] last = [];
        int at = 1;
        for (int count = 0; count < MaxPackets && at + 3 <= input.Length; count++)
        {
            int flags = input[at];
            int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(input.AsSpan(at + 1)), input.Length - at - 3);
            byte[] packet = input.AsSpan(at + 3, length).ToArray();
            at += 3 + length;
            SrtpSender sender = (flags & Release6) != 0 ? _release6 : (flags & Draft2004) != 0 ? _draft2004 : null;
            int header = HeaderLength(packet);
            if (sender != null && header > 0 && (confidentiality || integrity))
            {
                byte[] clear = packet;
                uint roc = (uint)flags >> 4;
                (sender.Confidentiality, sender.Integrity) = (confidentiality, integrity);
                packet = sender.Protect(clear, header, roc);
                sent[Convert.ToHexString(packet)] = (clear, roc);
            }

            if ((flags & Again) != 0)
            {
                packet = [.. last.Select((octet, i) => i < packet.Length ? (byte)(octet ^ packet[i]) : octet)];
            }

            last = (byte[])packet.Clone();
            if ((flags & Lost) != 0)
            {
                continue;
            }

            string before = Convert.ToHexString(packet);
            SrtpResult result = SrtpResult.Malformed;
            Bounded(Allocation + (2 * packet.Length), () => result = receiver.Receive(packet, packet.Length));
            bool genuine = sent.TryGetValue(before, out (byte[] Clear, uint Roc) original);
            uint ssrc = genuine ? BinaryPrimitives.ReadUInt32BigEndian(original.Clear.AsSpan(8)) : 0;
            if (result != SrtpResult.Ok)
            {
                Require(Convert.ToHexString(packet) == before && receiver.ClearLength == 0 && receiver.Key == null, "a refused packet left something");
                Require(!integrity || !genuine || original.Roc > 0 || taken.Any(one => one.Ssrc == ssrc), "the first packet of a source was refused");
                continue;
            }

            Accepted++;
            Require(receiver.ClearLength <= packet.Length && HeaderLength(packet) > 0, "clear octets behind the packet");
            if (integrity)
            {
                Require(genuine, "a packet with a wrong tag became clear");
                Require(packet.AsSpan(0, receiver.ClearLength).SequenceEqual(original.Clear), "the clear packet is another");
                Require(taken.Add((ssrc, original.Roc, BinaryPrimitives.ReadUInt16BigEndian(original.Clear.AsSpan(2)))), "a replay became clear");
            }
        }
    }

    private static Seed Seed(string name, int protection, params byte[][] items) => new(name, [(byte)protection, .. items.SelectMany(item => item)]);

    private static byte[] Item(int flags, byte[] packet)
    {
        MemoryStream item = new();
        item.Write([(byte)flags, (byte)(packet.Length >> 8), (byte)packet.Length]);
        item.Write(packet);
        return item.ToArray();
    }

    private byte[] Plain(int flags, int roc, int sequence) => Item(flags | (roc << 4), _release6.Clear(sequence));

    // RFC 3550 clauses 5.1 and 5.3.1; 0 when the packet is shorter, or no RTP.
    private static int HeaderLength(byte[] packet)
    {
        if (packet.Length < FixedHeader || packet[0] >> 6 != 2)
        {
            return 0;
        }

        int header = FixedHeader + (4 * (packet[0] % 16));
        if ((packet[0] & 16) != 0)
        {
            header += header + 4 <= packet.Length ? 4 + (4 * BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(header + 2))) : packet.Length;
        }

        return header <= packet.Length ? header : 0;
    }
}
