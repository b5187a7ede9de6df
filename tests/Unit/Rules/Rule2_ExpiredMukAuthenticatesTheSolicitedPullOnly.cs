using MbmsMe.Binary;

namespace MbmsMe.Tests
{
    /// <summary>
    /// Rule 2: an expired MUK authenticates the solicited pull and nothing else. An MSK delivered under an expired
    /// MUK is dropped exactly like a wrong MAC.
    /// </summary>
    [TestClass]
    public class Rule2_ExpiredMukAuthenticatesTheSolicitedPullOnly
    {
        [TestMethod]
        [DataRow(false, false)]
        [DataRow(false, true)]
        [DataRow(true, false)]
        [DataRow(true, true)]
        public void TheFigureOfTheSourceDocument(bool draft2004, bool restarted)
        {
            Bench bench = Bench.Paired(draft2004);
            bench.Expire();
            if (restarted)
            {
                bench.PowerOn();
                bench.Forget();
            }

            // MIKEY (MSK ID = 0x0) with the last MUK over UDP
            string oldBtid = bench.Network.Key.Btid;
            bench.Deliver(bench.Bmsc.Pull(draft2004, Bench.Group));
            Assert.AreEqual(0, bench.Network.Calls.Count, "HTTP before its turn");
            Assert.AreEqual("true", bench.Events.Last("pull-accepted", "expired"));

            // GBA, POST, 401, POST, 200
            bench.RunNext();
            Assert.AreEqual("bsf-401 bsf-200 bmsc-401 bmsc-200", bench.Network.Story);
            Assert.AreEqual("00f110/0010", (string)bench.Network.Bmsc.Requests[0]);
            Assert.AreEqual(bench.Network.Key.Btid, bench.Network.Bmsc.LastBtid);
            Assert.AreNotEqual(oldBtid, bench.Network.Key.Btid);

            // MIKEY (MSKs), MIKEY ACK
            FakeMessage msk = bench.DeliverGranted(draft2004, 2);
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
            Assert.AreEqual(msk.ExpectedAck(), bench.Datagrams.Last);
            Assert.AreEqual(
                "pull-accepted http-gba-401 http-gba-200 gba-ok http-msk-request-401 http-msk-request-200 msk-stored ack-sent",
                bench.Events.Story());
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue, "something is still open");
            Assert.AreEqual(0, bench.Shared.Pulls.Count);
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AnMskUnderAnExpiredMukIsDroppedLikeAWrongMac(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage genuine = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            FakeMessage forged = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            forged.Wire[forged.Wire.Length - 1] ^= 1;
            Frozen before = bench.Freeze();
            bench.Deliver(forged);
            before.AssertUnchanged("a wrong MAC");
            bench.Expire();
            bench.Deliver(genuine);
            before.AssertUnchanged("an MSK under an expired MUK");
            Assert.AreEqual("datagram-dropped datagram-dropped", bench.Events.Story());
            Assert.AreEqual("muk-expired", bench.Events.Last("datagram-dropped", "reason"));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void TheRepeatOfTheLastMskIsNotAcknowledgedOnceItsMukHasExpired(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage msk = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            bench.Deliver(msk);
            bench.Expire();
            Frozen before = bench.Freeze();
            bench.Deliver(msk);
            before.AssertUnchanged("the repeat under an expired MUK");
        }

        [TestMethod]
        public void AMukIsValidUntilTheSecondOfItsExpiry()
        {
            Bench bench = Bench.Paired(false);
            bench.Clock.UnixSeconds = bench.Network.Key.ExpiresAt - 1;
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 2));
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group), "a second before");
            bench.Clock.UnixSeconds = bench.Network.Key.ExpiresAt;
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 3));
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group), "at the second");
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            Assert.AreEqual("true", bench.Events.Last("pull-accepted", "expired"));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void APullUnderAValidMukRunsNoGba(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            bench.Deliver(bench.Bmsc.Pull(draft2004, Bench.Group));
            Assert.AreEqual("false", bench.Events.Last("pull-accepted", "expired"));
            bench.RunNext();
            Assert.AreEqual("bmsc-401 bmsc-200", bench.Network.Story);
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void APullUnderAnExpiredMukRunsNoGbaWhenAnotherGbaKeyIsValid(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeGbaKey first = bench.Network.Key;
            bench.Expire();
            bench.Deliver(bench.Bmsc.Pull(draft2004, Bench.Group));
            bench.RunNext();
            bench.Network.Bmsc.Granted.Clear();
            bench.Forget();

            // No MSK came under the new key, so the old MUK is still the last one used; the BM-SC solicits under it again.
            FakeMessage pull = bench.Bmsc.Pull(draft2004, Bench.Group);
            pull.Key = first;
            pull.Idr = Octets.FromText(first.Btid);
            pull.Counter = ++first.Counter;
            bench.Deliver(pull.Build());
            Assert.AreEqual("true", bench.Events.Last("pull-accepted", "expired"));
            bench.RunNext();
            Assert.AreEqual("bmsc-401 bmsc-200", bench.Network.Story);
            Assert.AreEqual(bench.Network.Key.Btid, bench.Network.Bmsc.LastBtid);
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AMukIsForgottenOnceANewerOneHasBeenUsed(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeGbaKey first = bench.Network.Key;
            bench.Expire();
            bench.Deliver(bench.Bmsc.Pull(draft2004, Bench.Group));
            bench.RunNext();
            bench.DeliverGranted(draft2004, 2);
            Frozen before = bench.Freeze();
            FakeMessage pull = bench.Bmsc.Pull(draft2004, Bench.Group);
            pull.Key = first;
            pull.Idr = Octets.FromText(first.Btid);
            pull.Counter = ++first.Counter;
            bench.Deliver(pull.Build());
            before.AssertUnchanged("a pull under the MUK before the last");
            Assert.AreEqual("unknown-btid", bench.Events.Last("datagram-dropped", "reason"));
            Assert.IsFalse(new SlotView(bench.Drive).NewestHolds(first.Muk), "the state in flash still holds it");
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void WhileTheClockIsNotSetEveryMukCountsAsExpired(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            bench.Clock.IsSet = false;
            bench.PowerOn();
            Assert.AreEqual(1, bench.Events.Count("no-valid-time"));
            Frozen before = bench.Freeze();
            bench.Deliver(bench.Bmsc.Msk(draft2004, Bench.Group, 2));
            before.AssertUnchanged("an MSK while the time is not known");
            Assert.AreEqual("no-valid-time", bench.Events.Last("datagram-dropped", "reason"));

            bench.Deliver(bench.Bmsc.Pull(draft2004, Bench.Group));
            Assert.AreEqual("true", bench.Events.Last("pull-accepted", "expired"));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue, "an MSK could not be taken, so none is asked for");
            bench.RunDue();
            Assert.AreEqual(string.Empty, bench.Network.Story);
        }

        [TestMethod]
        public void OnceTheClockIsSetTheMskOfAPullIsStored()
        {
            Bench bench = Bench.Paired(false);
            bench.Clock.IsSet = false;
            bench.PowerOn();
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.Clock.IsSet = true;
            bench.RunNext();
            bench.DeliverGranted(false, 2);
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void WhenGbaFailsAfterAPullThePullIsNotLost(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            bench.Expire();
            bench.Deliver(bench.Bmsc.Pull(draft2004, Bench.Group));
            bench.Network.Bsf.Failures = 2;
            bench.RunNext();
            bench.RunNext();
            Assert.AreEqual(2, bench.Events.Count("gba-failed"));
            bench.RunNext();
            bench.DeliverGranted(draft2004, 2);
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
        }
    }
}
