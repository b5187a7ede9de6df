using System.Globalization;

namespace MbmsMe.Tests.Host;

/// <summary>How long and how hard the floods are: short by default, as long as wanted by environment variables.</summary>
internal static class FloodSettings
{
    private const int ShortSeconds = 8;

    /// <summary><c>MBMS_FLOOD_SECONDS</c>: seconds of flood, 8 unless set, 600 at most; 60 is the full run.</summary>
    public static int Seconds { get; } = Number("MBMS_FLOOD_SECONDS", ShortSeconds, 600);

    /// <summary><c>MBMS_FLOOD_RATE</c>: datagrams a second, 20,000 unless set.</summary>
    public static int Rate { get; } = Number("MBMS_FLOOD_RATE", 20_000, 200_000);

    /// <summary>True for a run that takes its time.</summary>
    public static bool IsFull => Seconds > ShortSeconds;

    private static int Number(string name, int otherwise, int most) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? Math.Clamp(value, 1, most) : otherwise;
}
