using MbmsMe.Crypto;

namespace MbmsMe.Tests
{
    /// <summary>Known answers of FIPS 180-4, and of the lengths at which the padding changes its shape.</summary>
    [TestClass]
    public class Sha256Tests
    {
        [TestMethod]
        [DataRow("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
        [DataRow(
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
        public void MessagesOfTheStandard(string message, string hash)
        {
            Check.Hex(hash, new Sha256().Compute(Check.Ascii(message)));
        }

        [TestMethod]
        [DataRow(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
        [DataRow(3, "9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0")]
        [DataRow(55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318")]
        [DataRow(56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a")]
        [DataRow(63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34")]
        [DataRow(64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb")]
        [DataRow(65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0")]
        [DataRow(119, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb")]
        [DataRow(120, "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c")]
        [DataRow(128, "6836cf13bac400e9105071cd6af47084dfacad4e5e302c94bfed24e013afb73e")]
        [DataRow(1000, "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3")]
        public void AsManyLettersA(int count, string hash)
        {
            Check.Hex(hash, new Sha256().Compute(Check.Repeat('a', count)));
        }

        [TestMethod]
        public void OctetsWithTheHighestBitSet()
        {
            Check.Hex(
                "8d39b60b9c767c58975b270c1d6b13c9b4507e5aee7ad496a3528e4c7f880721", new Sha256().Compute(Check.Count(0, 130)));
        }

        [TestMethod]
        public void HasThirtyTwoOctets()
        {
            Assert.AreEqual(32, new Sha256().Size);
        }
    }
}
