namespace MbmsMe.Configuration
{
    /// <summary>How often, how long and how patiently BM-SCs are asked: the sections retry and missedKey, and the limit of backoff.</summary>
    public sealed class RequestSettings
    {
        /// <summary>Requests to the BM-SCs in a minute unless the configuration says otherwise.</summary>
        public const int DefaultMaxPerMinute = 30;

        /// <summary>Requests to the BM-SCs in a minute at most, whatever asks for them.</summary>
        public int MaxPerMinute { get; internal set; } = DefaultMaxPerMinute;

        /// <summary>How often one thing is asked for before the ME gives up.</summary>
        public int MaxAttempts { get; internal set; } = 10;

        /// <summary>Seconds until the second attempt; each later one waits twice as long.</summary>
        public int FirstRetrySeconds { get; internal set; } = 2;

        /// <summary>Seconds that any attempt waits at most, before the random extra of up to a quarter.</summary>
        public int LongestRetrySeconds { get; internal set; } = 60;

        /// <summary>Seconds to wait for the MSK message after the BM-SC has said yes.</summary>
        public int AwaitMskSeconds { get; internal set; } = 10;

        /// <summary>Seconds at least between two MSK requests of one Key Group that MTK messages caused; doubled while they are of no use.</summary>
        public int MissedKeySeconds { get; internal set; } = 10;

        /// <summary>MSK requests in a minute, of all Key Groups, that MTK messages may cause at most.</summary>
        public int MissedKeysPerMinute { get; internal set; } = 6;
    }
}
