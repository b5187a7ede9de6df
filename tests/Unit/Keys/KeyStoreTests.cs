using System.Collections;
using MbmsMe.Binary;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Services;

namespace MbmsMe.Tests
{
    /// <summary>
    /// The store of the keys over a drive that refuses: both slots are meant where an MSK is deleted, what was committed counts
    /// (rules 4 and 6), and no UICC has another's keys (rule 3).
    /// </summary>
    [TestClass]
    public class KeyStoreTests
    {
        private const string OtherIccid = "8988201000000000027";
        private const string Fqdn = "bmsc.example.org";
        private static readonly ServiceTable s_none = new ServiceTable(new ServiceSettings[0]);

        [TestMethod]
        public void ADeletedMskIsGoneFromBothSlotsAndToldOnce()
        {
            Machine machine = new Machine();
            KeyStore store = machine.Paired(2);
            Msk msk = machine.Msk(store, 1);
            byte[] key = msk.Key;
            byte[] mtk = msk.Window.Mtk.Key;
            int writes = machine.Drive.Writes;
            store.Delete(msk, "why");
            Check.Wiped(key);
            Assert.AreEqual("remove 00f110 00010001", (string)machine.Traffic.Told[0]);
            Assert.AreEqual(0, machine.Events.All.Count, "told before it is so");
            Assert.IsTrue(store.TryCommit());
            Check.Wiped(mtk);
            Assert.AreEqual(2, machine.Drive.Writes - writes);
            Assert.AreEqual("none", machine.Holding(1));
            Assert.AreEqual("both", machine.Holding(2));
            Assert.AreEqual("msk-deleted", machine.Events.Story());
            Assert.AreEqual("00010001", machine.Events.Last("msk-deleted", "mskId"));
            Assert.AreEqual("why", machine.Events.Last("msk-deleted", "reason"));
            Assert.AreEqual(long.MaxValue, store.NextDue);
        }

        [TestMethod]
        public void ARefusedSecondWriteIsTriedAgainUntilItIsDone()
        {
            Machine machine = new Machine();
            KeyStore store = machine.Paired(2);
            machine.Drive.RefuseWrites(machine.Current, 9);
            store.Delete(machine.Msk(store, 1), "why");
            Assert.IsTrue(store.TryCommit(), "what the first write holds counts");
            int[] seconds = new int[] { 1, 2, 4, 8, 16, 32, 60, 60, 60 };
            for (int i = 0; i < seconds.Length; i++)
            {
                Assert.AreEqual(0, machine.Events.Count("msk-deleted"), "told while a slot holds it");
                Assert.AreEqual(1 + i, machine.Events.Count("storage-failed"));
                Assert.AreEqual("one", machine.Holding(1));
                Assert.AreEqual(1000L * seconds[i], store.NextDue - machine.Clock.UptimeMilliseconds, "wait " + i);
                machine.Clock.Advance((1000 * seconds[i]) - 1);
                store.RunDue();
                machine.Clock.Advance(1);
                store.RunDue();
            }

            Assert.AreEqual("none", machine.Holding(1));
            Assert.AreEqual(1, machine.Events.Count("msk-deleted"));
            Assert.AreEqual(seconds.Length, machine.Events.Count("storage-failed"));
            Assert.AreEqual(long.MaxValue, store.NextDue);
            Assert.IsFalse(store.TakeReloaded());
        }

        [TestMethod]
        public void AnyOtherCommitIsTheSecondWrite()
        {
            Machine machine = new Machine();
            KeyStore store = machine.Paired(2);
            machine.Drive.Plan(1, DriveFault.Full, 0);
            store.Delete(machine.Msk(store, 1), "why");
            Assert.IsTrue(store.TryCommit());
            Assert.AreEqual("one", machine.Holding(1));
            int writes = machine.Drive.Writes;
            Assert.IsTrue(store.TryCommit());
            Assert.AreEqual(1, machine.Drive.Writes - writes);
            Assert.AreEqual("none", machine.Holding(1));
            Assert.AreEqual("storage-failed msk-deleted", machine.Events.Story());
            Assert.AreEqual(long.MaxValue, store.NextDue);
        }

