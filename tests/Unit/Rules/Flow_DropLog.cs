using MbmsMe.Receiving;

namespace MbmsMe.Tests
{
    /// <summary>Dropped datagrams: all are counted, but a flood from strangers does not become a flood of events.</summary>
    [TestClass]
    public class Flow_DropLog
    {
        [TestMethod]
        [DataRow(20)]
        [DataRow(3)]
        public void SoManyEventsASecondAsTheSinkTakesButEveryDropIsCounted(int perSecond)
        {
            Bench bench = Bench.Paired(false);
            bench.Events.MaxDropsPerSecond = perSecond;
            Drop(bench, 50);
            Assert.AreEqual(perSecond, bench.Events.Count("datagram-dropped"));
            Assert.AreEqual(50u, bench.Me.Drops.Count);
            bench.Clock.Advance(999);
            Drop(bench, 1);
            Assert.AreEqual(perSecond, bench.Events.Count("datagram-dropped"), "a millisecond before the next second");
            bench.Clock.Advance(1);
            Drop(bench, 50);
            Assert.AreEqual(2 * perSecond, bench.Events.Count("datagram-dropped"));
            Assert.AreEqual(101u, bench.Me.Drops.Count);
            bench.Clock.Advance(1000);
            Drop(bench, 1);
            Assert.AreEqual("102", bench.Events.Last("datagram-dropped", "total"), "those that had no event count as well");
        }

        [TestMethod]
        public void TheLastOfAFloodIsToldASecondLater()
        {
            Bench bench = Bench.Paired(false);
            bench.Events.MaxDropsPerSecond = 3;
            Drop(bench, 50);
            Assert.AreEqual("3", bench.Events.Last("datagram-dropped", "total"));
            Assert.AreEqual(bench.Clock.UptimeMilliseconds + 1000, bench.Me.NextDue);
            bench.Me.RunDue();
            Assert.AreEqual(3, bench.Events.Count("datagram-dropped"), "not before");
            bench.RunNext();
            Assert.AreEqual("50", bench.Events.Last("datagram-dropped", "total"));
            Assert.AreEqual(4, bench.Events.Count("datagram-dropped"));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
            Drop(bench, 50);
            Assert.AreEqual(3 + 3, bench.Events.Count("datagram-dropped"), "it was one of this second's");
        }

        [TestMethod]
        public void ARepeatIsAlwaysAcknowledgedButNotAlwaysTold()
        {
            Bench bench = Bench.Paired(false);
            bench.Events.MaxDropsPerSecond = 3;
            FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 2);
            for (int i = 0; i < 10; i++)
            {
                bench.Deliver(msk);
            }

            Assert.AreEqual(10, bench.Datagrams.Sent.Count);
            Assert.AreEqual(1 + 3, bench.Events.Count("ack-sent"), "the first, and as many repeats as the sink takes");
        }

        [TestMethod]
        public void SeveralDropsAtOnceAreOneEvent()
        {
            Bench bench = Bench.Paired(false);
            bench.Me.Drops.Drop(DropReason.QueueFull, 7);
            Assert.AreEqual(7u, bench.Me.Drops.Count);
            Assert.AreEqual(1, bench.Events.Count("datagram-dropped", "reason", "queue-full"));
            Assert.AreEqual("7", bench.Events.Last("datagram-dropped", "total"));
        }

        [TestMethod]
        public void AFloodDoesNotKeepGenuineMessagesOut()
        {
            Bench bench = Bench.Paired(false);
            Drop(bench, 100);
            FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 2);
            bench.Deliver(msk);
            Assert.AreEqual(msk.ExpectedAck(), bench.Datagrams.Last);
            Assert.AreEqual(1, bench.Events.Count("msk-stored"));
        }

        private static void Drop(Bench bench, int count)
        {
            for (int i = 0; i < count; i++)
            {
                bench.Deliver(new byte[3]);
            }
        }
    }
}
