using MbmsMe.Binary;
using MbmsMe.Keys;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>Rule 6: at most two MSKs per (Key Domain, Key Group); a third deletes the older.</summary>
    [TestClass]
    public class Rule6_TwoMsksForEachKeyGroup
    {
        [TestMethod]
        [DataRow(false, "00100001")]
        [DataRow(true, "0001")]
        public void AThirdDeletesTheOlder(bool draft2004, string deleted)
        {
            Bench bench = Bench.Paired(draft2004);
            bench.Deliver(bench.Bmsc.Msk(draft2004, Bench.Group, 2));
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
            Assert.AreEqual(0, bench.Events.Count("msk-deleted"));
            bench.Deliver(bench.Bmsc.Msk(draft2004, Bench.Group, 3));
            Assert.AreEqual("2 3", bench.Numbers(Bench.Group));
            Assert.AreEqual(1, bench.Events.Count("msk-deleted"));
            Assert.AreEqual(deleted, bench.Events.Last("msk-deleted", "mskId"));
            Assert.AreEqual("00f110", bench.Events.Last("msk-deleted", "keyDomain"));
            bench.PowerOn();
            Assert.AreEqual("2 3", bench.Numbers(Bench.Group), "after power-on");
            Check(bench, 2);
            Check(bench, 3);
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void ManyInARowLeaveTheLastTwo(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            for (int number = 2; number < 9; number++)
            {
                bench.Deliver(bench.Bmsc.Msk(draft2004, Bench.Group, number));
                Assert.AreEqual((number - 1) + " " + number, bench.Numbers(Bench.Group));
            }
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void OlderMeansEarlierReceivedNotASmallerNumber(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            bench.Deliver(bench.Bmsc.Msk(draft2004, Bench.Group, 900));
            bench.Deliver(bench.Bmsc.Msk(draft2004, Bench.Group, 5));
            Assert.AreEqual("900 5", bench.Numbers(Bench.Group));
            bench.PowerOn();
            bench.Deliver(bench.Bmsc.Msk(draft2004, Bench.Group, 4));
            Assert.AreEqual("5 4", bench.Numbers(Bench.Group), "the order outlives a power-off");
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void EachGroupAndEachDomainHasItsOwnTwo(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            for (int number = 2; number < 4; number++)
            {
                bench.Deliver(bench.Bmsc.Msk(draft2004, 0x11, number));
                FakeMessage foreign = bench.Bmsc.Msk(draft2004, Bench.Group, number);
                foreign.Domain = 0x62f220;
                foreign.Idi = draft2004 ? Octets.FromHex("62f220") : foreign.Idi;
                bench.Deliver(foreign.Build());
            }

            Assert.AreEqual(5, bench.Keys.Msks.Count);
            Assert.AreEqual("2 3", bench.Numbers(0x11));
            Assert.IsNotNull(bench.Keys.FindMsk(Bench.NewsGroup, 1));
            Assert.IsNotNull(bench.Keys.FindMsk(new KeyGroup(0x62f220, Bench.Group), 3));
            Assert.AreEqual(0, bench.Events.Count("msk-deleted"));
        }

        [TestMethod]
        public void MsksOfBothProfilesCountTogether()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Msk(true, Bench.Group, 2));
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 3));
            Assert.AreEqual("2 3", bench.Numbers(Bench.Group));
            bench.Deliver(bench.Bmsc.Msk(true, Bench.Group, 4));
            Assert.AreEqual("3 4", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void TheSameMskIdAgainReplacesTheKeyInPlace(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            bench.Deliver(bench.Bmsc.Msk(draft2004, Bench.Group, 2));
            FakeMessage update = bench.Bmsc.Msk(draft2004, Bench.Group, 1);
            update.KeyData = FakeMessage.KeyDataOf(0, FakeBmsc.MskValue(Bench.Group, 77), 5, 6, 2);
            update.Rand = Octets.FromHex("b0b1b2b3b4b5b6b7b8b9babbbcbdbebf");
            bench.Deliver(update.Build());
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
            Assert.AreEqual(0, bench.Events.Count("msk-deleted"));
            Msk msk = bench.Keys.FindMsk(Bench.NewsGroup, 1);
            Assert.AreEqual(Octets.ToHex(FakeBmsc.MskValue(Bench.Group, 77)), Octets.ToHex(msk.Key));
            Assert.AreEqual(5u, msk.Window.SeqLow);
            Assert.AreEqual(6u, msk.Window.SeqHigh);
            Assert.AreEqual("b0b1b2b3b4b5b6b7b8b9babbbcbdbebf", Octets.ToHex(msk.Rand));
        }

        [TestMethod]
        [DataRow(false, false)]
        [DataRow(true, false)]
        [DataRow(false, true)]
        [DataRow(true, true)]
        public void AMskIsNotToldAsDeletedWhileASlotHoldsIt(bool byTheBmsc, bool powerCut)
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 2));
            bench.Forget();
            bench.Drive.Plan(1, powerCut ? DriveFault.CutBefore : DriveFault.Full, 0);
            FakeMessage message = byTheBmsc ? bench.Bmsc.Msk(false, Bench.Group, 1, 2, 1) : bench.Bmsc.Msk(false, Bench.Group, 3);
            try
            {
                bench.Deliver(message);
                Assert.IsFalse(powerCut);
                Assert.AreEqual(message.ExpectedAck(), bench.Datagrams.Last, "it is stored, and not used any more");
                Assert.AreEqual(1, bench.Events.Count("storage-failed"));
            }
            catch (PowerCutException)
            {
                Assert.IsTrue(powerCut);
            }

            Assert.AreEqual(0, bench.Events.Count("msk-deleted"));
            Assert.IsTrue(bench.FlashHolds(FakeBmsc.MskValue(Bench.Group, 1)), "this test wants one slot that holds it");
            if (powerCut)
            {
                bench.PowerOn();
            }
            else
            {
                bench.RunNext();
            }

            Assert.AreEqual(byTheBmsc ? "2" : "2 3", bench.Numbers(Bench.Group));
            Assert.IsFalse(bench.FlashHolds(FakeBmsc.MskValue(Bench.Group, 1)));
            Assert.AreEqual(1, bench.Events.Count("msk-deleted", "mskId", "00100001"));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
        }

        private static void Check(Bench bench, int number)
        {
            Msk msk = bench.Keys.FindMsk(Bench.NewsGroup, number);
            Assert.AreEqual(Octets.ToHex(FakeBmsc.MskValue(Bench.Group, number)), Octets.ToHex(msk.Key));
        }
    }
}
