using System.Diagnostics;
using MbmsMe.Hal.Common;
using MbmsMe.Machine;

namespace MbmsMe.Tests.Host;

/// <summary>What an ME of this process writes, and when.</summary>
internal sealed class TimedEvents : IEventOutput
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly List<(MeEvent Event, long At)> _events = [];

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_events)
            {
                return _events.Count;
            }
        }
    }

    public void Write(MeEvent meEvent, DateTime utc)
    {
        lock (_events)
        {
            _events.Add((meEvent, Stopwatch.GetTimestamp()));
            Monitor.PulseAll(_events);
        }
    }

    /// <summary>The events from a mark on.</summary>
    public IReadOnlyList<MeEvent> Since(int mark)
    {
        lock (_events)
        {
            return [.. _events.Skip(mark).Select(written => written.Event)];
        }
    }

    /// <summary>Waits for an event; its timestamp of <see cref="Stopwatch"/>.</summary>
    /// <param name="mark">From this one on.</param>
    /// <param name="name">Its name.</param>
    /// <param name="values">Values it has, as text.</param>
    public long Await(int mark, string name, params (string Name, string Value)[] values)
    {
        long end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        lock (_events)
        {
            while (true)
            {
                for (; mark < _events.Count; mark++)
                {
                    MeEvent written = _events[mark].Event;
                    if (written.Name == name && values.All(value => written[value.Name]?.ToString() == value.Value))
                    {
                        return _events[mark].At;
                    }
                }

                long left = end - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_events, (int)left))
                {
                    string last = string.Join("; ", _events.TakeLast(20).Select(written => written.Event));
                    throw new AssertFailedException($"{name} {string.Join(' ', values)} did not come; the last were: {last}");
                }
            }
        }
    }
}