        [TestMethod]
        public void ACommitThatHasToGoAroundTheRefusingSlotIsNotTheSecondWrite()
        {
            Machine machine = new Machine();
            KeyStore store = machine.Paired(2);
            int refusing = machine.Current;
            machine.Drive.RefuseWrites(refusing, SimulatedDrive.Always);
            store.Delete(machine.Msk(store, 1), "why");
            Assert.IsTrue(store.TryCommit());
            Assert.IsTrue(store.TryCommit(), "in place");
            Assert.AreEqual("one", machine.Holding(1));
            Assert.AreEqual(0, machine.Events.Count("msk-deleted"));
            Assert.AreNotEqual(long.MaxValue, store.NextDue);
            machine.Drive.RefuseWrites(refusing, 0);
            store.Settle();
            Assert.AreEqual("none", machine.Holding(1), "before the machine is switched off");
            Assert.AreEqual(1, machine.Events.Count("msk-deleted"));
        }

        [TestMethod]
        public void ARefusedFirstWriteBringsTheMskBackWithItsMtk()
        {
            Machine machine = new Machine();
            KeyStore store = machine.Paired(2);
            machine.Accept(store, 1, 2);
            machine.Accept(store, 1, 3);
            Assert.IsTrue(store.TryCommit());
            machine.Accept(store, 1, 4);
            uint next = machine.Msk(store, 1).Window.NextMtkId;
            uint reserved = machine.Msk(store, 1).Window.ReservedMtkId;
            Assert.IsTrue(next < reserved, "this test wants an MTK that the drive covers and does not hold");
            machine.Drive.Plan(0, DriveFault.Full, 0);
            store.Delete(machine.Msk(store, 1), "why");
            store.State.Of(Fqdn).TryAddPulls(machine.Pull(1));
            Assert.IsFalse(store.TryCommit());
            Assert.AreEqual("storage-failed", machine.Events.Story());
            Assert.IsTrue(store.TakeReloaded());
            Assert.IsFalse(store.TakeReloaded());
            Msk msk = machine.Msk(store, 1);
            Check.Hex(Check.Text(machine.Key(1), 0, 16), msk.Key);
            Assert.AreEqual(next, msk.Window.NextMtkId);
            Assert.AreEqual(reserved, msk.Window.ReservedMtkId);
            Assert.AreEqual(4, (int)msk.Window.Mtk.Key[15], "the MTK in force");
            Assert.AreEqual(0, store.State.Of(Fqdn).Pulls.Count, "the rest of the change");
            Assert.AreEqual(long.MaxValue, store.NextDue);
            Assert.IsTrue(store.TryCommit());
            Assert.AreEqual(0, machine.Events.Count("msk-deleted"), "a deletion that was undone");
        }

        [TestMethod]
        public void APowerCutBetweenTheTwoWritesDoesNotKeepIt()
        {
            Machine machine = new Machine();
            KeyStore store = machine.Paired(2);
            machine.Drive.Plan(1, DriveFault.CutBefore, 0);
            store.Delete(machine.Msk(store, 1), "why");
            Check.Throws(typeof(PowerCutException), () => store.TryCommit());
            Assert.AreEqual("one", machine.Holding(1));
            Assert.AreEqual(0, machine.Events.All.Count);
            int writes = machine.Drive.Writes;
            store = machine.Start();
            BindResult result = store.Bind(Vectors.Iccid, Vectors.Imsi);
            Assert.IsTrue(result.Check == UiccCheck.Same);
            Assert.AreEqual(0, result.Deleted.Count);
            Assert.AreEqual("none", machine.Holding(1));
            Assert.AreEqual(1, machine.Drive.Writes - writes);
            Assert.AreEqual("msk-deleted", machine.Events.Story());
            Assert.AreEqual("00010001", machine.Events.Last("msk-deleted", "mskId"));
            machine.Start().Bind(Vectors.Iccid, Vectors.Imsi);
            Assert.AreEqual(1, machine.Drive.Writes - writes, "written again");
        }

        [TestMethod]
        public void EveryMskOfADeletionThatWasInterruptedIsTold()
        {
            Machine machine = new Machine();
            KeyStore store = machine.Paired(2);
            machine.Drive.Plan(1, DriveFault.CutBefore, 0);
            store.Delete(machine.Msk(store, 1), "why");
            store.Delete(machine.Msk(store, 2), "why");
            Check.Throws(typeof(PowerCutException), () => store.TryCommit());
            machine.Start().Bind(Vectors.Iccid, Vectors.Imsi);
            Assert.AreEqual("msk-deleted msk-deleted", machine.Events.Story());
            Assert.AreEqual("none", machine.Holding(1));
            Assert.AreEqual("none", machine.Holding(2));
        }

