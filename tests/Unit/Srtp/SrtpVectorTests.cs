using MbmsMe.Crypto;
using MbmsMe.Machine;
using MbmsMe.Srtp;

namespace MbmsMe.Tests
{
    /// <summary>Known answers of RFC 3711 appendix B.3 (that of B.2 is in CounterModeTests), and packets that libsrtp 2.5.0 has made.</summary>
    [TestClass]
    public class SrtpVectorTests
    {
        private const string Key = "0102030405060708090a0b0c0d0e0f10";
        private const string Salt = "1112131415161718191a1b1c1d1e";
        private const string OtherKey = "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf";
        private const string OtherSalt = "b0b1b2b3b4b5b6b7b8b9babbbcbd";
        private const string Clear = "80601234000000a0decafbad4576656e696e67206e6577732c20636c656172206173206461792e";

        [TestMethod]
        public void AppendixB3KeyDerivation()
        {
            SrtpKey key = Derived(Check.Bytes("e1f97a0d3e018be0d64fa32c06de4139"), Check.Bytes("0ec675ad498afeebb6960b3aabe6"));
            Check.Hex("30cbbc08863d8c85d49db34a9ae1", key.Salt);

            // The other two keys do not show themselves: they do what those of the text do.
            byte[] stream = new byte[32];
            byte[] expected = new byte[32];
            new Aes128(Check.Bytes("c61e7a93744f39ee10734afe3ff7a087")).Crypt(key.Salt, expected, 0, 32);
            key.Encryption.Crypt(key.Salt, stream, 0, 32);
            Check.Hex(Check.Text(expected, 0, 32), stream);
            byte[] data = Check.Count(1, 12);
            byte[] tag = Check.First(
                SrtpSender.Mac(Check.Bytes("cebe321f6ff7716b6fd4ab49af256a156d38baa4"), Check.Concat(data, Check.Bytes("00000005"))), 10);
            SrtpCrypto crypto = new SrtpCrypto(new ManagedCrypto());
            Assert.IsTrue(crypto.Verify(key, 5, Check.Concat(data, tag), 12, 12));
            Assert.IsFalse(crypto.Verify(key, 4, Check.Concat(data, tag), 12, 12));
        }

        [TestMethod]
        [DataRow(
            "80601234000000a0decafbad402d73bcfe31128245b165baa8bc0f73b8923325b5e6548b7f7415001000010007e057e638aff667ebd33a",
            "001000010007", true, true)]
        [DataRow(
            "80601234000000a0decafbad402d73bcfe31128245b165baa8bc0f73b8923325b5e6548b7f741500010007e057e638aff667ebd33a",
            "00010007", true, true)]
        [DataRow(
            "80601234000000a0decafbad4576656e696e67206e6577732c20636c656172206173206461792e0010000100070917056925338ca704a0",
            "001000010007", false, true)]
        [DataRow(
            "80601234000000a0decafbad402d73bcfe31128245b165baa8bc0f73b8923325b5e6548b7f7415001000010007",
            "001000010007", true, false)]
        [DataRow(
            "80601234000000a0decafbad22dbf21d1a8086bfba18bc97d8a36ad153788a3c912fef3b1d28d200100001000781dca7bb7c616b5b6b3c",
            "001000010007", true, true)]
        public void PacketsOfLibsrtp(string packet, string mki, bool confidentiality, bool integrity)
        {
            SrtpReceiver receiver = new SrtpReceiver(
                new SrtpCrypto(new ManagedCrypto()), SrtpSender.Ring(Mtk(mki, Key, Salt)), confidentiality, integrity);
            byte[] octets = Check.Bytes(packet);

            // The last one is of ROC 700, which its own sequence number does not try, but a later one does.
            bool late = Check.Text(octets, 12, 2) == "22db";
            Assert.AreEqual(late ? SrtpResult.WrongMac : SrtpResult.Ok, receiver.Receive(octets, octets.Length));
            if (!late)
            {
                Check.Region(Clear, octets, 0, receiver.ClearLength);
                Check.Hex(mki, receiver.Key.Mki);
            }
        }

        [TestMethod]
        public void CsrcsAndExtensionStayClear()
        {
            // ROC 3, SEQ 65534: 65534 modulo 1024 is 1022, so the packet is heard only after one that finds the ROC.
            SrtpSender sender = new SrtpSender(Mtk("001000010007", Key, Salt)) { Ssrc = 0xCAFEBABE };
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(sender.Mtk));
            byte[] first = sender.Packet(3, 65539 - 65536 + 64512);
            Assert.AreEqual(SrtpResult.Ok, receiver.Receive(first, first.Length));

            byte[] packet = Check.Bytes(
                "9260fffe000000a0cafebabe1111111122222222bede000110ff00008d73ae8b1ed367001000010007db841b8d330e7cc54f86");
            Assert.AreEqual(SrtpResult.Ok, receiver.Receive(packet, packet.Length));
            Check.Region(
                "9260fffe000000a0cafebabe1111111122222222bede000110ff000057656174686572", packet, 0, receiver.ClearLength);
        }

        [TestMethod]
        public void TheSenderOfTheTestsSendsWhatLibsrtpSends()
        {
            SrtpSender sender = new SrtpSender(Mtk("001000010007", Key, Salt));
            Check.Hex(
                "80601234000000a0decafbad402d73bcfe31128245b165baa8bc0f73b8923325b5e6548b7f7415001000010007e057e638aff667ebd33a",
                sender.Protect(Check.Bytes(Clear), 12, 0));
            Check.Hex(
                "80601234000000a0decafbad22dbf21d1a8086bfba18bc97d8a36ad153788a3c912fef3b1d28d200100001000781dca7bb7c616b5b6b3c",
                sender.Protect(Check.Bytes(Clear), 12, 700));
            SrtpSender other = new SrtpSender(Mtk("001000010008", OtherKey, OtherSalt));
            Check.Hex(
                "80601235000000a0decafbad96a93a8d6945029805b87a313732f3f94af354124cb8842e534aa70010000100081bcf293b21a273673148",
                other.Protect(Check.Bytes(Check.Replaced(Clear, "80601234", "80601235")), 12, 0));
        }

        private static SrtpKey Derived(byte[] masterKey, byte[] masterSalt)
        {
            byte[] mki = Check.Bytes("001000010007");
            return SrtpSender.Ring(new TrafficKey { Mki = mki, Key = masterKey, Salt = masterSalt }).Find(mki, 0, mki.Length);
        }

        private static TrafficKey Mtk(string mki, string key, string salt)
        {
            return new TrafficKey { Mki = Check.Bytes(mki), Key = Check.Bytes(key), Salt = Check.Bytes(salt) };
        }
    }
}
