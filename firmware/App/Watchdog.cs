using System.Threading;
using MbmsMe.Hal.Esp32;
using MbmsMe.Machine;
using MbmsMe.Runtime;

namespace MbmsMe.App
{
    /// <summary>Restarts the board when the worker hangs.</summary>
    /// <remarks>
    /// A timer, because there is no more: nanoFramework has no managed access to the ESP32's task watchdog, and its
    /// stock firmware is built without (CONFIG_ESP_TASK_WDT_INIT=n in targets/ESP32/_IDF/sdkconfig.default*). So this
    /// helps against a worker that waits for ever, and against nothing that stops the interpreter itself; then only
    /// the interrupt watchdog of ESP-IDF is left, which fires when interrupts stay off.
    /// </remarks>
    public sealed class Watchdog
    {
        /// <summary>
        /// Milliseconds between two turns of the worker at most: it sleeps for 20 s and waits for nothing, so what is left is a
        /// drive that takes its time.
        /// </summary>
        public const int LimitMilliseconds = 60000;

        private const int PeriodMilliseconds = 10000;

        private readonly RunningMe _me;
        private readonly IClock _clock;
        private readonly IEventSink _events;
        private Timer _timer;

        /// <summary>Makes it.</summary>
        /// <param name="me">The ME whose worker is watched.</param>
        /// <param name="clock">The machine's clock.</param>
        /// <param name="events">Where the event "restarting" goes.</param>
        public Watchdog(RunningMe me, IClock clock, IEventSink events)
        {
            _me = me;
            _clock = clock;
            _events = events;
        }

        /// <summary>Starts watching.</summary>
        public void Start()
        {
            _timer = new Timer(Watch, null, PeriodMilliseconds, PeriodMilliseconds);
        }

        private void Watch(object state)
        {
            long idle = _clock.UptimeMilliseconds - _me.LastTurn;
            if (idle > LimitMilliseconds)
            {
                Restart.Because(_events, "the worker has done nothing for " + (idle / 1000) + " s");
            }
        }
    }
}
