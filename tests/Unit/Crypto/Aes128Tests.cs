using System;
using MbmsMe.Crypto;

namespace MbmsMe.Tests
{
    /// <summary>Known answers of FIPS 197 and of SP 800-38A clause F.1.1.</summary>
    [TestClass]
    public class Aes128Tests
    {
        private const string Key38A = "2b7e151628aed2a6abf7158809cf4f3c";

        [TestMethod]
        [DataRow("2b7e151628aed2a6abf7158809cf4f3c", "3243f6a8885a308d313198a2e0370734", "3925841d02dc09fbdc118597196a0b32")]
        [DataRow("000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff", "69c4e0d86a7b0430d8cdb78070b4c55a")]
        [DataRow("00000000000000000000000000000000", "00000000000000000000000000000000", "66e94bd4ef8a2c3b884cfa59ca342b2e")]
        [DataRow("ffffffffffffffffffffffffffffffff", "ffffffffffffffffffffffffffffffff", "bcbf217cb280cf30b2517052193ab979")]
        public void BlocksOfFips197AndTheExtremes(string key, string plain, string cipher)
        {
            byte[] block = Check.Bytes(plain);
            new Aes128(Check.Bytes(key)).Encrypt(block, 0);
            Check.Hex(cipher, block);
        }

        [TestMethod]
        [DataRow("6bc1bee22e409f96e93d7e117393172a", "3ad77bb40d7a3660a89ecaf32466ef97")]
        [DataRow("ae2d8a571e03ac9c9eb76fac45af8e51", "f5d3d58503b9699de785895a96fdbaaf")]
        [DataRow("30c81c46a35ce411e5fbc1191a0a52ef", "43b1cd7f598ece23881b00e3ed030688")]
        [DataRow("f69f2445df4f9b17ad2b417be66c3710", "7b0c785e27e8ad3f8223207104725dd4")]
        public void BlocksOfSp80038A(string plain, string cipher)
        {
            byte[] block = Check.Bytes(plain);
            new Aes128(Check.Bytes(Key38A)).Encrypt(block, 0);
            Check.Hex(cipher, block);
        }

        [TestMethod]
        public void EncryptsOnlyTheBlockAtTheOffset()
        {
            byte[] buffer = Check.Bytes("eeeeee" + "6bc1bee22e409f96e93d7e117393172a" + "eeee");
            new Aes128(Check.Bytes(Key38A)).Encrypt(buffer, 3);
            Check.Hex("eeeeee" + "3ad77bb40d7a3660a89ecaf32466ef97" + "eeee", buffer);
        }

        [TestMethod]
        public void TwoKeysDoNotDisturbEachOther()
        {
            Aes128 one = new Aes128(Check.Bytes(Key38A));
            Aes128 two = new Aes128(new byte[16]);
            byte[] block = new byte[16];
            two.Encrypt(block, 0);
            Check.Hex("66e94bd4ef8a2c3b884cfa59ca342b2e", block);
            block = Check.Bytes("6bc1bee22e409f96e93d7e117393172a");
            one.Encrypt(block, 0);
            Check.Hex("3ad77bb40d7a3660a89ecaf32466ef97", block);
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(15)]
        [DataRow(17)]
        [DataRow(32)]
        public void RefusesKeysOfAnotherLength(int length)
        {
            Check.Throws(typeof(ArgumentException), () => new Aes128(new byte[length]));
        }

        [TestMethod]
        public void TheCallersKeyIsNotChanged()
        {
            byte[] key = Check.Bytes(Key38A);
            new Aes128(key).Wipe();
            Check.Hex(Key38A, key);
        }

        [TestMethod]
        public void AWipedKeyEncryptsLikeNoKeyAtAll()
        {
            // With every round key zero, encryption no longer depends on the key.
            Aes128 one = new Aes128(Check.Bytes(Key38A));
            Aes128 two = new Aes128(new byte[16]);
            one.Wipe();
            two.Wipe();
            byte[] a = new byte[16];
            byte[] b = new byte[16];
            one.Encrypt(a, 0);
            two.Encrypt(b, 0);
            Check.Hex(Check.Text(a, 0, 16), b);
            Assert.AreNotEqual("66e94bd4ef8a2c3b884cfa59ca342b2e", Check.Text(a, 0, 16));
        }
    }
}