        [TestMethod]
        public void ADeletionThatWasInterruptedIsTriedAgainUntilItIsDone()
        {
            Machine machine = new Machine();
            KeyStore store = machine.Paired(2);
            machine.Drive.RefuseWrites(machine.Current, 2);
            store.Delete(machine.Msk(store, 1), "why");
            Assert.IsTrue(store.TryCommit());
            machine.Events.Clear();
            store = machine.Start();
            BindResult result = store.Bind(Vectors.Iccid, Vectors.Imsi);
            Assert.IsTrue(result.Check == UiccCheck.Same);
            Assert.IsNotNull(result.Failure);
            Assert.IsNotNull(machine.Msk(store, 2), "the keys can be used");
            Assert.IsTrue(store.IsBoundTo(Vectors.Iccid, Vectors.Imsi));
            Assert.AreEqual(0, machine.Events.Count("msk-deleted"));
            machine.Clock.Advance(1000);
            store.RunDue();
            Assert.AreEqual("none", machine.Holding(1));
            Assert.AreEqual(1, machine.Events.Count("msk-deleted"));
        }

        [TestMethod]
        public void AThirdMskDeletesTheOlderAndOneOfTheSameIdDeletesNone()
        {
            Machine machine = new Machine();
            KeyStore store = machine.Paired(2);
            int writes = machine.Drive.Writes;
            Msk replaced = machine.Msk(store, 1);
            byte[] mtk = replaced.Window.Mtk.Key;
            Msk another = machine.New(1);
            another.Key[0] ^= 1;
            Assert.IsTrue(store.TryPut(another, s_none));
            Check.Wiped(replaced.Key);
            Assert.IsTrue(store.TryCommit());
            Check.Wiped(mtk);
            Assert.AreEqual(1, machine.Drive.Writes - writes, "it goes with the next write");
            Assert.AreEqual(string.Empty, machine.Events.Story());
            Assert.AreEqual("remove 00f110 00010001", (string)machine.Traffic.Told[0]);
            Assert.IsTrue(store.TryPut(machine.New(3), s_none));
            Assert.IsTrue(store.TryCommit());
            Assert.AreEqual(3, machine.Drive.Writes - writes);
            Assert.AreEqual("none", machine.Holding(1));
            Assert.AreEqual("older of two", machine.Events.Last("msk-deleted", "reason"));
            Assert.AreEqual(1, machine.Events.Count("msk-deleted"));
        }

        [TestMethod]
        public void WhatNeverGetsToTheDriveIsDeletedWithOneWrite()
        {
            Machine machine = new Machine { Lasting = false };
            KeyStore store = machine.Paired(2);
            int writes = machine.Drive.Writes;
            store.Delete(machine.Msk(store, 1), "why");
            Assert.IsTrue(store.TryCommit());
            Assert.AreEqual(1, machine.Drive.Writes - writes);
            Assert.AreEqual(1, machine.Events.Count("msk-deleted"));
        }

        [TestMethod]
        public void ARefusedWriteNeedsNoDriveToComeBackFrom()
        {
            Machine machine = new Machine();
            KeyStore store = machine.Paired(2);
            string before = machine.Record(store);
            for (int slot = 0; slot < 2; slot++)
            {
                machine.Drive.FailReads(slot, SimulatedDrive.Always);
                machine.Drive.RefuseWrites(slot, SimulatedDrive.Always);
            }

            for (int i = 0; i < 3; i++)
            {
                Assert.IsTrue(store.TryPut(machine.New(3), s_none));
                Assert.IsFalse(store.TryCommit());
                Assert.AreEqual(before, machine.Record(store), "a drive that is away for a moment loses nothing");
            }

            for (int slot = 0; slot < 2; slot++)
            {
                machine.Drive.FailReads(slot, 0);
                machine.Drive.RefuseWrites(slot, 0);
            }

            Assert.IsTrue(store.TryPut(machine.New(3), s_none));
            Assert.IsTrue(store.TryCommit());
            Assert.AreEqual("none", machine.Holding(1));
            Assert.AreEqual("both", machine.Holding(3));
        }

