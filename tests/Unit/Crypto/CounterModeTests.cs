using MbmsMe.Crypto;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>AES-CM: known answers of RFC 3711 appendix B.2, and what is touched.</summary>
    [TestClass]
    public class CounterModeTests
    {
        private const string Key = "2b7e151628aed2a6abf7158809cf4f3c";
        private const string Iv = "f0f1f2f3f4f5f6f7f8f9fafbfcfd";
        private const string Stream =
            "e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab41e95b3bb0a2e8dd477901e4fca894c0";

        [TestMethod]
        public void AppendixB2Keystream()
        {
            byte[] data = new byte[48];
            Prepared().Crypt(Check.Bytes(Iv), data, 0, data.Length);
            Check.Hex(Stream, data);
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(1)]
        [DataRow(15)]
        [DataRow(16)]
        [DataRow(17)]
        [DataRow(47)]
        public void TouchesOnlyTheOctetsItIsGiven(int count)
        {
            byte[] data = Check.Repeat(0xA5, 3 + count + 4);
            Prepared().Crypt(Check.Bytes(Iv), data, 3, count);
            Check.Region("a5a5a5", data, 0, 3);
            Check.Region("a5a5a5a5", data, 3 + count, 4);
            byte[] stream = Check.Bytes(Stream);
            for (int i = 0; i < count; i++)
            {
                Assert.AreEqual(0xA5 ^ stream[i], (int)data[3 + i]);
            }
        }

        [TestMethod]
        public void EachCallCountsFromZero()
        {
            AesKey key = Prepared();
            byte[] iv = Check.Bytes(Iv);
            key.Crypt(Check.Repeat(9, 14), new byte[33], 0, 33);
            byte[] data = new byte[48];
            key.Crypt(iv, data, 0, data.Length);
            Check.Hex(Stream, data);
            Check.Hex(Iv, iv);
        }

        [TestMethod]
        public void TwiceIsNothing()
        {
            AesKey key = Prepared();
            byte[] data = Check.Count(7, 100);
            key.Crypt(Check.Bytes(Iv), data, 0, data.Length);
            key.Crypt(Check.Bytes(Iv), data, 0, data.Length);
            Check.Hex(Check.Text(Check.Count(7, 100), 0, 100), data);
        }

        [TestMethod]
        public void TheSecondOctetOfTheCountIsUsed()
        {
            byte[] data = new byte[257 * 16];
            Prepared().Crypt(Check.Bytes(Iv), data, 0, data.Length);
            byte[] block = Check.Bytes(Iv + "0100");
            new ManagedCrypto().AesEncrypt(Check.Bytes(Key), block);
            Check.Region(Check.Text(block, 0, 16), data, 256 * 16, 16);
        }

        private static AesKey Prepared()
        {
            return new ManagedCrypto().PrepareAes(Check.Bytes(Key));
        }
    }
}
