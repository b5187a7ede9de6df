using MbmsMe.Mikey;

namespace MbmsMe.Tests
{
    /// <summary>The queue's look at a datagram agrees with the parser about whatever that accepts, and survives everything else.</summary>
    [TestClass]
    public class MtkClassifierTests
    {
        private const string Start = "010015";
        private const string Header = "00123456780001";
        private const string MtkIds = "0300040202000a";

        [TestMethod]
        [DataRow("MSK", false)]
        [DataRow("pull", false)]
        [DataRow("MTK", true)]
        [DataRow("verification", false)]
        [DataRow("draft MSK", false)]
        [DataRow("draft pull", false)]
        [DataRow("deployed", false)]
        public void KnowsMtkMessages(string name, bool isMtk)
        {
            byte[] data = Vectors.Message(name);
            Assert.AreEqual(isMtk, MtkClassifier.LooksLikeMtk(data, data.Length));
        }

        [TestMethod]
        [DataRow("MSK")]
        [DataRow("MTK")]
        [DataRow("pull")]
        [DataRow("verification")]
        [DataRow("draft MSK")]
        [DataRow("draft MTK")]
        [DataRow("deployed")]
        public void AgreesWithTheParserAboutEveryFlippedBit(string name)
        {
            byte[] data = Message(name);
            MikeyMessage message = new MikeyMessage();
            int agreed = 0;
            for (int bit = 0; bit < 8 * data.Length; bit++)
            {
                byte[] flipped = Check.Flip(data, bit);
                agreed += Agrees(message, flipped, flipped.Length) ? 1 : 0;
            }

            Assert.IsTrue(agreed >= 160, "the bits of the MAC at least, not " + agreed);
        }

        [TestMethod]
        [DataRow("MSK")]
        [DataRow("MTK")]
        [DataRow("draft MTK")]
        public void SurvivesEveryTruncation(string name)
        {
            byte[] data = Message(name);
            for (int length = 0; length < data.Length; length++)
            {
                // In a buffer of its own, where a look behind the end would throw, and in front of its old end.
                bool own = MtkClassifier.LooksLikeMtk(Check.First(data, length), length);
                Assert.AreEqual(own, MtkClassifier.LooksLikeMtk(data, length), length + " octets");
            }
        }

        [TestMethod]
        public void AgreesWithTheParserAboutGarbage()
        {
            MikeyMessage message = new MikeyMessage();
            uint random = 20246;
            int agreed = 0;
            for (int round = 0; round < 1000; round++)
            {
                byte[] data = Message((round & 1) == 0 ? "draft MTK" : "MSK");
                random = Next(random);
                for (int damages = 1 + (int)(random >> 30); damages > 0; damages--)
                {
                    random = Next(random);
                    int at = (int)((random >> 8) % (uint)data.Length);
                    random = Next(random);
                    data[at] = (byte)(random >> 24);
                }

                agreed += Agrees(message, data, data.Length) ? 1 : 0;
            }

            Assert.IsTrue(agreed > 50 && agreed < 1000, agreed + " of 1000");
        }

        [TestMethod]
        [DataRow("05" + MtkIds + "0002" + "00000001", true)] // before T
        [DataRow("15" + "00000202ff" + "00" + MtkIds, true)] // behind an EXT of another type
        [DataRow("00" + "00000402020001", false)] // what looks like an MTK ID in one
        [DataRow("15" + "030006" + "010400010001" + "00" + MtkIds, true)] // the MTK ID in an EXT of its own
        [DataRow("00" + "030007" + "0003020001" + "0500", false)] // 02 within other IDs
        [DataRow("00" + "030000", false)]
        [DataRow("00" + "030001" + "02", false)] // no room for a length
        [DataRow("00" + "0300ff" + "0202000a", false)] // EXT stands over the end of the message
        [DataRow("63" + "0000", false)] // an unknown payload
        public void LooksOnlyAtKeyIds(string rest, bool isMtk)
        {
            byte[] data = Check.Bytes(Start + Header + rest);
            Assert.AreEqual(isMtk, MtkClassifier.LooksLikeMtk(data, data.Length));
        }

        [TestMethod]
        [DataRow("020015" + Header, false)] // another version
        [DataRow("010115" + Header, false)] // another data type
        [DataRow("010615" + Header, false)]
        [DataRow("010015" + "00123456780002", false)] // another map type
        [DataRow("010015" + "00123456780100" + "010203040506070809", true)] // an SRTP map of one session
        [DataRow("010015" + "00123456780200" + "010203040506070809", false)] // which stands over the end
        [DataRow("010015" + "00123456780000", true)]
        public void ReadsTheHeader(string start, bool isMtk)
        {
            byte[] data = Check.Bytes(start + "00" + MtkIds);
            Assert.AreEqual(isMtk, MtkClassifier.LooksLikeMtk(data, data.Length));
        }

        [TestMethod]
        public void GivesUpAfterAsManyPayloadsAsTheParser()
        {
            Assert.IsTrue(LooksLikeMtkBehind(MikeyConstants.MaxPayloads - 1));
            Assert.IsFalse(LooksLikeMtkBehind(MikeyConstants.MaxPayloads));
        }

        [TestMethod]
        public void SurvivesWrongArguments()
        {
            byte[] data = Vectors.Message("MTK");
            Assert.IsFalse(MtkClassifier.LooksLikeMtk(null, 0));
            Assert.IsFalse(MtkClassifier.LooksLikeMtk(null, 100));
            Assert.IsFalse(MtkClassifier.LooksLikeMtk(new byte[0], 0));
            Assert.IsFalse(MtkClassifier.LooksLikeMtk(data, -1));
            Assert.IsFalse(MtkClassifier.LooksLikeMtk(data, data.Length + 1));
        }

        private static bool LooksLikeMtkBehind(int errors)
        {
            MikeyWriter writer = new MikeyWriter(MikeyDataType.PreSharedKey, false, 1);
            for (int i = 0; i < errors; i++)
            {
                writer.Error(0);
            }

            byte[] data = writer.KeyIds(null, Check.Bytes("0001"), Check.Bytes("0001")).ToArray();
            return MtkClassifier.LooksLikeMtk(data, data.Length);
        }

        // False when the parser refuses it: then there is nothing to agree about.
        private static bool Agrees(MikeyMessage message, byte[] data, int length)
        {
            bool looks = MtkClassifier.LooksLikeMtk(data, length);
            if (!message.TryRead(data, length))
            {
                return false;
            }

            bool isMtk = message.DataType == MikeyDataType.PreSharedKey && message.MtkIdOffset != 0;
            Assert.AreEqual(isMtk, looks, Check.Text(data, 0, length));
            Assert.IsTrue(looks || !new MtkMessage().TryTake(message), "an MTK message");
            Assert.IsTrue(!looks || !new MskMessage().TryTake(message), "an MSK message");
            return true;
        }

        private static byte[] Message(string name)
        {
            return name != "draft MTK" ? Vectors.Message(name)
                : new MikeyWriter(MikeyDataType.PreSharedKey, false, 0x10)
                    .KeyIds(null, Check.Bytes("0001"), Check.Bytes("0007")).Counter(3).Kemac(Check.Repeat(0xCC, 36)).ToArray(new byte[20]);
        }

        private static uint Next(uint random)
        {
            return (random * 1664525) + 1013904223;
        }
    }
}
