using MbmsMe.Binary;
using MbmsMe.Mikey;

namespace MbmsMe.Tests
{
    /// <summary>MSK messages, solicited pulls and MTK messages: the form that each must have, and what it then says (TS 33.246 clause 6.4).</summary>
    [TestClass]
    public class KeyMessageTests
    {
        // HDR with an Empty map behind the next payload.
        private const string Header = "00123456780001";

        [TestMethod]
        [DataRow("MSK", 0x00f110, 1, 1, 1u)]
        [DataRow("pull", 0x00f110, 1, 0, 2u)]
        [DataRow("draft MSK", 0x00f110, 0x10, 1, 7u)]
        [DataRow("draft pull", 0x00f110, 0x10, 0, 8u)]
        [DataRow("deployed", 0xaaaaaa, 0xa1a2, 0xa3a4, 1u)]
        public void WhatAnMskMessageSays(string name, int domain, int group, int number, uint counter)
        {
            MikeyMessage read = MikeyVectors.Read(name);
            MskMessage message = new MskMessage();
            Assert.IsTrue(message.TryTake(read));
            Assert.AreEqual(domain, message.KeyDomain);
            Assert.AreEqual(group, message.KeyGroupPart);
            Assert.AreEqual(domain, message.ToGroup().Domain);
            Assert.AreEqual(group, message.ToGroup().Group);
            Assert.AreEqual(number, message.KeyNumber);
            Assert.AreEqual(number == 0, message.IsSolicitedPull);
            Assert.AreEqual(counter, message.Counter);
            Assert.AreEqual(read.CsbId, message.CsbId);
            Assert.AreEqual(read.VerificationWanted, message.VerificationWanted);
            bool draft = read.MskIdLength == 2;
            Assert.AreEqual(draft, message.IsDraft2004);
            Assert.AreEqual(draft ? "draft2004" : "release6", message.Profile);
            Same(read.RandOffset, read.RandLength, message.Rand);
            Same(read.IdiOffset, read.IdiLength, message.Idi);
            Same(read.IdrOffset, read.IdrLength, message.Idr);
            Same(read.TimestampOffset, 4, message.Timestamp);
            Same(read.EncryptedOffset, read.EncryptedLength, message.Encrypted);
            Same(read.MacOffset, 20, message.Mac);
            Assert.IsFalse(new MtkMessage().TryTake(read), "an MTK message as well");
        }

        [TestMethod]
        public void WhatAnMtkMessageSays()
        {
            MikeyMessage read = MikeyVectors.Read("MTK");
            MtkMessage message = new MtkMessage();
            Assert.IsTrue(message.TryTake(read));
            Assert.AreEqual(0x00f110, message.KeyDomain);
            Assert.AreEqual(1, message.KeyGroupPart);
            Assert.AreEqual(1, message.KeyNumber);
            Assert.AreEqual(1u, message.MtkId);
            Assert.AreEqual(1u, message.Counter);
            Assert.AreEqual(Vectors.CsbId, message.CsbId);
            Assert.IsFalse(message.IsDraft2004);
            Same(read.EncryptedOffset, 36, message.Encrypted);
            Same(read.MacOffset, 20, message.Mac);
            Check.Hex("000100010001", message.ToMki());
            Assert.IsFalse(new MskMessage().TryTake(read), "an MSK message as well");
        }

