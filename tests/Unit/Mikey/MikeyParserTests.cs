using MbmsMe.Mikey;

namespace MbmsMe.Tests
{
    /// <summary>Reading of messages (RFC 3830 clause 6, RFC 4563): what may vary, and what makes a message malformed.</summary>
    [TestClass]
    public class MikeyParserTests
    {
        // HDR with an Empty map up to the next payload, and behind it.
        private const string Start = "0100";
        private const string Header = "00123456780001";
        private const string Mac = "000102030405060708090a0b0c0d0e0f10111213";

        [TestMethod]
        [DataRow("ETRIJSK")]
        [DataRow("TREIJSK")]
        [DataRow("IJTRESK")]
        [DataRow("SRTIJEK")]
        [DataRow("IERJTSK")]
        public void PayloadsMayComeInAnyOrderBeforeKemac(string order)
        {
            MikeyMessage message = new MikeyMessage();
            byte[] data = InOrder(order);
            Assert.IsTrue(message.TryRead(data, data.Length));
            Check.Region("00f110", data, message.KeyDomainOffset, 3);
            Check.Region("00010002", data, message.MskIdOffset, message.MskIdLength);
            Assert.AreEqual(7u, message.Counter);
            Check.Region("a0a1a2a3", data, message.RandOffset, message.RandLength);
            Check.Region("6269", data, message.IdiOffset, message.IdiLength);
            Check.Region("627269", data, message.IdrOffset, message.IdrLength);
            Assert.AreEqual(1, message.SecurityPolicies);
            Check.Region("cccc", data, message.EncryptedOffset, message.EncryptedLength);
            Check.Region(Mac, data, message.MacOffset, 20);
        }

        [TestMethod]
        [DataRow("ETRIJKS")]
        [DataRow("KETRIJ")]
        [DataRow("ETKRIJ")]
        [DataRow("VT")]
        [DataRow("KK")]
        [DataRow("KV")]
        [DataRow("VK")]
        public void NothingMayFollowKemacOrV(string order)
        {
            Malformed(InOrder(order));
        }

        [TestMethod]
        [DataRow("TTK")]
        [DataRow("TRTK")]
        [DataRow("RRK")]
        [DataRow("IJIK")]
        [DataRow("EEK")]
        public void APayloadThatMayStandOnceMayNotStandTwice(string order)
        {
            Malformed(InOrder(order));
        }

        [TestMethod]
        public void SecurityPoliciesMayStandMoreThanOnce()
        {
            Assert.AreEqual(3, Wellformed(InOrder("SSTSK")).SecurityPolicies);
        }

        [TestMethod]
        [DataRow("")]
        [DataRow("ET")]
        [DataRow("ETRIJ")]
        public void AMessageMayEndWithoutAMac(string order)
        {
            MikeyMessage message = Wellformed(InOrder(order));
            Assert.AreEqual(0, message.MacOffset);
            Assert.AreEqual(0, message.EncryptedOffset);
        }

        [TestMethod]
        [DataRow(2)] // PKE
        [DataRow(3)] // DH
        [DataRow(4)] // SIGN
        [DataRow(7)] // CERT
        [DataRow(8)] // CHASH
        [DataRow(13)]
        [DataRow(19)]
        [DataRow(20)] // Key data, which only stands in KEMAC
        [DataRow(22)]
        [DataRow(255)]
        public void UnknownPayloadsMakeAMessageMalformed(int payload)
        {
            byte[] data = Check.Bytes(Start + "00" + Header + "0000000000000000000000000000000000000000");
            data[2] = (byte)payload;
            Malformed(data);
        }

        [TestMethod]
        [DataRow("0000")]
        [DataRow("0200")]
        [DataRow("ff00")]
        public void AnotherVersionIsMalformed(string start)
        {
            Malformed(start + "00" + Header);
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(1)]
        [DataRow(6)]
        [DataRow(26)]
        [DataRow(255)]
        public void EveryDataTypeIsReadAsItStands(int type)
        {
            byte[] data = Check.Bytes(Start + "00" + Header);
            data[1] = (byte)type;
            Assert.AreEqual(type, (int)Wellformed(data).DataType);
        }

        [TestMethod]
        [DataRow("00", false, 0)]
        [DataRow("80", true, 0)]
        [DataRow("01", false, 1)]
        [DataRow("ff", true, 127)]
        public void VFlagAndPrfShareAnOctet(string octet, bool wanted, int prf)
        {
            MikeyMessage message = Wellformed(Start + "00" + octet + "123456780001");
            Assert.AreEqual(wanted, message.VerificationWanted);
            Assert.AreEqual(prf, message.PrfFunction);
        }

