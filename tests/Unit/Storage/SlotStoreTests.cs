using System.IO;
using MbmsMe.Binary;
using MbmsMe.Machine;
using MbmsMe.Storage;

namespace MbmsMe.Tests
{
    /// <summary>One record in two slots: turns, integrity, and a power cut at every octet.</summary>
    [TestClass]
    public class SlotStoreTests
    {
        private const string Old = "0102030405060708";
        private const string New = "f1f2f3f4f5f6f7f8f9";

        [TestMethod]
        public void AnEmptyDriveHasNoRecord()
        {
            Loads(new SimulatedDrive(), null, null);
        }

        [TestMethod]
        [DataRow("")]
        [DataRow("00")]
        [DataRow("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
        public void ARecordIsReadAsItWasWritten(string record)
        {
            SimulatedDrive drive = new SimulatedDrive();
            Store(drive).Save(Check.Bytes(record));
            Assert.AreEqual(SlotStore.Overhead + (record.Length / 2), drive.LastWriteLength);
            Loads(drive, record, null);
        }

        [TestMethod]
        public void ARecordMayBePartOfABuffer()
        {
            SimulatedDrive drive = new SimulatedDrive();
            byte[] buffer = Check.Bytes("aabbccddee");
            Store(drive).Save(buffer, 1, 3);
            Check.Hex("aabbccddee", buffer);
            Loads(drive, "bbccdd", null);
        }

        [TestMethod]
        public void TheSlotsAreWrittenInTurn()
        {
            SimulatedDrive drive = new SimulatedDrive();
            SlotStore store = Store(drive);
            for (int i = 1; i <= 5; i++)
            {
                byte[] first = drive.Read(0);
                byte[] second = drive.Read(1);
                store.Save(Check.Repeat(i, 4));
                bool firstChanged = Changed(first, drive.Read(0));
                bool secondChanged = Changed(second, drive.Read(1));
                Assert.IsTrue(firstChanged != secondChanged, "write " + i);
                Assert.AreEqual(i % 2 == 1, firstChanged, "write " + i);
            }

            Loads(drive, "05050505", "04040404");
        }

        [TestMethod]
        public void AfterARestartTheOlderSlotIsNext()
        {
            SimulatedDrive drive = new SimulatedDrive();
            for (int i = 1; i <= 6; i++)
            {
                Store(drive).Save(Check.Repeat(i, 2));
                Loads(drive, Check.Text(Check.Repeat(i, 2), 0, 2), i == 1 ? null : Check.Text(Check.Repeat(i - 1, 2), 0, 2));
            }
        }

        [TestMethod]
        public void TheHigherSequenceNumberCountsInEitherSlot()
        {
            SimulatedDrive drive = Drive();
            byte[] first = drive.Read(0);
            byte[] second = drive.Read(1);
            drive.Write(0, second);
            drive.Write(1, first);
            Loads(drive, New, Old);
        }

        [TestMethod]
        public void SequenceNumbersAreUnsigned()
        {
            SimulatedDrive drive = new SimulatedDrive();
            drive.Write(0, Image(0x7FFFFFFF, Old));
            drive.Write(1, Image(0x80000000, New));
            Loads(drive, New, Old);
            Store(drive).Save(Check.Bytes("33"));
            Loads(drive, "33", New);
        }

        [TestMethod]
        public void APowerCutAtEveryOctetLeavesTheOldRecordOrTheNewOne()
        {
            for (int octets = 0; octets <= SlotStore.Overhead + 9; octets++)
            {
                SimulatedDrive drive = new SimulatedDrive();
                SlotStore store = Store(drive);
                store.Save(Check.Bytes("00"));
                store.Save(Check.Bytes(Old));
                drive.Plan(0, DriveFault.Torn, octets);
                Check.Throws(typeof(PowerCutException), () => store.Save(Check.Bytes(New)));
                bool whole = octets == SlotStore.Overhead + 9;
                Loads(drive, whole ? New : Old, whole ? Old : null);

                Store(drive).Save(Check.Bytes("33"));
                Loads(drive, "33", whole ? New : Old);
            }
        }

        [TestMethod]
        public void APowerCutInTheVeryFirstWriteLeavesNothing()
        {
            for (int octets = 0; octets < SlotStore.Overhead + 9; octets++)
            {
                SimulatedDrive drive = new SimulatedDrive();
                drive.Plan(0, DriveFault.Torn, octets);
                Check.Throws(typeof(PowerCutException), () => Store(drive).Save(Check.Bytes(New)));
                Loads(drive, null, null);
            }
        }

        [TestMethod]
        public void APowerCutBeforeOrAfterTheWrite()
        {
            SimulatedDrive drive = Drive();
            drive.Plan(0, DriveFault.CutBefore, 0);
            Check.Throws(typeof(PowerCutException), () => Store(drive).Save(Check.Bytes("33")));
            Loads(drive, New, Old);

            drive.Plan(0, DriveFault.CutAfter, 0);
            Check.Throws(typeof(PowerCutException), () => Store(drive).Save(Check.Bytes("33")));
            Loads(drive, "33", New);
        }

        [TestMethod]
        public void AFullDriveKeepsTheOldRecordAndTheNextWriteMayWork()
        {
            SimulatedDrive drive = new SimulatedDrive();
            SlotStore store = Store(drive);
            store.Save(Check.Bytes("00"));
            store.Save(Check.Bytes(Old));
            drive.Plan(0, DriveFault.Full, 0);
            Check.Throws(typeof(IOException), () => store.Save(Check.Bytes(New)));
            Loads(drive, Old, "00");
            store.Save(Check.Bytes(New));
            Loads(drive, New, Old);
        }

        [TestMethod]
        public void TheSlotThatCountsIsWrittenInPlaceOnlyOnceTheOtherHasRefusedTwice()
        {
            SimulatedDrive drive = Drive();
            SlotStore store = Store(drive);
            drive.RefuseWrites(0, 2);
            Check.Throws(typeof(IOException), () => store.Save(Check.Bytes("33")));
            Loads(drive, New, Old);
            store.Save(Check.Bytes("33"));
            Loads(drive, "33", Old);
            store.Save(Check.Bytes("44"));
            Loads(drive, "44", "33");
            drive.RefuseWrites(1, 1);
            Check.Throws(typeof(IOException), () => store.Save(Check.Bytes("55")));
            Loads(drive, "44", "33");
        }

        [TestMethod]
        public void ARefusedWriteThatIsThereAllTheSameDoesNotCountOnceAnotherIs()
        {
            // It cannot be read back, so that it counts as refused; then the other slot has the next one.
            SimulatedDrive drive = Drive();
            SlotStore store = Store(drive);
            drive.FailReads(0, SimulatedDrive.Always);
            Check.Throws(typeof(IOException), () => store.Save(Check.Bytes("33")));
            store.Save(Check.Bytes("44"));
            drive.FailReads(0, 0);
            Loads(drive, "44", "44");
            drive.RefuseWrites(0, SimulatedDrive.Always);
            store.Save(Check.Bytes("55"));
            Loads(drive, "55", "44");
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(1)]
        public void ASlotThatCannotBeReadHasNoRecordAndIsNoEmptyOne(int slot)
        {
            SimulatedDrive drive = Drive();
            drive.FailReads(slot, SimulatedDrive.Always);
            StoredRecords found = new SlotStore(drive).Load();
            Check.Hex(slot == 0 ? New : Old, found.Newest);
            Assert.IsNull(found.Older);
            Assert.IsNotNull(found.Refusal);
            Assert.IsFalse(found.HasDamaged);
            drive.Lose(1 - slot);
            SlotStore store = Store(drive);
            Check.Throws(typeof(IOException), () => store.Save(Check.Bytes("33")));
            drive.FailReads(slot, 0);
            Loads(drive, slot == 0 ? Old : New, null);
        }

        [TestMethod]
        public void ARefusedWriteMayHaveLeftSomethingInASlotThatWasEmpty()
        {
            SimulatedDrive drive = new SimulatedDrive();
            SlotStore store = Store(drive);
            store.Save(Check.Bytes(Old));
            drive.Plan(0, DriveFault.Lost, 0);
            Check.Throws(typeof(IOException), () => store.Save(Check.Bytes(New)));
            Assert.AreEqual(0, drive.Peek(1).Length);
            store.Outdate(false);
            Assert.IsTrue(store.HasOutdated);
        }

        [TestMethod]
        public void WhatIsOutdatedIsWrittenOverAndNoMore()
        {
            SimulatedDrive drive = Drive();
            SlotStore store = Store(drive);
            int writes = drive.Writes;
            byte[] record = Check.Bytes("33");
            store.Renew(record, 0, 1);
            Assert.AreEqual(0, drive.Writes - writes);
            store.Outdate(false);
            Assert.IsTrue(store.HasOutdated);
            store.Renew(record, 0, 1);
            Loads(drive, "33", New);
            Assert.IsFalse(store.HasOutdated);
            store.Outdate(true);
            drive.Plan(1, DriveFault.Full, 0);
            Check.Throws(typeof(IOException), () => store.Renew(record, 0, 1));
            Assert.IsTrue(store.HasOutdated);
            store.Renew(record, 0, 1);
            Loads(drive, "33", "33");
            Assert.AreEqual(4, drive.Writes - writes);
            Assert.IsFalse(store.HasOutdated);
        }

        [TestMethod]
        public void ASlotThatWasNeverWrittenIsNotOutdated()
        {
            SimulatedDrive drive = new SimulatedDrive();
            SlotStore store = Store(drive);
            store.Outdate(true);
            Assert.IsFalse(store.HasOutdated);
            store.Renew(Check.Bytes(New), 0, 9);
            Loads(drive, New, null);
            store.Outdate(false);
            Assert.IsFalse(store.HasOutdated);
            store.Outdate(true);
            drive.RefuseWrites(1, 1);
            Check.Throws(typeof(IOException), () => store.Renew(Check.Bytes(Old), 0, 8));
            store.Renew(Check.Bytes(Old), 0, 8);
            Assert.IsFalse(store.HasOutdated);
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(1)]
        public void EveryFlippedBitMakesASlotInvalid(int slot)
        {
            SimulatedDrive drive = Drive();
            byte[] image = drive.Read(slot);
            for (int bit = 0; bit < 8 * image.Length; bit++)
            {
                drive.Write(slot, Check.Flip(image, bit));
                Loads(drive, slot == 0 ? New : Old, null);
            }
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(1)]
        public void EveryTruncationAndExtensionMakesASlotInvalid(int slot)
        {
            SimulatedDrive drive = Drive();
            byte[] image = drive.Read(slot);
            for (int length = 0; length < image.Length; length++)
            {
                drive.Write(slot, Check.First(image, length));
                Loads(drive, slot == 0 ? New : Old, null);
            }

            drive.Write(slot, Check.Concat(image, new byte[1]));
            Loads(drive, slot == 0 ? New : Old, null);
        }

        [TestMethod]
        public void ADriveThatHoldsSomethingElseIsFoundOut()
        {
            LyingDrive drive = new LyingDrive();
            SlotStore store = new SlotStore(drive);
            store.Load();
            Check.Throws(typeof(IOException), () => store.Save(Check.Bytes(New)));
            drive.Silent = true;
            Check.Throws(typeof(IOException), () => store.Save(Check.Bytes(New)));
        }

        [TestMethod]
        public void TheCallersRecordIsLeftToTheCaller()
        {
            byte[] record = Check.Bytes(New);
            Store(new SimulatedDrive()).Save(record);
            Check.Hex(New, record);
        }

        private static SlotStore Store(ISlotDrive drive)
        {
            SlotStore store = new SlotStore(drive);
            store.Load();
            return store;
        }

        // Slot 0 holds the old record, slot 1 the new one.
        private static SimulatedDrive Drive()
        {
            SimulatedDrive drive = new SimulatedDrive();
            SlotStore store = Store(drive);
            store.Save(Check.Bytes(Old));
            store.Save(Check.Bytes(New));
            return drive;
        }

        private static byte[] Image(uint sequence, string record)
        {
            byte[] body = new OctetWriter(64).Put32(0x4D424D53).Put8(1).Put32(sequence).Put32((uint)(record.Length / 2))
                .Put(Check.Bytes(record)).ToArray();
            return Check.Concat(body, new Crypto.Sha1().Compute(body));
        }

        private static void Loads(ISlotDrive drive, string record, string older)
        {
            StoredRecords found = new SlotStore(drive).Load();
            Check.Hex(record ?? "null", found.Newest);
            Check.Hex(older ?? "null", found.Older);
        }

        private static bool Changed(byte[] before, byte[] after)
        {
            return (before == null) != (after == null)
                || (after != null && Check.Text(before, 0, before.Length) != Check.Text(after, 0, after.Length));
        }

        // Takes every write and holds another octet, or nothing.
        private sealed class LyingDrive : ISlotDrive
        {
            public bool Silent;
            private byte[] _image;

            public byte[] Read(int slot)
            {
                return Silent || _image == null ? null : Check.Flip(_image, 0);
            }

            public void Write(int slot, byte[] image)
            {
                _image = (byte[])image.Clone();
            }
        }
    }
}
