using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>What MSKs, MTKs and content come to when the ME is switched off or killed, with real files.</summary>
[TestClass]
public sealed class PowerDowns
{
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
        await pair.Me.StopAsync(HostMe.SigKill);
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
    [DataRow(MikeyProfile.Release6, false)]
    [DataRow(MikeyProfile.Release6, true)]
    [DataRow(MikeyProfile.Draft2004, false)]
    [DataRow(MikeyProfile.Draft2004, true)]
    public async Task ByPolicyKeysOutlastNeitherAPowerDownNorAKill(MikeyProfile profile, bool killed)
    {
        await using StreamedMe streamed = await StreamedMe.StartAsync(profile);
        MeAndLab pair = streamed.Pair;
        JsonObject configuration = streamed.Configuration();
        configuration["storage"]!["atPowerDown"] = "delete";
        pair.PowerOn(configuration);
        await pair.DeliveredAsync(default, profile: profile);
        pair.Lab.StartStream(StreamedMe.News);
        await streamed.ContentAsync(streamed.CurrentMki);
        Muk muk = pair.Lab.LastMuk(MeAndLab.First.Imsi)!;

        Mark mark = pair.Now;
        Assert.AreEqual(killed ? 128 + HostMe.SigKill : 0, await pair.Me.StopAsync(killed ? HostMe.SigKill : HostMe.SigTerm));
        Assert.IsFalse(pair.StateHolds(pair.Lab.CurrentMsk(MeAndLab.News)!.Key), "MSK");
        Assert.IsFalse(pair.StateHolds(pair.Lab.CurrentMtk(MeAndLab.News)!.Key), "MTK");
        Assert.IsFalse(pair.StateHolds(muk.Mrk), "MRK");
        Assert.IsTrue(pair.StateHolds(muk.Key), "the last MUK");

        pair.PowerOn(configuration);
        Mark on = mark with { Me = 0 };
        await pair.DeliveredAsync(on, profile: profile);
        await streamed.ContentAsync(streamed.CurrentMki, on);
        Assert.AreEqual("bsf 401, bsf 200, bmsc 401, bmsc 200", pair.Http(on));
    }
}
