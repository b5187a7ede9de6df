namespace MbmsMe.Tests
{
    /// <summary>
    /// Rule 5: a replayed, reordered or duplicated message never moves state backwards. A byte-identical repeat of
    /// the last accepted message re-sends the same ACK and changes nothing.
    /// </summary>
    [TestClass]
    public class Rule5_StateNeverMovesBackwards
    {
        [TestMethod]
        [DataRow(false, false)]
        [DataRow(false, true)]
        [DataRow(true, false)]
        [DataRow(true, true)]
        public void ARepeatOfTheLastMessageGetsTheSameAckAndWritesNothing(bool draft2004, bool restarted)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage msk = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            bench.Deliver(msk);
            string ack = bench.Datagrams.Last;
            Assert.AreEqual(msk.ExpectedAck(), ack);
            if (restarted)
            {
                bench.PowerOn();
            }

            int writes = bench.Drive.Writes;
            string state = bench.State();
            for (int i = 0; i < 3; i++)
            {
                bench.Deliver(msk);
                Assert.AreEqual(2 + i, bench.Datagrams.Sent.Count);
                Assert.AreEqual(ack, bench.Datagrams.Last);
            }

            Assert.AreEqual(writes, bench.Drive.Writes);
            Assert.AreEqual(state, bench.State());
            Assert.AreEqual(1, bench.Events.Count("msk-stored"));
            Assert.AreEqual(3, bench.Events.Count("ack-sent", "repeated", "true"));
            Assert.AreEqual(0u, bench.Me.Drops.Count);
        }

        [TestMethod]
        public void ARepeatThatWantsNoAckDoesNothing()
        {
            Bench bench = Bench.Paired(false);
            FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 2);
            msk.AckWanted = false;
            bench.Deliver(msk.Build());
            Frozen before = bench.Freeze();
            bench.Deliver(msk);
            before.AssertUnchanged("the repeat");
        }

        [TestMethod]
        public void AnAckThatCouldNotBeSentIsSentAtTheRepeat()
        {
            Bench bench = Bench.Paired(false);
            FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 2);
            bench.Datagrams.Refuses = true;
            bench.Deliver(msk);
            Assert.AreEqual(1, bench.Events.Count("ack-failed"));
            bench.Datagrams.Refuses = false;
            bench.Deliver(msk);
            Assert.AreEqual(msk.ExpectedAck(), bench.Datagrams.Last);
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AnOlderMessageThanTheLastIsDropped(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage second = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            FakeMessage third = bench.Bmsc.Msk(draft2004, Bench.Group, 3);
            bench.Deliver(second);
            bench.Deliver(third);
            Frozen before = bench.Freeze();
            bench.Deliver(second);
            before.AssertUnchanged("the message before the last");
            Assert.AreEqual("2 3", bench.Numbers(Bench.Group));
            Assert.AreEqual("replay", bench.Events.Last("datagram-dropped", "reason"));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void OfTwoMessagesInTheWrongOrderTheOlderIsDropped(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage second = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            FakeMessage third = bench.Bmsc.Msk(draft2004, Bench.Group, 3);
            bench.Deliver(third);
            Frozen before = bench.Freeze();
            bench.Deliver(second);
            before.AssertUnchanged("the older of two");
            Assert.AreEqual("1 3", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void ARepeatedPullCausesNoSecondRequest(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage pull = bench.Bmsc.Pull(draft2004, Bench.Group);
            bench.Deliver(pull);
            bench.Complete(draft2004, 2);
            bench.Deliver(pull);
            Frozen before = bench.Freeze();
            bench.Deliver(pull);
            before.AssertUnchanged("the pull again");
            Assert.AreEqual(1, bench.Network.Bmsc.Requests.Count);
            Assert.AreEqual(1, bench.Events.Count("pull-accepted"));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AMessageBeforeAPullIsNotAcknowledgedAfterIt(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage msk = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            bench.Deliver(msk);
            bench.Deliver(bench.Bmsc.Pull(draft2004, Bench.Group));
            Frozen before = bench.Freeze();
            bench.Deliver(msk);
            before.AssertStill("an MSK message older than the pull");
        }

        [TestMethod]
        public void AnotherMessageWithTheLastCounterIsDropped()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 2));
            FakeMessage other = bench.Bmsc.Msk(false, Bench.Group, 3);
            other.Counter--;
            Frozen before = bench.Freeze();
            bench.Deliver(other.Build());
            before.AssertUnchanged("a genuine message with a used counter");
        }

        [TestMethod]
        public void ACounterOfZeroIsNeverFresh()
        {
            Bench bench = new Bench();
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual(0u, bench.Shared.Gba.Muk.Counter);
            FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 1);
            msk.Counter = 0;
            Frozen before = bench.Freeze();
            bench.Deliver(msk.Build());
            before.AssertStill("counter 0");
            Assert.AreEqual("replay", bench.Events.Last("datagram-dropped", "reason"));
        }

        [TestMethod]
        public void CountersAreUnsignedAndEndAtTheLast()
        {
            Bench bench = Bench.Paired(false);
            Send(bench, 0x7FFFFFFF, 2);
            Send(bench, 0x80000000, 3);
            Assert.AreEqual("2 3", bench.Numbers(Bench.Group));
            Send(bench, 0x7FFFFFFF, 4);
            Assert.AreEqual("2 3", bench.Numbers(Bench.Group), "from 80000000 back to 7fffffff");
            Send(bench, 0xFFFFFFFF, 5);
            Assert.AreEqual("3 5", bench.Numbers(Bench.Group));
            Send(bench, 0, 6);
            Send(bench, 1, 6);
            Assert.AreEqual("3 5", bench.Numbers(Bench.Group), "a counter does not start over");
            bench.PowerOn();
            Assert.AreEqual(0xFFFFFFFF, bench.Shared.LastUsed.Counter);
        }

        [TestMethod]
        public void TheCounterOfANewMukStartsFresh()
        {
            Bench bench = Bench.Paired(false);
            Send(bench, 1000, 2);
            bench.Expire();
            FakeMessage pull = bench.Bmsc.Pull(false, Bench.Group);
            pull.Counter = 1001;
            bench.Deliver(pull.Build());
            bench.RunNext();
            FakeMessage msk = bench.DeliverGranted(false, 3);
            Assert.AreEqual(1u, msk.Counter);
            Assert.AreEqual("2 3", bench.Numbers(Bench.Group));
            Assert.AreEqual(1u, bench.Shared.LastUsed.Counter);
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void InWhateverOrderMessagesComeTheCounterOnlyRises(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage[] messages = new FakeMessage[8];
            for (int i = 0; i < messages.Length; i++)
            {
                messages[i] = i == 3 || i == 5 ? bench.Bmsc.Pull(draft2004, Bench.Group) : bench.Bmsc.Msk(draft2004, Bench.Group, 2 + i);
            }

            byte[] order = new byte[40];
            new FakeRandom { State = 7 }.Fill(order);
            uint highest = bench.Shared.LastUsed.Counter;
            for (int i = 0; i < order.Length; i++)
            {
                FakeMessage message = messages[order[i] & 7];
                Frozen before = bench.Freeze();
                int acks = bench.Datagrams.Sent.Count;
                bench.Deliver(message);
                Assert.IsTrue(bench.Shared.LastUsed.Counter >= highest, "the counter fell");
                if (message.Counter > highest)
                {
                    Assert.AreEqual(message.Counter, bench.Shared.LastUsed.Counter, "a fresh message was not taken");
                    highest = message.Counter;
                }
                else if (message.Counter < highest)
                {
                    before.AssertStill("message " + (order[i] & 7) + " after counter " + highest);
                }
                else
                {
                    Assert.AreEqual(message.AckWanted ? acks + 1 : acks, bench.Datagrams.Sent.Count, "the repeat of the last");
                }
            }

            Assert.AreEqual(messages[7].Counter, highest, "the shuffle never gave the last message");
        }

        private static void Send(Bench bench, uint counter, int number)
        {
            FakeMessage message = bench.Bmsc.Msk(false, Bench.Group, number);
            message.Counter = counter;
            bench.Deliver(message.Build());
        }
    }
}
