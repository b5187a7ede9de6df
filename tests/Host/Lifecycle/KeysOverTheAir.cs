using System.Text.Json.Nodes;
using MbmsMe.Lab;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace MbmsMe.Tests.Host;

/// <summary>MTKs, content, missed keys and MSK details over real UDP multicast, HTTP and files.</summary>
[TestClass]
public sealed class KeysOverTheAir
{
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
        pair.Lab.Faults.LoseMtks = 0;
        await streamed.ContentAsync(streamed.CurrentMki, mark);
        Assert.AreEqual("", pair.Http(mark), "HTTP requests that a lost MTK costs");
    }

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task ALostMskPushHealsByAMissedKey(MikeyProfile profile)
    {
        await using StreamedMe streamed = await StreamedMe.StreamingAsync(profile);
        MeAndLab pair = streamed.Pair;
        Mark mark = pair.Now;
        pair.Lab.CreateMsk(MeAndLab.News);
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
        Mark mark = pair.Now;
        pair.Lab.Faults.SwapNextDatagrams = true;
        pair.Lab.Rekey(MeAndLab.News);
        pair.Lab.Rekey(MeAndLab.News);
        string current = Convert.ToHexStringLower(pair.Lab.CurrentMsk(MeAndLab.News)!.MskIdIn(profile));
        await pair.MeAsync("msk-stored", mark, ("mskId", current));
        await pair.LabAsync(LabEventKind.AckVerified, mark, e => e.MskId == current);
        pair.Lab.NewMtk(MeAndLab.News);
        await streamed.ContentAsync(streamed.CurrentMki, mark);
        Assert.AreEqual("", pair.Http(mark));
    }

    [TestMethod]
    [DataRow(MikeyProfile.Release6, false)]
    [DataRow(MikeyProfile.Release6, true)]
    [DataRow(MikeyProfile.Draft2004, false)]
    [DataRow(MikeyProfile.Draft2004, true)]
    public async Task AnEarlyOrDummyMtkBringsTheMskBeforeItIsUsed(MikeyProfile profile, bool dummy)
    {
        await using StreamedMe streamed = await StreamedMe.StreamingAsync(profile);
        MeAndLab pair = streamed.Pair;
        Mark mark = pair.Now;
        pair.Lab.CreateMsk(MeAndLab.News);
        string before = streamed.CurrentMki;
        pair.Lab.NewMtk(MeAndLab.News, early: dummy ? default : TimeSpan.FromSeconds(6), dummy: dummy);
        await pair.DeliveredAsync(mark, profile: profile);
        Assert.AreEqual(before, streamed.CurrentMki, "the MSK is there before traffic needs it" + pair.Records(mark));
        if (dummy)
        {
            pair.Lab.NewMtk(MeAndLab.News);
        }

        await pair.LabAsync(LabEventKind.MtkChanged, mark);
        await streamed.ContentAsync(streamed.CurrentMki, mark);
    }

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task AnIntervalIsUpdatedAndAnMskDeleted(MikeyProfile profile)
    {
        await using StreamedMe streamed = await StreamedMe.StreamingAsync(profile);
        MeAndLab pair = streamed.Pair;
        Mark mark = pair.Now;
        pair.Lab.ChangeInterval(MeAndLab.News, 1, 2);
        await pair.MeAsync("msk-stored", mark, ("seqHigh", "2"));
        await pair.LabAsync(LabEventKind.AckVerified, mark);
        pair.Lab.DeleteMsk(MeAndLab.News);
        await pair.MeAsync("msk-deleted", mark, ("reason", "deleted by the BM-SC"));
        await streamed.NoContentAsync();
    }

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task AfterAPowerDownContentGoesOn(MikeyProfile profile)
    {
        await using StreamedMe streamed = await StreamedMe.StreamingAsync(profile);
        MeAndLab pair = streamed.Pair;
        pair.Lab.NewMtk(MeAndLab.News);
        await pair.MeAsync("mtk-accepted", default, ("mtkId", "2"));
        await pair.RestartAsync(streamed.Configuration());
        await streamed.ContentAsync(streamed.CurrentMki);

        MeLine drop = await pair.MeAsync("datagram-dropped", default);
        Assert.AreEqual("replay", drop["reason"], "the MTK's message came again");
        Assert.IsFalse(pair.Me.Since(0).Any(line => line.Event == "mtk-accepted"), "the MTK is from the drive");
        Assert.IsFalse(pair.Me.Since(0).Any(line => line.Event == "http"));
    }

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task AfterAKillNoOldMtkIsTakenAndALaterOneHeals(MikeyProfile profile)
    {
        const int sigKill = 9;
        const int last = 5;
        await using StreamedMe streamed = await StreamedMe.StreamingAsync(profile);
        MeAndLab pair = streamed.Pair;
        List<byte[]> old = [];
        for (int id = 2; id <= last; id++)
        {
            old.Add(pair.Lab.NewMtk(MeAndLab.News).Message);
            await pair.MeAsync("mtk-accepted", default, ("mtkId", id.ToString()));
        }

        await pair.Lab.StopStreamAsync(StreamedMe.News);
        await pair.Me.StopAsync(sigKill);
        pair.PowerOn(streamed.Configuration());
        await pair.MeAsync("started", default);
        await pair.DroppedAsync(old, "replay");

        // What was reserved ahead is lost: MTK 1 had a write of its own, MTK 2 one for itself and the 15 after it.
        const int first = 18;
        for (int id = last + 1; id <= first; id++)
        {
            pair.Lab.NewMtk(MeAndLab.News);
        }

        MeLine accepted = await pair.MeAsync("mtk-accepted", default);
        Assert.AreEqual(first.ToString(), accepted["mtkId"]);
        pair.Lab.StartStream(StreamedMe.News);
        await streamed.ContentAsync(streamed.CurrentMki);
        Assert.IsFalse(pair.Me.Since(0).Any(line => line.Event == "http"));
    }

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task ByPolicyKeysDoNotOutlastAPowerDown(MikeyProfile profile)
    {
        await using StreamedMe streamed = await StreamedMe.StartAsync(profile);
        MeAndLab pair = streamed.Pair;
        JsonObject configuration = streamed.Configuration();
        configuration["storage"]!["atPowerDown"] = "delete";
        pair.PowerOn(configuration);
        await pair.DeliveredAsync(default, profile: profile);
        Assert.IsFalse(pair.StateHolds(pair.Lab.CurrentMsk(MeAndLab.News)!.Key), "MSK");
        Assert.IsFalse(pair.StateHolds(pair.Lab.LastMuk(MeAndLab.First.Imsi)!.Mrk), "MRK");
        Assert.IsTrue(pair.StateHolds(pair.Lab.LastMuk(MeAndLab.First.Imsi)!.Key), "the last MUK");
        Mark mark = pair.Now;
        await pair.RestartAsync(configuration.DeepClone().AsObject());
        await pair.LabAsync(LabEventKind.AckVerified, mark);
        Assert.AreEqual("bsf 401, bsf 200, bmsc 401, bmsc 200", pair.Http(mark));
    }

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task ARefusedMissedKeyLeavesTheServiceOnceNoValidMskIsThere(MikeyProfile profile)
    {
        await using StreamedMe streamed = await StreamedMe.StreamingAsync(profile);
        MeAndLab pair = streamed.Pair;
        Mark mark = pair.Now;
        pair.Lab.Faults.ResponseCodes[MeAndLab.News] = 403;
        pair.Lab.ChangeInterval(MeAndLab.News, 1, 1);
        await pair.MeAsync("msk-stored", mark, ("seqHigh", "1"));
        pair.Lab.CreateMsk(MeAndLab.News);
        pair.Lab.NewMtk(MeAndLab.News);
        await pair.MeAsync("service-left", mark, ("reason", "response code 403"));
        await pair.MeAsync("msk-deleted", mark, ("reason", "service left"));
        await streamed.NoContentAsync();
        Assert.AreEqual(1, pair.Lab.Events.Since(mark.Lab).Count(e => e.RequestType == "msk-request" && e.Status == 200), "a 403 is not retried");
    }
}
