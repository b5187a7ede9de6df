using System;

namespace MbmsMe.Bench
{
    /// <summary>What the runtime tells about memory: .NET counts allocations, nanoFramework free octets.</summary>
    internal static class Meter
    {
#if NANOFRAMEWORK_1_0
        /// <summary>How many times as much work as on an interpreter makes a time worth reading.</summary>
        public const int Scale = 1;

        /// <summary>The runtime, for the table's head.</summary>
        public const string Runtime = "nanoFramework";

        /// <summary>Octets allocated by this thread so far, or -1 where nobody counts them.</summary>
        public static long Allocated()
        {
            return -1;
        }

        /// <summary>Octets of managed heap in use after a collection, less those at the start of the heap.</summary>
        public static long HeapInUse()
        {
            return -(long)nanoFramework.Runtime.Native.GC.Run(false);
        }
#else
        /// <summary>How many times as much work as on an interpreter makes a time worth reading.</summary>
        public const int Scale = 100;

        /// <summary>The runtime, for the table's head.</summary>
        public const string Runtime = ".NET";

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
#endif
    }
}
