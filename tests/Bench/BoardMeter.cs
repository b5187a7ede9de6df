namespace MbmsMe.Bench
{
    /// <summary>What nanoFramework tells about memory: on the board and in the emulator.</summary>
    internal static class Meter
    {
        /// <summary>How many times as much work as on an interpreter makes a time worth reading.</summary>
        public const int Scale = 1;

        /// <summary>The machine, for the table's head.</summary>
        public const string Machine = "nanoFramework";

        /// <summary>Octets allocated by this thread so far, or -1 where nobody counts them.</summary>
        public static long Allocated()
        {
            return -1;
        }

        /// <summary>Octets of managed heap in use after a collection, as the negative of the free ones.</summary>
        public static long HeapInUse()
        {
            return -(long)nanoFramework.Runtime.Native.GC.Run(false);
        }
    }
}
