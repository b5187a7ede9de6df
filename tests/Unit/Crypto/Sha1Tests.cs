using MbmsMe.Crypto;

namespace MbmsMe.Tests
{
    /// <summary>Known answers of FIPS 180-4, and of the lengths at which the padding changes its shape.</summary>
    [TestClass]
    public class Sha1Tests
    {
        [TestMethod]
        [DataRow("abc", "a9993e364706816aba3e25717850c26c9cd0d89d")]
        [DataRow("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1")]
        public void MessagesOfTheStandard(string message, string hash)
        {
            Check.Hex(hash, new Sha1().Compute(Check.Ascii(message)));
        }

        [TestMethod]
        [DataRow(0, "da39a3ee5e6b4b0d3255bfef95601890afd80709")]
        [DataRow(3, "7e240de74fb1ed08fa08d38063f6a6a91462a815")]
        [DataRow(55, "c1c8bbdc22796e28c0e15163d20899b65621d65a")]
        [DataRow(56, "c2db330f6083854c99d4b5bfb6e8f29f201be699")]
        [DataRow(63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5")]
        [DataRow(64, "0098ba824b5c16427bd7a1122a5a442a25ec644d")]
        [DataRow(65, "11655326c708d70319be2610e8a57d9a5b959d3b")]
        [DataRow(119, "ee971065aaa017e0632a8ca6c77bb3bf8b1dfc56")]
        [DataRow(120, "f34c1488385346a55709ba056ddd08280dd4c6d6")]
        [DataRow(128, "ad5b3fdbcb526778c2839d2f151ea753995e26a0")]
        [DataRow(1000, "291e9a6c66994949b57ba5e650361e98fc36b1ba")]
        public void AsManyLettersA(int count, string hash)
        {
            Check.Hex(hash, new Sha1().Compute(Check.Repeat('a', count)));
        }

        [TestMethod]
        public void OctetsWithTheHighestBitSet()
        {
            Check.Hex("6981ed7d97ffca517d531cd3d1874b43e11f1b46", new Sha1().Compute(Check.Count(0, 130)));
        }

        [TestMethod]
        public void HasTwentyOctets()
        {
            Assert.AreEqual(20, new Sha1().Size);
        }
    }
}
