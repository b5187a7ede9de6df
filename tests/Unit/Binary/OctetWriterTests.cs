using MbmsMe.Binary;

namespace MbmsMe.Tests
{
    /// <summary>Writing records into a buffer that grows.</summary>
    [TestClass]
    public class OctetWriterTests
    {
        [TestMethod]
        public void WritesNumbersMostSignificantOctetFirst()
        {
            Check.Hex(
                "80fedcfedcbafedcba980102",
                new OctetWriter(32).Put8(0x80).Put16(0xFEDC).Put24(0xFEDCBA).Put32(0xFEDCBA98).Put(Check.Bytes("0102")).ToArray());
        }

        [TestMethod]
        public void WritesTheLowOctetsOfNumbers()
        {
            Check.Hex("343434", new OctetWriter(8).Put8(0x1234).Put16(0x123434).ToArray());
        }

        [TestMethod]
        public void WritesRegions()
        {
            Check.Hex("0203", new OctetWriter(8).Put(Check.Bytes("01020304"), 1, 2).Put(new byte[0]).ToArray());
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(1)]
        [DataRow(3)]
        [DataRow(11)]
        public void GrowsWithoutLosingAnything(int capacity)
        {
            OctetWriter writer = new OctetWriter(capacity);
            for (int i = 0; i < 20; i++)
            {
                writer.Put8(i).Put32(0xFFFFFFFF);
            }

            writer.Put(Check.Count(0, 60));
            byte[] written = writer.ToArray();
            Assert.AreEqual(160, writer.Length);
            Assert.AreEqual(160, written.Length);
            for (int i = 0; i < 20; i++)
            {
                Assert.AreEqual(i, (int)written[5 * i]);
                Check.Region("ffffffff", written, (5 * i) + 1, 4);
            }

            Check.Region(Check.Text(Check.Count(0, 60), 0, 60), written, 100, 60);
        }

        [TestMethod]
        public void TheBufferHoldsWhatIsWritten()
        {
            OctetWriter writer = new OctetWriter(4).Put16(0x0102);
            Assert.AreEqual(2, writer.Length);
            Check.Region("0102", writer.Buffer, 0, 2);
        }

        [TestMethod]
        public void AnOutgrownBufferIsWiped()
        {
            OctetWriter writer = new OctetWriter(4).Put32(0x01020304);
            byte[] outgrown = writer.Buffer;
            writer.Put8(5);
            Check.Wiped(outgrown);
            Check.Hex("0102030405", writer.ToArray());
        }

        [TestMethod]
        public void WipeZeroesAndStartsAgain()
        {
            OctetWriter writer = new OctetWriter(4).Put32(0x01020304);
            writer.Wipe();
            Check.Wiped(writer.Buffer);
            Assert.AreEqual(0, writer.Length);
            Check.Hex("05", writer.Put8(5).ToArray());
        }

        [TestMethod]
        public void TheArrayIsACopy()
        {
            OctetWriter writer = new OctetWriter(4).Put8(1);
            byte[] copy = writer.ToArray();
            writer.Wipe();
            Check.Hex("01", copy);
        }
    }
}
