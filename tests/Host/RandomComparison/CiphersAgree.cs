using System.Security.Cryptography;
using CsCheck;
using MbmsMe.Crypto;

namespace MbmsMe.Tests.Host;

/// <summary>The core's AES against System.Security.Cryptography.</summary>
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

    private static byte[] Ecb(byte[] key, byte[] blocks)
    {
        using Aes aes = Aes.Create();
        aes.Key = key;
        return aes.EncryptEcb(blocks, PaddingMode.None);
    }
}