        [TestMethod]
        [DataRow("keys", "keys")]
        [DataRow("fails", "keys")]
        [DataRow("fails", "none")]
        [DataRow("fails", "foreign")]
        [DataRow("fails", "damaged")]
        [DataRow("none", "fails")]
        [DataRow("foreign", "fails")]
        [DataRow("damaged", "fails")]
        [DataRow("fails", "fails")]
        public void NothingIsWrittenOverWhatWasNotReadUnlessTheOtherSlotWillDo(string first, string second)
        {
            Machine machine = new Machine();
            machine.Paired(2);
            byte[] ours = machine.Drive.Peek(0);
            Machine foreign = new Machine();
            foreign.Start().Bind(OtherIccid, Vectors.Imsi);
            string[] kinds = new string[] { first, second };
            for (int slot = 0; slot < 2; slot++)
            {
                if (kinds[slot] == "none")
                {
                    machine.Drive.Lose(slot);
                }
                else if (kinds[slot] == "fails")
                {
                    machine.Drive.FailReads(slot, 1);
                }
                else if (kinds[slot] != "keys")
                {
                    machine.Drive.Write(slot, kinds[slot] == "foreign" ? foreign.Drive.Peek(0) : Check.Flip(ours, 9));
                }
            }

            int writes = machine.Drive.Writes;
            bool starts = first == "keys" || second == "keys";
            KeyStore store = machine.Start();
            BindResult result = store.Bind(Vectors.Iccid, Vectors.Imsi);
            Assert.IsTrue(result.Check == (starts ? UiccCheck.Same : UiccCheck.Unavailable), result.Check.ToString());
            Assert.AreEqual(0, machine.Drive.Writes - writes);
            Assert.AreEqual(starts, result.Failure == null);
            Assert.AreEqual(starts, store.State != null);
            Assert.AreEqual(starts, store.IsBoundTo(Vectors.Iccid, Vectors.Imsi));
            Assert.AreEqual(long.MaxValue, store.NextDue, "it is for the caller to try again");

            // The slot is read the next time, and there are the keys, if it has some.
            result = store.Bind(Vectors.Iccid, Vectors.Imsi);
            Assert.AreEqual(first == "foreign" || second == "foreign", result.Check == UiccCheck.Different);
            Assert.IsTrue(result.Check != UiccCheck.Unavailable && store.State != null);
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(1)]
        public void WritesGoToTheReadableSlotFirst(int slot)
        {
            Machine machine = new Machine();
            machine.Paired(2);
            machine.Drive.FailReads(slot, SimulatedDrive.UntilWritten);
            string unread = Octets.ToHex(machine.Drive.Peek(slot));
            KeyStore store = machine.Start();
            Assert.IsTrue(store.Bind(Vectors.Iccid, Vectors.Imsi).Check == UiccCheck.Same);
            store.State.Of(Fqdn).TryAddPulls(machine.Pull(1));
            Assert.IsTrue(store.TryCommit());
            Assert.AreEqual(unread, Octets.ToHex(machine.Drive.Peek(slot)), "written over though nobody has read it");
            string state = machine.Record(store);
            Assert.IsTrue(store.TryCommit(), "now nothing is lost");
            Assert.AreEqual(state, SlotView.Record(machine.Drive.Peek(slot)));
            Assert.AreEqual(state, SlotView.Record(machine.Drive.Peek(1 - slot)));
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(1)]
        public void WhatWasNotReadDoesNotCountOnceThereIsANewerRecord(int slot)
        {
            // Many writes went to the one slot, and then it is this one that fails.
            Machine machine = new Machine();
            KeyStore store = machine.Paired(2);
            machine.Drive.RefuseWrites(1 - slot, SimulatedDrive.Always);
            for (int i = 0; i < 9; i++)
            {
                store.State.Of(Fqdn).TryAddPulls(machine.Pull(i));
                store.TryCommit();
            }

            machine.Drive.RefuseWrites(1 - slot, 0);
            machine.Drive.FailReads(slot, SimulatedDrive.Always);
            store = machine.Start();
            Assert.IsTrue(store.Bind(Vectors.Iccid, Vectors.Imsi).Check == UiccCheck.Same);
            store.State.Of(Fqdn).TryAddPulls(machine.Pull(20));
            Assert.IsTrue(store.TryCommit());
            string state = machine.Record(store);
            machine.Drive.FailReads(slot, 0);
            store = machine.Start();
            store.Bind(Vectors.Iccid, Vectors.Imsi);
            Assert.AreEqual(state, machine.Record(store));
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(1)]
        public void WhatIsNotToLastGoesFromTheReadableSlotFirstToo(int slot)
        {
            Machine machine = new Machine();
            machine.Paired(2);
            string unread = Octets.ToHex(machine.Drive.Peek(slot));
            machine.Lasting = false;
            machine.Drive.FailReads(slot, SimulatedDrive.Always);
            machine.Drive.Plan(1, DriveFault.CutBefore, 0);
            KeyStore store = machine.Start();
            Check.Throws(typeof(PowerCutException), () => store.Bind(Vectors.Iccid, Vectors.Imsi));
            Assert.AreEqual(unread, Octets.ToHex(machine.Drive.Peek(slot)), "written over though nobody has read it");
            machine.Drive.FailReads(slot, 0);
            store = machine.Start();
            Assert.IsTrue(store.Bind(Vectors.Iccid, Vectors.Imsi).Check == UiccCheck.Same);
            Assert.AreEqual("none", machine.Holding(1));
            Assert.AreEqual(0, store.State.Msks.Count);
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(1)]
        public void OneSlotAloneWillDo(int slot)
        {
            // It can be neither written nor was it ever: a directory stands there, or its blocks are worn out.
            Machine machine = new Machine();
            machine.Drive.RefuseWrites(slot, SimulatedDrive.Always);
            KeyStore store = machine.Start();
            Assert.IsTrue(store.Bind(Vectors.Iccid, Vectors.Imsi).Check == UiccCheck.First);
            for (int number = 1; number < 6; number++)
            {
                for (int tries = 0; store.State.FindMsk(new KeyGroup(0x00F110, 1), number) == null; tries++)
                {
                    Assert.IsTrue(tries < 2, "number " + number);
                    Assert.IsTrue(store.TryPut(machine.New(number), s_none));
                    store.TryCommit();
                }
            }

            string state = machine.Record(store);
            Assert.AreEqual("none", machine.Holding(3), "deleted");
            Assert.AreEqual(3, machine.Events.Count("msk-deleted"));
            Assert.AreEqual(long.MaxValue, store.NextDue, "a slot that never held a key is no reason to try again");
            store = machine.Start();
            Assert.IsTrue(store.Bind(Vectors.Iccid, Vectors.Imsi).Check == UiccCheck.Same);
            Assert.AreEqual(state, machine.Record(store), "after a restart");
            Assert.IsTrue(store.Bind(OtherIccid, Vectors.Imsi).Check != UiccCheck.Same);
            store.Bind(OtherIccid, Vectors.Imsi);
            Assert.IsTrue(store.IsBoundTo(OtherIccid, Vectors.Imsi));
            Assert.AreEqual("none", machine.Holding(5), "of another UICC");
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(1)]
        public void ADamagedSlotThatCannotBeWrittenEndsNothing(int slot)
        {
            Machine machine = new Machine();
            KeyStore store = machine.Paired(2);
            store.TryCommit();
            machine.Drive.Write(slot, new byte[100]);
            machine.Drive.RefuseWrites(slot, SimulatedDrive.Always);
            store = machine.Start();
            BindResult result = store.Bind(Vectors.Iccid, Vectors.Imsi);
            Assert.IsTrue(result.Check == UiccCheck.Same);
            Assert.IsNotNull(result.Failure, "it may hold what was to be deleted");
            Assert.IsTrue(store.TryPut(machine.New(3), s_none));
            Assert.IsTrue(store.TryCommit());
            Assert.IsNotNull(machine.Msk(store, 3));
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(1)]
        public void ThereIsNoStateBeforeTheEraseOfAnotherUiccIsDone(int write)
        {
            Machine machine = new Machine();
            machine.Paired(2);
            KeyStore store = machine.Start();
            machine.Drive.Plan(write, DriveFault.Full, 0);
            BindResult result = store.Bind(OtherIccid, Vectors.Imsi);
            Assert.IsTrue(result.Check == UiccCheck.Unavailable);
            Assert.AreEqual("the drive is full", result.Failure);
            Assert.AreEqual(0, result.Deleted.Count, "told before it is so");
            Assert.IsNull(store.State);
            Assert.IsFalse(store.IsBoundTo(OtherIccid, Vectors.Imsi));
            Assert.AreEqual(long.MaxValue, store.NextDue);
            result = store.Bind(OtherIccid, Vectors.Imsi);
            Assert.IsTrue(result.Check == UiccCheck.Different);
            Assert.AreEqual(2, result.Deleted.Count);
            Check.Wiped(((Msk)result.Deleted[0]).Key);
            Assert.AreEqual("none", machine.Holding(1));
            Assert.IsFalse(machine.FlashHolds(Check.Bytes(Vectors.Muk)));
            Assert.IsTrue(store.IsBoundTo(OtherIccid, Vectors.Imsi));
        }

