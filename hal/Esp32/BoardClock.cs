using System;
using MbmsMe.Machine;
using nanoFramework.Networking;

namespace MbmsMe.Hal.Esp32
{
    /// <summary>The board's clock: uptime from the operating system's ticks, wall clock from SNTP.</summary>
    /// <remarks>
    /// The firmware starts SNTP (0.pool.ntp.org, 1.pool.ntp.org) by itself as soon as the board has an address; the
    /// time also survives a restart that is not a power cut. Before that the wall clock starts in 1970.
    /// </remarks>
    public sealed class BoardClock : IClock
    {
        // 2026-01-01T00:00:00Z: no board with this firmware saw an earlier day.
        private const long EarliestUnixSeconds = 1767225600;

        private readonly object _lock = new object();
        private long _last;
        private long _lost;

        /// <inheritdoc/>
        public bool IsSet
        {
            get { return UnixSeconds >= EarliestUnixSeconds; }
        }

        /// <inheritdoc/>
        public long UnixSeconds
        {
            get { return DateTime.UtcNow.ToUnixTimeSeconds(); }
        }

        /// <inheritdoc/>
        /// <remarks>
        /// The firmware counts 32 bits of 10 ms ticks: after 497 days it starts again, here it does not.
        /// </remarks>
        public long UptimeMilliseconds
        {
            get
            {
                lock (_lock)
                {
                    long ticks = Environment.TickCount64;
                    if (ticks < _last)
                    {
                        _lost += _last;
                    }

                    _last = ticks;
                    return _lost + ticks;
                }
            }
        }

        /// <summary>Asks the SNTP servers now instead of when the firmware's own timer says so.</summary>
        public void AskForTime()
        {
            Sntp.UpdateNow();
        }
    }
}
