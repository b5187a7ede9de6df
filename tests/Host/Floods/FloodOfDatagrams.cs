using System.Diagnostics;
using System.Globalization;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>
/// A host ME under 20,000 datagrams a second from a stranger: nothing is written, nothing asked for, no memory taken, and a
/// genuine solicited pull under an expired MUK still gets its MSK.
/// </summary>
/// <remarks>
/// Eight seconds unless MBMS_FLOOD_SECONDS says otherwise; 60 is the full run. With --logger "console;verbosity=detailed" it
/// tells what it has measured.
/// </remarks>
[TestClass]
[DoNotParallelize] // it takes from the others what they measure by
public sealed class FloodOfDatagrams
{
    private const long MaxGrowth = 32 << 20;

    /// <summary>Of the host ME, about what strangers send.</summary>
    private const int MaxEventsPerSecond = 1000;

    /// <summary>The lab sends a pull once only; under a flood its operator sends it again when nothing comes of it.</summary>
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(1);

    /// <summary>How much longer it may go on until the MSK is there on a busy machine.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>Pulls at most: the ME's own limit is 30 requests a minute.</summary>
    private const int MostPulls = 20;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task GenuinePullIsAnsweredUnderIt()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync(shortLifetime: true);
        byte[] firstMsk = (await pair.LabAsync(LabEventKind.MskSent, default)).Datagram!;
        pair.Lab.Push(MeAndLab.News);
        LabEvent secondMsk = await pair.LabAsync(LabEventKind.MskSent, pair.Now with { Lab = 0 }, e => e.Counter > 1);
        await pair.LabAsync(LabEventKind.AckVerified, default, e => e.Counter == secondMsk.Counter);
        byte[][] mixture = Flood.Mixture(pair, firstMsk);
        await pair.ExpireAsync();

        TimeSpan length = TimeSpan.FromSeconds(FloodSettings.Seconds);
        MeProcess process = new(pair);
        SortedDictionary<string, byte[]> before = pair.StateFiles();
        Mark start = pair.Now;
        long lostBefore = process.LostByTheKernel;
        double workBefore = process.ProcessorSeconds;
        Stopwatch clock = Stopwatch.StartNew();
        using Flood flood = new(mixture, pair.MePort, FloodSettings.Rate, length + s_patience);

        // The first half: it does nothing at all.
        await Task.Delay(length / 4);
        long early = await MostMemoryAsync(process, length / 4);
        pair.AssertState(before);
        Assert.AreEqual("", pair.Http(start), "requests before the genuine pull");
        Assert.IsTrue(pair.Me.Since(start.Me).All(line => line.Event == "datagram-dropped"), "events before the genuine pull");
        Assert.IsFalse(pair.Lab.Events.Since(start.Lab).Any(e => e.Kind == LabEventKind.DatagramReceived));
        int silent = pair.Me.Since(start.Me).Count;

        // The second: genuine pulls in the middle of it, one after the other; the first needs GBA.
        List<Pulled> pulled = [];
        while (pulled.Count == 0 || (clock.Elapsed < length - TimeSpan.FromSeconds(3) && pulled.Count < MostPulls))
        {
            pulled.Add(await PullAsync(pair));
        }

        bool under = flood.IsRunning;
        long late = await MostMemoryAsync(process, length - clock.Elapsed);
        double rate = flood.Rate;
        TimeSpan lasted = clock.Elapsed;
        flood.Stop();

        // Everything sent was either dropped by the ME with a count or by the kernel before it. The ME tells the count when it
        // tells of a drop again, once the second is over in which the flood used up what it may tell.
        await Task.Delay(1500);
        long lost = process.LostByTheKernel - lostBefore;
        Mark quiet = pair.Now;
        pair.Lab.SendRaw([0], MeAndLab.First.Imsi);
        MeLine last = await pair.MeAsync("datagram-dropped", quiet, ("reason", "malformed"));
        long dropped = long.Parse(last["total"], CultureInfo.InvariantCulture);
        int queueFull = pair.Me.Since(start.Me).Count(line => line["reason"] == "queue-full");
        double work = process.ProcessorSeconds - workBefore;
        double[] delays = [.. pulled.Select(pull => pull.Stored.TotalMilliseconds).Order()];

        Print($"flood: {flood.Sent} datagrams in {lasted.TotalSeconds:F0} s = {rate:F0}/s (wanted {FloodSettings.Rate}/s), {flood.Answers} answers");
        Print($"dropped by the ME: {dropped}; by the kernel before it: {lost} ({100.0 * lost / flood.Sent:F2} %); queue-full events: {queueFull}");
        Print($"before the first pull: {silent} events, all datagram-dropped; no request, no ACK, no octet of a slot file changed");
        Print($"first pull, under an expired MUK: sent {pulled[0].Sent} time(s), accepted after {pulled[0].Accepted.TotalMilliseconds:F0} ms; "
            + $"GBA, request, MSK (sent {pulled[0].MskSent} time(s)) stored and acknowledged after {pulled[0].Stored.TotalMilliseconds:F0} ms");
        Print($"all {pulled.Count} pulls: sent {pulled.Sum(pull => pull.Sent)} times, MSK messages sent {pulled.Sum(pull => pull.MskSent)} times; "
            + $"stored after {delays[0]:F0} to {delays[^1]:F0} ms, median {delays[delays.Length / 2]:F0} ms");
        Print($"memory: {early >> 20} MiB in the first half, {late >> 20} MiB in the second; processor: {100 * work / clock.Elapsed.TotalSeconds:F0} % of one core");

