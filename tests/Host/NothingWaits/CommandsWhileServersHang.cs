using System.Diagnostics;
using System.Text.Json.Nodes;

namespace MbmsMe.Tests.Host;

/// <summary>BSF and BM-SC take 9 s over every answer, and a request of the host ME waits for one: commands are answered as if there were none.</summary>
[TestClass]
[DoNotParallelize]
[TestCategory("NothingWaits")]
public sealed class CommandsWhileServersHang
{
    private const int Rounds = 50;
    private const double Bound = 100;

    private const string Third = "urn:example:third";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(false, DisplayName = "the BM-SC hangs")]
    [DataRow(true, DisplayName = "the BSF hangs")]
    public async Task AreAnsweredWithin100Milliseconds(bool atBsf)
    {
        await using MeAndLab pair = await MeAndLab.StartAsync();
        await using LateServer bsf = new(pair.Lab.BsfUrl);
        await using LateServer bmsc = new(pair.Lab.BmScUrl);
        JsonObject third = MeAndLab.Service(Third, new Lab.KeyGroup("00f110", 0x0030));
        third["active"] = false;
        JsonObject configuration = pair.Configuration(services: [MeAndLab.Service(StreamedMe.News, MeAndLab.News), third]);
        string socket = Path.Combine(pair.StateDirectory, "me.sock");
        configuration["control"] = new JsonObject { ["socket"] = socket };
        configuration["bsf"]!["url"] = bsf.Url.ToString();
        configuration["bmsc"]!["url"] = bmsc.Url.ToString();
        Directory.CreateDirectory(pair.StateDirectory);
        pair.PowerOn(configuration);
        await pair.DeliveredAsync(default);

        bsf.BeLate();
        if (atBsf)
        {
            pair.Lab.DemandRenegotiation(MeAndLab.First.Imsi);
        }
        else
        {
            bmsc.BeLate();
        }

        LateServer late = atBsf ? bsf : bmsc;
        using ControlClient client = new(socket);
        await Latencies.BestOfThreeAsync(TestContext, () => MeasureAsync(pair, late, client), measured =>
        {
            Assert.AreEqual(5 * Rounds, measured[0].Count);
            Assert.IsLessThanOrEqualTo(Bound, measured[0].P99, measured[0].ToString());
        });

        // And what a command makes pointless ends at once: the server sees the connection closed.
        await AskingAsync(pair, late);
        int closed = late.Closed;
        long asked = Stopwatch.GetTimestamp();
        Assert.IsTrue((bool)client.Ask("deactivate " + StreamedMe.News)["ok"]!);
        Assert.IsTrue(SpinWait.SpinUntil(() => late.Closed > closed, s_patience), "the request was not cancelled");
        TestContext.WriteLine($"deactivate to connection closed: {Stopwatch.GetElapsedTime(asked, late.ClosedAt).TotalMilliseconds:F1} ms");
    }

    private static async Task<IReadOnlyList<Latencies>> MeasureAsync(MeAndLab pair, LateServer late, ControlClient client)
    {
        Latencies answered = new("command to reply");
        string[] commands = ["services", "keys", $"activate {Third}", $"deactivate {Third}", "help"];
        for (int i = 0; i < Rounds * commands.Length; i++)
        {
            await AskingAsync(pair, late);
            long asked = Stopwatch.GetTimestamp();
            JsonObject reply = client.Ask(commands[i % commands.Length]);
            answered.Add(asked, Stopwatch.GetTimestamp());
            Assert.IsTrue((bool)reply["ok"]!, reply.ToJsonString());
        }

        return [answered];
    }

    private static async Task AskingAsync(MeAndLab pair, LateServer late)
    {
        if (!late.Hangs)
        {
            pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
            Stopwatch waiting = Stopwatch.StartNew();
            while (!late.Hangs)
            {
                Assert.IsLessThan(s_patience, waiting.Elapsed, "no request came to the late server");
                await Task.Delay(1);
            }
        }
    }
}
