using MbmsMe.Crypto;
using MbmsMe.Mikey;

namespace MbmsMe.Tests
{
    /// <summary>The lower bound of design.md, Cryptography: what it costs to turn away or take one message.</summary>
    [TestClass]
    public class MikeyCostTests
    {
        [TestMethod]
        public void PreparingAMukTakesTwoCompressions()
        {
            uint before = BlockHash.Compressions;
            new MikeyCrypto(new ManagedCrypto()).Prepare(Check.Bytes(Vectors.Muk));
            Assert.AreEqual(2u, BlockHash.Compressions - before);
        }

        [TestMethod]
        public void TheAuthenticationKeyTakesFourCompressions()
        {
            MikeyCrypto crypto = new MikeyCrypto(new ManagedCrypto());
            MikeyKeySource source = MikeyVectors.Source(crypto, Vectors.Muk, Vectors.CsbId);
            uint before = BlockHash.Compressions;
            crypto.Derive(source, 0x2D22AC75, 20);
            Assert.AreEqual(4u, BlockHash.Compressions - before);
        }

        [TestMethod]
        public void AuthenticatingAnMskMessageTakesTenCompressions()
        {
            MikeyCrypto crypto = new MikeyCrypto(new ManagedCrypto());
            MikeyKeySource source = MikeyVectors.Source(crypto, Vectors.Muk, Vectors.CsbId);
            MikeyMessage message = new MikeyMessage();
            byte[] data = Vectors.Message("MSK");
            Assert.AreEqual(186, data.Length);

            // 4 for the authentication key, 2 for its pads, 3 for 166 octets of message, 1 for the outer hash.
            uint before = BlockHash.Compressions;
            Assert.IsTrue(message.TryRead(data, data.Length));
            Assert.IsTrue(crypto.VerifyMac(source, message));
            Assert.AreEqual(10u, BlockHash.Compressions - before);
        }

        [TestMethod]
        public void ForgingCostsTheMeNoMoreThanTheTruth()
        {
            MikeyCrypto crypto = new MikeyCrypto(new ManagedCrypto());
            MikeyKeySource source = MikeyVectors.Source(crypto, Vectors.Muk, Vectors.CsbId);
            MikeyMessage message = new MikeyMessage();
            byte[] data = Check.Flip(Vectors.Message("MSK"), 8 * 185);
            uint before = BlockHash.Compressions;
            Assert.IsTrue(message.TryRead(data, data.Length));
            Assert.IsFalse(crypto.VerifyMac(source, message));
            Assert.AreEqual(10u, BlockHash.Compressions - before);
        }

        [TestMethod]
        public void TheAckReusesTheAuthenticationKeyOfItsMessage()
        {
            MikeyCrypto crypto = new MikeyCrypto(new ManagedCrypto());
            MikeyKeySource source = MikeyVectors.Source(crypto, Vectors.Muk, Vectors.CsbId);
            MikeyMessage message = new MikeyMessage();
            byte[] data = Vectors.Message("MSK");
            Assert.IsTrue(message.TryRead(data, data.Length));
            Assert.IsTrue(crypto.VerifyMac(source, message));
            MskMessage answered = MikeyVectors.ReadMsk("MSK");
            byte[] verification = Check.First(Vectors.Message("verification"), 84);

            // 84 octets of message, 16 + 62 of identities and 4 of counter are 166: 3 blocks and the outer hash.
            uint before = BlockHash.Compressions;
            crypto.ComputeVerification(verification, answered, new byte[20]);
            Assert.AreEqual(4u, BlockHash.Compressions - before);
        }

        [TestMethod]
        public void ReadingAMessageTakesNoCryptography()
        {
            byte[] data = Vectors.Message("MSK");
            uint before = BlockHash.Compressions;
            Assert.IsTrue(new MikeyMessage().TryRead(data, data.Length));
            Assert.AreEqual(0u, BlockHash.Compressions - before);
        }
    }
}
