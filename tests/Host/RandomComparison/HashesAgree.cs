using System.Security.Cryptography;
using CsCheck;
using MbmsMe.Crypto;
using MbmsMe.Machine;

namespace MbmsMe.Tests.Host;

/// <summary>The core's hashes and HMACs against System.Security.Cryptography.</summary>
[TestClass]
public sealed class HashesAgree
{
    private static readonly Gen<byte[]> s_message = RandomInputs.Octets(0, 300);
    private static readonly Gen<int[]> s_pieces = Gen.Int[0, 130].Array[0, 8];

    [TestMethod]
    public void Sha1IsSha1() => Compare(() => new Sha1(), SHA1.HashData);

    [TestMethod]
    public void Md5IsMd5() => Compare(() => new Md5(), MD5.HashData);

    [TestMethod]
    public void Sha256IsSha256() => Compare(() => new Sha256(), SHA256.HashData);

    [TestMethod]
    public void Sha1InPieces() => CompareInPieces(() => new Sha1(), SHA1.HashData);

    [TestMethod]
    public void Md5InPieces() => CompareInPieces(() => new Md5(), MD5.HashData);

    [TestMethod]
    public void Sha256InPieces() => CompareInPieces(() => new Sha256(), SHA256.HashData);

    [TestMethod]
    public void HmacSha1IsHmacSha1() => CompareHmac(() => new Sha1(), HMACSHA1.HashData);

    [TestMethod]
    public void HmacSha256IsHmacSha256() => CompareHmac(() => new Sha256(), HMACSHA256.HashData);

    private static void Compare(Func<BlockHash> make, Func<byte[], byte[]> reference) =>
        s_message.Sample(message => CollectionAssert.AreEqual(reference(message), make().Compute(message)), iter: RandomInputs.Count);

    private static void CompareInPieces(Func<BlockHash> make, Func<byte[], byte[]> reference) =>
        Gen.Select(s_message, s_pieces).Sample(
            (message, pieces) =>
            {
                BlockHash hash = make();
                hash.Compute([1, 2, 3]); // nothing of an earlier message may be left
                hash.Reset();
                int at = 0;
                foreach (int piece in pieces)
                {
                    int count = Math.Min(piece, message.Length - at);
                    hash.Update(message, at, count);
                    at += count;
                }

                hash.Update(message, at, message.Length - at);
                byte[] output = new byte[hash.Size + 2];
                hash.Finish(output, 1);
                CollectionAssert.AreEqual((byte[])[0, .. reference(message), 0], output);
            },
            iter: RandomInputs.Count);

    private static void CompareHmac(Func<BlockHash> make, Func<byte[], byte[], byte[]> reference) =>
        Gen.Select(RandomInputs.Octets(0, 200), s_message).Sample(
            (key, message) =>
            {
                Hmac hmac = new(make());
                HmacKey prepared = hmac.Prepare(key);
                byte[] expected = reference(key, message);
                for (int use = 0; use < 2; use++)
                {
                    byte[] mac = new byte[expected.Length];
                    hmac.Begin(prepared);
                    hmac.Update(message, 0, message.Length);
                    hmac.Finish(mac, 0);
                    CollectionAssert.AreEqual(expected, mac);
                }
            },
            iter: RandomInputs.Count);
}
