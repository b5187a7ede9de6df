using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Machine;
using MbmsMe.Srtp;

namespace MbmsMe.Tests
{
    /// <summary>Which MTKs are kept, and that the others are zeroed.</summary>
    [TestClass]
    public class SrtpKeyRingTests
    {
        [TestMethod]
        public void TheOldestOfAnMskGoes()
        {
            SrtpKeyRing ring = SrtpSender.Ring(SrtpSender.MtkOf(1, 1), SrtpSender.MtkOf(2, 1));
            SrtpKey first = Find(ring, 1, 1);
            for (int i = 2; i <= 10; i++)
            {
                ring.Install(SrtpSender.MtkOf(1, i));
            }

            Dead(first);
            Assert.IsNull(Find(ring, 1, 7));
            for (int i = 8; i <= 10; i++)
            {
                Assert.IsTrue(Find(ring, 1, i).IsAlive);
            }

            Assert.IsNotNull(Find(ring, 2, 1));
        }

        [TestMethod]
        public void AThirdMskTakesTheRoomOfADeadOneFirst()
        {
            SrtpKeyRing ring = SrtpSender.Ring();
            for (int i = 1; i <= SrtpKeyRing.KeysPerMsk; i++)
            {
                ring.Install(SrtpSender.MtkOf(1, i));
                ring.Install(SrtpSender.MtkOf(2, i));
            }

            ring.Remove(2);
            ring.Install(SrtpSender.MtkOf(3, 1));
            for (int i = 1; i <= SrtpKeyRing.KeysPerMsk; i++)
            {
                Assert.IsNotNull(Find(ring, 1, i));
                Assert.IsNull(Find(ring, 2, i));
            }

            Assert.IsNotNull(Find(ring, 3, 1));

            // With all alive the oldest of all goes.
            ring.Install(SrtpSender.MtkOf(3, 2));
            ring.Install(SrtpSender.MtkOf(3, 3));
            ring.Install(SrtpSender.MtkOf(4, 1));
            Assert.IsNull(Find(ring, 1, 1));
            Assert.IsNotNull(Find(ring, 1, 2));
        }

        [TestMethod]
        public void TheKeysOfAnMskDieWithIt()
        {
            SrtpKeyRing ring = SrtpSender.Ring(SrtpSender.MtkOf(1, 1), SrtpSender.MtkOf(1, 2), SrtpSender.MtkOf(2, 1));
            SrtpKey first = Find(ring, 1, 1);
            SrtpKey second = Find(ring, 1, 2);
            ring.Remove(1);
            Dead(first);
            Dead(second);
            Assert.IsNull(Find(ring, 1, 1));
            Assert.IsNotNull(Find(ring, 2, 1));
        }

        [TestMethod]
        public void AnMtkOfTheOtherProfileDiesWithTheSameMsk()
        {
            // The MSK of one Key Number may have come in one profile and its MTKs in the other: their MKIs differ in length.
            SrtpKeyRing ring = SrtpSender.Ring(SrtpSender.MtkOf(1, 1), SrtpSender.Key(Check.Bytes("00010002"), 50));
            ring.Remove(1);
            Assert.IsNull(Find(ring, 1, 1));
            Assert.IsNull(ring.Find(Check.Bytes("00010002"), 0, 4));
        }

        [TestMethod]
        public void AllKeysDie()
        {
            SrtpKeyRing ring = SrtpSender.Ring(SrtpSender.MtkOf(1, 1), SrtpSender.MtkOf(2, 1));
            SrtpKey first = Find(ring, 1, 1);
            SrtpKey second = Find(ring, 2, 1);
            Assert.AreEqual(first.Serial, ring.OldestSerial);
            ring.Clear();
            Dead(first);
            Dead(second);
            Assert.AreEqual(uint.MaxValue, ring.OldestSerial);
        }

        [TestMethod]
        public void AKeyOfTheSameMkiReplacesTheOld()
        {
            SrtpKeyRing ring = SrtpSender.Ring(SrtpSender.MtkOf(1, 1));
            SrtpKey before = Find(ring, 1, 1);
            string key = Stream(before);
            ring.Install(SrtpSender.Key(Check.Bytes("001000010001"), 77));
            Dead(before);
            Assert.AreNotEqual(key, Stream(Find(ring, 1, 1)));
            Assert.AreEqual(before.Serial, Find(ring, 1, 1).Serial);
        }

        [TestMethod]
        public void NothingOfTheCallersIsKept()
        {
            TrafficKey mtk = SrtpSender.MtkOf(1, 1);
            SrtpKeyRing ring = SrtpSender.Ring(mtk);
            string key = Stream(Find(ring, 1, 1));
            Octets.Wipe(mtk.Key);
            Octets.Wipe(mtk.Salt);
            Octets.Wipe(mtk.Mki);
            Assert.AreEqual(key, Stream(Find(ring, 1, 1)));
        }

        private static SrtpKey Find(SrtpKeyRing ring, int keyNumber, int mtkId)
        {
            return ring.Find(SrtpSender.MtkOf(keyNumber, mtkId).Mki, 0, 6);
        }

        // A key does not show itself: its key stream does.
        private static string Stream(SrtpKey key)
        {
            return Stream(key.Encryption);
        }

        private static string Stream(AesKey key)
        {
            byte[] data = new byte[16];
            key.Crypt(new byte[14], data, 0, 16);
            return Check.Text(data, 0, 16);
        }

        private static void Dead(SrtpKey key)
        {
            Assert.IsFalse(key.IsAlive);
            Check.Wiped(key.Salt);

            // Wiped keys encrypt and authenticate like blank ones.
            Aes128 blank = new Aes128(new byte[16]);
            blank.Wipe();
            Assert.AreEqual(Stream(blank), Stream(key.Encryption));
            byte[] data = Check.Count(0, 12);
            byte[] tag = new byte[20];
            Hmac hmac = new Hmac(new Sha1());
            hmac.Begin(new HmacStates(5));
            hmac.Update(Check.Concat(data, new byte[4]), 0, 16);
            hmac.Finish(tag, 0);
            Assert.IsTrue(new SrtpCrypto(new ManagedCrypto()).Verify(key, 0, Check.Concat(data, tag), 12, 12));
        }
    }
}