        [TestMethod]
        [DataRow("e1 t r i j k", true)]
        [DataRow("k j i r t e1", false)] // KEMAC is the last
        [DataRow("r j i t e1 k", true)] // any order before it
        [DataRow("e1 t r i j s s k", true)]
        [DataRow("t r i j k", false)]
        [DataRow("e1 r i j k", false)]
        [DataRow("e1 t i j k", false)]
        [DataRow("e1 t r i k", false)]
        [DataRow("e1 t r k", false)]
        [DataRow("e1 t r i j", false)]
        [DataRow("e1 t r i j v", false)]
        [DataRow("e1 n r i j k", false)] // NTP time
        [DataRow("e1 t r i j null", false)] // a key in the clear
        [DataRow("e1 t r i j empty", false)] // an MSK message without key data
        [DataRow("e0 t r i j empty", true)] // a solicited pull
        [DataRow("e0 t r i j void", true)] // whose nothing needs no encryption
        [DataRow("e0 t r i j k", false)] // a solicited pull with key data
        [DataRow("alone t r i j k", false)] // release6 without Key Domain
        [DataRow("d1 t r net j k", true)] // draft2004
        [DataRow("d1 t r i j k", false)] // whose IDi is no Network ID
        [DataRow("d0 t r net j empty", true)]
        [DataRow("m1 t r i j k", false)] // with an MTK ID
        [DataRow("dm1 t r net j k", false)]
        public void TheFormOfAnMskMessage(string payloads, bool taken)
        {
            MskMessage message = new MskMessage();
            Assert.AreEqual(taken, Takes(message, null, Build(payloads)));
        }

        [TestMethod]
        [DataRow("m1 t k", true)]
        [DataRow("t m1 k", true)]
        [DataRow("m1 t r i j s k", true)] // what it need not have does no harm
        [DataRow("e1 t k", false)]
        [DataRow("t k", false)]
        [DataRow("m1 k", false)]
        [DataRow("m1 t", false)]
        [DataRow("m1 t v", false)]
        [DataRow("m1 n k", false)]
        [DataRow("m1 t null", false)]
        [DataRow("m1 t empty", false)]
        [DataRow("m0 t k", false)] // under no MSK
        [DataRow("malone t k", false)] // release6 without Key Domain
        [DataRow("dm1 t k", true)]
        [DataRow("dm1 t net k", true)]
        [DataRow("dm0 t k", false)]
        public void TheFormOfAnMtkMessage(string payloads, bool taken)
        {
            Assert.AreEqual(taken, Takes(null, new MtkMessage(), Build(payloads)));
        }

        [TestMethod]
        [DataRow(1, 1)] // verification message
        [DataRow(1, 6)] // error message
        [DataRow(3, 1)] // another PRF
        [DataRow(3, 0x81)]
        public void AnotherDataTypeOrPrfIsRefused(int at, int octet)
        {
            byte[] data = Build("e1 t r i j k");
            Assert.IsTrue(Takes(new MskMessage(), null, data));
            data[at] = (byte)octet;
            Assert.IsFalse(Takes(new MskMessage(), null, data));
            data = Build("m1 t k");
            Assert.IsTrue(Takes(null, new MtkMessage(), data));
            data[at] = (byte)octet;
            Assert.IsFalse(Takes(null, new MtkMessage(), data));
        }

        [TestMethod]
        [DataRow("dm1 t k", -1)]
        [DataRow("dm1 t net k", 0x00f110)] // Network ID in IDi
        [DataRow("dm1 t i k", -1)]
        [DataRow("m1 t net k", 0x123456)] // release6 has it in EXT
        [DataRow("m1 t k", 0x123456)]
        public void TheKeyDomainOfAnMtkMessage(string payloads, int domain)
        {
            MtkMessage message = new MtkMessage();
            Assert.IsTrue(Takes(null, message, Build(payloads)));
            Assert.AreEqual(domain, message.KeyDomain);
            Assert.AreEqual(payloads[0] == 'd' ? 0x5678 : 0x0010, message.KeyGroupPart);
        }

