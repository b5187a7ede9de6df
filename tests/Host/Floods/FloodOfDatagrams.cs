using System.Diagnostics;
using System.Globalization;
using MbmsMe.Lab;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace MbmsMe.Tests.Host;

/// <summary>
/// A host ME under 20,000 datagrams a second from a stranger: nothing is written, nothing asked for, no memory taken, and a
/// genuine solicited pull under an expired MUK still gets its MSK.
/// </summary>
[TestClass]
public sealed class FloodOfDatagrams
{
    private const long MaxGrowth = 32 << 20;

    /// <summary>The lab sends a pull once only; under a flood its operator sends it again when nothing comes of it.</summary>
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(1);

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
        using Flood flood = new(mixture, pair.MePort, FloodSettings.Rate, length);

        // The first half: it does nothing at all.
        await Task.Delay(length / 4);
        long early = await MostMemoryAsync(process, length / 4);
        pair.AssertState(before);
        Assert.AreEqual("", pair.Http(start), "requests before the genuine pull");
        Assert.IsTrue(pair.Me.Since(start.Me).All(line => line.Event == "datagram-dropped"), "events before the genuine pull");
        Assert.IsFalse(pair.Lab.Events.Since(start.Lab).Any(e => e.Kind == LabEventKind.DatagramReceived));
        int silent = pair.Me.Since(start.Me).Count;

        // The second: a genuine pull in the middle of it.
        pair.Lab.CreateMsk(MeAndLab.News);
        Mark solicited = pair.Now;
        TimeSpan solicitedAt = clock.Elapsed;
        int pulls = await SolicitAsync(pair, solicited);
        TimeSpan acceptedAfter = clock.Elapsed - solicitedAt;
        LabEvent ack = await pair.DeliveredAsync(solicited);
        TimeSpan storedAfter = clock.Elapsed - solicitedAt;
        bool under = clock.Elapsed < length;
        int tries = pair.Lab.Events.Since(solicited.Lab).Count(e => e.Kind == LabEventKind.MskSent && e.MskId == ack.MskId);
        long late = await MostMemoryAsync(process, length - clock.Elapsed);
        double rate = flood.Rate;
        flood.Stop();

        // Everything sent was either dropped by the ME with a count or by the kernel before it.
        await Task.Delay(500);
        long lost = process.LostByTheKernel - lostBefore;
        Mark quiet = pair.Now;
        pair.Lab.SendRaw([0], MeAndLab.First.Imsi);
        await pair.MeAsync("datagram-dropped", quiet, ("reason", "malformed"));
        MeLine last = pair.Me.Since(0).Last(line => line.Event == "datagram-dropped");
        long dropped = long.Parse(last["total"], CultureInfo.InvariantCulture);
        int queueFull = pair.Me.Since(start.Me).Count(line => line["reason"] == "queue-full");
        double work = process.ProcessorSeconds - workBefore;

        Print($"flood: {flood.Sent} datagrams in {FloodSettings.Seconds} s = {rate:F0}/s (wanted {FloodSettings.Rate}/s)");
        Print($"dropped by the ME: {dropped}; by the kernel before it: {lost} ({100.0 * lost / flood.Sent:F2} %); queue-full events: {queueFull}");
        Print($"before the pull: {silent} events, all datagram-dropped; no request, no ACK, no octet of a slot file changed");
        Print($"genuine pull under an expired MUK: sent {pulls} time(s), accepted after {acceptedAfter.TotalMilliseconds:F0} ms; "
            + $"GBA, request, MSK (sent {tries} time(s)) stored and acknowledged after {storedAfter.TotalMilliseconds:F0} ms");
        Print($"memory: {early >> 20} MiB in the first half, {late >> 20} MiB in the second; processor: {100 * work / clock.Elapsed.TotalSeconds:F0} % of one core");

        Assert.IsTrue(under, "the flood was over before the MSK came");
        Assert.IsTrue(late - early < MaxGrowth, $"memory grew from {early} to {late}");
        Assert.IsTrue(pair.StateHolds(pair.Lab.CurrentMsk(MeAndLab.News)!.Key));
        Assert.AreEqual("bsf 401, bsf 200, bmsc 401, bmsc 200", pair.Http(start), "one GBA run and one request in all");
        long all = flood.Sent + 1;
        Assert.IsTrue(dropped + lost >= all - (all / 1000) && dropped + lost <= all + 10, $"{dropped} and {lost} of {all} are accounted for");

        // And afterwards all is as before.
        Mark after = pair.Now;
        pair.Lab.Rekey(MeAndLab.News);
        await pair.DeliveredAsync(after);
    }

    /// <summary>The one message a stranger gets an answer to: a byte-identical repeat of the last accepted one. That costs no state either.</summary>
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

        Print($"repeats: {flood.Sent} sent at {flood.Rate:F0}/s, {acks} ACK events, memory {early >> 20} to {late >> 20} MiB, kernel dropped {process.LostByTheKernel}");
        pair.AssertState(before);
        Assert.AreEqual("", pair.Http(mark));
        Assert.IsTrue(late - early < MaxGrowth, $"memory grew from {early} to {late}");
        mark = pair.Now;
        pair.Lab.Rekey(MeAndLab.News);
        await pair.DeliveredAsync(mark);
    }

    private async Task<int> SolicitAsync(MeAndLab pair, Mark mark)
    {
        for (int pulls = 1; ; pulls++)
        {
            pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
            try
            {
                await pair.Me.WaitAsync(line => line.Event == "pull-accepted", s_again, mark.Me);
                return pulls;
            }
            catch (TimeoutException) when (pulls < FloodSettings.Seconds)
            {
                Print($"pull {pulls} was lost");
            }
        }
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
}
