using MbmsMe.Binary;

namespace MbmsMe.Tests
{
    /// <summary>Numbers, comparison, wiping and text.</summary>
    [TestClass]
    public class OctetsTests
    {
        [TestMethod]
        public void ReadsNumbersMostSignificantOctetFirst()
        {
            byte[] octets = Check.Bytes("00fedcba98ff");
            Assert.AreEqual(0xFEDC, Octets.GetUInt16(octets, 1));
            Assert.AreEqual(0xFEDCBA, Octets.GetUInt24(octets, 1));
            Assert.AreEqual(0xFEDCBA98u, Octets.GetUInt32(octets, 1));
            Assert.AreEqual(0x00FEDCBAu, Octets.GetUInt32(octets, 0));
        }

        [TestMethod]
        public void WritesNumbersMostSignificantOctetFirst()
        {
            byte[] buffer = Check.Repeat(0xEE, 6);
            Octets.PutUInt32(buffer, 1, 0x80FF017Fu);
            Check.Hex("ee80ff017fee", buffer);
            Octets.PutUInt32(buffer, 2, 0);
            Check.Hex("ee8000000000", buffer);
        }

        [TestMethod]
        public void ComparesRegions()
        {
            byte[] a = Check.Bytes("0001020304");
            byte[] b = Check.Bytes("ff010203ff");
            Assert.IsTrue(Octets.FixedTimeEquals(a, 1, b, 1, 3));
            Assert.IsFalse(Octets.FixedTimeEquals(a, 0, b, 0, 4));
            Assert.IsFalse(Octets.FixedTimeEquals(a, 1, b, 1, 4));
            Assert.IsTrue(Octets.FixedTimeEquals(a, 5, b, 0, 0));
        }

        [TestMethod]
        public void SeesADifferenceInEveryBit()
        {
            byte[] mac = Check.Count(0xF0, 20);
            for (int bit = 0; bit < 8 * mac.Length; bit++)
            {
                Assert.IsFalse(Octets.FixedTimeEquals(mac, 0, Check.Flip(mac, bit), 0, mac.Length), "bit " + bit);
            }

            Assert.IsTrue(Octets.FixedTimeEquals(mac, 0, (byte[])mac.Clone(), 0, mac.Length));
        }

        [TestMethod]
        public void TwoDifferencesDoNotCancelOut()
        {
            Assert.IsFalse(Octets.FixedTimeEquals(Check.Bytes("8080"), 0, Check.Bytes("0000"), 0, 2));
            Assert.IsFalse(Octets.FixedTimeEquals(Check.Bytes("0101"), 0, Check.Bytes("0202"), 0, 2));
        }

        [TestMethod]
        public void ARegionEqualsAnArrayOnlyInItsWholeLength()
        {
            byte[] octets = Check.Bytes("00010203");
            Assert.IsTrue(Octets.Equals(octets, 1, 2, Check.Bytes("0102")));
            Assert.IsFalse(Octets.Equals(octets, 1, 2, Check.Bytes("010203")));
            Assert.IsFalse(Octets.Equals(octets, 1, 2, Check.Bytes("01")));
            Assert.IsFalse(Octets.Equals(octets, 1, 2, Check.Bytes("0103")));
            Assert.IsTrue(Octets.Equals(octets, 4, 0, new byte[0]));
        }

        [TestMethod]
        public void WipesEveryOctetAndTakesNull()
        {
            byte[] secret = Check.Repeat(0xFF, 33);
            Octets.Wipe(secret);
            Check.Wiped(secret);
            Octets.Wipe(null);
        }

        [TestMethod]
        public void ASliceIsACopy()
        {
            byte[] octets = Check.Bytes("0001020304");
            byte[] slice = Octets.Slice(octets, 1, 3);
            octets[2] = 0xFF;
            Check.Hex("010203", slice);
            Assert.AreEqual(0, Octets.Slice(octets, 5, 0).Length);
        }

        [TestMethod]
        public void TextIsUtf8()
        {
            Check.Hex("41c3a9e282ac", Octets.FromText("A\u00e9\u20ac"));
            Assert.AreEqual("A\u00e9\u20ac", Octets.ToText(Check.Bytes("41c3a9e282ac")));
            Assert.AreEqual(0, Octets.FromText("").Length);
            Assert.AreEqual("", Octets.ToText(new byte[0]));
        }
    }
}
