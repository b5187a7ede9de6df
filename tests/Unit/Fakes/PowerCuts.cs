using MbmsMe.Sim;

namespace MbmsMe.Tests
{
    /// <summary>Something done to a bench.</summary>
    public delegate void BenchStep(Bench bench);

    /// <summary>Lets the power fail before, within and after every write of what an ME does, and powers on again.</summary>
    public sealed class PowerCuts
    {
        private readonly Bench _bench;
        private readonly Checkpoint _start;
        private readonly BenchStep _act;
        private readonly BenchStep _finish;

        /// <summary>Makes it.</summary>
        /// <param name="bench">As it is before the act.</param>
        /// <param name="act">Powers on and does what is to be interrupted.</param>
        /// <param name="finish">Goes on after the restart, and checks that all ends well.</param>
        public PowerCuts(Bench bench, BenchStep act, BenchStep finish)
        {
            _bench = bench;
            _start = bench.Save();
            _act = act;
            _finish = finish;
        }

        /// <summary>Tries every write; the act must have exactly that many.</summary>
        public void TryAll(int writes)
        {
            // What the drive holds after 0, 1, ... writes.
            string[] records = new string[writes + 1];
            int[] lengths = new int[writes];
            _start.Restore();
            records[0] = new SlotView(_bench.Drive).NewestRecord;
            _act(_bench);
            Assert.AreEqual(writes, _bench.Images.Count, "writes of the act");
            for (int i = 0; i < writes; i++)
            {
                byte[] image = (byte[])_bench.Images[i];
                records[i + 1] = SlotView.Record(image);
                lengths[i] = image.Length;
            }

            // A drive without a record gets the empty one at the next power-on.
            records[0] = records[0] ?? records[1];
            for (int write = 0; write < writes; write++)
            {
                Try(write, DriveFault.CutBefore, 0, records[write]);
                Try(write, DriveFault.CutAfter, 0, records[write + 1]);
                for (int torn = 0; torn < lengths[write]; torn += Sampling.Torn)
                {
                    Try(write, DriveFault.Torn, torn, records[write]);
                }

                Try(write, DriveFault.Torn, lengths[write] - 1, records[write]);
            }
        }

        private void Try(int write, DriveFault fault, int torn, string expected)
        {
            _start.Restore();
            _bench.Drive.Plan(write, fault, torn);
            bool cut = false;
            try
            {
                _act(_bench);
            }
            catch (PowerCutException)
            {
                cut = true;
            }

            string what = "write " + write + ", fault " + (int)fault + ", octets " + torn;
            Assert.IsTrue(cut, "no power cut at " + what);
            _bench.Forget();
            _bench.Network.Bmsc.Granted.Clear();
            _bench.PowerOn();
            Assert.AreEqual(expected, _bench.State(), "neither old nor new after " + what);
            _finish(_bench);
        }
    }
}
