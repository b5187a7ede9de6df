using System.Security.Cryptography;
using MbmsMe.Machine;
using MbmsMe.Text;

namespace MbmsMe.Hal.Host;

/// <summary>The PC's clock: set by the operating system, so always valid.</summary>
public sealed class HostClock : IClock
{
    public bool IsSet => true;

    public long UnixSeconds => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    public long UptimeMilliseconds => Environment.TickCount64;
}

/// <summary>The operating system's random numbers.</summary>
public sealed class HostRandom : IRandomSource
{
    public void Fill(byte[] buffer) => RandomNumberGenerator.Fill(buffer);
}

/// <summary>Holds events back until the ME receives: whoever reads "started" may send.</summary>
public sealed class HeldEvents(IEventSink sink) : IEventSink
{
    private readonly List<MeEvent> _held = [];
    private bool _released;

    public int MaxDropsPerSecond => sink.MaxDropsPerSecond;

    public void Report(MeEvent meEvent)
    {
        lock (_held)
        {
            if (!_released)
            {
                _held.Add(meEvent);
                return;
            }
        }

        sink.Report(meEvent);
    }

    /// <summary>Lets them go.</summary>
    public void Release()
    {
        lock (_held)
        {
            _held.ForEach(sink.Report);
            _released = true;
        }
    }
}

/// <summary>Events as lines on standard output: JSON, or text for a person.</summary>
public sealed class ConsoleEvents(bool json) : IEventSink
{
    public int MaxDropsPerSecond => 1000;

    public void Report(MeEvent meEvent)
    {
        var now = DateTime.UtcNow;
        try
        {
            Console.WriteLine(json ? EventJson.Write(meEvent, now) : $"{now.ToLocalTime():HH:mm:ss.fff} {meEvent}");
        }
        catch (IOException)
        {
            // A log that cannot be written, as on a full disk, is no reason to end.
        }
    }
}
