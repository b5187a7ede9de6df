using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace MbmsMe.Tests.Host;

/// <summary>
/// A BSF or BM-SC that is broken or means harm: whatever it does ends in a clear event within the HTTP timeout, in bounded
/// memory and with all keys as they were, and the next genuine attempt works.
/// </summary>
/// <remarks>
/// The scenarios run beside each other from the start of the class on, each group of them in a host ME of its own; the tests
/// collect what came of them.
/// </remarks>
[TestClass]
public sealed class HostileServers
{
    /// <summary>The ME's limit for one HTTP exchange, and what a busy machine may add to it.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(2.5);

    /// <summary>How much the ME may grow over what it needed for pairing: the garbage collector is in no hurry.</summary>
    private const long MaxGrowth = 48 << 20;

    private const int GroupsOfSlow = 4;

    private static readonly ConcurrentDictionary<string, TaskCompletionSource<string>> s_outcomes = new(
        HostileScenarios.All.ToDictionary(scenario => scenario.ToString(), _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously)));

    public static IEnumerable<object[]> Names => HostileScenarios.All.Select(scenario => new object[] { scenario.ToString() });

    public TestContext TestContext { get; set; } = null!;

    [ClassInitialize]
    public static void Start(TestContext context)
    {
        HostileScenario[] slow = [.. HostileScenarios.All.Where(scenario => scenario.IsSlow)];
        HostileScenario[][] groups =
        [
            .. Enumerable.Range(0, GroupsOfSlow).Select(i => slow.Where((_, at) => at % GroupsOfSlow == i).ToArray()),
            .. HostileScenarios.All.Where(scenario => !scenario.IsSlow).GroupBy(scenario => scenario.Server).Select(group => group.ToArray()),
        ];
        foreach (HostileScenario[] group in groups)
        {
            _ = Task.Run(() => RunAsync(group));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public async Task EndsInAClearEvent(string scenario)
    {
        TestContext.WriteLine(await s_outcomes[scenario].Task.WaitAsync(TimeSpan.FromMinutes(3)));
        Assert.IsFalse(Canary.Died, "a redirect was followed");
    }

    private static async Task RunAsync(HostileScenario[] scenarios)
    {
        Victim? victim = null;
        foreach (HostileScenario scenario in scenarios)
        {
            TaskCompletionSource<string> outcome = s_outcomes[scenario.ToString()];
            try
            {
                victim ??= await Victim.PairedAsync();
                outcome.SetResult(await victim.SufferAsync(scenario));
            }
            catch (Exception failure)
            {
                outcome.SetException(failure);
                if (victim is not null)
                {
                    await victim.DisposeAsync();
                    victim = null;
                }
            }
        }

        if (victim is not null)
        {
            await victim.DisposeAsync();
        }
    }

    /// <summary>A paired ME between two stand-ins and the lab behind them.</summary>
    private sealed class Victim(MeAndLab pair, StandIn bsf, StandIn bmsc) : IAsyncDisposable
    {
        private MeProcess _process = null!; // from PairedAsync on
        private long _peakBefore;

        public static async Task<Victim> PairedAsync()
        {
            MeAndLab pair = await MeAndLab.StartAsync();
            Victim victim = new(pair, new StandIn(pair.Lab.BsfUrl), new StandIn(pair.Lab.BmScUrl));
            JsonObject configuration = pair.Configuration();
            configuration["bsf"]!["url"] = victim.Bsf.Url.ToString();
            configuration["bmsc"]!["url"] = victim.BmSc.Url.ToString();
            configuration["backoff"]!["maxRequestsPerMinute"] = 1000;
            pair.PowerOn(configuration);
            await pair.DeliveredAsync(default);
            victim._process = new MeProcess(pair);
            victim._peakBefore = victim._process.Peak;
            return victim;
        }

        private StandIn Bsf => bsf;

        private StandIn BmSc => bmsc;

        public async Task<string> SufferAsync(HostileScenario scenario)
        {
            StandIn hostile = scenario.Server == HostileServer.Bsf ? bsf : bmsc;
            hostile.Use(exchange => scenario.Answer(exchange, pair.Lab));
            if (scenario.Server == HostileServer.Bsf)
            {
                pair.Lab.DemandRenegotiation(MeAndLab.First.Imsi);
            }

            Mark mark = pair.Now;
            pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
            MeLine accepted = await pair.MeAsync("pull-accepted", mark);
            SortedDictionary<string, byte[]> before = KeyFiles();
            byte[][] held = [pair.Lab.CurrentMsk(MeAndLab.News)!.Key, pair.Lab.LastMuk(MeAndLab.First.Imsi)!.Key];
            MeLine failed = await pair.MeAsync("request-failed", mark);
            SortedDictionary<string, byte[]> after = KeyFiles();
            int requests = hostile.Requests;

            string story = $"{scenario}{pair.Records(mark)}";
            string type = scenario.Server == HostileServer.Bsf ? "gba" : "msk-request";
            MeLine http = pair.Me.Since(mark.Me).TakeWhile(line => line.Event != "request-failed").Last(line => line.Event == "http");
            Assert.AreEqual(type, http["requesttype"], story);
            Assert.AreEqual(scenario.Status.ToString(CultureInfo.InvariantCulture), http["status"], story);
            Assert.AreEqual(scenario.Status == 0, http["error"].Length > 0, story);
            StringAssert.Contains(failed["reason"], scenario.Reason, story);
            Assert.AreEqual(scenario.IsFinal.ToString(), failed["final"], story);
            if (scenario.Server == HostileServer.Bsf)
            {
                StringAssert.Contains((await pair.MeAsync("gba-failed", mark))["reason"], scenario.Reason, story);
            }

            TimeSpan took = DateTimeOffset.Parse(failed["time"], CultureInfo.InvariantCulture) - DateTimeOffset.Parse(accepted["time"], CultureInfo.InvariantCulture);
            Assert.IsTrue(took < (scenario.IsSlow ? s_timeout + s_slack : s_timeout), $"it took {took}{story}");
            Assert.IsTrue(requests <= 8, $"{requests} requests{story}");
            Assert.AreEqual(0, hostile.Failures.Count, string.Join(Environment.NewLine, hostile.Failures));
            Assert.IsTrue(held.All(pair.StateHolds), "a key is gone" + story);
            if (!scenario.GbaRuns && !scenario.IsFinal)
            {
                // A final refusal is written down: the pull is done with.
                CollectionAssert.AreEqual(before.Keys, after.Keys);
                Assert.IsTrue(before.All(file => file.Value.AsSpan().SequenceEqual(after[file.Key])), "a slot file was written" + story);
            }

            long growth = _process.Peak - _peakBefore;
            Assert.IsTrue(growth < MaxGrowth, $"the ME grew by {growth >> 20} MiB{story}");

            hostile.Use(null);
            mark = pair.Now;
            pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
            await pair.DeliveredAsync(mark);
            return $"{took.TotalSeconds:F2} s, {requests} request(s), status {http["status"]}, {failed["reason"]}; "
                + $"most memory {_process.Peak >> 20} MiB, {growth >> 20} MiB over pairing";
        }

        public async ValueTask DisposeAsync()
        {
            await pair.DisposeAsync();
            await bsf.DisposeAsync();
            await bmsc.DisposeAsync();
        }

        private SortedDictionary<string, byte[]> KeyFiles() => new(
            pair.StateFiles().Where(file => file.Key.StartsWith("keys", StringComparison.Ordinal)).ToDictionary(), StringComparer.Ordinal);
    }
}
