using System.Security.Cryptography;
using CsCheck;
using MbmsMe.Crypto;
using MbmsMe.Hal.Host;
using MbmsMe.Machine;

namespace MbmsMe.Tests.Host;

/// <summary>
/// The engines of the unit tests and of the PC against System.Security.Cryptography's one-shot functions. (The board's needs
/// the board's libraries: it is the core's HMAC-SHA-1, and two native functions that are held against known answers at each start.)
/// </summary>
[TestClass]
public sealed class EnginesAgree
{
    private static readonly Dictionary<string, ICryptoEngine> s_engines = new() { ["core"] = new ManagedCrypto(), ["PC"] = new HostCrypto() };

    /// <summary>Lengths around the blocks, of packets, and beyond what one call of the PC's library takes.</summary>
    private static readonly Gen<int> s_length = Gen.OneOf(Gen.Int[0, 130], Gen.Int[1290, 1330], Gen.Int[2040, 2064], Gen.Int[4090, 4130]);

    [TestMethod]
    [DataRow("core")]
    [DataRow("PC")]
    public void Ecb(string engine) =>
        Gen.Select(RandomInputs.Octets(16), Gen.Int[0, 6].SelectMany(blocks => RandomInputs.Octets(16 * blocks))).Sample(
            (key, blocks) =>
            {
                byte[] buffer = [.. blocks];
                s_engines[engine].AesEncrypt(key, buffer);
                CollectionAssert.AreEqual(Reference(key, blocks), buffer);
            },
            iter: RandomInputs.Count);

    [TestMethod]
    [DataRow("core")]
    [DataRow("PC")]
    public void CounterMode(string engine) =>
        Gen.Select(RandomInputs.Octets(16), RandomInputs.Octets(AesKey.IvLength), s_length.SelectMany(RandomInputs.Octets), s_length).Sample(
            (key, iv, first, length) =>
            {
                byte[] second = new byte[length + 5];
                AesKey prepared = s_engines[engine].PrepareAes(key);
                byte[] buffer = [.. first];
                prepared.Crypt(iv, buffer, 0, buffer.Length);
                CollectionAssert.AreEqual(Crypted(key, iv, first), buffer);

                // The same key, another length, not from the start of the array nor to its end.
                prepared.Crypt(iv, second, 3, length);
                CollectionAssert.AreEqual((byte[])[0, 0, 0, .. Crypted(key, iv, new byte[length]), 0, 0], second);
                prepared.Wipe();
            },
            iter: RandomInputs.Count / 4);

    /// <summary>The last blocks that can be counted, of RFC 3711 appendix B.2: FEFF, FF00 and FF01.</summary>
    [TestMethod]
    [DataRow("core")]
    [DataRow("PC")]
    public void TheEndOfTheKeystreamOfAppendixB2(string engine)
    {
        const int first = 0xFEFF;
        byte[] data = new byte[(first + 3) * 16];
        AesKey key = s_engines[engine].PrepareAes(Convert.FromHexString("2b7e151628aed2a6abf7158809cf4f3c"));
        key.Crypt(Convert.FromHexString("f0f1f2f3f4f5f6f7f8f9fafbfcfd"), data, 0, data.Length);
        Assert.AreEqual(
            "e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab41e95b3bb0a2e8dd477901e4fca894c0",
            Convert.ToHexStringLower(data.AsSpan(0, 48)));
        Assert.AreEqual(
            "ec8cdf7398607cb0f2d21675ea9ea1e4362b7c3c6773516318a077d7fc5073ae6a2cc3787889374fbeb4c81b17ba6c44",
            Convert.ToHexStringLower(data.AsSpan(16 * first)));
    }

