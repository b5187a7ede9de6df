using System.Threading;
using MbmsMe.Hal.Esp32;
using MbmsMe.Machine;
using MbmsMe.Runtime;

namespace MbmsMe.App
{
    /// <summary>Restarts the board when the worker hangs.</summary>
    /// <remarks>
    /// A thread, because there is no more: nanoFramework has no managed access to the ESP32's task watchdog, and its
    /// stock firmware is built without (CONFIG_ESP_TASK_WDT_INIT=n in targets/ESP32/_IDF/sdkconfig.default*). So this
    /// helps against a worker that waits for ever, and against nothing that stops the interpreter itself; then only
    /// the interrupt watchdog of ESP-IDF is left, which fires when interrupts stay off.
    /// </remarks>
    public sealed class Watchdog
    {
        /// <summary>
        /// Milliseconds a turn of the worker may take: well over <see cref="Worker.LongestSleepMilliseconds"/>, and over
        /// what the worst turn takes, a dozen HTTP exchanges that all but fail (<see cref="BoardHttp"/>).
        /// </summary>
        public const int LimitMilliseconds = 600000;

        private const int PeriodMilliseconds = 10000;

        private readonly Worker _worker;
        private readonly BoardWifi _wifi;
        private readonly IClock _clock;
        private readonly IEventSink _events;

        /// <summary>Makes it.</summary>
        /// <param name="worker">The worker to watch.</param>
        /// <param name="wifi">While there is no network, the worker may wait for it.</param>
        /// <param name="clock">The machine's clock.</param>
        /// <param name="events">Where the event "restarting" goes.</param>
        public Watchdog(Worker worker, BoardWifi wifi, IClock clock, IEventSink events)
        {
            _worker = worker;
            _wifi = wifi;
            _clock = clock;
            _events = events;
        }

        /// <summary>Starts watching.</summary>
        public void Start()
        {
            new Thread(Watch).Start();
        }

        private void Watch()
        {
            long alive = _clock.UptimeMilliseconds;
            while (true)
            {
                Thread.Sleep(PeriodMilliseconds);
                long now = _clock.UptimeMilliseconds;
                if (!_wifi.IsOnline)
                {
                    alive = now;
                }
                else if (_worker.LastTurn > alive)
                {
                    alive = _worker.LastTurn;
                }

                if (now - alive > LimitMilliseconds)
                {
                    Restart.Because(_events, "the worker has done nothing for " + (now - alive) / 1000 + " s");
                }
            }
        }
    }
}
