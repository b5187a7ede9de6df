using System;
using MbmsMe.Binary;

namespace MbmsMe.Tests
{
    /// <summary>
    /// Rule 4: a power cut at any single write leaves the old state or the new one, never neither, never a mix, and
    /// never an older replay counter with newer keys.
    /// </summary>
    [TestClass]
    public class Rule4_APowerCutLeavesTheOldStateOrTheNewOne
    {
        [TestMethod]
        [DataRow(WritingFlow.Pairing, false)]
        [DataRow(WritingFlow.Pairing, true)]
        [DataRow(WritingFlow.MskUpdate, false)]
        [DataRow(WritingFlow.SecondMsk, false)]
        [DataRow(WritingFlow.ThirdMsk, false)]
        [DataRow(WritingFlow.ThirdMsk, true)]
        [DataRow(WritingFlow.Deletion, false)]
        [DataRow(WritingFlow.CounterUpdate, false)]
        [DataRow(WritingFlow.Pull, false)]
        [DataRow(WritingFlow.PullWithGba, false)]
        [DataRow(WritingFlow.PullWithGba, true)]
        [DataRow(WritingFlow.Renewal, false)]
        [DataRow(WritingFlow.PullRefused, false)]
        [DataRow(WritingFlow.UiccChange, false)]
        [DataRow(WritingFlow.UiccPutBack, false)]
        [DataRow(WritingFlow.ServiceLeft, false)]
        [DataRow(WritingFlow.MtkBlock, false)]
        [DataRow(WritingFlow.MtkBlock, true)]
        public void AtEveryWriteOf(string flow, bool draft2004)
        {
            new PowerCuts(WritingFlow.Of(flow, draft2004)).TrySample(Sampling.Torn);
        }

        [TestMethod]
        [DataRow(WritingFlow.Pairing, 3, 615, 1)]
        [DataRow(WritingFlow.MskUpdate, 1, 313, 0)]
        [DataRow(WritingFlow.SecondMsk, 1, 375, 0)]
        [DataRow(WritingFlow.ThirdMsk, 2, 750, 0)]
        [DataRow(WritingFlow.Deletion, 2, 502, 0)]
        [DataRow(WritingFlow.CounterUpdate, 1, 313, 0)]
        [DataRow(WritingFlow.Pull, 2, 693, 0)]
        [DataRow(WritingFlow.PullWithGba, 3, 1119, 1)]
        [DataRow(WritingFlow.Renewal, 3, 1119, 1)]
        [DataRow(WritingFlow.PullRefused, 2, 631, 0)]
        [DataRow(WritingFlow.ServiceLeft, 2, 502, 0)]
        [DataRow(WritingFlow.MtkBlock, 1, 350, 0)]
        [DataRow(WritingFlow.UiccChange, 4, 686, 1)]
        public void EachFlowWritesNoMoreThanItMust(string flow, int writes, int octets, int uiccWrites)
        {
            // Where an MSK is deleted, the second write is for the slot of before, which has it still: a third MSK deletes one too.
            PowerCuts cuts = new PowerCuts(WritingFlow.Of(flow, false));
            Assert.AreEqual(writes, cuts.Images.Count, "writes to the ME's flash");
            Assert.AreEqual(octets, cuts.Octets, "octets of them");
            Assert.AreEqual(uiccWrites, cuts.UiccWrites, "writes to the UICC's memory");
        }

        [TestMethod]
        [DataRow(0, 1)]
        [DataRow(1, 1)]
        [DataRow(2, 2)]
        public void ASlotThatCannotBeReadIsOverwrittenAtPowerOn(int slot, int writes)
        {
            // It may hold another UICC's keys, or be one that a newer firmware would go back to. 2: both slots.
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 2));
            for (int i = 0; i < 2; i++)
            {
                byte[] image = bench.Drive.Read(i);
                image[4]++;
                if (slot == i || slot == 2)
                {
                    bench.Drive.Write(i, image);
                }
            }

