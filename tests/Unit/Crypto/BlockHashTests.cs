using MbmsMe.Crypto;

namespace MbmsMe.Tests
{
    /// <summary>What the three hashes have in common: pieces, states, reuse, and the count of compressions.</summary>
    [TestClass]
    public class BlockHashTests
    {
        private const string Hash130 = "6981ed7d97ffca517d531cd3d1874b43e11f1b46";

        [TestMethod]
        public void TheSameHashWhereverAMessageIsCutInTwo()
        {
            byte[] message = Check.Count(0, 130);
            Sha1 sha1 = new Sha1();
            byte[] hash = new byte[20];
            for (int cut = 0; cut <= message.Length; cut++)
            {
                sha1.Reset();
                sha1.Update(message, 0, cut);
                sha1.Update(message, cut, message.Length - cut);
                sha1.Finish(hash, 0);
                Check.Hex(Hash130, hash);
            }
        }

        [TestMethod]
        [DataRow(1)]
        [DataRow(7)]
        [DataRow(63)]
        [DataRow(64)]
        [DataRow(65)]
        public void TheSameHashInPiecesOfOneSize(int size)
        {
            byte[] message = Check.Count(0, 130);
            Md5 md5 = new Md5();
            md5.Reset();
            for (int at = 0; at < message.Length; at += size)
            {
                md5.Update(message, at, message.Length - at < size ? message.Length - at : size);
            }

            byte[] hash = new byte[16];
            md5.Finish(hash, 0);
            Check.Hex("7c05c285d0263c40a0437421b387a2a1", hash);
        }

        [TestMethod]
        public void NothingIsAPieceToo()
        {
            Sha1 sha1 = new Sha1();
            sha1.Reset();
            sha1.Update(new byte[0]);
            sha1.Update(Check.Ascii("abc"));
            sha1.Update(new byte[0]);
            byte[] hash = new byte[20];
            sha1.Finish(hash, 0);
            Check.Hex("a9993e364706816aba3e25717850c26c9cd0d89d", hash);
        }

        [TestMethod]
        public void OneObjectHashesOneMessageAfterTheOther()
        {
            Sha256 sha256 = new Sha256();
            sha256.Compute(Check.Count(0, 130));
            Check.Hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", sha256.Compute(Check.Ascii("abc")));
        }

        [TestMethod]
        public void ResetForgetsWhatCameBefore()
        {
            Sha1 sha1 = new Sha1();
            sha1.Reset();
            sha1.Update(Check.Count(0, 70));
            sha1.Reset();
            sha1.Update(Check.Ascii("abc"));
            byte[] hash = new byte[20];
            sha1.Finish(hash, 0);
            Check.Hex("a9993e364706816aba3e25717850c26c9cd0d89d", hash);
        }

        [TestMethod]
        public void AStateAfterOneBlockGoesOnAsIfThatBlockHadComeFirst()
        {
            byte[] message = Check.Count(0, 130);
            Sha1 sha1 = new Sha1();
            uint[] state = new uint[5];
            sha1.Reset();
            sha1.Update(message, 0, 64);
            sha1.SaveState(state);

            sha1.Compute(Check.Ascii("something else"));

            byte[] hash = new byte[20];
            sha1.LoadState(state);
            sha1.Update(message, 64, 66);
            sha1.Finish(hash, 0);
            Check.Hex(Hash130, hash);
        }

        [TestMethod]
        public void TheHashIsWrittenWhereItIsWantedAndNowhereElse()
        {
            byte[] buffer = Check.Repeat(0xEE, 24);
            Sha1 sha1 = new Sha1();
            sha1.Reset();
            sha1.Update(Check.Ascii("abc"));
            sha1.Finish(buffer, 2);
            Check.Hex("eeeea9993e364706816aba3e25717850c26c9cd0d89deeee", buffer);
        }

        [TestMethod]
        public void TheMessageIsNotChanged()
        {
            byte[] message = Check.Count(0, 64);
            new Sha256().Compute(message);
            Check.Hex(Check.Text(Check.Count(0, 64), 0, 64), message);
        }

        [TestMethod]
        [DataRow(0, 1)]
        [DataRow(55, 1)]
        [DataRow(56, 2)]
        [DataRow(64, 2)]
        [DataRow(119, 2)]
        [DataRow(120, 3)]
        public void CountsItsCompressions(int octets, int compressions)
        {
            uint before = BlockHash.Compressions;
            new Sha1().Compute(new byte[octets]);
            Assert.AreEqual((uint)compressions, BlockHash.Compressions - before);
        }
    }
}
