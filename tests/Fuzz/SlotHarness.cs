using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Security.Cryptography;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Storage;

namespace MbmsMe.Tests.Fuzz;

/// <summary>
/// Two slot files in any state: the reader takes the newest intact one, and the ME starts, works and restarts with it.
/// </summary>
/// <remarks>
/// The first octet holds flags, the next two the length of slot 0; slot 1 is the rest. Flags 1 and 2: the slot is
/// there. Flags 4 and 8: it holds a sequence number and a record, and gets the right header and hash.
/// </remarks>
internal sealed class SlotHarness : Harness
{
    private const int HeaderLength = 13;
    private const int HashLength = 20;

    // Two images and records, read and hashed; for a first UICC the empty state is written as well.
    private const int AllocationFixed = 16384;
    private const int AllocationPerOctet = 32;

    private readonly LoadedMe _me = new();
    private readonly byte[][] _datagrams;

    public SlotHarness()
    {
        List<byte[]> datagrams = [Vectors.Message("MSK"), Vectors.Message("draft MSK"), Vectors.Message("pull")];
        foreach ((_, FakeMessage message) in MessageSeeds.Genuine(_me))
        {
            datagrams.Add(message.Wire);
        }

        _datagrams = [.. datagrams];
    }

    public override string Name => "slots";

    public override IEnumerable<Seed> Seeds()
    {
        byte[] record = LoadedMe.Octets(_me.MakeState(Bench.Iccid, Bench.Imsi));
        byte[] foreign = LoadedMe.Octets(_me.MakeState(Bench.Iccid, "001010000000001"));
        byte[] empty = LoadedMe.Octets(new KeyState(Bench.Iccid, Bench.Imsi));
        KeyState pulled = _me.MakeState(Bench.Iccid, Bench.Imsi);
        pulled.Of(Bench.Fqdn).Pulls.Add(new KeyGroup(Bench.Domain, 0x0010));
        KeyState one = _me.MakeState(Bench.Iccid, Bench.Imsi);
        one.Of(Bench.Fqdn).MarkUsed(one.Of(Bench.Fqdn).Gba.Muk);
        KeyState crowded = _me.MakeState(Bench.Iccid, Bench.Imsi);
        for (int i = 1; i <= 255; i++)
        {
            crowded.Of(Bench.Fqdn).Pulls.Add(new KeyGroup(Bench.Domain, 0x1000 + i));
        }

        byte[] rotten = (byte[])_me.Images[1].Clone();
        rotten[100] ^= 1;
        byte[] newer = (byte[])_me.Images[1].Clone();
        newer[4] = 2;
        return
        [
            new Seed("none", [0, 0, 0]),
            new Seed("files", Input(3, _me.Images[0], _me.Images[1])),
            new Seed("bit rot", Input(3, _me.Images[0], rotten)),
            new Seed("newer format", Input(3, _me.Images[0], newer)),
            new Seed("torn", Input(3, _me.Images[0], _me.Images[1][..200])),
            new Seed("one file", Input(1, _me.Images[0], [])),
            new Seed("records", Input(15, [0, 0, 0, 1, .. empty], [0, 0, 0, 2, .. record])),
            new Seed("another UICC", Input(15, [0, 0, 0, 8, .. foreign], [0, 0, 0, 7, .. foreign])),
            new Seed("erase half done", Input(15, [0, 0, 0, 8, .. empty], [0, 0, 0, 7, .. foreign])),
            new Seed("pull noted", Input(10, [], [0, 0, 0, 2, .. LoadedMe.Octets(pulled)])),
            new Seed("255 pulls noted", Input(5, [0, 0, 0, 1, .. LoadedMe.Octets(crowded)], [])),
            new Seed("current MUK used last", Input(5, [0, 0, 1, 0, .. LoadedMe.Octets(one)], [])),
        ];
    }

    protected override void Test(byte[] input)
    {
        if (input.Length < 3)
        {
            return;
        }

        int flags = input[0];
        int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(input.AsSpan(1)), input.Length - 3);
        SimulatedDrive drive = new();
        Put(drive, 0, flags, input.AsSpan(3, length));
        Put(drive, 1, flags >> 1, input.AsSpan(3 + length));
        int limit = AllocationFixed + (AllocationPerOctet * input.Length);
        byte[] record = JudgeLoad(drive, limit);

        KeyState state = null;
        if (record != null)
        {
            Bounded(limit, () => state = KeyState.Read(record));
        }