        [TestMethod]
        public void ThereIsNoStateBeforeAnEraseThatAPowerCutStoppedIsDone()
        {
            Machine machine = new Machine();
            machine.Paired(2);
            machine.Drive.Plan(1, DriveFault.CutBefore, 0);
            Check.Throws(typeof(PowerCutException), () => machine.Start().Bind(OtherIccid, Vectors.Imsi));
            Assert.AreEqual("one", machine.Holding(1));
            machine.Drive.Plan(0, DriveFault.Full, 0);
            KeyStore store = machine.Start();
            Assert.IsTrue(store.Bind(OtherIccid, Vectors.Imsi).Check == UiccCheck.Unavailable);
            Assert.IsNull(store.State);
            BindResult result = store.Bind(OtherIccid, Vectors.Imsi);
            Assert.IsTrue(result.Check == UiccCheck.Different);
            Assert.AreEqual(2, result.Deleted.Count);
            Assert.AreEqual("none", machine.Holding(1));
        }

        [TestMethod]
        public void ADeletionThatIsNotDoneOutlastsTheSameUiccAgain()
        {
            Machine machine = new Machine();
            KeyStore store = machine.Paired(2);
            machine.Drive.Plan(1, DriveFault.Full, 0);
            store.Delete(machine.Msk(store, 1), "why");
            Assert.IsTrue(store.TryCommit());
            Assert.IsTrue(store.Bind(Vectors.Iccid, Vectors.Imsi).Check == UiccCheck.Same);
            Assert.AreEqual("none", machine.Holding(1));
            Assert.AreEqual("storage-failed msk-deleted", machine.Events.Story());
            Assert.AreEqual("why", machine.Events.Last("msk-deleted", "reason"));
        }