    [TestMethod]
    [DataRow("core")]
    [DataRow("PC")]
    public void HmacSha1(string engine) =>
        Gen.Select(RandomInputs.Octets(0, 150), RandomInputs.Octets(0, 150), RandomInputs.Octets(0, 300), Gen.Int[0, 300]).Sample(
            (key, other, message, cut) =>
            {
                cut = Math.Min(cut, message.Length);
                IHmac hmac = s_engines[engine].CreateHmacSha1();
                HmacKey prepared = hmac.Prepare(key);
                HmacKey another = hmac.Prepare(other);
                CollectionAssert.AreEqual(HMACSHA1.HashData(key, message), Mac(hmac, prepared, message, cut));
                CollectionAssert.AreEqual(HMACSHA1.HashData(other, message), Mac(hmac, another, message, cut));
                CollectionAssert.AreEqual(HMACSHA1.HashData(key, Array.Empty<byte>()), Mac(hmac, prepared, [], 0));

                // In place of another key, as it is and once it was wiped.
                another = hmac.Prepare(key, another);
                CollectionAssert.AreEqual(HMACSHA1.HashData(key, message), Mac(hmac, another, message, 0));
                another.Wipe();
                another = hmac.Prepare(other, another);
                CollectionAssert.AreEqual(HMACSHA1.HashData(other, message), Mac(hmac, another, message, cut));
                prepared.Wipe();
                another.Wipe();
            },
            iter: RandomInputs.Count);

    /// <summary>RFC 2202 clause 3.</summary>
    [TestMethod]
    [DataRow("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265", "b617318655057264e28bc0b6fb378c8ef146be00")]
    [DataRow("4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")]
    [DataRow("0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c", "546573742057697468205472756e636174696f6e", "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04")]
    public void Rfc2202(string key, string data, string mac)
    {
        foreach (ICryptoEngine engine in s_engines.Values)
        {
            IHmac hmac = engine.CreateHmacSha1();
            byte[] octets = Convert.FromHexString(data);
            Assert.AreEqual(mac, Convert.ToHexStringLower(Mac(hmac, hmac.Prepare(Convert.FromHexString(key)), octets, 3)));
        }
    }

    [TestMethod]
    [DataRow("core")]
    [DataRow("PC")]
    public void HmacSha256(string engine) =>
        Gen.Select(RandomInputs.Octets(0, 150), RandomInputs.Octets(0, 200)).Sample(
            (key, data) =>
            {
                byte[] mac = new byte[32];
                s_engines[engine].HmacSha256(key, data, mac);
                CollectionAssert.AreEqual(HMACSHA256.HashData(key, data), mac);
            },
            iter: RandomInputs.Count);

    /// <summary>Keys are copied, and a wiped one of the PC's is no key at all.</summary>
    [TestMethod]
    public void ThePcsKeysAreCopiesAndDie()
    {
        byte[] key = [.. Enumerable.Range(1, 16).Select(octet => (byte)octet)];
        byte[] iv = new byte[AesKey.IvLength];
        HostCrypto engine = new();
        AesKey aes = engine.PrepareAes(key);
        IHmac hmac = engine.CreateHmacSha1();
        HmacKey mac = hmac.Prepare(key);
        byte[] stream = Crypted(key, iv, new byte[20]);
        byte[] expected = HMACSHA1.HashData(key, key);
        byte[] message = [.. key];
        Array.Clear(key);

        byte[] data = new byte[20];
        aes.Crypt(iv, data, 0, data.Length);
        CollectionAssert.AreEqual(stream, data);
        CollectionAssert.AreEqual(expected, Mac(hmac, mac, message, 0));

        for (int i = 0; i < 2; i++)
        {
            aes.Wipe();
            mac.Wipe();
        }

        Assert.ThrowsExactly<ObjectDisposedException>(() => aes.Crypt(iv, data, 0, data.Length));
        Assert.ThrowsExactly<ObjectDisposedException>(() => Mac(hmac, mac, message, 0));
    }

    private static byte[] Mac(IHmac hmac, HmacKey key, byte[] message, int cut)
    {
        byte[] mac = new byte[20 + 2];
        hmac.Begin(key);
        hmac.Update(message, 0, cut);
        hmac.Update(message, cut, message.Length - cut);
        hmac.Finish(mac, 1);
        Assert.AreEqual(0, mac[0] | mac[^1]);
        return mac[1..^1];
    }

    /// <summary>Counter mode written down once more, block by block.</summary>
    private static byte[] Crypted(byte[] key, byte[] iv, byte[] data)
    {
        byte[] blocks = [.. Enumerable.Range(0, (data.Length + 15) / 16).SelectMany(block => (byte[])[.. iv, (byte)(block >> 8), (byte)block])];
        return [.. Reference(key, blocks).Zip(data, (a, b) => (byte)(a ^ b))];
    }

    private static byte[] Reference(byte[] key, byte[] blocks)
    {
        using Aes aes = Aes.Create();
        aes.Key = key;
        return aes.EncryptEcb(blocks, PaddingMode.None);
    }
}
