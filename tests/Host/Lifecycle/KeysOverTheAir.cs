using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>MTKs, content, and what is lost or reordered on the way, over real UDP multicast and HTTP.</summary>
[TestClass]
public sealed class KeysOverTheAir
{
    /// <summary>When the lab sends again, where a test waits until it has given up.</summary>
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(200);

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task ContentArrivesAcrossChangesOfMtkAndMsk(MikeyProfile profile)
    {
        await using StreamedMe streamed = await StreamedMe.StreamingAsync(profile);
        MeAndLab pair = streamed.Pair;

        Mark mark = pair.Now;
        pair.Lab.NewMtk(MeAndLab.News);
        await pair.MeAsync("mtk-accepted", mark, ("mtkId", "2"));
        await streamed.ContentAsync(streamed.CurrentMki, mark);

        mark = pair.Now;
        pair.Lab.Rekey(MeAndLab.News);
        await pair.DeliveredAsync(mark, profile: profile);
        pair.Lab.NewMtk(MeAndLab.News);
        await streamed.ContentAsync(streamed.CurrentMki, mark);
        Assert.AreEqual("", pair.Http(mark), "neither change costs an HTTP request");
    }

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task WithoutItsMtkContentDoesNotArriveAndALostMtkHeals(MikeyProfile profile)
    {
        await using StreamedMe streamed = await StreamedMe.StreamingAsync(profile);
        MeAndLab pair = streamed.Pair;
        Mark mark = pair.Now;
        pair.Lab.Faults.LoseMtks = int.MaxValue;
        pair.Lab.NewMtk(MeAndLab.News);
        await streamed.NoContentAsync();
        await pair.MeAsync("traffic", mark, line => line["noKey"] != "0", "with packets it has no key for");
        pair.Lab.Faults.LoseMtks = 0;
        await streamed.ContentAsync(streamed.CurrentMki, mark);
        Assert.AreEqual("", pair.Http(mark), "HTTP requests that a lost MTK costs");
    }

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task ALostMskPushHealsByAMissedKey(MikeyProfile profile)
    {
        await using StreamedMe streamed = await StreamedMe.StreamingAsync(profile, lab => lab with { AckTimeout = s_soon });
        MeAndLab pair = streamed.Pair;
        Mark mark = pair.Now;
        int tries = pair.Lab.Configuration.MaxTries;
        pair.Lab.Faults.LoseMskPushes = tries;
        pair.Lab.Rekey(MeAndLab.News);
        await pair.LabAsync(LabEventKind.DeliveryAbandoned, mark);
        Assert.AreEqual(
            tries, pair.Lab.Events.Since(mark.Lab).Count(e => e.Kind == LabEventKind.MskSent && e.Detail == "lost on purpose"), pair.Records(mark));
        Assert.IsFalse(pair.Me.Since(mark.Me).Any(line => line.Event == "msk-stored"), pair.Records(mark));

        pair.Lab.NewMtk(MeAndLab.News);
        await pair.MeAsync("missed-key", mark, ("reason", "unknown-msk"));
        await pair.DeliveredAsync(mark, profile: profile);
        await streamed.ContentAsync(streamed.CurrentMki, mark);
        Assert.AreEqual("bmsc 200", pair.Http(mark), "HTTP requests that it costs: 1 with a nextnonce, else 2");
    }

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task ALostPushAndALostAckAreRepeatedByTheBmScAndCostNoRequest(MikeyProfile profile)
    {
        await using StreamedMe streamed = await StreamedMe.StreamingAsync(profile);
        MeAndLab pair = streamed.Pair;

        // Else its MTK messages under the MSK that gives way ask for keys as well.
        await pair.Lab.StopStreamAsync(StreamedMe.News);
        Mark mark = pair.Now;
        pair.Lab.Faults.LoseMskPushes = 1;
        pair.Lab.Rekey(MeAndLab.News);
        await pair.DeliveredAsync(mark, profile: profile);

        pair.Lab.Faults.LoseAcks = true;
        Mark second = pair.Now;
        pair.Lab.Rekey(MeAndLab.News);
        await pair.LabAsync(LabEventKind.AckVerified, second, e => e.Detail == "treated as lost");
        pair.Lab.Faults.LoseAcks = false;
        await pair.MeAsync("ack-sent", second, ("repeated", "True"));
        await pair.LabAsync(LabEventKind.AckVerified, second, e => e.Detail is null);
        Assert.AreEqual("", pair.Http(mark));
    }

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task AReorderedPairHealsAndCostsNoRequest(MikeyProfile profile)
    {
        await using StreamedMe streamed = await StreamedMe.StreamingAsync(profile);
        MeAndLab pair = streamed.Pair;

        // The stream's MTK messages leave by the same port and would be what is swapped. Of their repeats the ME tells once.
        await pair.MeAsync("datagram-dropped", default, ("reason", "replay"));
        await pair.Lab.StopStreamAsync(StreamedMe.News);
        Mark mark = pair.Now;
        pair.Lab.Faults.SwapNextDatagrams = true;
        pair.Lab.Rekey(MeAndLab.News);
        string overtaken = Convert.ToHexStringLower(pair.Lab.CurrentMsk(MeAndLab.News)!.MskIdIn(profile));
        pair.Lab.Rekey(MeAndLab.News);
        string current = Convert.ToHexStringLower(pair.Lab.CurrentMsk(MeAndLab.News)!.MskIdIn(profile));
        await pair.MeAsync("msk-stored", mark, ("mskId", current));
        await pair.MeAsync("datagram-dropped", mark, ("reason", "replay"));
        await pair.LabAsync(LabEventKind.AckVerified, mark, e => e.MskId == current);
        await pair.LabAsync(LabEventKind.AckVerified, mark, e => e.MskId == overtaken);
        pair.Lab.NewMtk(MeAndLab.News);
        pair.Lab.StartStream(StreamedMe.News);
        await streamed.ContentAsync(streamed.CurrentMki, mark);
        Assert.AreEqual("", pair.Http(mark));
    }
}
