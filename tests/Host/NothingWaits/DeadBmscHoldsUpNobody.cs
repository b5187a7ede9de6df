using System.Diagnostics;
using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>One BM-SC cannot be reached, and a request to it hangs: pulls of another are served as if it did not.</summary>
[TestClass]
[DoNotParallelize]
[TestCategory("NothingWaits")]
public sealed class DeadBmscHoldsUpNobody
{
    private const int Pulls = 20;
    private const string Dead = "urn:example:dead";
    private const double SlackMilliseconds = 50;

    // A tenth of what the ME waits for a connection.
    private const double Bound = 1000;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task PullsOfTheOtherAreServed()
    {
        using BlackHole hole = await BlackHole.NewAsync();
        await using MeBehindLateServers me = await MeBehindLateServers.PairedAsync(change: configuration =>
        {
            JsonObject dead = MeAndLab.Service(Dead, new KeyGroup("00f110", 0x0040));
            dead["bmsc"] = new JsonObject { ["url"] = hole.Url.ToString(), ["fqdn"] = "dead.example.org" };
            dead["active"] = false;
            configuration["services"]!.AsArray().Add(dead);
        });
        await Latencies.BestOfThreeAsync(TestContext, () => MeasureAsync(me), measured =>
        {
            Assert.IsLessThan(Bound, measured[1].Max, measured[1].ToString());
            Assert.IsLessThan((2 * measured[0].Median) + SlackMilliseconds, measured[1].Median, $"{measured[0]}; {measured[1]}");
        });
    }

    private static async Task<IReadOnlyList<Latencies>> MeasureAsync(MeBehindLateServers me)
    {
        Latencies alone = await ServeAsync(me, "pull to ACK of its MSK");
        int mark = me.Events.Count;
        me.Ask("activate " + Dead);
        me.Events.Await(mark, "service-activated", ("service", Dead));
        Latencies beside = await ServeAsync(me, "the same while the other BM-SC cannot be reached");

        // The request to it was under way all the time, or it was not held up by anything.
        Assert.IsFalse(me.Events.Since(mark).Any(e => e.Name == "http" && e["status"]!.ToString() == "0"), "the pulls took longer than a request to the dead BM-SC");
        me.Ask("deactivate " + Dead);
        return [alone, beside];
    }

    private static async Task<Latencies> ServeAsync(MeBehindLateServers me, string what)
    {
        Latencies served = new(what);
        for (int i = 0; i < Pulls; i++)
        {
            string mskId = Convert.ToHexStringLower(me.Lab.CreateMsk(MeAndLab.News).MskIdIn(MikeyProfile.Release6));
            Mark mark = me.Now;
            long sent = Stopwatch.GetTimestamp();
            me.Lab.Solicit(me.Imsi, MeAndLab.News);
            await me.AcknowledgedAsync(mark, mskId);
            served.Add(sent, Stopwatch.GetTimestamp());
        }

        return served;
    }
}
