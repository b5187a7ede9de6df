using System.Security.Cryptography;
using CsCheck;
using MbmsMe.Crypto;

namespace MbmsMe.Tests.Host;

/// <summary>The core's AES and its crypto engine against System.Security.Cryptography.</summary>
[TestClass]
public sealed class CiphersAgree
{
    [TestMethod]
    public void Aes128IsAes128() =>
        Gen.Select(RandomInputs.Octets(16), RandomInputs.Octets(16), Gen.Int[0, 5]).Sample(
            (key, block, offset) =>
            {
                byte[] buffer = [.. new byte[offset], .. block, 0];
                new Aes128(key).Encrypt(buffer, offset);
                CollectionAssert.AreEqual((byte[])[.. new byte[offset], .. Ecb(key, block), 0], buffer);
            },
            iter: RandomInputs.Count);

    [TestMethod]
    public void EngineEncryptsBlocks() =>
        Gen.Select(RandomInputs.Octets(16), Gen.Int[0, 6].SelectMany(blocks => RandomInputs.Octets(16 * blocks))).Sample(
            (key, blocks) =>
            {
                byte[] buffer = [.. blocks];
                new ManagedCrypto().AesEncrypt(key, buffer);
                CollectionAssert.AreEqual(Ecb(key, blocks), buffer);
            },
            iter: RandomInputs.Count);

    [TestMethod]
    public void EngineComputesHmacSha256() =>
        Gen.Select(RandomInputs.Octets(0, 150), RandomInputs.Octets(0, 200)).Sample(
            (key, data) =>
            {
                byte[] mac = new byte[32];
                new ManagedCrypto().HmacSha256(key, data, mac);
                CollectionAssert.AreEqual(HMACSHA256.HashData(key, data), mac);
            },
            iter: RandomInputs.Count);

    private static byte[] Ecb(byte[] key, byte[] blocks)
    {
        using Aes aes = Aes.Create();
        aes.Key = key;
        return aes.EncryptEcb(blocks, PaddingMode.None);
    }
}
