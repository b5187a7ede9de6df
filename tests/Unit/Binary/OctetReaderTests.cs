using MbmsMe.Binary;

namespace MbmsMe.Tests
{
    /// <summary>Reading records: numbers, regions, and what is past the end.</summary>
    [TestClass]
    public class OctetReaderTests
    {
        [TestMethod]
        public void ReadsNumbersMostSignificantOctetFirst()
        {
            OctetReader reader = new OctetReader(Check.Bytes("80" + "fedc" + "fedcba" + "fedcba98" + "0102"));
            Assert.AreEqual(0x80, reader.Get8());
            Assert.AreEqual(0xFEDC, reader.Get16());
            Assert.AreEqual(0xFEDCBA, reader.Get24());
            Assert.AreEqual(0xFEDCBA98u, reader.Get32());
            Assert.IsFalse(reader.AtEnd);
            Check.Hex("0102", reader.Get(2));
            Assert.IsTrue(reader.Ok);
            Assert.IsTrue(reader.AtEnd);
        }

        [TestMethod]
        public void NothingIsAtItsEnd()
        {
            OctetReader reader = new OctetReader(new byte[0]);
            Assert.IsTrue(reader.AtEnd);
            Assert.AreEqual(0, reader.Get(0).Length);
            Assert.IsTrue(reader.AtEnd);
        }

        [TestMethod]
        [DataRow(1)]
        [DataRow(2)]
        [DataRow(3)]
        [DataRow(4)]
        public void PastTheEndIsZeroAndNotOk(int octets)
        {
            OctetReader reader = new OctetReader(Check.Repeat(0xFF, octets - 1));
            switch (octets)
            {
                case 1:
                    Assert.AreEqual(0, reader.Get8());
                    break;
                case 2:
                    reader.Get16();
                    break;
                case 3:
                    reader.Get24();
                    break;
                default:
                    Assert.AreEqual(0u, reader.Get32());
                    break;
            }

            Assert.IsFalse(reader.Ok);
            Assert.IsFalse(reader.AtEnd);
        }

        [TestMethod]
        public void ARegionPastTheEndIsEmptyAndNotOk()
        {
            OctetReader reader = new OctetReader(Check.Bytes("010203"));
            Assert.AreEqual(0, reader.Get(4).Length);
            Assert.IsFalse(reader.Ok);
        }

        [TestMethod]
        public void OnceNotOkNothingMoreIsRead()
        {
            OctetReader reader = new OctetReader(Check.Bytes("0102"));
            Assert.AreEqual(0u, reader.Get32());
            Assert.AreEqual(0, reader.Get8());
            Assert.AreEqual(0, reader.Get16());
            Assert.AreEqual(0, reader.Get(1).Length);
            Assert.IsFalse(reader.Ok);
            Assert.IsFalse(reader.AtEnd);
        }
    }
}