        [TestMethod]
        public void AUiccTakenOutLeavesNothing()
        {
            Machine machine = new Machine();
            KeyStore store = machine.Paired(2);
            byte[] muk = store.State.Of(Fqdn).Gba.Muk.Key;
            byte[] msk = machine.Msk(store, 1).Key;
            byte[] mtk = machine.Msk(store, 1).Window.Mtk.Key;
            int writes = machine.Drive.Writes;
            Assert.IsTrue(store.TryErase());
            AssertErased(machine, store);
            Check.Wiped(muk);
            Check.Wiped(msk);
            Check.Wiped(mtk);
            Assert.AreEqual("clear", (string)machine.Traffic.Told[0]);
            Assert.AreEqual(2, machine.Drive.Writes - writes);
            Assert.AreEqual("msk-deleted msk-deleted", machine.Events.Story());
            Assert.IsTrue(store.TryErase());
            Assert.AreEqual(2, machine.Drive.Writes - writes, "again");

            // It comes back, as if it were the first.
            BindResult result = store.Bind(Vectors.Iccid, Vectors.Imsi);
            Assert.IsTrue(result.Check == UiccCheck.First);
            Assert.AreEqual(0, store.State.Msks.Count);
            Assert.IsNull(store.State.Of(Fqdn).Gba);
            Assert.IsTrue(store.TryPut(machine.New(3), s_none));
            Assert.IsTrue(store.TryCommit());
            Assert.IsTrue(machine.Start().Bind(Vectors.Iccid, Vectors.Imsi).Check == UiccCheck.Same);
        }

