using MbmsMe.Mikey;

namespace MbmsMe.Tests
{
    /// <summary>Every message of protocol.md section 10, and the deployed one of section 11, field by field.</summary>
    [TestClass]
    public class MikeyVectorTests
    {
        [TestMethod]
        public void MskMessageOfRelease6()
        {
            MikeyMessage message = MikeyVectors.Read("MSK");
            Assert.AreEqual(186, message.Length);
            Assert.IsTrue(message.DataType == MikeyDataType.PreSharedKey);
            Assert.IsTrue(message.VerificationWanted);
            Assert.AreEqual(0, message.PrfFunction);
            Assert.AreEqual(0x12345678u, message.CsbId);
            Assert.AreEqual(0, message.CryptoSessions);
            Assert.AreEqual(MikeyConstants.MapEmpty, message.MapType);
            Check.Region(Vectors.KeyDomain, message.Data, message.KeyDomainOffset, 3);
            Check.Region(Vectors.MskId, message.Data, message.MskIdOffset, message.MskIdLength);
            Assert.AreEqual(4, message.MskIdLength);
            Assert.AreEqual(0, message.MtkIdOffset);
            Assert.AreEqual(0, message.MtkIdLength);
            Assert.AreEqual(MikeyConstants.CounterTimestamp, message.TimestampType);
            Check.Region("00000001", message.Data, message.TimestampOffset, 4);
            Assert.AreEqual(1u, message.Counter);
            Check.Region(Vectors.MikeyRand, message.Data, message.RandOffset, message.RandLength);
            Check.Region(Vectors.BmscFqdnHex, message.Data, message.IdiOffset, message.IdiLength);
            Check.Region(Vectors.BtidHex, message.Data, message.IdrOffset, message.IdrLength);
            Assert.AreEqual(MikeyConstants.EncryptionAesCm, message.EncryptionAlgorithm);
            Check.Region(Vectors.EncryptedKeyData, message.Data, message.EncryptedOffset, message.EncryptedLength);
            Assert.AreEqual(MikeyConstants.MacHmacSha1, message.MacAlgorithm);
            Check.Region(Vectors.MskMac, message.Data, message.MacOffset, 20);
            Assert.AreEqual(166, message.MacOffset);
            Assert.AreEqual(-1, message.ErrorNumber);
            Assert.AreEqual(0, message.SecurityPolicies);
        }

        [TestMethod]
        public void SolicitedPullOfRelease6()
        {
            MikeyMessage message = MikeyVectors.Read("pull");
            Assert.IsTrue(message.DataType == MikeyDataType.PreSharedKey);
            Assert.IsFalse(message.VerificationWanted);
            Assert.AreEqual(0x12345678u, message.CsbId);
            Check.Region(Vectors.KeyDomain, message.Data, message.KeyDomainOffset, 3);
            Check.Region("00010000", message.Data, message.MskIdOffset, message.MskIdLength);
            Assert.AreEqual(2u, message.Counter);
            Check.Region(Vectors.MikeyRand, message.Data, message.RandOffset, message.RandLength);
            Check.Region(Vectors.BmscFqdnHex, message.Data, message.IdiOffset, message.IdiLength);
            Check.Region(Vectors.BtidHex, message.Data, message.IdrOffset, message.IdrLength);
            Assert.AreEqual(0, message.EncryptedLength);
            Assert.AreNotEqual(0, message.EncryptedOffset);
            Check.Region(Vectors.PullMac, message.Data, message.MacOffset, 20);
        }

        [TestMethod]
        public void MtkMessage()
        {
            MikeyMessage message = MikeyVectors.Read("MTK");
            Assert.IsTrue(message.DataType == MikeyDataType.PreSharedKey);
            Assert.IsFalse(message.VerificationWanted);
            Check.Region(Vectors.KeyDomain, message.Data, message.KeyDomainOffset, 3);
            Check.Region(Vectors.MskId, message.Data, message.MskIdOffset, message.MskIdLength);
            Check.Region("0001", message.Data, message.MtkIdOffset, message.MtkIdLength);
            Assert.AreEqual(1u, message.Counter);
            Assert.AreEqual(0, message.RandOffset);
            Assert.AreEqual(0, message.RandLength);
            Assert.AreEqual(0, message.IdiOffset);
            Assert.AreEqual(0, message.IdrOffset);
            Assert.AreEqual(36, message.EncryptedLength);
            Assert.AreEqual(96 - 20, message.MacOffset);
        }

