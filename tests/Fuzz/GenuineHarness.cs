using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;

namespace MbmsMe.Tests.Fuzz;

/// <summary>
/// What no fuzzer can forge: up to 8 datagrams, encrypted and given the right MAC by the harness as if a BM-SC had sent
/// nonsense. Reaches everything behind the MAC, with restarts in between.
/// </summary>
/// <remarks>
/// Each datagram is preceded by an octet of flags and two of length. Flag 1: MAC of the current MUK. Flag 2: MAC of
/// the expired MUK. Flag 4: encrypt the key data. Flag 8: restart first.
/// </remarks>
internal sealed class GenuineHarness : Harness
{
    private const int MaxDatagrams = 8;
    private const int Allocation = 65536;
    private const int Current = 1;
    private const int Expired = 2;
    private const int Encrypt = 4;
    private const int Restart = 8;

    private readonly LoadedMe _me = new();

    public override string Name => "genuine";

    public override IEnumerable<Seed> Seeds()
    {
        LoadedMe me = new();
        MemoryStream all = new();
        uint counter = 10;
        foreach ((string name, FakeMessage message) in MessageSeeds.Genuine(me))
        {
            byte[] one = Item(message, Restart);
            yield return new Seed(name, one);
            if (all.Length < 1000)
            {
                message.Counter = counter++;
                all.Write(Item(message.Build(), 0));
            }
        }

        yield return new Seed("one after the other", all.ToArray());
    }

    protected override void Test(byte[] input)
    {
        _me.Reset();
        int at = 0;
        for (int count = 0; count < MaxDatagrams && at + 3 <= input.Length; count++)
        {
            int flags = input[at];
            int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(input.AsSpan(at + 1)), input.Length - at - 3);
            byte[] datagram = input.AsSpan(at + 3, length).ToArray();
            at += 3 + length;
            Seal(datagram, flags);
            if ((flags & Restart) != 0)
            {
                Cycle();
            }

            _me.Freeze();
            Bounded(Allocation, () => _me.Bench.Deliver(datagram));
            Accepted += _me.Judge(datagram) ? 1 : 0;
        }

        Cycle();
    }

    private static byte[] Item(FakeMessage message, int flags)
    {
        byte[] datagram = (byte[])message.Wire.Clone();
        if (message.KeyData.Length > 0)
        {
            WireMessage.Read(datagram).Crypt(message.Key.Muk);
            flags |= Encrypt;
        }

        flags |= message.Key.ExpiresAt < FakeClock.Start ? Expired : Current;
        return [(byte)flags, (byte)(datagram.Length >> 8), (byte)datagram.Length, .. datagram];
    }

    private void Seal(byte[] datagram, int flags)
    {
        WireMessage message = WireMessage.Read(datagram);
        if ((flags & (Current | Expired)) == 0 || message == null || message.Encrypted.Offset == 0 || message.Rand.Length == 0)
        {
            return;
        }

        byte[] muk = (flags & Current) != 0 ? _me.Current.Muk : _me.Expired.Muk;
        if ((flags & Encrypt) != 0 && message.TimestampType == 2 && message.Timestamp.Length == 4)
        {
            message.Crypt(muk);
        }

        message.Seal(muk);
    }

    private void Cycle()
    {
        string state = _me.Bench.State();
        _me.PowerCycle();
        Require(_me.Bench.State() == state, "a restart changed the state");
    }
}
