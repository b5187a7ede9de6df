using MbmsMe.Keys;

namespace MbmsMe.Tests
{
    /// <summary>Validity updates, used up MSKs, renewal ahead of expiry, early MTKs, and what heals by itself (TS 33.246 clause 6.3.2).</summary>
    [TestClass]
    public class Flow_MskDetails
    {
        [TestMethod]
        public void AnIntervalIsUpdatedAndTheReplayStateStays()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 500));
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 1, 1, 600));
            Msk msk = (Msk)bench.Keys.Msks[0];
            Assert.AreEqual(1u, msk.Window.SeqLow);
            Assert.AreEqual(600u, msk.Window.SeqHigh);
            Assert.AreEqual(1, bench.Traffic.Keys.Count, "the MTK is as good as before");
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 500));
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 499));
            Assert.AreEqual(1, bench.Traffic.Keys.Count, "an old MTK after the update");
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 601));
            Assert.AreEqual("mtk-id-out-of-range", bench.Events.Last("datagram-dropped", "reason"));
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 501));
            Assert.AreEqual(2, bench.Traffic.Keys.Count);
        }

        [TestMethod]
        public void AHigherSeqLowMovesOn()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 5));
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 1, 100, 200));
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 99));
            Assert.AreEqual("mtk-id-out-of-range", bench.Events.Last("datagram-dropped", "reason"));
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 100));
            Assert.AreEqual(2, bench.Traffic.Keys.Count);
        }

        [TestMethod]
        public void AnotherKeyUnderTheSameIdEndsTheMtksOfTheFormer()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 5));
            FakeMessage message = bench.Bmsc.Msk(false, Bench.Group, 1);
            message.KeyData = FakeMessage.KeyDataOf(0, FakeBmsc.MskValue(1, 1), 1, 1000, 2);
            bench.Deliver(message.Build());
            Assert.AreEqual(string.Empty, bench.Traffic.Mkis);
            Assert.AreEqual(1u, ((Msk)bench.Keys.Msks[0]).Window.NextMtkId);
        }

        [TestMethod]
        public void AUsedUpMskIsNoReasonToStay()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 1, 1, 2));
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 2));
            bench.Network.Bmsc.Codes["00f110/0010"] = 403;
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.RunDue();
            Assert.AreEqual(1, bench.Events.Count("service-left"));
        }

        [TestMethod]
        [DataRow(2, "bsf-401 bsf-200 bmsc-401 bmsc-200")]
        [DataRow(3, "bmsc-401 bmsc-200")]
        public void GbaRunsAheadOfTheExpiryWhenARequestNeedsIt(int secondsLeft, string story)
        {
            Bench bench = Bench.Paired(false);
            bench.Clock.Advance((bench.Network.Bsf.Lifetime - secondsLeft) * 1000);
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue, "never without a request");
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.RunDue();
            Assert.AreEqual(story, bench.Network.Story);
        }

        [TestMethod]
        public void OldMsksStayValidWhileTheMukIsRenewed()
        {
            Bench bench = Bench.Paired(false);
            bench.Expire();
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.RunDue();
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            Assert.AreEqual(1, bench.Traffic.Keys.Count, "under the MSK of the former MUK");
            bench.DeliverGranted(false, 2);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 2));
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 2, 1));
            Assert.AreEqual(3, bench.Traffic.Keys.Count);
        }

        [TestMethod]
        [DataRow(1, "early")]
        [DataRow(900, "dummy")]
        public void AnEarlyOrDummyMtkBringsTheMskInTime(int id, string kind)
        {
            // Source document 2.2: the MTK, or one that is never used, a time before the first that is.
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 2, id));
            bench.Complete(false, 2);
            long ready = bench.Clock.UptimeMilliseconds;
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 2, id == 1 ? 1 : 901));
            Assert.AreEqual(1, bench.Traffic.Keys.Count, kind);
            Assert.AreEqual(ready, bench.Clock.UptimeMilliseconds, "the first MTK that protects traffic finds its MSK");
            Assert.AreEqual(2, bench.Network.Calls.Count);
        }

        [TestMethod]
        public void ALostMskPushHealsWithTheNextMtk()
        {
            Bench bench = Bench.Paired(false);
            bench.Bmsc.Msk(false, Bench.Group, 2);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 2, 1));
            bench.Complete(false, 2);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 2, 1));
            Assert.AreEqual(1, bench.Traffic.Keys.Count);
            Assert.AreEqual("bmsc-401 bmsc-200", bench.Network.Story, "HTTP requests that it costs: 2");
        }

        [TestMethod]
        public void ALostAckHealsWithTheRepeatAndCostsNoRequest()
        {
            Bench bench = Bench.Paired(false);
            FakeMessage message = bench.Bmsc.Msk(false, Bench.Group, 2);
            bench.Deliver(message);
            bench.Deliver(message);
            Assert.AreEqual(2, bench.Datagrams.Sent.Count);
            Check.Hex(message.ExpectedAck(), (byte[])bench.Datagrams.Sent[1]);
            Assert.AreEqual(0, bench.Network.Calls.Count);
        }

        [TestMethod]
        public void ALostMtkHealsWithItsRepeatAndCostsNoRequest()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            FakeMessage lost = bench.Bmsc.Mtk(false, Bench.Group, 1, 2);
            bench.Deliver(lost);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 4));
            Assert.AreEqual("001000010001 001000010002 001000010004", bench.Traffic.Mkis, "a gap is no error");
            Assert.AreEqual(0, bench.Network.Calls.Count);
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AReorderedPairHeals(bool mskAfterItsMtk)
        {
            Bench bench = Bench.Paired(false);
            if (mskAfterItsMtk)
            {
                // The push overtaken by the MTK: the request that the MTK causes is withdrawn when the MSK comes.
                FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 2);
                bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 2, 1));
                bench.Deliver(msk);
                bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 2, 1));
                Assert.AreEqual("001000020001", bench.Traffic.Mkis);
            }
            else
            {
                bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 2));
                bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
                Assert.AreEqual("001000010002", bench.Traffic.Mkis, "the newer MTK is what counts");
            }

            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
            Assert.AreEqual(0, bench.Network.Calls.Count, "HTTP requests that it costs");
        }
    }
}
