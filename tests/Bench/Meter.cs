using System;

namespace MbmsMe.Bench
{
    /// <summary>What the runtime tells about memory: .NET counts allocations, nanoFramework free octets.</summary>
    internal static class Meter
    {
#if NANOFRAMEWORK_1_0
        /// <summary>How many times as much work as on an interpreter makes a time worth reading.</summary>
        public const int Scale = 1;

        /// <summary>Rounds whose median is taken: many short ones do not mind what else the machine does.</summary>
        public const int Rounds = 9;

        /// <summary>For how long, in ticks of 100 ns, a thing gets faster while it is done again and again.</summary>
        public const long WarmUpTicks = 0;

        /// <summary>The core's SHA-1 in percent of the time of FIPS 180-4's text: unrolled for interpreters.</summary>
        public const int MaxPercentOfTextbook = 35;

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
            return -HeapFree();
        }

        /// <summary>Octets of managed heap that are free after a collection, or -1 where the heap grows.</summary>
        public static long HeapFree()
        {
            return nanoFramework.Runtime.Native.GC.Run(false);
        }
#else
        /// <summary>How many times as much work as on an interpreter makes a time worth reading.</summary>
        public const int Scale = 100;

        /// <summary>Rounds whose median is taken: many short ones do not mind what else the machine does.</summary>
        public const int Rounds = 201;

        /// <summary>For how long, in ticks of 100 ns, a thing gets faster while it is done again and again.</summary>
        public const long WarmUpTicks = 5000000;

        /// <summary>The core's SHA-1 in percent of the time of FIPS 180-4's text, of which a compiler makes almost the same.</summary>
        public const int MaxPercentOfTextbook = 100;

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

        /// <summary>Octets of managed heap that are free after a collection, or -1 where the heap grows.</summary>
        public static long HeapFree()
        {
            return -1;
        }
#endif
    }
}
