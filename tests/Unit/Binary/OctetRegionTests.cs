using MbmsMe.Binary;

namespace MbmsMe.Tests
{
    /// <summary>A region of an array: no copy until one is asked for.</summary>
    [TestClass]
    public class OctetRegionTests
    {
        [TestMethod]
        public void OfAWholeArray()
        {
            byte[] data = Check.Bytes("010203");
            OctetRegion region = new OctetRegion(data);
            Assert.AreEqual(0, region.Offset);
            Assert.AreEqual(3, region.Length);
            data[0] = 9;
            Assert.AreEqual(9, (int)region.Data[0], "it is the array itself");
        }

        [TestMethod]
        [DataRow(0, 0, "")]
        [DataRow(1, 2, "0203")]
        [DataRow(3, 1, "04")]
        [DataRow(4, 0, "")]
        public void OfPartOfAnArray(int offset, int length, string hex)
        {
            byte[] data = Check.Bytes("01020304");
            OctetRegion region = new OctetRegion();
            region.Set(data, offset, length);
            byte[] copy = region.ToArray();
            data[1] = data[3] = 0;
            Check.Hex(hex, copy);
            Check.Hex(hex, new OctetRegion(Check.Bytes("01020304"), offset, length).ToArray());
        }
    }
}
