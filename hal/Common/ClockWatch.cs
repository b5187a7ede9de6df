using MbmsMe.Machine;

namespace MbmsMe.Hal.Common
{
    /// <summary>Notices that the wall clock was set or has jumped, by comparing it with the uptime.</summary>
    public sealed class ClockWatch
    {
        /// <summary>Seconds it may differ from one look to the next without having jumped: SNTP also corrects by little.</summary>
        public const int ToleranceSeconds = 2;

        private readonly IClock _clock;
        private bool _wasSet;
        private long _startedAt;

        /// <summary>Makes it, with the clock as it is now.</summary>
        public ClockWatch(IClock clock)
        {
            _clock = clock;
            _wasSet = clock.IsSet;
            _startedAt = StartedAt();
        }

        /// <summary>True when the clock has become valid, or has jumped, since the last look.</summary>
        public bool HasChanged()
        {
            long startedAt = StartedAt();
            long by = startedAt - _startedAt;
            bool isSet = _clock.IsSet;
            bool changed = isSet && (!_wasSet || by > ToleranceSeconds * 1000 || by < -ToleranceSeconds * 1000);
            _wasSet = isSet;
            _startedAt = startedAt;
            return changed;
        }

        // By the wall clock, in milliseconds; the clock tells whole seconds, so one more or less means nothing.
        private long StartedAt()
        {
            return (_clock.UnixSeconds * 1000) - _clock.UptimeMilliseconds;
        }
    }
}
