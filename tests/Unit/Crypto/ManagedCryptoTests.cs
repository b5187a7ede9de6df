using MbmsMe.Crypto;

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
            Check.Hex("000102030405060708090a0b0c0d0e0f", key);
        }
    }
}
