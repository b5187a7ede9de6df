using System.Diagnostics;

namespace MbmsMe.Tests.Host;

/// <summary>How long something took, each time it was done.</summary>
/// <param name="what">What was done.</param>
internal sealed class Latencies(string what)
{
    private const int Measurements = 3;

    private readonly List<double> _milliseconds = [];

    /// <summary>So many milliseconds 99 of 100 took at most (nearest rank).</summary>
    public double P99 => Sorted[(int)Math.Ceiling(0.99 * _milliseconds.Count) - 1];

    /// <summary>The milliseconds of the one in the middle.</summary>
    public double Median => Sorted[_milliseconds.Count / 2];

    /// <summary>The milliseconds of the longest.</summary>
    public double Max => _milliseconds.Max();

    /// <summary>How often it was done.</summary>
    public int Count => _milliseconds.Count;

    private double[] Sorted => [.. _milliseconds.Order()];

    /// <summary>
    /// Measures, at most three times, until one measurement is within its bounds, and fails with the last one's failure if none is.
    /// </summary>
    /// <remarks>
    /// The bounds are the ME's, the processors are shared: another process may have both of two for longer than a bound, and
    /// such a measurement says nothing of the ME. An ME that waits for a server, a drive or a reader does so in all three.
    /// </remarks>
    /// <param name="context">Gets every measurement, also those that were out of bounds.</param>
    /// <param name="measure">Does it once.</param>
    /// <param name="check">Asserts the bounds.</param>
    public static async Task BestOfThreeAsync(
        TestContext context, Func<Task<IReadOnlyList<Latencies>>> measure, Action<IReadOnlyList<Latencies>> check)
    {
        for (int i = 1; ; i++)
        {
            IReadOnlyList<Latencies> measured = await measure();
            foreach (Latencies latencies in measured)
            {
                context.WriteLine($"measurement {i}: {latencies}");
            }

            try
            {
                check(measured);
                return;
            }
            catch (AssertFailedException) when (i < Measurements)
            {
                // Measured again, see above.
            }
        }
    }

    /// <summary>Adds one that began and ended at these timestamps of <see cref="Stopwatch"/>.</summary>
    public void Add(long began, long ended) => _milliseconds.Add(Stopwatch.GetElapsedTime(began, ended).TotalMilliseconds);

    public override string ToString() => $"{what}: {Count} times, median {Median:F1} ms, p99 {P99:F1} ms, longest {Max:F1} ms";
}