        // States of another UICC are erased, not written: only ours must survive being written.
        bool ours = state != null && state.BelongsTo(Bench.Iccid, Bench.Imsi);
        Accepted += ours ? 1 : 0;
        JudgeStart(drive, LoadedMe.Octets(ours ? state : new KeyState(Bench.Iccid, Bench.Imsi)), ours, limit);
    }

    private static byte[] Input(int flags, byte[] first, byte[] second) =>
        [(byte)flags, (byte)(first.Length >> 8), (byte)first.Length, .. first, .. second];

    private static void Put(SimulatedDrive drive, int slot, int flags, ReadOnlySpan<byte> content)
    {
        if ((flags & 1) == 0)
        {
            return;
        }

        byte[] image = content.ToArray();
        if ((flags & 4) != 0 && content.Length >= 4)
        {
            int recordLength = content.Length - 4;
            image = new byte[HeaderLength + recordLength + HashLength];
            "MBMS"u8.CopyTo(image);
            image[4] = 1;
            content[..4].CopyTo(image.AsSpan(5));
            BinaryPrimitives.WriteInt32BigEndian(image.AsSpan(9), recordLength);
            content[4..].CopyTo(image.AsSpan(HeaderLength));
            SHA1.HashData(image.AsSpan(0, HeaderLength + recordLength), image.AsSpan(HeaderLength + recordLength));
        }

        drive.Write(slot, image);
    }

    // The slot format in other words than the core's.
    private static bool IsIntact(byte[] image) =>
        image != null && image.Length >= HeaderLength + HashLength && image.AsSpan(0, 5).SequenceEqual("MBMS\u0001"u8)
        && BinaryPrimitives.ReadUInt32BigEndian(image.AsSpan(9)) == (uint)(image.Length - HeaderLength - HashLength)
        && SHA1.HashData(image.AsSpan(0, image.Length - HashLength)).AsSpan().SequenceEqual(image.AsSpan(image.Length - HashLength));

    private static byte[] RecordOf(byte[] image) => image[HeaderLength..^HashLength];

    private static uint SequenceOf(byte[] image) => BinaryPrimitives.ReadUInt32BigEndian(image.AsSpan(5));

    private byte[] JudgeLoad(SimulatedDrive drive, int limit)
    {
        StoredRecords found = null;
        SlotStore store = new(drive);
        Bounded(limit, () => found = store.Load());
        byte[] record = found.Newest;
        List<byte[]> intact = [];
        for (int slot = 0; slot < 2; slot++)
        {
            byte[] image = drive.Read(slot);
            if (IsIntact(image))
            {
                intact.Add(image);
            }
        }

        Require((record == null) == (intact.Count == 0), "took a slot that is not intact, or none that is");
        Require((found.Older == null) == (intact.Count < 2), "took an older slot that is not intact, or none that is");
        if (intact.Count == 2 && SequenceOf(intact[0]) != SequenceOf(intact[1]))
        {
            bool first = SequenceOf(intact[0]) > SequenceOf(intact[1]);
            Require(record.AsSpan().SequenceEqual(RecordOf(intact[first ? 0 : 1])), "took the older slot");
        }

        return record;
    }

    private void JudgeStart(SimulatedDrive drive, byte[] expected, bool ours, int limit)
    {
        Bench bench = _me.Bench;
        byte[] first = drive.Read(0);
        byte[] second = drive.Read(1);
        bench.Drive = drive;
        bench.Forget();
        Bounded(limit, bench.PowerOn);
        Require(bench.State() == Convert.ToHexStringLower(expected), "started with another state than stored");
        Require(bench.Network.Calls.Count + bench.Datagrams.Sent.Count == 0, "traffic at power-on");
        if (!ours)
        {
            JudgeErased(bench, expected);
        }

        // The highest sequence number has no successor; no flash lives to see 4,294,967,295 writes.
        bool last = IsLast(first) || IsLast(second);
        foreach (byte[] datagram in _datagrams)
        {
            Bounded(limit, () => bench.Deliver(datagram));
        }

        string state = bench.State();
        _me.PowerCycle();
        Require(last || bench.State() == state, "a restart changed the state");
    }

    private static bool IsLast(byte[] image) => IsIntact(image) && SequenceOf(image) >= 0xFFFFFFF0;

    /// <summary>Rule 3: where the keys are not this UICC's, each slot holds nothing but the empty state of this one, or nothing.</summary>
    private static void JudgeErased(Bench bench, byte[] empty)
    {
        for (int slot = 0; slot < 2; slot++)
        {
            byte[] image = bench.Drive.Read(slot);
            Require(
                image == null || (IsIntact(image) && RecordOf(image).AsSpan().SequenceEqual(empty)),
                "octets that are not this UICC's are left in a slot");
        }
    }
}
