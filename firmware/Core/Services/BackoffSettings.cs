namespace MbmsMe.Services
{
    /// <summary>How long to wait before a request that the network has caused (TS 33.246 clause 6.3.2.2.1).</summary>
    public sealed class BackoffSettings
    {
        /// <summary>Makes it.</summary>
        /// <param name="offsetSeconds">Seconds to wait at least.</param>
        /// <param name="randomSeconds">Seconds to wait at most on top of that, at random.</param>
        public BackoffSettings(int offsetSeconds, int randomSeconds)
        {
            OffsetSeconds = offsetSeconds;
            RandomSeconds = randomSeconds;
        }

        /// <summary>Seconds to wait at least.</summary>
        public int OffsetSeconds { get; }

        /// <summary>Seconds to wait at most on top of that, at random.</summary>
        public int RandomSeconds { get; }
    }
}
