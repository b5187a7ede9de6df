namespace MbmsMe.Machine
{
    /// <summary>Wall clock and uptime of the machine.</summary>
    public interface IClock
    {
        /// <summary>
        /// True once the wall clock is known to be right. While false, every MUK counts as expired:
        /// a lifetime cannot be checked without a time.
        /// </summary>
        bool IsSet { get; }

        /// <summary>Seconds since 1970-01-01T00:00:00Z; meaningless while <see cref="IsSet"/> is false.</summary>
        long UnixSeconds { get; }

        /// <summary>Milliseconds since the machine started; never steps backwards.</summary>
        long UptimeMilliseconds { get; }
    }
}
