using CsCheck;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Mikey;

namespace MbmsMe.Tests.Host;

/// <summary>Key derivation, AES-CM and MAC of MIKEY against the lab's (RFC 3830 clauses 4.1.2, 4.1.4, 4.2.3 and 5.2).</summary>
[TestClass]
public sealed class MikeyCryptoAgrees
{
    private static readonly Gen<byte[]> s_preSharedKey = RandomInputs.Octets(1, 32);
    private static readonly Gen<byte[]> s_rand = RandomInputs.Octets(1, 255);

    [TestMethod]
    public void Derivation() =>
        Gen.Select(s_preSharedKey, Gen.UInt, Gen.UInt, s_rand, Gen.Int[1, 20]).Sample(
            (key, constant, csbId, rand, length) =>
            {
                byte[] label = [.. BigEndian(constant), 0xFF, .. BigEndian(csbId), .. rand];
                MikeyCrypto crypto = new(new ManagedCrypto());
                byte[] buffer = [7, 7, 7, .. rand, 7];
                CollectionAssert.AreEqual(
                    Lab.MikeyKeys.Prf(key, label, length),
                    crypto.Derive(new MikeyKeySource(crypto.Prepare(key), csbId, new OctetRegion(buffer, 3, rand.Length)), constant, length));
            },
            iter: RandomInputs.Count);

    [TestMethod]
    public void CounterMode() =>
        Gen.Select(s_preSharedKey, Gen.UInt, Gen.UInt, s_rand, RandomInputs.Octets(0, 100)).Sample(
            (key, csbId, counter, rand, plain) =>
            {
                byte[] buffer = [.. plain];
                MikeyCrypto crypto = new(new ManagedCrypto());
                MikeyKeySource source = new(crypto.Prepare(key), csbId, new OctetRegion(rand));
                crypto.Crypt(source, counter, buffer);
                CollectionAssert.AreEqual(new Lab.MikeyKeys(key, csbId, rand).Encrypt(plain, counter), buffer);
                crypto.Crypt(source, counter, buffer);
                CollectionAssert.AreEqual(plain, buffer, "decryption");
            },
            iter: RandomInputs.Count);

    [TestMethod]
    public void Mac() =>
        Gen.Select(s_preSharedKey, Gen.UInt, s_rand, RandomInputs.Octets(0, 250)).Sample(
            (key, csbId, rand, message) =>
            {
                MikeyCrypto crypto = new(new ManagedCrypto());
                byte[] mac = new byte[20];
                crypto.ComputeMac(new MikeyKeySource(crypto.Prepare(key), csbId, new OctetRegion(rand)), [.. message, 1, 2], message.Length, mac);
                CollectionAssert.AreEqual(new Lab.MikeyKeys(key, csbId, rand).Mac(message), mac);
            },
            iter: RandomInputs.Count);

    private static byte[] BigEndian(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