        [TestMethod]
        [DataRow("00000000")]
        [DataRow("7fffffff")]
        [DataRow("80000000")]
        [DataRow("ffffffff")]
        public void CsbIdAndCounterUseAll32Bits(string octets)
        {
            MikeyMessage message = Wellformed(Start + "0500" + octets + "0001" + "0002" + octets);
            Assert.AreEqual(octets, Binary.Octets.ToHex(message.CsbId, 4));
            Assert.AreEqual(octets, Binary.Octets.ToHex(message.Counter, 4));
        }

        [TestMethod]
        public void AnSrtpMapHasNineOctetsForEachCryptoSession()
        {
            string session = "01" + "11223344" + "00000000";
            Assert.AreEqual(0, Wellformed(Start + "05" + "001234567800" + "00" + "000200000007").CryptoSessions);
            MikeyMessage message = Wellformed(Start + "05" + "001234567802" + "00" + session + session + "000200000007");
            Assert.AreEqual(2, message.CryptoSessions);
            Assert.AreEqual(MikeyConstants.MapSrtp, message.MapType);
            Assert.AreEqual(7u, message.Counter);
            Malformed(Start + "05" + "001234567802" + "00" + session + "000200000007");
            Malformed(Start + "00" + "001234567801" + "00" + "0111223344000000");
            Malformed(Start + "00" + "0012345678ff" + "00" + session);
        }

        [TestMethod]
        [DataRow("02")]
        [DataRow("03")]
        [DataRow("ff")]
        public void AnotherMapTypeIsMalformed(string type)
        {
            Malformed(Start + "05" + "001234567800" + type + "000200000007");
        }

        [TestMethod]
        public void OtherExtensionsAreSkipped()
        {
            // Vendor ID, SDP IDs, OMA BCAST, and one of no octets, around the Key IDs.
            MikeyMessage message = Wellformed(
                Start + "15" + Header + "15000003aabbcc" + "150100010a" + "15030006010400010002" + "150500020100"
                + "05ff0000" + "000200000009");
            Check.Region("00010002", message.Data, message.MskIdOffset, message.MskIdLength);
            Assert.AreEqual(0, message.KeyDomainOffset);
            Assert.AreEqual(9u, message.Counter);
        }

        [TestMethod]
        public void OtherKeyIdsAreSkipped()
        {
            MikeyMessage message = Wellformed(
                Start + "15" + Header + "00030014" + "0301aa" + "000300f110" + "f100" + "010400010002" + "ff02bbbb");
            Check.Region("00f110", message.Data, message.KeyDomainOffset, 3);
            Check.Region("00010002", message.Data, message.MskIdOffset, message.MskIdLength);
            Assert.AreEqual(0, message.MtkIdOffset);
        }

        [TestMethod]
        public void KeyIdsMayStandInTwoExtensions()
        {
            MikeyMessage message = Wellformed(Start + "15" + Header + "15030005000300f110" + "00030006010400010002");
            Check.Region("00f110", message.Data, message.KeyDomainOffset, 3);
            Check.Region("00010002", message.Data, message.MskIdOffset, message.MskIdLength);
        }

        [TestMethod]
        [DataRow("0003000b" + "000300f110" + "010400010002", true)]
        [DataRow("00030000", true)]
        [DataRow("0003000a" + "000300f110" + "000300f110", false)] // Key Domain ID twice
        [DataRow("0003000c" + "010400010002" + "010400010002", false)] // MSK ID twice
        [DataRow("00030008" + "02020001" + "02020001", false)] // MTK ID twice
        [DataRow("00030004" + "000200f1", false)] // Key Domain ID of 2 octets
        [DataRow("00030006" + "000400f11000", false)]
        [DataRow("00030002" + "0000", false)]
        [DataRow("00030004" + "01020001", true)] // draft2004
        [DataRow("00030003" + "010100", false)]
        [DataRow("00030005" + "0103000100", false)]
        [DataRow("00030007" + "01050001000200", false)]
        [DataRow("00030002" + "0100", false)]
        [DataRow("00030003" + "020101", true)]
        [DataRow("00030006" + "020400000001", true)]
        [DataRow("00030002" + "0200", false)]
        [DataRow("00030007" + "02050000000001", false)]
        [DataRow("0003000c" + "000300f110" + "010400010002" + "00", false)] // an octet that is no Key ID
        [DataRow("0003000a" + "000300f110" + "010400010002", false)] // the last Key ID stands over the end of EXT
        [DataRow("00030005" + "000400f110", false)]
        [DataRow("00030006" + "000300f110", false)] // EXT stands over the end of the message
        [DataRow("0003ffff" + "000300f110", false)]
        [DataRow("00000003" + "aabb", false)]
        [DataRow("000300", false)]
        public void KeyIdExtension(string extension, bool wellformed)
        {
            AreRead(wellformed, Start + "15" + Header + extension);
        }

