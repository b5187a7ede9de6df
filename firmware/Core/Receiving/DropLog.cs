using MbmsMe.Machine;

namespace MbmsMe.Receiving
{
    /// <summary>
    /// Counts dropped datagrams and reports as many of them as the event sink takes
    /// (<see cref="IEventSink.MaxDropsPerSecond"/>); "total" counts them all, and the last of a flood is told a second later.
    /// </summary>
    public sealed class DropLog
    {
        private readonly Peripherals _machine;
        private long _windowEnd;
        private int _reported;
        private string _untold; // reason of the last drop, where it was not told

        /// <summary>Makes it.</summary>
        public DropLog(Peripherals machine)
        {
            _machine = machine;
        }

        /// <summary>Datagrams dropped since the start, reported or not.</summary>
        public uint Count { get; private set; }

        /// <summary>Counts a drop.</summary>
        /// <param name="reason">One of <see cref="DropReason"/>.</param>
        /// <param name="count">How many at once.</param>
        public void Drop(string reason, uint count)
        {
            CountQuietly(count);
            if (MayReport())
            {
                Report(reason);
            }
            else
            {
                _untold = reason;
            }
        }

        /// <summary>Uptime in milliseconds at which <see cref="RunDue"/> has something to do; long.MaxValue for never.</summary>
        public long NextDue
        {
            get { return _untold == null || _machine.Events.MaxDropsPerSecond == 0 ? long.MaxValue : _windowEnd; }
        }

        /// <summary>Tells how many there were in all, where the last one was not told.</summary>
        public void RunDue()
        {
            if (NextDue <= _machine.Clock.UptimeMilliseconds && MayReport())
            {
                Report(_untold);
            }
        }

        /// <summary>Counts drops that are no news.</summary>
        public void CountQuietly(uint count)
        {
            Count += count;
        }

        /// <summary>
        /// True when an event that a stranger can cause may be reported now; it counts as one of this second's.
        /// </summary>
        public bool MayReport()
        {
            long now = _machine.Clock.UptimeMilliseconds;
            if (now >= _windowEnd)
            {
                _windowEnd = now + 1000;
                _reported = 0;
            }

            if (_reported >= _machine.Events.MaxDropsPerSecond)
            {
                return false;
            }

            _reported++;
            return true;
        }

        private void Report(string reason)
        {
            _untold = null;
            _machine.Events.Report(new MeEvent("datagram-dropped").With("reason", reason).With("total", Count));
        }
    }
}
