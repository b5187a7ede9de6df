using System.Buffers.Binary;
using CsCheck;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>The lab's own SRTP against libsrtp2, octet for octet.</summary>
[TestClass]
public sealed class SrtpAgrees
{
    private const int Inputs = 500;

    /// <summary>Packets of one stream: short and long payloads, and a sequence number that wraps, which steps the ROC.</summary>
    private static readonly Gen<(ushort First, uint Ssrc, byte[][] Payloads)> s_stream = Gen.Select(
        Gen.OneOf(Gen.UShort, Gen.UShort[65530, 65535]), Gen.UInt, RandomInputs.Octets(0, 200).Array[1, 12], (first, ssrc, payloads) => (first, ssrc, payloads));

    [TestMethod]
    [DataRow(true, true)]
    [DataRow(true, false)]
    [DataRow(false, true)]
    public void PacketsAreTheSame(bool confidentiality, bool integrity)
    {
        LibSrtpReceiver.Require();
        int tag = integrity ? 10 : 0;
        Gen.Select(RandomInputs.Octets(16), RandomInputs.Octets(14), Gen.OneOf(RandomInputs.Octets(4), RandomInputs.Octets(6)), s_stream).Sample(
            (key, salt, mki, stream) =>
            {
                Assert.IsTrue(LibSrtp.TryNewSender(key, salt, mki, out ISrtpSender? theirs, confidentiality, integrity));
                using ISrtpSender ours = new ManagedSrtpSender(key, salt, mki, confidentiality, integrity);
                using (theirs)
                {
                    for (int i = 0; i < stream.Payloads.Length; i++)
                    {
                        byte[] packet = Packet((ushort)(stream.First + i), stream.Ssrc, stream.Payloads[i]);
                        byte[] expected = theirs.Protect(packet);
                        CollectionAssert.AreEqual(expected, ours.Protect(packet), $"packet {i}");
                        Assert.AreEqual(packet.Length + mki.Length + tag, expected.Length);
                        CollectionAssert.AreEqual(mki, expected[^(mki.Length + tag)..^tag], "where the MKI is");
                        Assert.IsTrue(confidentiality || expected.AsSpan().StartsWith(packet), "clear text");
                    }
                }
            },
            iter: Inputs,
            threads: 1);
    }

    /// <summary>What the lab's own code protects, libsrtp2 makes clear, once; not with one bit turned, nor under another key or MKI.</summary>
    [TestMethod]
    public void LibSrtpUnprotectsThem()
    {
        LibSrtpReceiver.Require();
        Gen.Select(RandomInputs.Octets(16), RandomInputs.Octets(14), RandomInputs.Octets(6), s_stream).Sample(
            (key, salt, mki, stream) =>
            {
                using ManagedSrtpSender sender = new(key, salt, mki);
                using LibSrtpReceiver receiver = new(key, salt, mki);
                using LibSrtpReceiver otherKey = new([(byte)~key[0], .. key[1..]], salt, mki);
                using LibSrtpReceiver otherMki = new(key, salt, [.. mki[..5], (byte)~mki[5]]);
                for (int i = 0; i < stream.Payloads.Length; i++)
                {
                    byte[] clear = Packet((ushort)(stream.First + i), stream.Ssrc, stream.Payloads[i]);
                    byte[] packet = sender.Protect(clear);
                    byte[] turned = [.. packet];
                    turned[^1] ^= 1;
                    Assert.IsNull(receiver.Unprotect(turned));
                    Assert.IsNull(otherKey.Unprotect(packet));
                    Assert.IsNull(otherMki.Unprotect(packet));
                    CollectionAssert.AreEqual(clear, receiver.Unprotect(packet), $"packet {i}");
                    Assert.IsNull(receiver.Unprotect(packet), "a replay");
                }
            },
            iter: Inputs,
            threads: 1);
    }

    private static byte[] Packet(ushort sequence, uint ssrc, byte[] payload)
    {
        byte[] header = [0x80, 96, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), ssrc);
        return [.. header, .. payload];
    }
}