        [TestMethod]
        [DataRow("01", 1u)]
        [DataRow("8001", 0x8001u)]
        [DataRow("0000ff", 255u)]
        [DataRow("ffffffff", 0xffffffffu)]
        [DataRow("80000000", 0x80000000u)]
        public void TheMtkIdHasOneToFourOctets(string octets, uint id)
        {
            MikeyWriter writer = new MikeyWriter(MikeyDataType.PreSharedKey, false, 0xFFFF0012)
                .KeyIds(null, Check.Bytes("fedc"), Check.Bytes(octets)).Counter(0xFFFFFFFF).Kemac(Check.Bytes("cc"));
            MtkMessage message = new MtkMessage();
            Assert.IsTrue(Takes(null, message, writer.ToArray(new byte[20])));
            Assert.AreEqual(id, message.MtkId);
            Assert.AreEqual(0x12, message.KeyGroupPart);
            Assert.AreEqual(0xfedc, message.KeyNumber);
            Assert.AreEqual(0xFFFFFFFFu, message.Counter);
            Check.Hex("fedc" + octets, message.ToMki());
        }

        [TestMethod]
        public void OneObjectTakesOneMessageAfterTheOther()
        {
            MskMessage message = MikeyVectors.ReadMsk("MSK");
            Assert.IsFalse(message.TryTake(MikeyVectors.Read("MTK")));
            Assert.IsTrue(message.TryTake(MikeyVectors.Read("draft pull")));
            Assert.IsTrue(message.IsSolicitedPull && message.IsDraft2004 && !message.VerificationWanted);
            Assert.AreEqual(0x10, message.KeyGroupPart);
            Check.Hex(Vectors.KeyDomain, message.Idi.ToArray());
            Assert.AreEqual(0, message.Encrypted.Length);
        }

        private static bool Takes(MskMessage msk, MtkMessage mtk, byte[] data)
        {
            MikeyMessage message = new MikeyMessage();
            return message.TryRead(data, data.Length) && (msk != null ? msk.TryTake(message) : mtk.TryTake(message));
        }

        private static void Same(int offset, int length, OctetRegion region)
        {
            Assert.AreEqual(offset, region.Offset);
            Assert.AreEqual(length, region.Length);
        }

        // Payloads by name, each behind the next-payload octet that the one after it gives.
        private static byte[] Build(string payloads)
        {
            string[] names = payloads.Split(' ');
            string hex = "0100" + Code(names, 0) + Header;
            for (int i = 0; i < names.Length; i++)
            {
                hex += Code(names, i + 1) + Body(names[i]);
            }

            return Check.Bytes(hex);
        }

        private static string Code(string[] names, int at)
        {
            if (at == names.Length)
            {
                return "00";
            }

            switch (names[at])
            {
                case "t":
                case "n":
                    return "05";
                case "r":
                    return "0b";
                case "i":
                case "j":
                case "net":
                    return "06";
                case "s":
                    return "0a";
                case "v":
                    return "09";
                case "k":
                case "null":
                case "empty":
                case "void":
                    return "01";
                default:
                    return "15";
            }
        }

        private static string Body(string name)
        {
            const string mac = "000102030405060708090a0b0c0d0e0f10111213";
            switch (name)
            {
                case "t":
                    return "0200000007";
                case "n":
                    return "010000000700000007";
                case "r":
                    return "04a0a1a2a3";
                case "i":
                    return "0000026269";
                case "j":
                    return "000003627269";
                case "net":
                    return "00000300f110";
                case "s":
                    return "00000003000101";
                case "v":
                    return "01" + mac;
                case "k":
                    return "010002cccc01" + mac;
                case "null":
                    return "000002cccc01" + mac;
                case "empty":
                    return "01000001" + mac;
                case "void":
                    return "00000001" + mac;
                case "e1":
                    return "03000b0003123456010400100002";
                case "e0":
                    return "03000b0003123456010400100000";
                case "alone":
                    return "030006010400100002";
                case "d1":
                    return "03000401020002";
                case "d0":
                    return "03000401020000";
                case "m1":
                    return "03000f000312345601040010000202020009";
                case "m0":
                    return "03000f000312345601040010000002020009";
                case "malone":
                    return "03000a01040010000202020009";
                case "dm1":
                    return "0300080102000202020009";
                default:
                    return "0300080102000002020009";
            }
        }
    }
}
