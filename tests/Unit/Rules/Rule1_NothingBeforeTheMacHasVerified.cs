using MbmsMe.Binary;

namespace MbmsMe.Tests
{
    /// <summary>
    /// Rule 1: a datagram changes state, or causes any traffic, only after its MAC has verified and its counter is
    /// fresh. No reply of any kind to anything else.
    /// </summary>
    [TestClass]
    public class Rule1_NothingBeforeTheMacHasVerified
    {
        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void EverySingleBitFlipOfAnMskMessageDoesNothing(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage message = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            FlipEveryBit(bench, message.Wire);
            bench.Deliver(message);
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group), "the genuine message after its forgeries");
            Assert.AreEqual(message.ExpectedAck(), bench.Datagrams.Last);
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void EverySingleBitFlipOfASolicitedPullDoesNothing(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            bench.Expire();
            FakeMessage message = bench.Bmsc.Pull(draft2004, Bench.Group);
            FlipEveryBit(bench, message.Wire);
            bench.Deliver(message);
            Assert.AreEqual(1, bench.Events.Count("pull-accepted"), "the genuine message after its forgeries");
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void EverySingleBitFlipOfAnMtkMessageDoesNothing(bool draft2004)
        {
            // One that names an unknown MSK may cause a request, later: Flow_MissedKey has that.
            Bench bench = Bench.Paired(draft2004);
            byte[] wire = bench.Bmsc.Mtk(draft2004, Bench.Group, 1, 1).Wire;
            string state = bench.State();
            string flash = bench.Flash();
            for (int bit = 0; bit < wire.Length * 8; bit++)
            {
                byte[] flipped = Octets.Slice(wire, 0, wire.Length);
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                bench.Deliver(flipped);
            }

            Assert.AreEqual(state, bench.State());
            Assert.AreEqual(flash, bench.Flash());
            Assert.AreEqual(string.Empty, bench.Traffic.Mkis);
            Assert.AreEqual(0, bench.Datagrams.Sent.Count);
            Assert.IsTrue(bench.Events.Count("missed-key") <= 1, "one request for all of them");
            bench.Deliver(wire);
            Assert.AreEqual(1, bench.Events.Count("mtk-accepted"), "the message itself");
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void EverySingleBitFlipOfAVerificationMessageDoesNothing(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FlipEveryBit(bench, Octets.FromHex(bench.Bmsc.Msk(draft2004, Bench.Group, 2).ExpectedAck()));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void EveryTruncationOfEveryMessageDoesNothing(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage pull = bench.Bmsc.Pull(draft2004, Bench.Group);
            FakeMessage msk = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            Truncate(bench, msk.Wire);
            Truncate(bench, pull.Wire);
            Truncate(bench, bench.Bmsc.Mtk(draft2004, Bench.Group, 1, 1).Wire);
            Truncate(bench, Octets.FromHex(msk.ExpectedAck()));
            bench.Deliver(pull);
            bench.Deliver(msk);
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group), "the whole messages after their truncations");
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AnOctetTooManyDoesNothing(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            Frozen before = bench.Freeze();
            bench.Deliver(Longer(bench.Bmsc.Msk(draft2004, Bench.Group, 2).Wire));
            bench.Deliver(Longer(bench.Bmsc.Pull(draft2004, Bench.Group).Wire));
            before.AssertUnchanged("an octet behind the message");
            Assert.AreEqual(2, bench.Events.Count("datagram-dropped", "reason", "malformed"));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AMessageUnderAnotherKeyDoesNothing(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeGbaKey forger = new FakeGbaKey { Muk = new byte[32], Btid = bench.Network.Key.Btid };
            Frozen before = bench.Freeze();
            FakeMessage msk = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            msk.Key = forger;
            bench.Deliver(msk.Build());
            FakeMessage pull = bench.Bmsc.Pull(draft2004, Bench.Group);
            pull.Key = forger;
            bench.Deliver(pull.Build());
            before.AssertUnchanged("forged messages");
            Assert.AreEqual(2, bench.Events.Count("datagram-dropped", "reason", "wrong-mac"));
            Assert.AreEqual(2, bench.Events.All.Count, "more than the drops was reported");
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AReplayedMessageDoesNothing(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage msk = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            FakeMessage pull = bench.Bmsc.Pull(draft2004, Bench.Group);
            bench.Deliver(msk);
            bench.Deliver(pull);
            Frozen before = bench.Freeze();
            bench.Deliver(msk);
            bench.Deliver(pull);
            before.AssertStill("replays");
            Assert.AreEqual(2, bench.Events.Count("datagram-dropped", "reason", "replay"));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AMessageForAnotherSubscriberDoesNothing(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            Frozen before = bench.Freeze();
            FakeMessage pull = bench.Bmsc.Pull(draft2004, Bench.Group);
            pull.Idr = Octets.FromText("somebody@else");
            bench.Deliver(pull.Build());
            before.AssertUnchanged("another B-TID");
            Assert.AreEqual(1, bench.Events.Count("datagram-dropped", "reason", "unknown-btid"));
        }

        [TestMethod]
        public void AMessageOfAnotherBmscDoesNothing()
        {
            Bench bench = Bench.Paired(false);
            Frozen before = bench.Freeze();
            FakeMessage pull = bench.Bmsc.Pull(false, Bench.Group);
            pull.Idi = Octets.FromText("bmsc.example.net");
            bench.Deliver(pull.Build());
            before.AssertUnchanged("another BM-SC");
            Assert.AreEqual(1, bench.Events.Count("datagram-dropped", "reason", "unknown-bmsc"));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void VerificationMessagesGetNoAnswer(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            Frozen before = bench.Freeze();
            bench.Deliver(Octets.FromHex(bench.Bmsc.Msk(draft2004, Bench.Group, 2).ExpectedAck()));
            before.AssertUnchanged("messages that are no MSK messages");
            Assert.AreEqual(1, bench.Events.Count("datagram-dropped", "reason", "unexpected-type"));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AGenuinePullWithAKeyAndAnMskMessageWithoutOneDoNothing(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            Frozen before = bench.Freeze();
            FakeMessage pull = bench.Bmsc.Pull(draft2004, Bench.Group);
            pull.KeyData = FakeMessage.KeyDataOf(0, FakeBmsc.MskValue(Bench.Group, 7), 1, 1000, 2);
            bench.Deliver(pull.Build());
            FakeMessage msk = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            msk.KeyData = new byte[0];
            bench.Deliver(msk.Build());
            before.AssertUnchanged("messages that are neither the one nor the other");
            Assert.AreEqual(2, bench.Events.Count("datagram-dropped", "reason", "malformed"));
        }

        [TestMethod]
        public void OctetsOfAnySortDoNothing()
        {
            Bench bench = Bench.Paired(false);
            Frozen before = bench.Freeze();
            FakeRandom random = new FakeRandom();
            int count = 0;
            for (int i = 0; i < 400; i += Sampling.Step)
            {
                byte[] datagram = new byte[i];
                random.Fill(datagram);
                bench.Deliver(datagram);

                // The same behind the header and EXT of a real one.
                byte[] head = Octets.FromHex("010015801234567800010503000b000300f1100104000100010b02000000090610");
                for (int j = 0; j < head.Length && j < i; j++)
                {
                    datagram[j] = head[j];
                }

                bench.Deliver(datagram);
                count += 2;
            }

            before.AssertUnchanged("random octets");
            Assert.AreEqual((uint)count, bench.Me.Drops.Count);
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AnMeThatHasNoKeysDoesNothing(bool draft2004)
        {
            Bench paired = Bench.Paired(draft2004);
            Bench bench = new Bench();
            bench.Network.Bsf.Failures = 1;
            bench.PowerOn();
            bench.RunDue();
            Frozen before = bench.Freeze();
            bench.Deliver(paired.Bmsc.Pull(draft2004, Bench.Group));
            bench.Deliver(paired.Bmsc.Msk(draft2004, Bench.Group, 1));
            before.AssertUnchanged("messages under a MUK it does not have");
            Assert.AreEqual(2, bench.Events.Count("datagram-dropped", "reason", "unknown-btid"));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void TheAckGoesWhereTheMessageCameFromAndNothingElseGoesOut(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            object peer = new object();
            FakeMessage msk = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            bench.Me.Receive(msk.Wire, msk.Wire.Length, peer);
            Assert.AreEqual(1, bench.Datagrams.Sent.Count);
            Assert.IsTrue(bench.Datagrams.Peers[0] == peer, "the ACK went to somebody else");
            Assert.AreEqual(0, bench.Network.Calls.Count, "HTTP after an MSK push");
        }

        private static byte[] Longer(byte[] message)
        {
            byte[] longer = new byte[message.Length + 1];
            message.CopyTo(longer, 0);
            return longer;
        }

        private static void FlipEveryBit(Bench bench, byte[] message)
        {
            Frozen before = bench.Freeze();
            uint flips = 0;
            for (int bit = 0; bit < 8 * message.Length; bit += Sampling.Step)
            {
                message[bit / 8] ^= (byte)(1 << (bit % 8));
                bench.Deliver(message);
                message[bit / 8] ^= (byte)(1 << (bit % 8));
                before.AssertStill("flip of bit " + bit);
                flips++;
            }

            before.AssertUnchanged("all flips");
            Assert.AreEqual(flips, bench.Me.Drops.Count, "flips that were not counted as drops");
            Assert.AreEqual(bench.Events.Count("datagram-dropped"), bench.Events.All.Count, "more than drops was reported");
        }

        private static void Truncate(Bench bench, byte[] message)
        {
            Frozen before = bench.Freeze();
            uint drops = bench.Me.Drops.Count;
            for (int length = 0; length < message.Length; length += length < 12 ? 1 : Sampling.Step)
            {
                // Once with the rest of the message still in the buffer, once without.
                bench.Me.Receive(message, length, Bench.Peer);
                bench.Deliver(Octets.Slice(message, 0, length));
                before.AssertStill("the first " + length + " octets");
                drops += 2;
            }

            before.AssertUnchanged("all truncations");
            Assert.AreEqual(drops, bench.Me.Drops.Count, "truncations that were not counted as drops");
        }
    }
}