        [TestMethod]
        [DataRow("000200000001", true)]
        [DataRow("00000102030405060708", true)] // NTP-UTC
        [DataRow("00010102030405060708", true)] // NTP
        [DataRow("000001020304", false)]
        [DataRow("00020102030405060708", false)]
        [DataRow("000300000001", false)]
        [DataRow("00ff00000001", false)]
        [DataRow("0002000000", false)]
        [DataRow("0002", false)]
        [DataRow("00", false)]
        public void Timestamp(string payload, bool wellformed)
        {
            AreRead(wellformed, Start + "05" + Header + payload);
        }

        [TestMethod]
        [DataRow("0001aa", true)]
        [DataRow("0004aabbccdd", true)]
        [DataRow("0000", false)]
        [DataRow("0002aa", false)]
        [DataRow("00ffaa", false)]
        [DataRow("0001aabb", false)]
        [DataRow("00", false)]
        public void Rand(string payload, bool wellformed)
        {
            AreRead(wellformed, Start + "0b" + Header + payload);
        }

        [TestMethod]
        [DataRow("00000001aa", true)] // NAI
        [DataRow("00010001aa", true)] // URI
        [DataRow("00000000", true)]
        [DataRow("00020001aa", false)]
        [DataRow("00ff0001aa", false)]
        [DataRow("00000002aa", false)]
        [DataRow("0000ffffaa", false)]
        [DataRow("00000001aabb", false)]
        [DataRow("000000", false)]
        public void Identity(string payload, bool wellformed)
        {
            AreRead(wellformed, Start + "06" + Header + payload);
        }

        [TestMethod]
        [DataRow("0000000000", true)]
        [DataRow("0000000003" + "000101", true)]
        [DataRow("0000000008" + "000101" + "0100" + "020101", true)]
        [DataRow("0001ff0003" + "000101", true)] // another protocol
        [DataRow("0000000001" + "00", false)]
        [DataRow("0000000002" + "0001", false)]
        [DataRow("0000000004" + "00010101", false)]
        [DataRow("0000000003" + "00ff01", false)]
        [DataRow("0000000004" + "000101", false)]
        [DataRow("000000ffff" + "000101", false)]
        [DataRow("00000000", false)]
        public void SecurityPolicy(string payload, bool wellformed)
        {
            AreRead(wellformed, Start + "0a" + Header + payload);
        }

        [TestMethod]
        [DataRow("00000000", 0)]
        [DataRow("000c0000", 12)]
        [DataRow("00ff1234", 255)]
        public void ErrorNumber(string payload, int number)
        {
            Assert.AreEqual(number, Wellformed("0106" + "0c" + Header + payload).ErrorNumber);
        }

        [TestMethod]
        [DataRow("000000")]
        [DataRow("00")]
        [DataRow("0000000000")]
        public void ErrorOfAnotherLength(string payload)
        {
            Malformed("0106" + "0c" + Header + payload);
        }

        [TestMethod]
        [DataRow("00010000" + "01" + Mac, true)]
        [DataRow("00000000" + "01" + Mac, true)] // NULL encryption: the receiver decides
        [DataRow("00ff0002aabb" + "01" + Mac, true)]
        [DataRow("00010000" + "00" + Mac, false)] // MAC alg NULL with a MAC
        [DataRow("00010000" + "00", false)] // MAC alg NULL
        [DataRow("00010000" + "02" + Mac, false)]
        [DataRow("00010000" + "01", false)]
        [DataRow("00010000", false)]
        [DataRow("00010003aabb" + "01" + Mac, false)]
        [DataRow("0001ffff" + "01" + Mac, false)]
        [DataRow("00010000" + "01" + Mac + "00", false)]
        [DataRow("15010000" + "01" + Mac, false)] // KEMAC announces another payload
        public void Kemac(string payload, bool wellformed)
        {
            AreRead(wellformed, Start + "01" + Header + payload);
        }