        [TestMethod]
        public void VerificationMessage()
        {
            MikeyMessage message = MikeyVectors.Read("verification");
            Assert.IsTrue(message.DataType == MikeyDataType.PreSharedKeyVerification);
            Assert.IsFalse(message.VerificationWanted);
            Assert.AreEqual(0x12345678u, message.CsbId);
            Assert.AreEqual(1u, message.Counter);
            Check.Region(Vectors.BtidHex, message.Data, message.IdiOffset, message.IdiLength);
            Assert.AreEqual(0, message.IdrOffset);
            Assert.AreEqual(0, message.EncryptedOffset);
            Assert.AreEqual(0, message.MskIdOffset);
            Assert.AreEqual(MikeyConstants.MacHmacSha1, message.MacAlgorithm);
            Check.Region(Vectors.VerData, message.Data, message.MacOffset, 20);
        }

        [TestMethod]
        public void MskMessageOfDraft2004()
        {
            MikeyMessage message = MikeyVectors.Read("draft MSK");
            Assert.IsTrue(message.VerificationWanted);
            Assert.AreEqual(0x10u, message.CsbId);
            Assert.AreEqual(0, message.KeyDomainOffset);
            Check.Region("0001", message.Data, message.MskIdOffset, message.MskIdLength);
            Assert.AreEqual(2, message.MskIdLength);
            Assert.AreEqual(7u, message.Counter);
            Check.Region(Vectors.MikeyRand, message.Data, message.RandOffset, message.RandLength);
            Check.Region(Vectors.KeyDomain, message.Data, message.IdiOffset, message.IdiLength);
            Check.Region(Vectors.BtidHex, message.Data, message.IdrOffset, message.IdrLength);
            Check.Region(Vectors.DraftEncryptedKeyData, message.Data, message.EncryptedOffset, message.EncryptedLength);
            Check.Region(Vectors.DraftMskMac, message.Data, message.MacOffset, 20);
        }

        [TestMethod]
        public void SolicitedPullOfDraft2004()
        {
            MikeyMessage message = MikeyVectors.Read("draft pull");
            Assert.IsFalse(message.VerificationWanted);
            Assert.AreEqual(0x10u, message.CsbId);
            Assert.AreEqual(0, message.KeyDomainOffset);
            Check.Region("0000", message.Data, message.MskIdOffset, message.MskIdLength);
            Assert.AreEqual(8u, message.Counter);
            Check.Region(Vectors.KeyDomain, message.Data, message.IdiOffset, message.IdiLength);
            Assert.AreEqual(0, message.EncryptedLength);
            Check.Region(Vectors.DraftPullMac, message.Data, message.MacOffset, 20);
        }

        [TestMethod]
        public void MskMessageOfDeployedEquipment()
        {
            MikeyMessage message = MikeyVectors.Read("deployed");
            Assert.AreEqual(162, message.Length);
            Assert.IsFalse(message.VerificationWanted);
            Assert.AreEqual(0xAAAABBBBu, message.CsbId);
            Assert.AreEqual(MikeyConstants.MapEmpty, message.MapType);
            Check.Region("aaaaaa", message.Data, message.KeyDomainOffset, 3);
            Check.Region("a1a2a3a4", message.Data, message.MskIdOffset, message.MskIdLength);
            Assert.AreEqual(1u, message.Counter);
            Check.Region("1234567890abcdeffedcba0987654321", message.Data, message.RandOffset, message.RandLength);
            Check.Region("017777772e6d6f74762e636f6d", message.Data, message.IdiOffset, message.IdiLength);
            Check.Region(
                "78684f4270656b496c42386e30735265554a384768673d3d407777772e6d6f74762e636f6d",
                message.Data,
                message.IdrOffset,
                message.IdrLength);
            Assert.AreEqual(MikeyConstants.EncryptionAesCm, message.EncryptionAlgorithm);
            Check.Region(
                "f803de39e567b027d221a37ca7afc64da12a01b63da0c9557c89cd62301e",
                message.Data,
                message.EncryptedOffset,
                message.EncryptedLength);
            Check.Region("808f4484b971163bab8631e26d535b2264f23fd2", message.Data, message.MacOffset, 20);
        }

        [TestMethod]
        public void TheKeyDataOfTheMskMessageIsTheMsk()
        {
            KeyData data = KeyData.Read(Check.Bytes(Vectors.KeyData));
            Check.Hex(Vectors.Msk, data.Key);
            Assert.AreEqual(1u, data.SeqLow);
            Assert.AreEqual(1000u, data.SeqHigh);
        }

        [TestMethod]
        public void TheKeyDataOfTheMtkMessageIsMtkAndSalt()
        {
            MikeyMessage message = MikeyVectors.Read("MTK");
            MikeyCrypto crypto = new MikeyCrypto(new Crypto.ManagedCrypto());
            byte[] data = new byte[message.EncryptedLength];
            System.Array.Copy(message.Data, message.EncryptedOffset, data, 0, data.Length);
            crypto.Crypt(MikeyVectors.Source(crypto, Vectors.Msk, message.CsbId), message.Counter, data);
            Check.Hex("00300010" + Vectors.Mtk + "000e" + Vectors.MtkSalt, data);
            Check.Hex(Vectors.Mtk, KeyData.Read(data).Key);
        }
    }
}
