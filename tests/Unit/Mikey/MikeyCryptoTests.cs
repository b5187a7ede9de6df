using System;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Machine;
using MbmsMe.Mikey;

namespace MbmsMe.Tests
{
    /// <summary>Key derivation (RFC 3830 clause 4.1), AES-CM of KEMAC (clause 4.2.3), MAC and verification (clause 5.2).</summary>
    [TestClass]
    public class MikeyCryptoTests
    {
        private const uint Encryption = 0x150533E1;
        private const uint Authentication = 0x2D22AC75;
        private const uint Salt = 0x29B88916;

        [TestMethod]
        public void DerivesEncryptionSaltAndAuthenticationKeyFromTheMuk()
        {
            Check.Hex(Vectors.EncryptionKey, Derive(Vectors.Muk, Encryption, Vectors.CsbId, 16));
            Check.Hex(Vectors.SaltKey, Derive(Vectors.Muk, Salt, Vectors.CsbId, 14));
            Check.Hex(Vectors.AuthenticationKey, Derive(Vectors.Muk, Authentication, Vectors.CsbId, 20));
        }

        [TestMethod]
        public void DerivesEncryptionSaltAndAuthenticationKeyFromAnMsk()
        {
            Check.Hex(Vectors.MskEncryptionKey, Derive(Vectors.Msk, Encryption, Vectors.CsbId, 16));
            Check.Hex(Vectors.MskSaltKey, Derive(Vectors.Msk, Salt, Vectors.CsbId, 14));
            Check.Hex(Vectors.MskAuthenticationKey, Derive(Vectors.Msk, Authentication, Vectors.CsbId, 20));
        }

        [TestMethod]
        public void DerivesTheKeysOfTheDraft2004Messages()
        {
            Check.Hex(Vectors.DraftEncryptionKey, Derive(Vectors.Muk, Encryption, 0x10, 16));
            Check.Hex(Vectors.DraftSaltKey, Derive(Vectors.Muk, Salt, 0x10, 14));
            Check.Hex(Vectors.DraftAuthenticationKey, Derive(Vectors.Muk, Authentication, 0x10, 20));
        }

        [TestMethod]
        [DataRow(1, "aa28c46b8c077ea2501086ebde47c15b98d7cf0e")]
        [DataRow(55, "e0c6bc958a1ccca5848dfaf12314a31c8dccfb6d")]
        [DataRow(255, "26b40733e01650eea53327710802a753c07643c5")]
        public void TakesRandsOfEveryLength(int length, string key)
        {
            MikeyCrypto crypto = new MikeyCrypto(new ManagedCrypto());
            HmacKey muk = crypto.Prepare(Check.Bytes(Vectors.Muk));
            MikeyKeySource source = new MikeyKeySource(muk, Vectors.CsbId, new OctetRegion(Check.Count(0, length)));
            Check.Hex(key, crypto.Derive(source, Authentication, 20));
        }

        [TestMethod]
        public void TakesTheRandFromWhereItStands()
        {
            MikeyCrypto crypto = new MikeyCrypto(new ManagedCrypto());
            HmacKey muk = crypto.Prepare(Check.Bytes(Vectors.Muk));
            byte[] message = Check.Bytes(Vectors.MskMessage);
            MikeyKeySource source = new MikeyKeySource(muk, Vectors.CsbId, new OctetRegion(message, 33, 16));
            Check.Hex(Vectors.AuthenticationKey, crypto.Derive(source, Authentication, 20));
        }

        [TestMethod]
        public void ACsbIdWithTheHighestBitSet()
        {
            Check.Hex("bb8422b9a7250ba8172f68ca095318dcd0ea5ec2", Derive(Vectors.Muk, Authentication, 0xFEDCBA98, 20));
        }

        [TestMethod]
        public void APreSharedKeyHasOneToThirtyTwoOctets()
        {
            MikeyCrypto crypto = new MikeyCrypto(new ManagedCrypto());
            Check.Throws(typeof(ArgumentException), () => crypto.Prepare(new byte[0]));
            Check.Throws(typeof(ArgumentException), () => crypto.Prepare(new byte[33]));
            Check.Hex("375991983b6fbefeacb63d7838532e93dd412d3f", Derive("01", Authentication, Vectors.CsbId, 20));
        }

