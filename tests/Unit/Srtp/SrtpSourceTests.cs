using MbmsMe.Srtp;

namespace MbmsMe.Tests
{
    /// <summary>Estimates of RFC 3711 appendix A at the ends of the number range.</summary>
    [TestClass]
    public class SrtpSourceTests
    {
        [TestMethod]
        [DataRow(5, 100, 101, 0)]
        [DataRow(5, 100, 99, 0)]
        [DataRow(5, 0, 32768, 0)]
        [DataRow(5, 0, 32769, -1)]
        [DataRow(5, 100, 65535, -1)]
        [DataRow(5, 32768, 0, 0)]
        [DataRow(5, 32769, 0, 1)]
        [DataRow(5, 65535, 0, 1)]
        [DataRow(5, 65535, 32767, 0)]
        [DataRow(0, 100, 65535, 0)]
        [DataRow(-1, 65535, 0, 0)]
        [DataRow(-1, 100, 65535, -1)]
        [DataRow(-2, 65535, 0, 1)]
        public void TheRocOfAPacket(int roc, int highest, int sequence, int more)
        {
            SrtpSource source = Started(roc, highest);
            Assert.AreEqual((long)Unsigned(roc) + more, (long)source.Estimate(sequence));
        }

        [TestMethod]
        public void DistancesAcrossTheWrap()
        {
            SrtpSource source = Started(-2, 3);
            uint roc = Unsigned(-2);
            Assert.AreEqual(0, source.Behind(roc, 3));
            Assert.AreEqual(-65532, source.Behind(roc, 65535));
            Assert.AreEqual(4, source.Behind(roc - 1, 65535));
            Assert.AreEqual(-65536, source.Behind(roc + 1, 3));
            Assert.IsTrue(source.Has(0));
            Assert.IsFalse(source.Has(4));
            source.Note(roc - 1, 65535);
            Assert.IsTrue(source.Has(4));
            source.Note(roc + 1, 3);
            Assert.IsTrue(source.Has(0));
            for (int i = 1; i < SrtpSource.Window; i++)
            {
                Assert.IsFalse(source.Has(i));
            }
        }

        private static SrtpSource Started(int roc, int sequence)
        {
            SrtpSource source = new SrtpSource();
            source.Start(1, 1, Unsigned(roc), sequence);
            return source;
        }

        // Negative numbers count from 2^32 down: the interpreter's casts between int and uint are not to be trusted.
        private static uint Unsigned(int value)
        {
            uint number = 0;
            for (int i = 0; i < value; i++)
            {
                number++;
            }

            for (int i = value; i < 0; i++)
            {
                number--;
            }

            return number;
        }
    }
}
