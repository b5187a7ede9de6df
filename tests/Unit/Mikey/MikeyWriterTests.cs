using MbmsMe.Crypto;
using MbmsMe.Mikey;

namespace MbmsMe.Tests
{
    /// <summary>Every message of protocol.md section 10 built again, to the same octets.</summary>
    [TestClass]
    public class MikeyWriterTests
    {
        [TestMethod]
        public void MskMessageOfRelease6()
        {
            byte[] encrypted = Encrypted(Vectors.CsbId, 1);
            MikeyWriter writer = new MikeyWriter(MikeyDataType.PreSharedKey, true, Vectors.CsbId)
                .KeyIds(Check.Bytes(Vectors.KeyDomain), Check.Bytes(Vectors.MskId), null)
                .Counter(1).Rand(Check.Bytes(Vectors.MikeyRand));
            Check.Hex(Vectors.MskMessage, Signed(Identities(writer, Vectors.BmscFqdnHex).Kemac(encrypted), Vectors.CsbId));
        }

        [TestMethod]
        public void SolicitedPullOfRelease6()
        {
            MikeyWriter writer = new MikeyWriter(MikeyDataType.PreSharedKey, false, Vectors.CsbId)
                .KeyIds(Check.Bytes(Vectors.KeyDomain), Check.Bytes("00010000"), null)
                .Counter(2).Rand(Check.Bytes(Vectors.MikeyRand));
            Check.Hex(Vectors.PullMessage, Signed(Identities(writer, Vectors.BmscFqdnHex).Kemac(new byte[0]), Vectors.CsbId));
        }

        [TestMethod]
        public void MskMessageOfDraft2004()
        {
            byte[] encrypted = Encrypted(0x10, 7);
            MikeyWriter writer = new MikeyWriter(MikeyDataType.PreSharedKey, true, 0x10)
                .KeyIds(null, Check.Bytes("0001"), null).Counter(7).Rand(Check.Bytes(Vectors.MikeyRand));
            Check.Hex(Vectors.DraftMskMessage, Signed(Identities(writer, Vectors.KeyDomain).Kemac(encrypted), 0x10));
        }

        [TestMethod]
        public void SolicitedPullOfDraft2004()
        {
            MikeyWriter writer = new MikeyWriter(MikeyDataType.PreSharedKey, false, 0x10)
                .KeyIds(null, Check.Bytes("0000"), null).Counter(8).Rand(Check.Bytes(Vectors.MikeyRand));
            Check.Hex(Vectors.DraftPullMessage, Signed(Identities(writer, Vectors.KeyDomain).Kemac(new byte[0]), 0x10));
        }

        [TestMethod]
        public void MtkMessage()
        {
            MikeyCrypto crypto = new MikeyCrypto(new ManagedCrypto());
            MikeyKeySource source = MikeyVectors.Source(crypto, Vectors.Msk, Vectors.CsbId);
            byte[] data = Check.Bytes("00300010" + Vectors.Mtk + "000e" + Vectors.MtkSalt);
            crypto.Crypt(source, 1, data);
            MikeyWriter writer = new MikeyWriter(MikeyDataType.PreSharedKey, false, Vectors.CsbId)
                .KeyIds(Check.Bytes(Vectors.KeyDomain), Check.Bytes(Vectors.MskId), Check.Bytes("0001"))
                .Counter(1).Kemac(data);
            byte[] covered = writer.ToArray();
            byte[] mac = new byte[20];
            crypto.ComputeMac(source, covered, covered.Length, mac);
            Check.Hex(Vectors.MtkMessage, writer.ToArray(mac));
        }

        [TestMethod]
        public void VerificationMessage()
        {
            MikeyCrypto crypto = new MikeyCrypto(new ManagedCrypto());
            MikeyMessage message = MikeyVectors.Read("MSK");
            MskMessage answered = MikeyVectors.ReadMsk("MSK");
            Assert.IsTrue(crypto.VerifyMac(MikeyVectors.Source(crypto, Vectors.Muk, message), message));

            MikeyWriter writer = new MikeyWriter(MikeyDataType.PreSharedKeyVerification, false, answered.CsbId)
                .Counter(answered.Counter).Id(0, message.Data, message.IdrOffset, message.IdrLength).V();
            byte[] verData = new byte[20];
            crypto.ComputeVerification(writer.ToArray(), answered, verData);
            Check.Hex(Vectors.VerificationMessage, writer.ToArray(verData));
        }

        [TestMethod]
        public void HeaderAlone()
        {
            Check.Hex("01000000fedcba980001", new MikeyWriter(MikeyDataType.PreSharedKey, false, 0xFEDCBA98).ToArray());
            Check.Hex("01060080000000000001", new MikeyWriter(MikeyDataType.Error, true, 0).ToArray());
        }

        [TestMethod]
        public void ErrorPayload()
        {
            Check.Hex(
                "0106050000000001" + "0001" + "0c0280000001" + "00040000",
                new MikeyWriter(MikeyDataType.Error, false, 1).Counter(0x80000001).Error(4).ToArray());
        }

        [TestMethod]
        public void SecurityPolicyPayload()
        {
            Check.Hex(
                "01000a0000000001" + "0001" + "000300000600010101010e",
                new MikeyWriter(MikeyDataType.PreSharedKey, false, 1).SecurityPolicy(3, Check.Bytes("00010101010e")).ToArray());
        }

        [TestMethod]
        public void IdentityFromTheMiddleOfABuffer()
        {
            Check.Hex(
                "0100060000000001" + "0001" + "00010002bbcc",
                new MikeyWriter(MikeyDataType.PreSharedKey, false, 1).Id(1, Check.Bytes("aabbccdd"), 1, 2).ToArray());
        }

        [TestMethod]
        public void AMessageOverTheFirstBufferGrows()
        {
            byte[] rand = Check.Count(0, 255);
            byte[] identity = Check.Count(0, 300);
            byte[] data = new MikeyWriter(MikeyDataType.PreSharedKey, false, 1)
                .Rand(rand).Id(0, identity, 0, identity.Length).Kemac(identity).ToArray(new byte[20]);
            MikeyMessage message = new MikeyMessage();
            Assert.IsTrue(message.TryRead(data, data.Length));
            Check.Region(Check.Text(rand, 0, 255), data, message.RandOffset, message.RandLength);
            Check.Region(Check.Text(identity, 0, 300), data, message.IdiOffset, message.IdiLength);
            Check.Region(Check.Text(identity, 0, 300), data, message.EncryptedOffset, message.EncryptedLength);
        }

        private static MikeyWriter Identities(MikeyWriter writer, string idi)
        {
            byte[] btid = Check.Bytes(Vectors.BtidHex);
            return writer.Id(0, Check.Bytes(idi), 0, idi.Length / 2).Id(0, btid, 0, btid.Length);
        }

        private static byte[] Encrypted(uint csbId, uint counter)
        {
            MikeyCrypto crypto = new MikeyCrypto(new ManagedCrypto());
            byte[] data = KeyData.Write(Check.Bytes(Vectors.Msk), 1, 1000);
            crypto.Crypt(MikeyVectors.Source(crypto, Vectors.Muk, csbId), counter, data);
            return data;
        }

        private static byte[] Signed(MikeyWriter writer, uint csbId)
        {
            MikeyCrypto crypto = new MikeyCrypto(new ManagedCrypto());
            byte[] covered = writer.ToArray();
            byte[] mac = new byte[20];
            crypto.ComputeMac(MikeyVectors.Source(crypto, Vectors.Muk, csbId), covered, covered.Length, mac);
            return writer.ToArray(mac);
        }
    }
}
