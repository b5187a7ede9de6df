using MbmsMe.Binary;

namespace MbmsMe.Tests
{
    /// <summary>Hexadecimal text, both ways.</summary>
    [TestClass]
    public class OctetsHexTests
    {
        [TestMethod]
        public void WritesEveryOctetInLowerCase()
        {
            byte[] all = Check.Count(0, 256);
            Assert.AreEqual(Check.Text(all, 0, 256), Octets.ToHex(all));
            Assert.AreEqual("", Octets.ToHex(new byte[0]));
        }

        [TestMethod]
        public void TheTextCanBeHadAsOctets()
        {
            Check.Hex("3030376638306666", Octets.ToHexOctets(Check.Bytes("007f80ff")));
        }

        [TestMethod]
        public void ReadsEveryOctet()
        {
            byte[] all = Check.Count(0, 256);
            Check.Hex(Check.Text(all, 0, 256), Octets.FromHex(Check.Text(all, 0, 256)));
        }

        [TestMethod]
        [DataRow("", "")]
        [DataRow("00", "00")]
        [DataRow("DEADbeef", "deadbeef")]
        [DataRow("0aF9", "0af9")]
        public void ReadsBothCases(string text, string octets)
        {
            Check.Hex(octets, Octets.FromHex(text));
        }

        [TestMethod]
        [DataRow("0")]
        [DataRow("000")]
        [DataRow("0g")]
        [DataRow("g0")]
        [DataRow("/0")]
        [DataRow(":0")]
        [DataRow("@0")]
        [DataRow("G0")]
        [DataRow("`0")]
        [DataRow("0x")]
        [DataRow(" 0")]
        [DataRow("00 ")]
        [DataRow("-1")]
        public void IsNullForAnythingElse(string text)
        {
            Assert.IsNull(Octets.FromHex(text));
        }

        [TestMethod]
        public void KnowsTheDigitsAndNothingElse()
        {
            string digits = "0123456789abcdefABCDEF";
            for (int c = 0; c < 300; c++)
            {
                int at = c == 0 ? -1 : digits.IndexOf((char)c);
                int value = at < 16 ? at : at - 6;
                Assert.AreEqual(value, Octets.HexDigit((char)c), "character " + c);
            }
        }

        [TestMethod]
        public void WritesNumbersWithLeadingZeros()
        {
            Assert.AreEqual("00000001", Octets.ToHex(1u, 4));
            Assert.AreEqual("ffffffff", Octets.ToHex(0xFFFFFFFFu, 4));
            Assert.AreEqual("80000000", Octets.ToHex(0x80000000u, 4));
            Assert.AreEqual("00f110", Octets.ToHex(0x00F110u, 3));
            Assert.AreEqual("0010", Octets.ToHex(0x10u, 2));
            Assert.AreEqual("fe", Octets.ToHex(0xFEu, 1));
        }

        [TestMethod]
        public void WritesTheLowOctetsOfALargerNumber()
        {
            Assert.AreEqual("5678", Octets.ToHex(0x12345678u, 2));
        }
    }
}