        [TestMethod]
        [DataRow("0001" + Mac, true)]
        [DataRow("0000" + Mac, false)]
        [DataRow("0000", false)]
        [DataRow("0002" + Mac, false)]
        [DataRow("0001", false)]
        [DataRow("0001" + Mac + "00", false)]
        public void Verification(string payload, bool wellformed)
        {
            AreRead(wellformed, "0101" + "09" + Header + payload);
        }

        [TestMethod]
        public void AChainMayHave24PayloadsAndNoMore()
        {
            MikeyWriter writer = new MikeyWriter(MikeyDataType.Error, false, 1);
            for (int i = 0; i < MikeyConstants.MaxPayloads; i++)
            {
                writer.Error(0);
            }

            Wellformed(writer.ToArray());
            writer.Error(0);
            Malformed(writer.ToArray());
        }

        [TestMethod]
        public void OnlyTheGivenLengthOfTheBufferIsTheMessage()
        {
            byte[] buffer = Check.Concat(Vectors.Message("pull"), Vectors.Message("MSK"));
            MikeyMessage message = new MikeyMessage();
            Assert.IsTrue(message.TryRead(buffer, 160));
            Assert.AreEqual(160 - 20, message.MacOffset);
            Assert.IsFalse(message.TryRead(buffer, buffer.Length));
        }

        [TestMethod]
        public void OneObjectReadsOneMessageAfterTheOther()
        {
            MikeyMessage message = new MikeyMessage();
            byte[] full = InOrder("ETRIJSK");
            Assert.IsTrue(message.TryRead(full, full.Length));
            byte[] mtk = Vectors.Message("MTK");
            Assert.IsTrue(message.TryRead(mtk, mtk.Length));
            Assert.AreEqual(0, message.RandOffset);
            Assert.AreEqual(0, message.IdiOffset);
            Assert.AreEqual(0, message.IdrOffset);
            Assert.AreEqual(0, message.SecurityPolicies);

            byte[] error = Check.Bytes("0106" + "0c" + Header + "00010000");
            Assert.IsTrue(message.TryRead(error, error.Length));
            Assert.AreEqual(1, message.ErrorNumber);
            Assert.AreEqual(0, message.MacOffset);
            Assert.AreEqual(0, message.MskIdOffset);
            Assert.AreEqual(0, message.MtkIdOffset);
            Assert.AreEqual(0, message.TimestampOffset);

            byte[] pull = Vectors.Message("pull");
            Assert.IsTrue(message.TryRead(pull, pull.Length));
            Assert.AreEqual(-1, message.ErrorNumber);
            Assert.AreEqual(0, message.MtkIdOffset);
            Assert.AreEqual(2u, message.Counter);
        }

        private static byte[] InOrder(string order)
        {
            MikeyWriter writer = new MikeyWriter(MikeyDataType.PreSharedKey, false, Vectors.CsbId);
            for (int i = 0; i < order.Length; i++)
            {
                switch (order[i])
                {
                    case 'E':
                        writer.KeyIds(Check.Bytes("00f110"), Check.Bytes("00010002"), null);
                        break;
                    case 'T':
                        writer.Counter(7);
                        break;
                    case 'R':
                        writer.Rand(Check.Bytes("a0a1a2a3"));
                        break;
                    case 'I':
                        writer.Id(0, Check.Ascii("bi"), 0, 2);
                        break;
                    case 'J':
                        writer.Id(1, Check.Ascii("bri"), 0, 3);
                        break;
                    case 'S':
                        writer.SecurityPolicy(0, Check.Bytes("000101"));
                        break;
                    case 'K':
                    case 'V':
                        writer = order[i] == 'K' ? writer.Kemac(Check.Bytes("cccc")) : writer.V();
                        writer.ToArray(Check.Bytes(Mac));
                        break;
                }
            }

            return writer.ToArray();
        }

        private static void AreRead(bool wellformed, string hex)
        {
            byte[] data = Check.Bytes(hex);
            Assert.AreEqual(wellformed, new MikeyMessage().TryRead(data, data.Length));
        }

        private static MikeyMessage Wellformed(string hex)
        {
            return Wellformed(Check.Bytes(hex));
        }

        private static MikeyMessage Wellformed(byte[] data)
        {
            MikeyMessage message = new MikeyMessage();
            Assert.IsTrue(message.TryRead(data, data.Length));
            return message;
        }

        private static void Malformed(string hex)
        {
            Malformed(Check.Bytes(hex));
        }

        private static void Malformed(byte[] data)
        {
            Assert.IsFalse(new MikeyMessage().TryRead(data, data.Length));
        }
    }
}
