using System.Security.Cryptography;
using MbmsMe.Machine;

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