        [TestMethod]
        public void EncryptsKeyData()
        {
            byte[] data = Check.Bytes(Vectors.KeyData);
            Crypt(new ManagedCrypto(), Vectors.Muk, Vectors.CsbId, 1, data);
            Check.Hex(Vectors.EncryptedKeyData, data);
        }

        [TestMethod]
        public void DecryptsKeyData()
        {
            byte[] data = Check.Bytes(Vectors.EncryptedKeyData);
            Crypt(new ManagedCrypto(), Vectors.Muk, Vectors.CsbId, 1, data);
            Check.Hex(Vectors.KeyData, data);
        }

        [TestMethod]
        public void DecryptsKeyDataOfTheDraft2004Message()
        {
            byte[] data = Check.Bytes(Vectors.DraftEncryptedKeyData);
            Crypt(new ManagedCrypto(), Vectors.Muk, 0x10, 7, data);
            Check.Hex(Vectors.KeyData, data);
        }

        [TestMethod]
        public void TheIvIsTheSaltWithCsbIdAndCounter()
        {
            RecordingEngine engine = new RecordingEngine();
            Crypt(engine, Vectors.Muk, Vectors.CsbId, 1, new byte[33]);
            Check.Hex(Vectors.EncryptionKey, engine.Key);
            Check.Hex(Vectors.Iv.Substring(0, 28), engine.Iv);
            Assert.AreEqual("0000", Vectors.Iv.Substring(28));
            Assert.AreEqual(33, engine.Count);
        }

        [TestMethod]
        public void CountsBlocksBeyond255()
        {
            byte[] data = new byte[258 * 16];
            Crypt(new ManagedCrypto(), Vectors.Muk, Vectors.CsbId, 1, data);
            Check.Region("389caf307418c761c72747ff1bbaafca4740d0a1fe59a07d3d6495bced3d825c2bbf0ac1e5c2ce29", data, 0, 40);
            Check.Region("30d293b567e12c1d4fe3e644cfb277bb6abe04290798a5e037e4311e94394c63", data, 256 * 16, 32);
        }

        [TestMethod]
        public void EncryptsNothingToNothing()
        {
            byte[] data = new byte[0];
            Crypt(new ManagedCrypto(), Vectors.Muk, Vectors.CsbId, 1, data);
            Assert.AreEqual(0, data.Length);
        }

        [TestMethod]
        [DataRow("MSK")]
        [DataRow("pull")]
        [DataRow("draft MSK")]
        [DataRow("draft pull")]
        public void VerifiesTheMacUnderTheMuk(string name)
        {
            Assert.IsTrue(Verifies(Vectors.Muk, Vectors.Message(name)));
        }

        [TestMethod]
        public void VerifiesTheMacOfAnMtkMessageUnderTheMskWithTheRandOfTheMskMessage()
        {
            MikeyCrypto crypto = new MikeyCrypto(new ManagedCrypto());
            MikeyMessage message = MikeyVectors.Read("MTK");
            MikeyKeySource source = MikeyVectors.Source(crypto, Vectors.Msk, message.CsbId);
            Assert.IsTrue(crypto.VerifyMac(source, message));
            source.Rand.Data[15]++;
            Assert.IsFalse(crypto.VerifyMac(source, message));
        }

        [TestMethod]
        public void NoBitOfTheMacMayBeWrong()
        {
            byte[] data = Vectors.Message("pull");
            for (int bit = 8 * (data.Length - 20); bit < 8 * data.Length; bit++)
            {
                Assert.IsFalse(Verifies(Vectors.Muk, Check.Flip(data, bit)), "bit " + bit);
            }
        }

        [TestMethod]
        public void TheMacCoversEveryOctetBeforeIt()
        {
            byte[] data = Vectors.Message("MSK");
            MikeyMessage message = new MikeyMessage();
            for (int octet = 0; octet < data.Length - 20; octet++)
            {
                byte[] flipped = Check.Flip(data, (8 * octet) + (octet % 8));
                if (message.TryRead(flipped, flipped.Length) && message.RandOffset != 0 && message.MacOffset != 0)
                {
                    Assert.IsFalse(Verifies(Vectors.Muk, flipped), "octet " + octet);
                }
            }

            Assert.IsTrue(Verifies(Vectors.Muk, data));
        }

