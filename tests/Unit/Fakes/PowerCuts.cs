using System;
using System.Collections;

namespace MbmsMe.Tests
{
    /// <summary>
    /// Lets every fault of the drive happen at every write of a flow, to the ME's flash and to the UICC's memory,
    /// powers on again, and lets the flow end.
    /// </summary>
    public sealed class PowerCuts
    {
        private readonly WritingFlow _flow;
        private readonly Bench _bench;
        private readonly Checkpoint _start;
        private readonly string[] _records; // what the flash holds after 0, 1, ... writes

        /// <summary>Runs the flow once without a fault.</summary>
        public PowerCuts(WritingFlow flow)
        {
            _flow = flow;
            _bench = flow.Bench;
            _start = _bench.Save();
            _start.Restore();
            string before = new SlotView(_bench.Drive).NewestRecord;
            int uiccBefore = _bench.UiccMemory.Writes;
            _flow.Act();
            Images = (ArrayList)_bench.Images.Clone();
            UiccWrites = _bench.UiccMemory.Writes - uiccBefore;
            UiccLength = _bench.UiccMemory.LastWriteLength;
            _records = new string[Images.Count + 1];
            for (int i = 0; i < Images.Count; i++)
            {
                _records[i + 1] = SlotView.Record((byte[])Images[i]);
                Octets += ((byte[])Images[i]).Length;
            }

            _records[0] = flow.StartsEmpty ? _records[1] : before;
            if (flow.Name == WritingFlow.UiccPutBack)
            {
                // The UICC put back finds all it had, or nothing once the erase has begun.
                for (int i = 0; i < _records.Length; i++)
                {
                    _records[i] = i == 0 ? before : WritingFlow.EmptyRecord;
                }
            }
        }

        /// <summary>What the flow writes to the ME's flash (byte[]), in order.</summary>
        public ArrayList Images { get; }

        /// <summary>Octets of all <see cref="Images"/>.</summary>
        public int Octets { get; }

        /// <summary>Writes of the flow to the UICC's memory.</summary>
        public int UiccWrites { get; }

        /// <summary>Octets of each.</summary>
        public int UiccLength { get; }

        /// <summary>Faults tried.</summary>
        public int Tried { get; private set; }

        /// <summary>A power cut before, after and at every n-th octet of each write; on .NET every other fault at the last one.</summary>
        public void TrySample(int step)
        {
            for (int write = 0; write < Images.Count; write++)
            {
                int length = ((byte[])Images[write]).Length;
                Try(false, write, DriveFault.CutBefore, 0, true);
                Try(false, write, DriveFault.CutAfter, 0, true);
                for (int octets = 0; octets < length; octets += step)
                {
                    Try(false, write, DriveFault.Torn, octets, true);
                }

                Try(false, write, DriveFault.TornOver, length - 1, true);
            }

#if !NANOFRAMEWORK_1_0
            TryWhole(false, Images.Count - 1);
            Try(false, Images.Count - 1, DriveFault.BitRot, 20, true);
#endif
        }

        /// <summary>Every fault at every octet of every write.</summary>
        public void TryEvery()
        {
            for (int write = 0; write < Images.Count; write++)
            {
                TryEvery(false, write, ((byte[])Images[write]).Length);
            }

            for (int write = 0; write < UiccWrites; write++)
            {
                TryEvery(true, write, UiccLength);
            }
        }

        private void TryEvery(bool uicc, int write, int length)
        {
            Try(uicc, write, DriveFault.CutBefore, 0, true);
            Try(uicc, write, DriveFault.CutAfter, 0, true);
            TryWhole(uicc, write);
            for (int octets = 0; octets < length; octets++)
            {
                Try(uicc, write, DriveFault.Torn, octets, true);
                Try(uicc, write, DriveFault.TornOver, octets, true);
                Try(uicc, write, DriveFault.BitRot, octets, true);
            }
        }

        // The faults that strike no octet in particular.
        private void TryWhole(bool uicc, int write)
        {
            Try(uicc, write, DriveFault.CloseLost, 0, true);
            Try(uicc, write, DriveFault.OldBack, 0, true);
            Try(uicc, write, DriveFault.Missing, 0, true);
            Try(uicc, write, DriveFault.NewerFormat, 0, true);
            Try(uicc, write, DriveFault.Lost, 0, true);
            Try(uicc, write, DriveFault.Full, 0, true);
            Try(uicc, write, DriveFault.Lost, 0, false);
            Try(uicc, write, DriveFault.Full, 0, false);
        }

        private void Try(bool uicc, int write, DriveFault fault, int octets, bool restart)
        {
            Tried++;
            string what = _flow.Name + (uicc ? ", UICC's write " : ", write ") + write + ", fault " + (int)fault + ", octets " + octets
                + (restart ? string.Empty : ", no restart");
            _start.Restore();
            (uicc ? _bench.UiccMemory : _bench.Drive).Plan(write, fault, octets);
            bool cut = false;
            try
            {
                _flow.Act();
            }
            catch (PowerCutException)
            {
                cut = true;
            }

            bool goesOn = fault == DriveFault.Lost || fault == DriveFault.Full;
            bool shows = fault >= DriveFault.OldBack;
            Assert.AreEqual(!goesOn && !shows, cut, "power cut at " + what);
            string ram = cut ? null : _bench.State();
            if (restart)
            {
                _flow.Restart();
            }

            if (!goesOn)
            {
                // What only shows later takes the last record, or nothing: the other slot has the one before.
                int written = cut ? Written(uicc, write, fault) : !uicc && write == Images.Count - 1 ? write : Images.Count;
                Assert.AreEqual(_records[written], _bench.State(), "neither old nor new after " + what);
            }
            else if (_flow.Name != WritingFlow.UiccPutBack)
            {
                Assert.AreEqual(ram, _bench.State(), "a restart forgets what counted, after " + what);
            }

            try
            {
                _flow.Finish();
            }
            catch (Exception failure)
            {
                throw new Exception(failure.Message + " after " + what, failure);
            }
        }

        // How many writes to the ME's flash were complete when the power failed.
        private int Written(bool uicc, int write, DriveFault fault)
        {
            if (uicc)
            {
                return _bench.Images.Count;
            }

            // A torn write is complete when the octets that did not get there were the same before.
            return fault == DriveFault.CutAfter || (fault == DriveFault.TornOver && FlashHolds((byte[])Images[write])) ? write + 1 : write;
        }

        private bool FlashHolds(byte[] image)
        {
            return _bench.Flash().IndexOf(Binary.Octets.ToHex(image)) >= 0;
        }
    }
}
