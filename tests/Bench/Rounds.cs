using System;

namespace MbmsMe.Bench
{
    /// <summary>Times things against each other in alternating rounds: what else the machine does hits all of them alike.</summary>
    internal static class Rounds
    {
        /// <summary>How often something is measured again that was slower than it may be: a busy machine is not slow every time.</summary>
        public const int Tries = 5;

        /// <summary>The median time of each, in ticks of 100 ns.</summary>
        /// <param name="rounds">How often each is timed, after as many rounds as a compiling runtime needs to warm up.</param>
        /// <param name="prepare">Run before each round, not timed.</param>
        /// <param name="runs">What is timed.</param>
        public static long[] Medians(int rounds, Action prepare, params Action[] runs)
        {
            long[][] times = new long[runs.Length][];
            for (int i = 0; i < runs.Length; i++)
            {
                times[i] = new long[rounds];
            }

            long warm = DateTime.UtcNow.Ticks + Meter.WarmUpTicks;
            do
            {
                prepare();
                for (int i = 0; i < runs.Length; i++)
                {
                    runs[i]();
                }
            }
            while (DateTime.UtcNow.Ticks < warm);

            for (int round = 0; round < rounds; round++)
            {
                prepare();
                for (int i = 0; i < runs.Length; i++)
                {
                    // Now one goes first, now the other.
                    int at = (round & 1) == 0 ? i : runs.Length - 1 - i;
                    long start = DateTime.UtcNow.Ticks;
                    runs[at]();
                    times[at][round] = DateTime.UtcNow.Ticks - start;
                }
            }

            long[] medians = new long[runs.Length];
            for (int i = 0; i < runs.Length; i++)
            {
                medians[i] = Median(times[i]);
            }

            return medians;
        }

        private static long Median(long[] times)
        {
            for (int i = 1; i < times.Length; i++)
            {
                long time = times[i];
                int at = i;
                for (; at > 0 && times[at - 1] > time; at--)
                {
                    times[at] = times[at - 1];
                }

                times[at] = time;
            }

            return times[times.Length / 2];
        }
    }
}
