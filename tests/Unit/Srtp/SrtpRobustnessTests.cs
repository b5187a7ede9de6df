using MbmsMe.Srtp;

namespace MbmsMe.Tests
{
    /// <summary>Damaged packets: no exception, no clear text, no trace.</summary>
    [TestClass]
    public class SrtpRobustnessTests
    {
        // 2 CSRCs and an extension of one word before the payload.
        private const string Header = "9260fffe000000a0decafbad1111111122222222bede000110ff0000";

        [TestMethod]
        public void EveryTruncation()
        {
            byte[] packet = Rich();
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(SrtpSender.MtkOf(1, 1)));
            for (int length = 0; length < packet.Length; length++)
            {
                Harmless(receiver, packet, Check.First(packet, length));
            }

            Assert.AreEqual(SrtpResult.Ok, receiver.Receive(packet, packet.Length));
        }

        [TestMethod]
        public void EveryFlippedBit()
        {
            byte[] packet = Rich();
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(SrtpSender.MtkOf(1, 1)));
            for (int bit = 0; bit < 8 * packet.Length; bit++)
            {
                Harmless(receiver, packet, Check.Flip(packet, bit));
            }

            Assert.AreEqual(SrtpResult.Ok, receiver.Receive(packet, packet.Length));
        }

        [TestMethod]
        [DataRow("")]
        [DataRow("80")]
        [DataRow("40601234000000a0decafbad0000000000000000001000010001000000000000000000000000")]
        [DataRow("8f601234000000a0decafbad0000000000000000001000010001000000000000000000000000")]
        [DataRow("90601234000000a0decafbad")]
        [DataRow("90601234000000a0decafbadbede00")]
        [DataRow("90601234000000a0decafbadbedeffff00000000001000010001000000000000000000000000")]
        [DataRow("9f601234000000a0decafbadbedeffff")]
        [DataRow("80601234000000a0decafbad010203040506070809")]
        public void NoSrtpPacket(string packet)
        {
            byte[] octets = Check.Bytes(packet);
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(SrtpSender.MtkOf(1, 1)));
            Assert.AreEqual(SrtpResult.Malformed, receiver.Receive(octets, octets.Length));
        }

        [TestMethod]
        public void TheMkiDoesNotReachIntoTheHeader()
        {
            // Without MKI its place would be the timestamp and the SSRC, which spell one.
            byte[] packet = Check.Bytes("80600001 0000 0010 0001 0001 0000 00000000000000000000");
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(SrtpSender.MtkOf(1, 1)));
            Assert.AreEqual(SrtpResult.NoKey, receiver.Receive(Check.First(packet, 22), 22));
            Assert.AreEqual(SrtpResult.NoKey, receiver.Receive(packet, packet.Length));
        }

        private static byte[] Rich()
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 1));
            byte[] header = Check.Bytes(Header);
            return sender.Protect(Check.Concat(header, Check.Count(0x41, 9)), header.Length, 0);
        }

        private static void Harmless(SrtpReceiver receiver, byte[] packet, byte[] damaged)
        {
            string before = Check.Text(damaged, 0, damaged.Length);
            SrtpResult result = receiver.Receive(damaged, damaged.Length);
            Assert.AreNotEqual(SrtpResult.Ok, result, before);
            Assert.AreNotEqual(SrtpResult.Replayed, result, before);
            Check.Hex(before, damaged);
            Assert.AreEqual(0, receiver.ClearLength);
            Assert.AreNotEqual(before, Check.Text(packet, 0, packet.Length));
        }
    }
}
