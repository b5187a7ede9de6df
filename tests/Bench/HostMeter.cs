using System;

namespace MbmsMe.Bench
{
    /// <summary>What .NET tells about memory.</summary>
    internal static class Meter
    {
        /// <summary>How many times as much work as on an interpreter makes a time worth reading.</summary>
        public const int Scale = 100;

        /// <summary>The machine, for the table's head.</summary>
        public const string Machine = ".NET on a PC";

        /// <summary>Octets allocated by this thread so far, or -1 where nobody counts them.</summary>
        public static long Allocated()
        {
            return GC.GetAllocatedBytesForCurrentThread();
        }

        /// <summary>Octets of managed heap in use after a collection.</summary>
        public static long HeapInUse()
        {
            return GC.GetTotalMemory(true);
        }
    }
}