        [TestMethod]
        [DataRow(0, false)]
        [DataRow(0, true)]
        [DataRow(1, false)]
        [DataRow(1, true)]
        public void AUiccTakenOutComesBackToNothingThoughTheDriveRefused(int write, bool unreadable)
        {
            Machine machine = new Machine();
            KeyStore store = machine.Paired(2);
            byte[] muk = store.State.Of(Fqdn).Gba.Muk.Key;
            int slot = write == 0 ? 1 - machine.Current : machine.Current;
            machine.Drive.RefuseWrites(slot, SimulatedDrive.Always);
            machine.Drive.FailReads(slot, unreadable ? SimulatedDrive.Always : 0);
            Assert.IsFalse(store.TryErase());
            Check.Wiped(muk);
            Assert.IsNull(store.State);
            Assert.AreEqual(1, machine.Events.Count("storage-failed"));
            Assert.AreEqual(0, machine.Events.Count("msk-deleted"));
            Assert.IsFalse(store.TryErase());
            BindResult result = store.Bind(Vectors.Iccid, Vectors.Imsi);
            Assert.IsTrue(result.Check == UiccCheck.Unavailable, "its keys are in flash still");
            Assert.IsNull(store.State);
            machine.Drive.RefuseWrites(slot, 0);
            machine.Drive.FailReads(slot, 0);
            Assert.IsTrue(store.TryErase());
            AssertErased(machine, store);
            Assert.AreEqual(2, machine.Events.Count("msk-deleted"));
            Assert.IsTrue(store.Bind(Vectors.Iccid, Vectors.Imsi).Check == UiccCheck.First);
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(1)]
        public void AnEraseThatTheDriveRefusedIsDoneBeforeTheUiccIsThereAgain(int write)
        {
            Machine machine = new Machine();
            KeyStore store = machine.Paired(2);
            machine.Drive.Plan(write, DriveFault.Full, 0);
            Assert.IsFalse(store.TryErase());
            Assert.IsTrue(store.Bind(Vectors.Iccid, Vectors.Imsi).Check == UiccCheck.First);
            Assert.AreEqual(0, store.State.Msks.Count);
            Assert.AreEqual("none", machine.Holding(1));
            Assert.IsFalse(machine.FlashHolds(Check.Bytes(Vectors.Muk)), "MUK");
        }

        [TestMethod]
        public void WithoutAUiccAtPowerOnTheEraseGoesOnFromWhatTheDriveHolds()
        {
            Machine machine = new Machine();
            machine.Paired(2);
            machine.Drive.Plan(1, DriveFault.CutBefore, 0);
            Check.Throws(typeof(PowerCutException), () => machine.Start().TryErase());
            Assert.AreEqual("one", machine.Holding(1));
            KeyStore store = machine.Start();
            Assert.IsTrue(store.Bind(Vectors.Iccid, Vectors.Imsi).Check == UiccCheck.First);
            Assert.AreEqual(0, store.State.Msks.Count);
        }

        [TestMethod]
        public void AnEraseThatAPowerCutStoppedIsDoneThoughASlotRefusesForAWhile()
        {
            Machine machine = new Machine();
            KeyStore store = machine.Paired(0);
            int former = machine.Current;
            machine.Drive.Plan(1, DriveFault.CutBefore, 0);
            Check.Throws(typeof(PowerCutException), () => store.TryErase());
            machine.Drive.RefuseWrites(former, SimulatedDrive.Always);
            store = machine.Start();
            Assert.IsTrue(store.Bind(Vectors.Iccid, Vectors.Imsi).Check == UiccCheck.Unavailable);
            Assert.IsNull(store.State);
            store.Bind(Vectors.Iccid, Vectors.Imsi);
            Assert.IsNull(store.State.Of(Fqdn).Gba, "the record without a key counts");
            Assert.IsTrue(machine.FlashHolds(Check.Bytes(Vectors.Muk)), "this test wants a slot that holds it still");
            machine.Drive.RefuseWrites(former, 0);
            machine.Clock.Advance(1000);
            store.RunDue();
            Assert.IsFalse(machine.FlashHolds(Check.Bytes(Vectors.Muk)), "MUK");
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(1)]
        public void APowerCutWithinThatEraseLeavesAllOrNothing(int write)
        {
            Machine machine = new Machine();
            KeyStore store = machine.Paired(2);
            string state = machine.Record(store);
            machine.Drive.Plan(write, DriveFault.CutBefore, 0);
            Check.Throws(typeof(PowerCutException), () => store.TryErase());
            store = machine.Start();
            BindResult result = store.Bind(Vectors.Iccid, Vectors.Imsi);
            if (write == 0)
            {
                Assert.AreEqual(state, machine.Record(store));
                return;
            }

            Assert.IsTrue(result.Check == UiccCheck.First);
            Assert.AreEqual(0, store.State.Msks.Count);
            Assert.IsFalse(machine.FlashHolds(Check.Bytes(Vectors.Muk)), "MUK");
            Assert.AreEqual("none", machine.Holding(1));
        }

