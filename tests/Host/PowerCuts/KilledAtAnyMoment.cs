using System.Diagnostics;
using System.Globalization;

namespace MbmsMe.Tests.Host;

/// <summary>
/// Rule 4 over real files: <c>kill -9</c> of a busy host ME at random moments. <c>MBMS_KILLS</c>: how many, 40 unless
/// set; 200 is the full run. <c>MBMS_KILL_SEED</c>: what decides the moments, printed by every run.
/// </summary>
[TestClass]
[DoNotParallelize] // so that the others keep their time
public sealed class KilledAtAnyMoment
{
    private const int Mes = 2; // at a time: each waits most of its life

    public TestContext TestContext { get; set; } = null!; // MSTest sets it

    [TestMethod]
    public async Task NothingAcknowledgedIsLost()
    {
        int kills = Number("MBMS_KILLS", 40);
        int seed = Number("MBMS_KILL_SEED", Random.Shared.Next());
        TestContext.WriteLine($"seed {seed}");
        long start = Stopwatch.GetTimestamp();
        KillCounts all = new();
        foreach (KillCounts counts in await Task.WhenAll(Enumerable.Range(0, Mes).Select(me => RunAsync((kills + me) / Mes, new Random(seed + me)))))
        {
            all.Add(counts);
        }

        TestContext.WriteLine(
            $"{all.Kills} kills in {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s: {all.Acknowledged} MSK messages acknowledged, {all.GbaRuns} GBA runs, "
            + $"{all.TornSlots} slots left torn, {all.AheadOfTheLab} times the ME held more than it had acknowledged; 0 keys or counters lost");
        Assert.AreEqual(kills, all.Kills);

        // On an idle machine each life acknowledges several, on a loaded one not each life gets that far.
        Assert.IsGreaterThan(kills / 8, all.Acknowledged, "the ME was not busy");
    }

    private static async Task<KillCounts> RunAsync(int kills, Random random)
    {
        await using MeAndLab pair = await MeAndLab.StartAsync(lab => lab with { AckTimeout = TimeSpan.FromMilliseconds(150), MaxTries = 3 });
        KilledMe me = new(pair, random);
        await me.KillAsync(kills);
        return me.Counts;
    }

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
