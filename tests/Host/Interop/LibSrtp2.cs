using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Hal.Host;
using MbmsMe.Lab;
using MbmsMe.Machine;
using MbmsMe.Srtp;

namespace MbmsMe.Tests.Host;

/// <summary>What libsrtp2 protects, the receiver makes clear: over links that lose, double and reorder, across ROC wraps and keys.</summary>
[TestClass]
public sealed class LibSrtp2
{
    private const uint Ssrc = 0x5EED0001;
    private const int Packets = 20_000;
    private const int PacketsPerKey = 2_000;

    /// <summary>By how much a packet may come late: less than the replay window, in sequence numbers.</summary>
    private const int Reach = 40;

    /// <summary>Two in a row still leave no doubt about the ROC.</summary>
    private const int LongestLoss = 16000;

    [TestMethod]
    [DataRow(6, 1, false)]
    [DataRow(4, 2, false)]
    [DataRow(6, 3, false)]
    [DataRow(6, 4, true)]
    [DataRow(4, 5, true)]
    public void EveryPacketThatArrivesIsTakenOnce(int mkiLength, int seed, bool byThePcsEngine)
    {
        Random random = new(seed);
        List<(long Order, int Key, byte[] Clear, byte[] Packet)> link = [];
        List<TrafficKey> keys = [];
        ISrtpSender? sender = null;
        long index = random.Next(65536);
        for (int i = 0; i < Packets; i++)
        {
            if (i % PacketsPerKey == 0)
            {
                keys.Add(NewKey(random, mkiLength, keys.Count + 1));
                sender?.Dispose();
                sender = Sender(keys[^1]);
                Wind(sender, index, random);
            }

            // Mostly the next packet; losses that last take the stream through some 20 ROCs.
            index += random.Next(100) == 0 ? random.Next(1, LongestLoss) : 1;
            byte[] clear = Rtp(index, random.Next(0, 200), random);
            byte[] packet = sender!.Protect(clear);
            for (int copies = random.Next(10) switch { 0 => 0, 1 => 2, _ => 1 }; copies > 0; copies--)
            {
                link.Add((index + random.Next(Reach), keys.Count - 1, clear, [.. packet]));
            }
        }

        sender!.Dispose();
        Assert.IsGreaterThan(15, index >> 16, "wraps");

        SrtpCrypto crypto = new(byThePcsEngine ? new HostCrypto() : new ManagedCrypto());
        SrtpKeyRing ring = new(crypto, new Machine.KeyGroup(1, 1));
        SrtpReceiver receiver = new(crypto, ring, true, true);
        HashSet<byte[]> taken = [];
        int installed = 0;
        foreach (var (_, key, clear, packet) in link.OrderBy(sent => sent.Order))
        {
            for (; installed <= key; installed++)
            {
                ring.Install(keys[installed]);
            }

            Assert.AreEqual(taken.Add(clear) ? SrtpResult.Ok : SrtpResult.Replayed, receiver.Receive(packet, packet.Length), $"packet {taken.Count}");
            if (receiver.ClearLength > 0)
            {
                Assert.IsTrue(packet.AsSpan(0, receiver.ClearLength).SequenceEqual(clear));
                Assert.IsTrue(receiver.Key.Mki.AsSpan().SequenceEqual(keys[key].Mki));
            }
        }

        Assert.IsGreaterThan(Packets * 8 / 10, taken.Count);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(9)]
    public void AStreamThatWrappedBeforeTheReceiverCameIsFound(int wraps)
    {
        Random random = new(wraps);
        TrafficKey key = NewKey(random, 6, 1);
        using ISrtpSender sender = Sender(key);
        long index = (wraps << 16) + 7000;
        Wind(sender, index, random);

        SrtpCrypto crypto = new(new ManagedCrypto());
        SrtpKeyRing ring = new(crypto, new Machine.KeyGroup(1, 1));
        ring.Install(key);
        SrtpReceiver receiver = new(crypto, ring, true, true);
        int lost = 0;
        for (byte[] packet = sender.Protect(Rtp(++index, 20, random));
            receiver.Receive(packet, packet.Length) != SrtpResult.Ok;
            packet = sender.Protect(Rtp(++index, 20, random)))
        {
            Assert.IsLessThan(1024, ++lost);
        }

        for (int i = 0; i < 100; i++)
        {
            byte[] packet = sender.Protect(Rtp(++index, 20, random));
            Assert.AreEqual(SrtpResult.Ok, receiver.Receive(packet, packet.Length));
        }
    }

    private static TrafficKey NewKey(Random random, int mkiLength, int number)
    {
        byte[] mki = new byte[mkiLength];
        byte[] key = new byte[16];
        byte[] salt = new byte[14];
        random.NextBytes(key);
        random.NextBytes(salt);
        mki[mkiLength - 3] = 1;
        mki[mkiLength - 1] = (byte)number;
        return new TrafficKey { Group = new Machine.KeyGroup(1, 1), Mki = mki, Key = key, Salt = salt };
    }

    private static byte[] Rtp(long index, int payload, Random random)
    {
        byte[] packet = new byte[12 + payload];
        random.NextBytes(packet);
        packet[0] = 0x80;
        packet[2] = (byte)(index >> 8);
        packet[3] = (byte)index;
        Octets.PutUInt32(packet, 8, Ssrc);
        return packet;
    }

    /// <summary>Takes a new sender to an index: its ROC starts from 0, that of the stream does not.</summary>
    private static void Wind(ISrtpSender sender, long index, Random random)
    {
        for (long at = 0; at < index; at += 30000)
        {
            sender.Protect(Rtp(at, 0, random));
        }

        sender.Protect(Rtp(index, 0, random));
    }

    /// <summary>Where libsrtp2 is not installed a test says so; only in CI, which installs it, that is a failure.</summary>
    private static ISrtpSender Sender(TrafficKey key)
    {
        if (LibSrtp.TryNewSender(key.Key, key.Salt, key.Mki, out ISrtpSender? sender))
        {
            return sender;
        }

        throw string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"))
            ? new AssertInconclusiveException("libsrtp2 is not installed: apt-get install libsrtp2-1")
            : new AssertFailedException("libsrtp2 is not installed although this is CI: apt-get install libsrtp2-1");
    }
}
