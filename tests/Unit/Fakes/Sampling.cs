namespace MbmsMe.Tests
{
    /// <summary>How densely tests that try every case do so: all of them on .NET, a sample on the much slower interpreter.</summary>
    public static class Sampling
    {
#if NANOFRAMEWORK_1_0
        /// <summary>Every n-th bit, truncation or octet is tried. Prime, so that all bits of an octet have their turn.</summary>
        public const int Step = 7;

        /// <summary>Octets between two places where a write is torn.</summary>
        public const int Torn = 64;
#else
        /// <summary>Every n-th bit, truncation or octet is tried.</summary>
        public const int Step = 1;

        /// <summary>Octets between two places where a write is torn.</summary>
        public const int Torn = 16;
#endif
    }
}
