using MbmsMe.Mikey;

namespace MbmsMe.Tests
{
    /// <summary>Key data sub-payloads (RFC 3830 clauses 6.13 and 6.14): what is a key, and what is none.</summary>
    [TestClass]
    public class KeyDataTests
    {
        private const string Key = "000102030405060708090a0b0c0d0e0f";

        [TestMethod]
        public void WritesWhatTheVectorHolds()
        {
            Check.Hex(Vectors.KeyData, KeyData.Write(Check.Bytes(Key), 1, 1000));
        }

        [TestMethod]
        public void ReadsWhatItWrites()
        {
            KeyData read = KeyData.Read(KeyData.Write(Check.Bytes(Key), 0, 0xFFFF));
            Check.Hex(Key, read.Key);
            Assert.AreEqual(0u, read.SeqLow);
            Assert.AreEqual(0xFFFFu, read.SeqHigh);
        }

        [TestMethod]
        [DataRow("0002", "")] // TGK
        [DataRow("0012", "000e202122232425262728292a2b2c2d")] // TGK+SALT
        [DataRow("0022", "")] // TEK
        [DataRow("0032", "000e202122232425262728292a2b2c2d")] // TEK+SALT
        [DataRow("0032", "0000")] // a salt of no octets
        public void EveryTypeOfKeyWithAnInterval(string start, string salt)
        {
            KeyData read = Read(start + "0010" + Key + salt + "0200010203e8");
            Check.Hex(Key, read.Key);
            Assert.AreEqual(1u, read.SeqLow);
            Assert.AreEqual(1000u, read.SeqHigh);
        }

        [TestMethod]
        [DataRow("01ff" + "01fe", "000000ff", "000000fe")]
        [DataRow("020001" + "0203e8", "00000001", "000003e8")]
        [DataRow("03000001" + "03ffffff", "00000001", "00ffffff")]
        [DataRow("0480000000" + "04ffffffff", "80000000", "ffffffff")]
        [DataRow("0101" + "0400000002", "00000001", "00000002")]
        public void IntervalsOfOneToFourOctets(string interval, string low, string high)
        {
            KeyData read = Read("00020010" + Key + interval);
            Assert.AreEqual(low, Binary.Octets.ToHex(read.SeqLow, 4));
            Assert.AreEqual(high, Binary.Octets.ToHex(read.SeqHigh, 4));
        }

        [TestMethod]
        [DataRow("0000", "")]
        [DataRow("0010", "000e202122232425262728292a2b2c2d")]
        [DataRow("0020", "")]
        [DataRow("0030", "000e202122232425262728292a2b2c2d")]
        public void WithoutValidityEveryMtkIdIsProtected(string start, string salt)
        {
            KeyData read = Read(start + "0010" + Key + salt);
            Check.Hex(Key, read.Key);
            Assert.AreEqual(0u, read.SeqLow);
            Assert.AreEqual(0xFFFFFFFFu, read.SeqHigh);
        }

        [TestMethod]
        [DataRow("00010010", "00")]
        [DataRow("00010010", "0400010001")]
        [DataRow("00110010", "000120" + "0100")]
        public void AnSpiIsPassedOver(string start, string rest)
        {
            KeyData read = Read(start + Key + rest);
            Check.Hex(Key, read.Key);
            Assert.AreEqual(0u, read.SeqLow);
            Assert.AreEqual(0xFFFFFFFFu, read.SeqHigh);
        }

        [TestMethod]
        [DataRow("1400" + "0010", "")] // another sub-payload is announced
        [DataRow("0100" + "0010", "")]
        [DataRow("0042" + "0010", "0200010203e8")] // type 4
        [DataRow("00f2" + "0010", "0200010203e8")] // type 15
        [DataRow("0003" + "0010", "")] // KV 3
        [DataRow("000f" + "0010", "")] // KV 15
        [DataRow("0002" + "000f", "0200010203e8")] // key length 15
        [DataRow("0002" + "0011", "0200010203e8")] // key length 17
        [DataRow("0002" + "0000", "0200010203e8")]
        [DataRow("0002" + "ffff", "0200010203e8")]
        [DataRow("0002" + "0010", "")] // no interval
        [DataRow("0002" + "0010", "00" + "0203e8")] // VF of no octets
        [DataRow("0002" + "0010", "020001" + "00")] // VT of no octets
        [DataRow("0002" + "0010", "050000000001" + "0203e8")] // VF of 5 octets
        [DataRow("0002" + "0010", "020001" + "05000000ffff")]
        [DataRow("0002" + "0010", "020001" + "0203")] // VT cut
        [DataRow("0002" + "0010", "020001")]
        [DataRow("0002" + "0010", "ff0001" + "0203e8")]
        [DataRow("0002" + "0010", "0200010203e8" + "00")] // an octet more
        [DataRow("0000" + "0010", "00")]
        [DataRow("0010" + "0010", "")] // no salt
        [DataRow("0010" + "0010", "00")]
        [DataRow("0010" + "0010", "000e2021")] // salt cut
        [DataRow("0010" + "0010", "ffff")]
        [DataRow("0012" + "0010", "000e202122232425262728292a2b2c2d")] // no interval behind the salt
        [DataRow("0001" + "0010", "")] // no SPI
        [DataRow("0001" + "0010", "0100ff")]
        [DataRow("0001" + "0010", "0400")]
        public void IsNullForAnythingElse(string start, string rest)
        {
            Assert.IsNull(Read(start + Key + rest));
        }

        [TestMethod]
        public void IsNullForEveryTruncation()
        {
            byte[] data = Check.Bytes("00320010" + Key + "000e202122232425262728292a2b2c2d" + "0480000000" + "04ffffffff");
            Assert.IsNotNull(KeyData.Read(data));
            for (int length = 0; length < data.Length; length++)
            {
                Assert.IsNull(KeyData.Read(Check.First(data, length)), length + " octets");
            }
        }

        [TestMethod]
        public void EveryFlippedBitGivesAKeyOfSixteenOctetsOrNone()
        {
            byte[] data = Check.Bytes(Vectors.KeyData);
            int keys = 0;
            for (int bit = 0; bit < 8 * data.Length; bit++)
            {
                KeyData read = KeyData.Read(Check.Flip(data, bit));
                if (read != null)
                {
                    Assert.AreEqual(16, read.Key.Length, "bit " + bit);
                    keys++;
                }
            }

            // The 128 bits of the key, the 32 of the interval, and TGK turned into TEK.
            Assert.AreEqual(128 + 32 + 1, keys);
        }

        private static KeyData Read(string hex)
        {
            return KeyData.Read(Check.Bytes(hex));
        }
    }
}