        private static void AssertErased(Machine machine, KeyStore store)
        {
            Assert.IsNull(store.State);
            Assert.IsFalse(store.IsBoundTo(Vectors.Iccid, Vectors.Imsi));
            Assert.AreEqual("none", machine.Holding(1));
            Assert.AreEqual("none", machine.Holding(2));
            Assert.IsFalse(machine.FlashHolds(Check.Bytes(Vectors.Muk)), "MUK");
            Assert.IsFalse(machine.FlashHolds(Check.Ascii(Vectors.Iccid)), "whose keys they were");
        }

        // What a store needs of a machine. Key Group 1 of the Key Domain 00f110.
        private sealed class Machine
        {
            public readonly SimulatedDrive Drive = new SimulatedDrive();
            public readonly FakeClock Clock = new FakeClock();
            public readonly FakeEvents Events = new FakeEvents();
            public readonly FakeTraffic Traffic = new FakeTraffic();
            public bool Lasting = true;

            // The slot that was written last.
            public int Current
            {
                get { return Octets.GetUInt32(Drive.Peek(0), 5) > Octets.GetUInt32(Drive.Peek(1), 5) ? 0 : 1; }
            }

            public KeyStore Start()
            {
                return new KeyStore(
                    new Peripherals { Drive = Drive, Clock = Clock, Events = Events, Traffic = Traffic }, Lasting);
            }

            // A store that holds a MUK and so many MSKs, the first with an MTK; both slots hold them.
            public KeyStore Paired(int msks)
            {
                KeyStore store = Start();
                Assert.IsTrue(store.Bind(Vectors.Iccid, Vectors.Imsi).Check == UiccCheck.First);
                store.State.Of(Fqdn).Replace(new GbaContext
                {
                    Muk = new Muk { Btid = Check.Bytes(Vectors.BtidHex), Key = Check.Bytes(Vectors.Muk) }, Mrk = Check.Bytes(Vectors.Mrk),
                });
                for (int number = 1; number <= msks; number++)
                {
                    Assert.IsTrue(store.TryPut(New(number), s_none));
                }

                if (msks > 0)
                {
                    Accept(store, 1, 1);
                }

                Assert.IsTrue(store.TryCommit());
                Assert.IsTrue(store.TryCommit());
                Events.Clear();
                Traffic.Told.Clear();
                return store;
            }

            public byte[] Key(int number)
            {
                return Check.Repeat(0xA0 + number, 16);
            }

            public Msk New(int number)
            {
                return new Msk
                {
                    Group = new KeyGroup(0x00F110, 1), Number = number, Key = Key(number), Rand = new byte[16], Window = new MtkWindow(1, 1000),
                };
            }

            public Msk Msk(KeyStore store, int number)
            {
                return store.State.FindMsk(new KeyGroup(0x00F110, 1), number);
            }

            public void Accept(KeyStore store, int number, uint mtkId)
            {
                byte[] key = new byte[16];
                key[15] = (byte)mtkId;
                Msk(store, number).Window.Accept(
                    mtkId, mtkId, new TrafficKey { Group = new KeyGroup(0x00F110, 1), KeyNumber = number, Mki = new byte[6], Key = key, Salt = new byte[14] }, 0);
            }

            public ArrayList Pull(int group)
            {
                ArrayList groups = new ArrayList();
                groups.Add(new KeyGroup(0x00F110, 100 + group));
                return groups;
            }

            public string Record(KeyStore store)
            {
                OctetWriter record = new OctetWriter(512);
                store.State.Write(record, true);
                return Octets.ToHex(record.ToArray());
            }

            // In how many slots the MSK of that number stands.
            public string Holding(int number)
            {
                bool first = SlotHolds(0, Key(number));
                bool second = SlotHolds(1, Key(number));
                return first && second ? "both" : first || second ? "one" : "none";
            }

            public bool FlashHolds(byte[] octets)
            {
                return SlotHolds(0, octets) || SlotHolds(1, octets);
            }

            private bool SlotHolds(int slot, byte[] octets)
            {
                byte[] image = Drive.Peek(slot);
                return image != null && Octets.ToHex(image).IndexOf(Octets.ToHex(octets)) >= 0;
            }
        }
    }
}
