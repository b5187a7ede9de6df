using System.Globalization;
using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>Rule 9 over real sockets: whatever arrives, requests are few, and those of genuine pulls are spread.</summary>
[TestClass]
public sealed class RequestsAreRare
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    public TestContext TestContext { get; set; } = null!;

    /// <summary>A hundred genuine pulls and a flood beside them; the full run also sees the first request of the next minute.</summary>
    [TestMethod]
    public async Task NoMoreRequestsInAMinuteThanTheConfigurationSays()
    {
        const int limit = 3;
        await using MeAndLab pair = await MeAndLab.StartAsync();
        pair.PowerOn(With(pair.Configuration(), offset: 0, random: 0, limit));
        await pair.DeliveredAsync(default);
        byte[] firstMsk = (await pair.LabAsync(LabEventKind.MskSent, default)).Datagram!;
        DateTimeOffset started = DateTimeOffset.Parse((await pair.MeAsync("started", default))["time"], CultureInfo.InvariantCulture);
        Mark mark = pair.Now;
        using Flood flood = new(Flood.Mixture(pair, firstMsk), pair.MePort, 2000, TimeSpan.FromSeconds(5));
        int pulls = 0;
        for (; pulls < 100; pulls++)
        {
            pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
            await Task.Delay(40);
        }

        flood.Stop();
        await Task.Delay(500);
        int accepted = pair.Me.Since(mark.Me).Count(line => line.Event == "pull-accepted");
        Assert.IsTrue(accepted > 50, $"only {accepted} of {pulls} pulls arrived");
        Assert.AreEqual(limit, pair.Lab.Events.Since(0).Count(IsAnswer), pair.Http(default));
        TestContext.WriteLine($"{accepted} of {pulls} genuine pulls accepted and {flood.Sent} forged ones: {limit} requests, the limit");

        if (FloodSettings.IsFull)
        {
            // What could not be asked for is asked for when the first request, made right after the start, is a minute old.
            Mark waiting = pair.Now;
            await Task.Delay(started + s_minute - DateTimeOffset.UtcNow - TimeSpan.FromMilliseconds(100));
            Assert.AreEqual("", pair.Http(waiting));
            await pair.DeliveredAsync(waiting);
            TimeSpan after = pair.Lab.Events.Since(waiting.Lab).First(IsAnswer).Time - started;
            TestContext.WriteLine($"the next request was answered {after.TotalSeconds:F1} s after the start");
        }
    }

    /// <summary>Eight pulls at once, each asked for at its own time between the offset and the offset plus the random part.</summary>
    [TestMethod]
    public async Task GenuinePullsAreSpreadByTheBackOff()
    {
        const int offset = 2;
        const int random = 4;
        KeyGroup[] groups = [.. Enumerable.Range(0x10, 8).Select(number => new KeyGroup("00f110", (ushort)number))];
        await using MeAndLab pair = await MeAndLab.StartAsync(lab => lab with { KeyGroups = groups });
        pair.PowerOn(With(pair.Configuration(services: [MeAndLab.Service("urn:example:all", groups)]), offset, random, limit: 100));
        foreach (KeyGroup group in groups)
        {
            await pair.DeliveredAsync(default, group);
        }

        Mark mark = pair.Now;
        DateTimeOffset solicited = DateTimeOffset.UtcNow;
        foreach (KeyGroup group in groups)
        {
            pair.Lab.Solicit(MeAndLab.First.Imsi, group);
        }

        foreach (KeyGroup group in groups)
        {
            await pair.DeliveredAsync(mark, group);
        }

        List<double> delays = [];
        foreach (KeyGroup group in groups)
        {
            LabEvent answer = pair.Lab.Events.Since(mark.Lab).First(e => IsAnswer(e) && e.Detail!.Contains(group.ToString(), StringComparison.Ordinal));
            delays.Add((answer.Time - solicited).TotalSeconds);
        }

        delays.Sort();
        TestContext.WriteLine($"back-off {offset} s + random up to {random} s: {string.Join(", ", delays.Select(delay => delay.ToString("F2")))} s");
        Assert.IsTrue(delays[0] >= offset, $"{delays[0]} s is before the offset");
        Assert.IsTrue(delays[^1] <= offset + random + 2, $"{delays[^1]} s is too late"); // 2 s for a busy machine
        Assert.IsTrue(delays[^1] - delays[0] > 0.5, "the requests came in a bunch"); // by chance: once in some 10^5 runs
    }

    private static bool IsAnswer(LabEvent e) => e.Kind == LabEventKind.Http && e.Server == "bmsc" && e.Status == 200;

    private static JsonObject With(JsonObject configuration, int offset, int random, int limit)
    {
        configuration["backoff"] = new JsonObject { ["offsetSeconds"] = offset, ["randomSeconds"] = random, ["maxRequestsPerMinute"] = limit };
        return configuration;
    }
}
