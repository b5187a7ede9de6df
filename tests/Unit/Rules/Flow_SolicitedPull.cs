using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>The solicited pull besides what rules 2 and 9 say of it (TS 33.246 clause 6.3.2.2.4).</summary>
    [TestClass]
    public class Flow_SolicitedPull
    {
        [TestMethod]
        [DataRow(false, false)]
        [DataRow(false, true)]
        [DataRow(true, false)]
        [DataRow(true, true)]
        public void OneThatAPowerCutInterruptedIsServedAfterPowerOn(bool draft2004, bool expired)
        {
            Bench bench = Bench.Paired(draft2004);
            if (expired)
            {
                bench.Expire();
            }

            bench.Deliver(bench.Bmsc.Pull(draft2004, Bench.Group));
            bench.PowerOn();
            bench.RunNext();
            Assert.AreEqual((expired ? "bsf-401 bsf-200 " : string.Empty) + "bmsc-401 bmsc-200", bench.Network.Story);
            bench.DeliverGranted(draft2004, 2);
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
            bench.PowerOn();
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue, "served, and served again after power-on");
        }

        [TestMethod]
        public void OneThatWasAnsweredButBroughtNoMskIsServedAfterPowerOn()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.RunNext();
            bench.PowerOn();
            bench.Network.Bmsc.Granted.Clear();
            bench.Complete(false, 2);
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void KeyGroupZeroStandsForEveryGroupInUse(bool draft2004)
        {
            Bench bench = new Bench(
                Bench.News + "," + Bench.Sport + ",{\"id\":\"urn:x\",\"keyDomain\":\"62f220\",\"keyGroups\":[\"0010\",\"0015\"]}", 0, 0);
            bench.PowerOn();
            bench.RunDue();
            bench.Network.Bmsc.Granted.Clear();
            bench.Forget();
            bench.Deliver(bench.Bmsc.Msk(draft2004, 0x10, 1));
            bench.Deliver(bench.Bmsc.Msk(draft2004, 0x11, 1));
            bench.Deliver(bench.Bmsc.Msk(draft2004, 0x12, 1));
            bench.Deliver(bench.Bmsc.Pull(draft2004, KeyGroup.All));
            Assert.AreEqual(1, bench.Events.Count("pull-accepted", "keyGroup", "0000"));
            Assert.AreEqual(3, bench.Shared.Pulls.Count);
            bench.RunNext();
            Assert.AreEqual("00f110/0010 00f110/0011 00f110/0012", (string)bench.Network.Bmsc.Requests[0]);
        }

        [TestMethod]
        public void KeyGroupZeroOfADomainThatNobodyUsesAsksForNothing()
        {
            Bench bench = Bench.Paired(false);
            FakeMessage pull = bench.Bmsc.Pull(false, KeyGroup.All);
            pull.Domain = 0x62f220;
            bench.Deliver(pull.Build());
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
            Assert.AreEqual(pull.Counter, bench.Shared.LastUsed.Counter);
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AGroupThatNoServiceUsesIsAskedForToo(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            bench.Deliver(bench.Bmsc.Pull(draft2004, 0x77));
            bench.RunNext();
            Assert.AreEqual("00f110/0077", (string)bench.Network.Bmsc.Requests[0]);
        }

        [TestMethod]
        public void ItTellsWhatItWas()
        {
            Bench bench = Bench.Paired(true);
            bench.Deliver(bench.Bmsc.Pull(true, Bench.Group));
            Assert.AreEqual("00f110", bench.Events.Last("pull-accepted", "keyDomain"));
            Assert.AreEqual("0010", bench.Events.Last("pull-accepted", "keyGroup"));
            Assert.AreEqual("draft2004", bench.Events.Last("pull-accepted", "profile"));
            Assert.AreEqual("2", bench.Events.Last("pull-accepted", "counter"));
        }

        [TestMethod]
        public void TheMskThatItBringsMayBeTheOneThatIsThere()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.RunNext();
            bench.DeliverGranted(false, 1);
            Assert.AreEqual("1", bench.Numbers(Bench.Group));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
            Assert.AreEqual(0, bench.Shared.Pulls.Count);
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AnMskThatComesBeforeTheRequestMakesItNeedless(bool draft2004)
        {
            Bench bench = new Bench(Bench.News, 30, 0);
            bench.Pair(draft2004);
            bench.Deliver(bench.Bmsc.Pull(draft2004, Bench.Group));
            bench.Deliver(bench.Bmsc.Msk(draft2004, Bench.Group, 2));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
            bench.PowerOn();
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue, "after power-on");
        }
    }
}