        Assert.IsTrue(under, "the flood was over before the MSK came");
        Assert.AreEqual(0, flood.Answers, "answers to the stranger");
        Assert.IsTrue(late - early < MaxGrowth, $"memory grew from {early} to {late}");
        Assert.IsTrue(pair.StateHolds(pair.Lab.CurrentMsk(MeAndLab.News)!.Key));
        Assert.AreEqual(1, pair.Lab.Events.Since(start.Lab).Count(e => e.Kind == LabEventKind.Bootstrapped), "GBA runs");
        long all = flood.Sent + 1;
        Assert.IsTrue(dropped + lost >= all - (all / 1000) && dropped + lost <= all + 100, $"{dropped} and {lost} of {all} are accounted for");

        // And afterwards all is as before.
        Mark after = pair.Now;
        pair.Lab.Rekey(MeAndLab.News);
        await pair.DeliveredAsync(after);
    }

    /// <summary>The one message a stranger gets an answer to: a byte-identical repeat of the last accepted one. That is all it causes.</summary>
    [TestMethod]
    public async Task RepeatsOfTheLastMessageCauseNothingButAcks()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        byte[] msk = (await pair.LabAsync(LabEventKind.MskSent, default)).Datagram!;
        SortedDictionary<string, byte[]> before = pair.StateFiles();
        MeProcess process = new(pair);
        Mark mark = pair.Now;
        using Flood flood = new([msk], pair.MePort, FloodSettings.Rate, TimeSpan.FromSeconds(FloodSettings.Seconds / 2.0));
        await Task.Delay(1000);
        long early = process.Resident;
        await Task.Delay(TimeSpan.FromSeconds((FloodSettings.Seconds / 2.0) - 1));
        flood.Stop();
        await Task.Delay(500);
        long late = process.Resident;
        int acks = pair.Me.Since(mark.Me).Count(line => line.Event == "ack-sent" && line["repeated"] == "True");

        Print($"repeats: {flood.Sent} sent at {flood.Rate:F0}/s, {flood.Answers} ACKs came back, {acks} events of them, "
            + $"memory {early >> 20} to {late >> 20} MiB, kernel dropped {process.LostByTheKernel}");
        pair.AssertState(before);
        Assert.AreEqual("", pair.Http(mark));
        Assert.IsTrue(flood.Answers > 0);
        Assert.IsTrue(acks <= MaxEventsPerSecond * ((FloodSettings.Seconds / 2) + 2), $"{acks} events");
        Assert.IsTrue(late - early < MaxGrowth, $"memory grew from {early} to {late}");
        mark = pair.Now;
        pair.Lab.Rekey(MeAndLab.News);
        await pair.DeliveredAsync(mark);
    }

    private static async Task<Pulled> PullAsync(MeAndLab pair)
    {
        pair.Lab.CreateMsk(MeAndLab.News);
        Mark mark = pair.Now;
        Stopwatch clock = Stopwatch.StartNew();
        int sent = 0;
        for (bool accepted = false; !accepted;)
        {
            Assert.IsTrue(sent < FloodSettings.Seconds, "no pull got through");
            pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
            sent++;
            try
            {
                await pair.Me.WaitAsync(line => line.Event == "pull-accepted", s_again, mark.Me);
                accepted = true;
            }
            catch (TimeoutException)
            {
                // It was lost in the flood.
            }
        }

        TimeSpan acceptedAfter = clock.Elapsed;
        LabEvent ack = await pair.DeliveredAsync(mark);
        int mskSent = pair.Lab.Events.Since(mark.Lab).Count(e => e.Kind == LabEventKind.MskSent && e.MskId == ack.MskId);
        return new Pulled(sent, acceptedAfter, mskSent, clock.Elapsed);
    }

    private static async Task<long> MostMemoryAsync(MeProcess process, TimeSpan length)
    {
        long most = 0;
        Stopwatch clock = Stopwatch.StartNew();
        do
        {
            most = Math.Max(most, process.Resident);
            await Task.Delay(200);
        }
        while (clock.Elapsed < length);
        return most;
    }

    private void Print(string line)
    {
        TestContext.WriteLine(line);
        Console.WriteLine(line);
    }

    /// <summary>What became of a pull: how often it was sent, how often its MSK, and how long both took.</summary>
    private sealed record Pulled(int Sent, TimeSpan Accepted, int MskSent, TimeSpan Stored);
}
