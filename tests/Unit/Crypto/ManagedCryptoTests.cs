using MbmsMe.Crypto;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>The engine that machines without hardware cryptography use: same answers as the primitives.</summary>
    [TestClass]
    public class ManagedCryptoTests
    {
        [TestMethod]
        public void EncryptsBlockByBlockInPlace()
        {
            byte[] blocks = Check.Bytes(
                "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
            new ManagedCrypto().AesEncrypt(Check.Bytes("2b7e151628aed2a6abf7158809cf4f3c"), blocks);
            Check.Hex(
                "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"
                + "43b1cd7f598ece23881b00e3ed0306887b0c785e27e8ad3f8223207104725dd4",
                blocks);
        }

        [TestMethod]
        public void NoBlockIsNoWork()
        {
            byte[] none = new byte[0];
            new ManagedCrypto().AesEncrypt(new byte[16], none);
            Assert.AreEqual(0, none.Length);
        }

        [TestMethod]
        public void AuthenticatesLikeRfc4231()
        {
            byte[] mac = new byte[32];
            new ManagedCrypto().HmacSha256(Check.Ascii("Jefe"), Check.Ascii("what do ya want for nothing?"), mac);
            Check.Hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", mac);
        }

        [TestMethod]
        public void KeysAreLeftAsTheyWere()
        {
            byte[] key = Check.Count(0, 16);
            new ManagedCrypto().AesEncrypt(key, new byte[16]);
            new ManagedCrypto().HmacSha256(key, new byte[3], new byte[32]);
            new ManagedCrypto().PrepareAes(key).Wipe();
            new ManagedCrypto().CreateHmacSha1().Prepare(key).Wipe();
            Check.Hex("000102030405060708090a0b0c0d0e0f", key);
        }

        [TestMethod]
        public void PreparedKeysAreCopies()
        {
            byte[] key = Check.Bytes("2b7e151628aed2a6abf7158809cf4f3c");
            AesKey aes = new ManagedCrypto().PrepareAes(key);
            IHmac hmac = new ManagedCrypto().CreateHmacSha1();
            byte[] jefe = Check.Ascii("Jefe");
            HmacKey prepared = hmac.Prepare(jefe);
            for (int i = 0; i < jefe.Length; i++)
            {
                jefe[i] = 0;
                key[i] = 0;
            }

            byte[] data = new byte[16];
            aes.Crypt(Check.Bytes("f0f1f2f3f4f5f6f7f8f9fafbfcfd"), data, 0, 16);
            Check.Hex("e03ead0935c95e80e166b16dd92b4eb4", data);
            byte[] question = Check.Ascii("what do ya want for nothing?");
            byte[] mac = new byte[20];
            hmac.Begin(prepared);
            hmac.Update(question, 0, question.Length);
            hmac.Finish(mac, 0);
            Check.Hex("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", mac);
        }

        [TestMethod]
        public void TwoHmacsDoNotDisturbEachOther()
        {
            ManagedCrypto engine = new ManagedCrypto();
            IHmac one = engine.CreateHmacSha1();
            IHmac two = engine.CreateHmacSha1();
            byte[] question = Check.Ascii("what do ya want for nothing?");
            byte[] mac = new byte[20];
            one.Begin(one.Prepare(Check.Ascii("Jefe")));
            one.Update(question, 0, 10);
            two.Begin(two.Prepare(Check.Ascii("another")));
            two.Update(question, 3, 20);
            one.Update(question, 10, question.Length - 10);
            two.Finish(new byte[20], 0);
            one.Finish(mac, 0);
            Check.Hex("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", mac);
        }
    }
}