        [TestMethod]
        public void AnotherMukDoesNotVerify()
        {
            byte[] data = Vectors.Message("MSK");
            Assert.IsFalse(Verifies(Vectors.Mrk, data));
            Assert.IsFalse(Verifies(Vectors.Muk.Substring(0, 62), data));
        }

        [TestMethod]
        public void MakesTheVerDataOfTheVerificationMessage()
        {
            MikeyCrypto crypto = new MikeyCrypto(new ManagedCrypto());
            MikeyMessage message = MikeyVectors.Read("MSK");
            Assert.IsTrue(crypto.VerifyMac(MikeyVectors.Source(crypto, Vectors.Muk, message), message));
            byte[] verification = Vectors.Message("verification");
            byte[] verData = new byte[20];
            crypto.ComputeVerification(Check.First(verification, verification.Length - 20), MikeyVectors.ReadMsk("MSK"), verData);
            Check.Hex(Vectors.VerData, verData);
        }

        [TestMethod]
        public void AfterForgetTheAuthenticationKeyIsGone()
        {
            MikeyCrypto crypto = new MikeyCrypto(new ManagedCrypto());
            MikeyMessage message = MikeyVectors.Read("MSK");
            Assert.IsTrue(crypto.VerifyMac(MikeyVectors.Source(crypto, Vectors.Muk, message), message));
            crypto.Forget();
            byte[] verification = Vectors.Message("verification");
            byte[] verData = new byte[20];
            crypto.ComputeVerification(Check.First(verification, verification.Length - 20), MikeyVectors.ReadMsk("MSK"), verData);
            Assert.AreNotEqual(Vectors.VerData, Check.Text(verData, 0, 20));
        }

        [TestMethod]
        public void ThePreparedMukIsWipedForGood()
        {
            MikeyCrypto crypto = new MikeyCrypto(new ManagedCrypto());
            MikeyMessage message = MikeyVectors.Read("MSK");
            MikeyKeySource source = MikeyVectors.Source(crypto, Vectors.Muk, message);
            source.PreSharedKey.Wipe();
            Assert.IsFalse(crypto.VerifyMac(source, message));
        }

        private static byte[] Derive(string key, uint constant, uint csbId, int length)
        {
            MikeyCrypto crypto = new MikeyCrypto(new ManagedCrypto());
            return crypto.Derive(MikeyVectors.Source(crypto, key, csbId), constant, length);
        }

        private static void Crypt(ICryptoEngine engine, string key, uint csbId, uint counter, byte[] data)
        {
            MikeyCrypto crypto = new MikeyCrypto(engine);
            crypto.Crypt(MikeyVectors.Source(crypto, key, csbId), counter, data);
        }

        private static bool Verifies(string key, byte[] data)
        {
            MikeyCrypto crypto = new MikeyCrypto(new ManagedCrypto());
            MikeyMessage message = new MikeyMessage();
            Assert.IsTrue(message.TryRead(data, data.Length));
            return crypto.VerifyMac(MikeyVectors.Source(crypto, key, message), message);
        }

        private sealed class RecordingEngine : ICryptoEngine
        {
            public byte[] Key;
            public byte[] Iv;
            public int Count;

            public void AesEncrypt(byte[] key, byte[] blocks)
            {
                throw new NotSupportedException();
            }

            public AesKey PrepareAes(byte[] key)
            {
                Key = (byte[])key.Clone();
                return new RecordingKey(this);
            }

            public IHmac CreateHmacSha1()
            {
                return new Hmac(new Sha1());
            }

            public void HmacSha256(byte[] key, byte[] data, byte[] mac)
            {
                throw new NotSupportedException();
            }

            private sealed class RecordingKey : AesKey
            {
                private readonly RecordingEngine _engine;

                public RecordingKey(RecordingEngine engine)
                {
                    _engine = engine;
                }

                public override void Crypt(byte[] iv, byte[] data, int offset, int count)
                {
                    _engine.Iv = (byte[])iv.Clone();
                    _engine.Count = count;
                }

                public override void Wipe()
                {
                }
            }
        }
    }
}
