using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>A clock that stands still until a test moves it.</summary>
    public sealed class FakeClock : IClock
    {
        /// <summary>2026-01-01T00:00:00Z, when every test starts.</summary>
        public const long Start = 1767225600;

        /// <inheritdoc/>
        public bool IsSet { get; set; } = true;

        /// <inheritdoc/>
        public long UnixSeconds { get; set; } = Start;

        /// <inheritdoc/>
        public long UptimeMilliseconds { get; set; } = 5000;

        /// <summary>Lets both clocks go on.</summary>
        public void Advance(long milliseconds)
        {
            UptimeMilliseconds += milliseconds;
            UnixSeconds = Start + ((UptimeMilliseconds - 5000) / 1000);
        }
    }
}
