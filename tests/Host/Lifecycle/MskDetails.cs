using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>MTK IDs beyond an interval, deletion and refusal, over real UDP multicast and HTTP.</summary>
[TestClass]
public sealed class MskDetails
{
    /// <summary>The BM-SC allows more MTK IDs under the same MSK, and that message is lost: the first MTK beyond what the ME knows heals it.</summary>
    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task AnMtkBeyondTheIntervalGetsTheIntervalThatWasMissed(MikeyProfile profile)
    {
        await using StreamedMe streamed = await StreamedMe.StreamingAsync(profile, lab => lab with { AckTimeout = TimeSpan.FromMilliseconds(200) });
        MeAndLab pair = streamed.Pair;
        Mark mark = pair.Now;
        pair.Lab.ChangeInterval(MeAndLab.News, 1, 2);
        await pair.MeAsync("msk-stored", mark, ("seqHigh", "2"));
        await pair.LabAsync(LabEventKind.AckVerified, mark);
        pair.Lab.Faults.LoseMskPushes = pair.Lab.Configuration.MaxTries;
        pair.Lab.ChangeInterval(MeAndLab.News, 1, 100);
        await pair.LabAsync(LabEventKind.DeliveryAbandoned, mark);

        mark = pair.Now;
        pair.Lab.NewMtk(MeAndLab.News);
        await pair.MeAsync("mtk-accepted", mark, ("mtkId", "2"));
        Assert.IsFalse(pair.Me.Since(mark.Me).Any(line => line.Event == "missed-key"), pair.Records(mark));
        pair.Lab.NewMtk(MeAndLab.News);
        await pair.MeAsync("missed-key", mark, ("reason", "mtk-id-out-of-range"), ("mtkId", "3"));
        await pair.MeAsync("msk-stored", mark, ("seqHigh", "100"));
        await pair.MeAsync("mtk-accepted", mark, ("mtkId", "3"));
        await streamed.ContentAsync(streamed.CurrentMki, mark);
        Assert.AreEqual("bmsc 200", pair.Http(mark));
    }

    /// <summary>The same packets, before and after: what makes the difference is the deletion.</summary>
    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task UnderAnMskThatTheBmScDeletesNothingIsDecrypted(MikeyProfile profile)
    {
        await using StreamedMe streamed = await StreamedMe.StreamingAsync(profile);
        MeAndLab pair = streamed.Pair;
        await pair.Lab.StopStreamAsync(StreamedMe.News);
        using PacketSender sender = new();
        Mtk mtk = pair.Lab.CurrentMtk(MeAndLab.News)!;
        byte[] msk = pair.Lab.CurrentMsk(MeAndLab.News)!.Key;
        Assert.IsTrue(pair.StateHolds(msk) && pair.StateHolds(mtk.Key));
        SrtpSender stream = PacketSender.Under(mtk);
        Mark mark = pair.Now;
        sender.Send(stream.Packet(0, 1), streamed.Flow);
        await streamed.Player.UntilAsync(stream.Clear(1));
        long noKey = NoKey(await pair.MeAsync("traffic", mark));

        mark = pair.Now;
        pair.Lab.DeleteMsk(MeAndLab.News);
        MeLine deleted = await pair.MeAsync("msk-deleted", mark, ("reason", "deleted by the BM-SC"));
        LabEvent ack = await pair.LabAsync(LabEventKind.AckVerified, mark);
        Assert.AreEqual(ack.MskId, deleted["mskId"]);
        Assert.IsFalse(pair.StateHolds(msk), "the MSK, in either slot");
        Assert.IsFalse(pair.StateHolds(mtk.Key), "its MTK");
        sender.Send(stream.Packet(0, 2), streamed.Flow);
        await pair.MeAsync("traffic", mark, line => NoKey(line) == noKey + 1, "with one packet more that it has no key for");
        Assert.IsEmpty(streamed.Player.Packets());
        Assert.AreEqual("", pair.Http(mark));
    }

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task ARefusedMissedKeyLeavesTheServiceOnceNoValidMskIsThere(MikeyProfile profile)
    {
        await using StreamedMe streamed = await StreamedMe.StreamingAsync(profile);
        MeAndLab pair = streamed.Pair;
        using PacketSender sender = new();
        SrtpSender stream = PacketSender.Under(pair.Lab.CurrentMtk(MeAndLab.News)!);
        sender.Send(stream.Packet(0, 1), streamed.Flow);
        await streamed.Player.UntilAsync(stream.Clear(1));
        Mark mark = pair.Now;
        pair.Lab.Faults.ResponseCodes[MeAndLab.News] = 403;
        pair.Lab.ChangeInterval(MeAndLab.News, 1, 1);
        await pair.MeAsync("msk-stored", mark, ("seqHigh", "1"));
        pair.Lab.CreateMsk(MeAndLab.News);
        pair.Lab.NewMtk(MeAndLab.News);
        await pair.MeAsync("service-left", mark, ("reason", "response code 403"));
        await pair.MeAsync("msk-deleted", mark, ("reason", "service left"));

        // Neither what comes under the new MSK nor what comes under the one there was.
        sender.Send(stream.Packet(0, 2), streamed.Flow);
        await streamed.NoContentAsync();

        // Final: no retry is to come.
        MeLine[] failed = [.. pair.Me.Since(mark.Me).Where(line => line.Event == "request-failed")];
        Assert.HasCount(1, failed, pair.Records(mark));
        Assert.AreEqual(("True", "response code 403"), (failed[0]["final"], failed[0]["reason"]));
        Assert.AreEqual("bmsc 200", pair.Http(mark));
    }

    private static long NoKey(MeLine traffic) => long.Parse(traffic["noKey"]);
}
