using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace MbmsMe.Tests.Host;

/// <summary>Events of the host ME whose reader stops reading, and events that a stranger can cause.</summary>
[TestClass]
[DoNotParallelize]
[TestCategory("NothingWaits")]
public sealed class UnreadEvents
{
    // Two events each: well over what pipe and queue hold together.
    private const int Toggles = 4000;
    private const double Bound = 50;
    private const int Pushes = 200;
    private const int DropsPerSecond = 10;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task AReaderThatStoppedReadingCostsEventsAndLearnsHowMany()
    {
        await using MeAndLab pair = await MeAndLab.StartAsync();
        JsonObject configuration = pair.Configuration();
        string socket = ToggledService.AddTo(pair, configuration);
        File.WriteAllText(pair.ConfigurationPath, configuration.ToJsonString());
        using HostMe me = HostMe.Unread("--config", pair.ConfigurationPath, "--json");
        using ToggledService toggled = await ToggledService.ConnectAsync(socket);
        await pair.LabAsync(Lab.LabEventKind.AckVerified, default);
        toggled.Toggle(Toggles);

        // Pipe and queue are full by now: that costs the BM-SC nothing.
        using Stranger bmsc = new(pair.MePort);
        using WayWithoutMe without = new();
        await Latencies.BestOfThreeAsync(
            TestContext,
            () => Task.FromResult(Push(pair, bmsc, without)),
            measured => Assert.IsLessThanOrEqualTo(Bound + measured[1].P99, measured[0].P99, $"{measured[0]}; {measured[1]}"));

        me.Read();
        MeLine lost = await me.WaitAsync(line => line.Event == "events-lost", s_patience);
        int mark = me.Count;
        toggled.Toggle(1);
        await me.WaitAsync(line => line.Event == "service-activated", s_patience, mark);
        await me.WaitAsync(line => line.Event == "service-deactivated", s_patience, mark);
        Assert.AreEqual(0, await me.StopAsync(), me.Errors);

        IReadOnlyList<MeLine> all = me.Since(0);
        Assert.IsFalse(all.Any(line => line.Event is "not-json" or "no-event"), "a line is broken");
        int read = all.Count(line => line.Event is "service-activated" or "service-deactivated" && line["service"] == ToggledService.Id);
        int untold = (2 * (Toggles + 1)) - read;
        long told = all.Where(line => line.Event == "events-lost").Sum(line => long.Parse(line["count"], CultureInfo.InvariantCulture));
        TestContext.WriteLine($"{read} of {2 * (Toggles + 1)} events of the service were read, {told} events in all told as lost ({lost})");
        Assert.IsGreaterThan(0, untold);

        // And two of each push: msk-stored and ack-sent.
        Assert.IsGreaterThanOrEqualTo(untold, told);
        Assert.IsLessThanOrEqualTo(untold + (6 * Pushes), told);
    }

    /// <summary>All kinds together, and the answers to a repeat with them.</summary>
    [TestMethod]
    public async Task DropsAreToldTenTimesASecondInAll()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        byte[] last = (await pair.LabAsync(Lab.LabEventKind.MskSent, default)).Datagram!;
        byte[] pull = pair.Lab.BuildPull(MeAndLab.First.Imsi, MeAndLab.News);
        byte[] forged = [.. pull];
        forged[^1] ^= 1;
        Mark mark = pair.Now;
        Stopwatch clock = Stopwatch.StartNew();
        using (Flood flood = new([last, forged, [1, 2, 3], new byte[4000], pull[..40]], pair.MePort, 2000, TimeSpan.FromSeconds(5)))
        {
            while (flood.IsRunning)
            {
                await Task.Delay(50);
            }
        }

        string[] told = [.. pair.Me.Since(mark.Me).Where(line => line.Event is "datagram-dropped" or "ack-sent").Select(line => line.Event + line["reason"])];
        double seconds = clock.Elapsed.TotalSeconds;
        TestContext.WriteLine($"{told.Length} events in {seconds:F1} s: {string.Join(", ", told.GroupBy(what => what).Select(kind => $"{kind.Count()} {kind.Key}"))}");
        Assert.IsGreaterThan(1, told.Distinct().Count());
        Assert.IsGreaterThanOrEqualTo(4 * DropsPerSecond, told.Length);
        Assert.IsLessThanOrEqualTo(DropsPerSecond * ((int)seconds + 1), told.Length);
    }

    private static IReadOnlyList<Latencies> Push(MeAndLab pair, Stranger bmsc, WayWithoutMe without)
    {
        Latencies acknowledged = new("MSK message to ACK while nobody reads the events");
        Latencies alone = new("the same way without an ME");
        for (int i = 0; i < Pushes; i++)
        {
            pair.Lab.CreateMsk(MeAndLab.News);
            byte[] push = pair.Lab.BuildMsk(MeAndLab.First.Imsi, MeAndLab.News);
            long sent = Stopwatch.GetTimestamp();
            bmsc.Send(push);
            acknowledged.Add(sent, bmsc.AwaitAck());
            without.AddTo(alone);
        }

        return [acknowledged, alone];
    }
}
