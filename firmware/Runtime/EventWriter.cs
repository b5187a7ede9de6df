using System;
using System.Threading;
using MbmsMe.Hal.Common;
using MbmsMe.Machine;

namespace MbmsMe.Runtime
{
    /// <summary>Events on their way out: a bounded queue and a thread that writes them, so that no reader holds up the ME.</summary>
    /// <remarks>
    /// What did not fit is counted, and told as "events-lost" in its place among the others once there is room. A reader that
    /// has stopped reading costs events and nothing else.
    /// </remarks>
    public sealed class EventWriter : IEventSink
    {
        private const int PauseWithoutMemoryMilliseconds = 50;

        private readonly IEventOutput _output;
        private readonly object _lock = new object();
        private readonly MeEvent[] _events;
        private readonly long[] _ticks;
        private readonly uint[] _lostBefore;
        private readonly AutoResetEvent _wake = new AutoResetEvent(false);
        private readonly ManualResetEvent _ended = new ManualResetEvent(false);
        private int _first;
        private int _count;
        private uint _lost;
        private bool _started;
        private bool _stopped;

        /// <summary>Makes it; events are held until <see cref="Start"/>.</summary>
        /// <param name="output">Writes an event.</param>
        /// <param name="depth">Events that may wait for it.</param>
        /// <param name="maxDropsPerSecond">See <see cref="MaxDropsPerSecond"/>.</param>
        public EventWriter(IEventOutput output, int depth, int maxDropsPerSecond)
        {
            _output = output;
            _events = new MeEvent[depth];
            _ticks = new long[depth];
            _lostBefore = new uint[depth];
            MaxDropsPerSecond = maxDropsPerSecond;
        }

        /// <inheritdoc/>
        public int MaxDropsPerSecond { get; }

        /// <inheritdoc/>
        /// <remarks>Any thread; never waits.</remarks>
        public void Report(MeEvent meEvent)
        {
            long ticks = DateTime.UtcNow.Ticks;
            lock (_lock)
            {
                if (_count == _events.Length || _stopped)
                {
                    _lost++;
                    return;
                }

                int at = (_first + _count) % _events.Length;
                _events[at] = meEvent;
                _ticks[at] = ticks;
                _lostBefore[at] = _lost;
                _lost = 0;
                _count++;
            }

            _wake.Set();
        }

        /// <summary>Starts writing, if it has not been started.</summary>
        public void Start()
        {
            lock (_lock)
            {
                if (_started)
                {
                    return;
                }

                _started = true;
            }

            new Thread(Write).Start();
        }

        /// <summary>Takes no more events, and waits until those there are have been written, at most so long.</summary>
        /// <returns>True when they have been.</returns>
        public bool Stop(int timeoutMilliseconds)
        {
            lock (_lock)
            {
                _stopped = true;
                if (!_started)
                {
                    return _count == 0;
                }
            }

            _wake.Set();
            return _ended.WaitOne(timeoutMilliseconds, false);
        }

        private void Write()
        {
            while (true)
            {
                try
                {
                    MeEvent meEvent;
                    DateTime utc;
                    if (TryTake(out meEvent, out utc))
                    {
                        _output.Write(meEvent, utc);
                    }
                    else if (_stopped)
                    {
                        _ended.Set();
                        return;
                    }
                    else
                    {
                        _wake.WaitOne(Timeout.Infinite, false);
                    }
                }
                catch (OutOfMemoryException)
                {
                    // On the board this would end the thread without a word.
                    CountLost();
                    Thread.Sleep(PauseWithoutMemoryMilliseconds);
                }
            }
        }

        private bool TryTake(out MeEvent meEvent, out DateTime utc)
        {
            lock (_lock)
            {
                uint lost = _count > 0 ? _lostBefore[_first] : _lost;
                if (lost > 0)
                {
                    // Before what it is told ahead of is taken: without the memory for it, the count is kept.
                    meEvent = new MeEvent("events-lost").With("count", lost);
                    utc = _count > 0 ? new DateTime(_ticks[_first], DateTimeKind.Utc) : DateTime.UtcNow;
                    _lost = _count > 0 ? _lost : 0;
                    _lostBefore[_first] = 0;
                    return true;
                }

                if (_count == 0)
                {
                    meEvent = null;
                    utc = DateTime.MinValue;
                    return false;
                }

                meEvent = _events[_first];
                utc = new DateTime(_ticks[_first], DateTimeKind.Utc);
                _events[_first] = null;
                _first = (_first + 1) % _events.Length;
                _count--;
                return true;
            }
        }

        private void CountLost()
        {
            lock (_lock)
            {
                _lost++;
            }
        }
    }
}
