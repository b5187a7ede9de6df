using MbmsMe.Binary;
using MbmsMe.Keys;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>
    /// Rule 3: another UICC: MUK, MRK and MSK are gone from flash and RAM before the first packet is handled. Checked
    /// at power-on and at insertion. A power cut in the middle of that erase must not bring one key back.
    /// </summary>
    [TestClass]
    public class Rule3_AnotherUiccEndsTheKeys
    {
        private const string OtherIccid = "8988201000000000027";
        private const string OtherImsi = "001010999999999";

        [TestMethod]
        [DataRow(OtherIccid, OtherImsi)]
        [DataRow(OtherIccid, Bench.Imsi)]
        [DataRow(Bench.Iccid, OtherImsi)]
        public void AtInsertionTheKeysAreGoneFromFlashAndRam(string iccid, string imsi)
        {
            Bench bench = TwoMsks(false);
            KeyState old = bench.Keys;
            byte[] muk = old.Of(Bench.Fqdn).Gba.Muk.Key;
            byte[] mrk = old.Of(Bench.Fqdn).Gba.Mrk;
            byte[] first = ((Msk)old.Msks[0]).Key;
            byte[] second = ((Msk)old.Msks[1]).Key;
            bench.Swap(iccid, imsi);
            AssertNoKeys(bench);
            AssertZero(muk, "MUK");
            AssertZero(mrk, "MRK");
            AssertZero(first, "first MSK");
            AssertZero(second, "second MSK");
            Assert.AreEqual("uicc-changed msk-deleted msk-deleted", bench.Events.Story());
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AtPowerOnTheKeysAreGoneBeforeTheFirstPacket(bool draft2004)
        {
            Bench bench = TwoMsks(draft2004);
            FakeMessage pull = bench.Bmsc.Pull(draft2004, Bench.Group);
            Insert(bench, OtherIccid, OtherImsi);
            bench.PowerOn();
            AssertNoKeys(bench);
            Frozen before = bench.Freeze();
            bench.Deliver(pull);
            before.AssertStill("a pull for the former UICC");
            Assert.AreEqual("unknown-btid", bench.Events.Last("datagram-dropped", "reason"));
        }

        [TestMethod]
        public void TheSameUiccAgainKeepsTheKeys()
        {
            Bench bench = TwoMsks(false);
            string state = bench.State();
            int writes = bench.Drive.Writes;
            bench.Me.InsertUicc(bench.Uicc.Identity);
            Assert.AreEqual(state, bench.State(), "inserted again");
            bench.PowerOn();
            Assert.AreEqual(state, bench.State(), "powered on again");
            Assert.AreEqual(writes, bench.Drive.Writes);
            Assert.AreEqual(0, bench.Events.Count("uicc-changed"));
        }

        [TestMethod]
        public void TheFirstUiccOfAllIsNotAChange()
        {
            Bench bench = new Bench();
            bench.PowerOn();
            Assert.AreEqual(0, bench.Events.Count("uicc-changed"));
        }

        [TestMethod]
        public void TheOldUiccComingBackFindsNothing()
        {
            Bench bench = TwoMsks(false);
            bench.Swap(OtherIccid, OtherImsi);
            bench.Swap(Bench.Iccid, Bench.Imsi);
            AssertNoKeys(bench);
            bench.PowerOn();
            AssertNoKeys(bench);
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void TheNewUiccPairsWithKeysOfItsOwn(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            bench.Network.Bmsc.NextNonce = true;
            bench.Deliver(bench.Bmsc.Pull(draft2004, Bench.Group));
            bench.RunNext();
            bench.DeliverGranted(draft2004, 2);
            string old = bench.Network.Key.Btid;
            bench.Forget();

            // A digest session of the former UICC that would not need a challenge must not be used.
            bench.Swap(OtherIccid, OtherImsi);
            bench.Complete(draft2004, 3);
            Assert.AreEqual("bsf-401 bsf-200 bmsc-401 bmsc-200", bench.Network.Story);
            Assert.AreNotEqual(old, bench.Network.Bmsc.LastBtid);
            Assert.AreEqual("3", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        public void ARequestOfTheFormerUiccIsNotSent()
        {
            Bench bench = Bench.Paired(false);
            KeyGroup foreign = new KeyGroup(Bench.Domain, 0x77);
            bench.Deliver(bench.Bmsc.Pull(false, foreign.Group));
            bench.Swap(OtherIccid, OtherImsi);
            bench.Complete(false, 1);
            Assert.AreEqual(1, bench.Network.Bmsc.Requests.Count);
            Assert.AreEqual("00f110/0010", (string)bench.Network.Bmsc.Requests[0]);
        }

        [TestMethod]
        public void APowerCutAtEachWriteOfTheEraseBringsNoKeyBack()
        {
            Bench bench = TwoMsks(false);
            byte[] muk = (byte[])bench.Shared.Gba.Muk.Key.Clone();
            byte[] msk = FakeBmsc.MskValue(Bench.Group, 1);
            string whole = bench.State();
            Checkpoint start = bench.Save();
            for (int write = 0; write < 2; write++)
            {
                EraseWithCut(bench, start, write, DriveFault.CutBefore, 0, whole);
                EraseWithCut(bench, start, write, DriveFault.CutAfter, 0, whole);
                for (int torn = 0; torn < 70; torn += 1 + (Sampling.Torn / 8))
                {
                    EraseWithCut(bench, start, write, DriveFault.Torn, torn, whole);
                }
            }

            Assert.IsFalse(bench.FlashHolds(muk) || bench.FlashHolds(msk));
        }

        [TestMethod]
        public void WhenTheDriveRefusesTheEraseTheKeysAreNotUsedAndGoLater()
        {
            for (int write = 0; write < 2; write++)
            {
                Bench bench = TwoMsks(false);
                FakeMessage pull = bench.Bmsc.Pull(false, Bench.Group);
                byte[] muk = (byte[])bench.Shared.Gba.Muk.Key.Clone();
                bench.Drive.Plan(write, DriveFault.Full, 0);
                bench.Swap(OtherIccid, OtherImsi);
                Assert.AreEqual(1, bench.Events.Count("storage-failed"));
                Assert.IsNull(bench.Keys, "keys in RAM");
                bench.Deliver(pull);
                Assert.AreEqual("no-uicc", bench.Events.Last("datagram-dropped", "reason"));
                Assert.AreEqual(0, bench.Events.Count("uicc-changed") + bench.Events.Count("msk-deleted"), "told before it is so");
                bench.RunNext();
                Assert.AreEqual("storage-failed datagram-dropped uicc-changed msk-deleted msk-deleted", bench.Events.Story());
                AssertNoKeys(bench);
                Assert.AreEqual(0, bench.Network.Calls.Count, "a request before the erase");
                bench.PowerOn();
                AssertNoKeys(bench);
                Assert.IsFalse(bench.FlashHolds(muk), "MUK after a refused write " + write);
            }
        }

        private static Bench TwoMsks(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            bench.Deliver(bench.Bmsc.Msk(draft2004, Bench.Group, 2));
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
            bench.Forget();
            return bench;
        }

        private static void Insert(Bench bench, string iccid, string imsi)
        {
            bench.UiccMemory = new SimulatedDrive();
            bench.Uicc = new FakeUicc(iccid, imsi, bench.UiccMemory);
        }

        private static void EraseWithCut(Bench bench, Checkpoint start, int write, DriveFault fault, int torn, string whole)
        {
            string what = "write " + write + ", fault " + (int)fault + ", octets " + torn;

            // Back to the old UICC at once: all or nothing, and nothing once the first slot was written.
            CutErase(bench, start, write, fault, torn, what);
            Insert(bench, Bench.Iccid, Bench.Imsi);
            bench.PowerOn();
            if (write == 0 && fault != DriveFault.CutAfter)
            {
                Assert.AreEqual(whole, bench.State(), "the erase had not begun: " + what);
            }
            else
            {
                AssertNoKeys(bench);
            }

            // The new UICC stays: the erase is completed before anything else.
            CutErase(bench, start, write, fault, torn, what);
            Insert(bench, OtherIccid, OtherImsi);
            bench.PowerOn();
            AssertNoKeys(bench);
        }

        private static void CutErase(Bench bench, Checkpoint start, int write, DriveFault fault, int torn, string what)
        {
            start.Restore();
            Insert(bench, OtherIccid, OtherImsi);
            bench.Drive.Plan(write, fault, torn);
            bool cut = false;
            try
            {
                bench.PowerOn();
            }
            catch (PowerCutException)
            {
                cut = true;
            }

            Assert.IsTrue(cut, "no power cut at " + what);
        }

        private static void AssertNoKeys(Bench bench)
        {
            FakeGbaKey key = (FakeGbaKey)bench.Network.Bsf.Keys[0];
            Assert.IsNull(bench.Shared.Gba, "GBA keys");
            Assert.IsNull(bench.Shared.LastUsed, "last MUK");
            Assert.AreEqual(0, bench.Keys.Msks.Count, "MSKs");
            Assert.AreEqual(0, bench.Shared.Pulls.Count, "pulls");
            string flash = bench.Flash();
            Assert.IsTrue(flash.IndexOf(Octets.ToHex(key.Muk)) < 0, "MUK in flash");
            Assert.IsTrue(flash.IndexOf(Octets.ToHex(key.Mrk)) < 0, "MRK in flash");
            Assert.IsTrue(flash.IndexOf(Octets.ToHex(FakeBmsc.MskValue(Bench.Group, 1))) < 0, "first MSK in flash");
            Assert.IsTrue(flash.IndexOf(Octets.ToHex(FakeBmsc.MskValue(Bench.Group, 2))) < 0, "second MSK in flash");
        }

        private static void AssertZero(byte[] key, string what)
        {
            for (int i = 0; i < key.Length; i++)
            {
                Assert.AreEqual(0, (int)key[i], what + ", octet " + i);
            }
        }
    }
}
