using MbmsMe.Crypto;

namespace MbmsMe.Tests
{
    /// <summary>Known answers of RFC 1321 clause A.5, and of the lengths at which the padding changes its shape.</summary>
    [TestClass]
    public class Md5Tests
    {
        [TestMethod]
        [DataRow("a", "0cc175b9c0f1b6a831c399e269772661")]
        [DataRow("abc", "900150983cd24fb0d6963f7d28e17f72")]
        [DataRow("message digest", "f96b697d7cb7938d525a2f31aaf161d0")]
        [DataRow("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b")]
        [DataRow("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f")]
        public void MessagesOfTheRfc(string message, string hash)
        {
            Check.Hex(hash, new Md5().Compute(Check.Ascii(message)));
        }

        [TestMethod]
        [DataRow(0, "d41d8cd98f00b204e9800998ecf8427e")]
        [DataRow(3, "47bce5c74f589f4867dbd57e9ca9f808")]
        [DataRow(55, "ef1772b6dff9a122358552954ad0df65")]
        [DataRow(56, "3b0c8ac703f828b04c6c197006d17218")]
        [DataRow(63, "b06521f39153d618550606be297466d5")]
        [DataRow(64, "014842d480b571495a4a0363793f7367")]
        [DataRow(65, "c743a45e0d2e6a95cb859adae0248435")]
        [DataRow(119, "8a7bd0732ed6a28ce75f6dabc90e1613")]
        [DataRow(120, "5f61c0ccad4cac44c75ff505e1f1e537")]
        [DataRow(128, "e510683b3f5ffe4093d021808bc6ff70")]
        [DataRow(1000, "cabe45dcc9ae5b66ba86600cca6b8ba8")]
        public void AsManyLettersA(int count, string hash)
        {
            Check.Hex(hash, new Md5().Compute(Check.Repeat('a', count)));
        }

        [TestMethod]
        public void OctetsWithTheHighestBitSet()
        {
            Check.Hex("7c05c285d0263c40a0437421b387a2a1", new Md5().Compute(Check.Count(0, 130)));
        }

        [TestMethod]
        public void HasSixteenOctets()
        {
            Assert.AreEqual(16, new Md5().Size);
        }
    }
}