            int before = bench.Drive.Writes;
            bench.PowerOn();
            Assert.AreEqual(slot < 2 ? 0 : 1, bench.Events.Count("storage-unreadable"), "told where no slot is left");
            Assert.AreEqual(writes, bench.Drive.Writes - before);
            Assert.AreEqual(slot < 2, bench.FlashHolds(bench.Network.Key.Muk), "MUK");
            Assert.AreEqual(bench.State(), SlotView.Record(bench.Drive.Read(0)), "first slot");
            Assert.AreEqual(bench.State(), SlotView.Record(bench.Drive.Read(1)), "second slot");
            bench.PowerOn();
            Assert.AreEqual(writes, bench.Drive.Writes - before, "written again");
        }

        [TestMethod]
        public void AWriteTornOverTheFormerContentOfTheSlotLeavesTheOldState()
        {
            // The slot keeps its former octets behind those that got there: a length alone would not tell.
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 2));
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 3));
            string oldState = bench.State();
            byte[][] before = new byte[][] { bench.Drive.Read(0), bench.Drive.Read(1) };
            FakeMessage message = bench.Bmsc.Msk(false, Bench.Group, 4);
            bench.Deliver(message);
            string newState = bench.State();
            int slot = Octets.ToHex(bench.Drive.Read(0)) == Octets.ToHex(before[0]) ? 1 : 0;
            byte[] image = bench.Drive.Read(slot);
            Assert.AreEqual(before[slot].Length, image.Length, "this test wants two records of the same length");
            bool complete = false;
            for (int octets = 0; octets <= image.Length; octets += octets < image.Length - Sampling.Torn ? Sampling.Torn : 1)
            {
                byte[] torn = Octets.Slice(before[slot], 0, image.Length);
                Array.Copy(image, torn, octets);
                complete = Octets.ToHex(torn) == Octets.ToHex(image);
                bench.Drive = new SimulatedDrive();
                bench.Drive.Write(slot, torn);
                bench.Drive.Write(1 - slot, before[1 - slot]);
                bench.PowerOn();
                Assert.AreEqual(complete ? newState : oldState, bench.State(), "the first " + octets + " octets");
            }

            Assert.IsTrue(complete);
        }

        [TestMethod]
        public void ASlotWithOneWrongOctetDoesNotCount()
        {
            Bench bench = Bench.Paired(false);
            string oldState = bench.State();
            byte[][] before = new byte[][] { bench.Drive.Read(0), bench.Drive.Read(1) };
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 2));
            int slot = Octets.ToHex(bench.Drive.Read(0)) == Octets.ToHex(before[0]) ? 1 : 0;
            byte[] image = bench.Drive.Read(slot);
            byte[] other = bench.Drive.Read(1 - slot);
            for (int i = 0; i < image.Length; i += Sampling.Step)
            {
                image[i] ^= 0x40;
                bench.Drive = new SimulatedDrive();
                bench.Drive.Write(slot, image);
                bench.Drive.Write(1 - slot, other);
                image[i] ^= 0x40;
                bench.PowerOn();
                Assert.AreEqual(oldState, bench.State(), "octet " + i);
            }
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void WithTheDriveFullAnMskIsNeitherTakenNorAcknowledged(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage msk = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            string state = bench.State();
            bench.Drive.Plan(0, DriveFault.Full, 0);
            bench.Deliver(msk);
            Assert.AreEqual(state, bench.State(), "RAM");
            Assert.AreEqual(state, new SlotView(bench.Drive).NewestRecord, "flash");
            Assert.AreEqual(0, bench.Datagrams.Sent.Count);
            Assert.AreEqual("storage-failed datagram-dropped", bench.Events.Story());
            Assert.AreEqual("storage-failed", bench.Events.Last("datagram-dropped", "reason"));

            // There is room again, and the BM-SC has had no ACK.
            bench.Deliver(msk);
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
            Assert.AreEqual(msk.ExpectedAck(), bench.Datagrams.Last);
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void WithTheDriveFullAPullIsNotTaken(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage pull = bench.Bmsc.Pull(draft2004, Bench.Group);
            string state = bench.State();
            bench.Drive.Plan(0, DriveFault.Full, 0);
            bench.Deliver(pull);
            Assert.AreEqual(state, bench.State(), "RAM");
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue, "a request after a pull that was not stored");
            Assert.AreEqual(0, bench.Events.Count("pull-accepted"));
            bench.Deliver(pull);
            Assert.AreEqual(1, bench.Events.Count("pull-accepted"));
        }

        [TestMethod]
        public void WithTheDriveFullNewGbaKeysAreNotUsed()
        {
            Bench bench = Bench.Paired(false);
            bench.Expire();
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            string state = bench.State();
            bench.Forget();
            bench.Drive.Plan(0, DriveFault.Full, 0);
            bench.RunNext();
            Assert.AreEqual("bsf-401 bsf-200", bench.Network.Story, "the BM-SC was asked under keys that were not stored");
            Assert.AreEqual(state, bench.State());
            Assert.AreEqual(1, bench.Events.Count("request-failed", "final", "false"));
            bench.Complete(false, 2);
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        public void AnMskIsNotAcknowledgedWhileTheDriveHasNeverHeldARecord()
        {
            Bench bench = new Bench();
            RefuseWrites(bench, SimulatedDrive.Always);
            bench.PowerOn();
            AssertNotAcknowledgedBeforeStored(bench);
        }

        [TestMethod]
        public void AnMskIsNotAcknowledgedWhileTheDriveRefusesTheEraseOfAnotherUicc()
        {
            Bench bench = Bench.Paired(false);
            RefuseWrites(bench, SimulatedDrive.Always);
            bench.Swap("8988201000000000027", "001010999999999");
            AssertNotAcknowledgedBeforeStored(bench);
        }

        [TestMethod]
        [DataRow(2)]
        [DataRow(20)]
        public void WhileTheDriveCannotBeReadNothingIsWrittenAndNothingGoesOn(int times)
        {
            Bench bench = Bench.Paired(false);
            FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 2);
            string state = bench.State();
            string flash = bench.Flash();
            for (int slot = 0; slot < 2; slot++)
            {
                bench.Drive.FailReads(slot, times);
            }

            bench.PowerOn();
            bench.Deliver(msk);
            Assert.AreEqual("no-uicc", bench.Events.Last("datagram-dropped", "reason"));
            for (int i = 0; i < times; i++)
            {
                Assert.IsNull(bench.Keys, "try " + i);
                Assert.AreEqual(flash, bench.Flash(), "written over what was not read");
                Assert.AreEqual(0, bench.Network.Calls.Count + bench.Datagrams.Sent.Count);
                bench.RunNext();
            }

            Assert.AreEqual(state, bench.State());
            Assert.AreEqual(flash, bench.Flash());
            bench.Deliver(msk);
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(1)]
        public void EitherSlotAloneIsEnough(int slot)
        {
            Bench bench = new Bench();
            bench.Drive.RefuseWrites(slot, SimulatedDrive.Always);
            bench.PowerOn();
            bench.Complete(false, 1);
            Assert.AreEqual("1", bench.Numbers(Bench.Group));
            string state = bench.State();
            bench.PowerOn();
            Assert.AreEqual(state, bench.State(), "after power-on");
        }

        private static void RefuseWrites(Bench bench, int times)
        {
            bench.Drive.RefuseWrites(0, times);
            bench.Drive.RefuseWrites(1, times);
        }

        // The drive is full from power-on on until the MSK message has come twice.
        private static void AssertNotAcknowledgedBeforeStored(Bench bench)
        {
            FakeMessage msk = Bench.Paired(false).Bmsc.Msk(false, Bench.Group, 9);
            for (int i = 0; i < 2; i++)
            {
                bench.RunNext();
                bench.Deliver(msk);
                Assert.IsFalse(bench.FlashHolds(FakeBmsc.MskValue(Bench.Group, 9)), "the drive was to be full");
                Assert.AreEqual(0, bench.Datagrams.Sent.Count, "ACK of an MSK that only RAM holds, message " + i);
                Assert.AreEqual(0, bench.Network.Calls.Count, "a request for keys that cannot be stored");
            }

            RefuseWrites(bench, 0);
            bench.Complete(false, 9);
            Assert.AreEqual("9", bench.Numbers(Bench.Group), "once there is room");
            Assert.AreEqual(1, bench.Datagrams.Sent.Count);
        }
    }
}
