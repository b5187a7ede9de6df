using MbmsMe.Binary;

namespace MbmsMe.Tests
{
    /// <summary>What a power-down leaves: everything, or by policy the MUKs only (TS 33.246 clause 6.1).</summary>
    [TestClass]
    public class Flow_PowerDown
    {
        private const string Deletes = ",\"storage\":{\"directory\":\"none\",\"atPowerDown\":\"delete\"}";

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void NoMrkMskOrMtkEverGetsToTheDrive(bool announced)
        {
            Bench bench = Bench.Paired(Bench.News, Deletes);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            Assert.AreEqual(1, bench.Traffic.Keys.Count);
            if (announced)
            {
                bench.Me.PowerDown();
            }

            for (int i = 0; i < bench.Images.Count; i++)
            {
                string image = Octets.ToHex((byte[])bench.Images[i]);
                Assert.IsTrue(image.IndexOf(Octets.ToHex(bench.Network.Key.Mrk)) < 0, "MRK");
                Assert.IsTrue(image.IndexOf(Octets.ToHex(FakeBmsc.MskValue(Bench.Group, 1))) < 0, "MSK");
                Assert.IsTrue(image.IndexOf(Octets.ToHex(FakeBmsc.MtkValue(1))) < 0, "MTK");
            }

            Assert.IsTrue(bench.FlashHolds(bench.Network.Key.Muk), "the last MUK");
        }

        [TestMethod]
        public void AfterPowerOnTheMsksAreAskedForWithAFreshKey()
        {
            Bench bench = Bench.Paired(Bench.News, Deletes);
            bench.PowerOn();
            bench.Forget();
            bench.Complete(false, 1);
            Assert.AreEqual("bsf-401 bsf-200 bmsc-401 bmsc-200", bench.Network.Story);
            Assert.AreEqual("1", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void TheLastMukAuthenticatesAPullAfterPowerOn(bool expired)
        {
            Bench bench = Bench.Paired(Bench.News, Deletes);
            if (expired)
            {
                bench.Expire();
            }

            FakeMessage pull = bench.Bmsc.Pull(false, Bench.Group);
            bench.PowerOn();
            bench.Deliver(pull);
            Assert.AreEqual(1, bench.Events.Count("pull-accepted"));
            bench.PowerOn();
            bench.Deliver(pull);
            Assert.AreEqual("replay", bench.Events.Last("datagram-dropped", "reason"), "the counter is on the drive");
        }

        [TestMethod]
        public void WhatWasKeptBeforeThePolicyChangedIsDeletedFromBothSlots()
        {
            Bench keeps = Bench.Paired(false);
            keeps.Deliver(keeps.Bmsc.Msk(false, Bench.Group, 2));
            Assert.IsTrue(keeps.FlashHolds(keeps.Network.Key.Mrk));
            Bench bench = new Bench(Bench.News, Deletes);
            bench.Drive = keeps.Drive;
            bench.PowerOn();
            Assert.IsFalse(bench.FlashHolds(keeps.Network.Key.Mrk), "MRK");
            Assert.IsFalse(bench.FlashHolds(FakeBmsc.MskValue(Bench.Group, 1)), "MSK 1");
            Assert.IsFalse(bench.FlashHolds(FakeBmsc.MskValue(Bench.Group, 2)), "MSK 2");
            Assert.IsTrue(bench.FlashHolds(keeps.Network.Key.Muk), "MUK");
            Assert.AreEqual(0, bench.Keys.Msks.Count);
        }

        [TestMethod]
        public void APowerCutBetweenTheTwoSlotsDoesNotKeepThem()
        {
            Bench keeps = Bench.Paired(false);
            keeps.Deliver(keeps.Bmsc.Msk(false, Bench.Group, 2));
            Bench bench = new Bench(Bench.News, Deletes);
            bench.Drive = keeps.Drive;
            bench.Drive.Plan(1, DriveFault.Lost, 0);
            bench.PowerOn();
            bench.PowerOn();
            Assert.IsFalse(bench.FlashHolds(keeps.Network.Key.Mrk), "MRK");
            Assert.IsFalse(bench.FlashHolds(FakeBmsc.MskValue(Bench.Group, 1)), "MSK 1");
            Assert.IsFalse(bench.FlashHolds(FakeBmsc.MskValue(Bench.Group, 2)), "MSK 2");
        }

        [TestMethod]
        public void WhatTheDriveDoesNotLetGoIsNotUsedAllTheSame()
        {
            Bench keeps = Bench.Paired(false);
            keeps.Deliver(keeps.Bmsc.Mtk(false, Bench.Group, 1, 1));
            Bench bench = new Bench(Bench.News, Deletes);
            bench.Drive = keeps.Drive;
            bench.Drive.Plan(0, DriveFault.Full, 0);
            bench.PowerOn();
            Assert.AreEqual(1, bench.Events.Count("storage-failed"));
            Assert.AreEqual(0, bench.Keys.Msks.Count);
            Assert.AreEqual(0, bench.Traffic.Keys.Count);
            Assert.IsNull(bench.Shared.Gba.Mrk);
        }

        [TestMethod]
        public void ARefusedWriteLosesTheMsksAndTheyAreAskedForAgain()
        {
            Bench bench = Bench.Paired(Bench.News, Deletes);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            bench.Drive.Plan(0, DriveFault.Full, 0);
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 2));
            Assert.AreEqual("storage-failed", bench.Events.Last("datagram-dropped", "reason"));
            Assert.AreEqual(0, bench.Keys.Msks.Count, "RAM is what the drive holds");
            Assert.AreEqual(0, bench.Traffic.Keys.Count, "and so is the traffic plane");
            bench.Complete(false, 2);
            Assert.AreEqual("2", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        public void NothingIsWrittenAtPowerDownWhereTheDriveKnowsAll()
        {
            Bench bench = Bench.Paired(false);
            int before = bench.Drive.Writes;
            bench.Me.PowerDown();
            Assert.AreEqual(before, bench.Drive.Writes);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            bench.Me.PowerDown();
            Assert.AreEqual(before + 1, bench.Drive.Writes, "the one for the first MTK");
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 2));
            bench.Me.PowerDown();
            Assert.AreEqual(before + 3, bench.Drive.Writes, "one for the block of the second, one for what it reserved ahead");
        }
    }
}
