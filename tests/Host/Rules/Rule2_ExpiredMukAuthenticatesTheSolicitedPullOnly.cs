using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>Rule 2 over real UDP, HTTP and files, with a lifetime that really runs out.</summary>
[TestClass]
public sealed class Rule2_ExpiredMukAuthenticatesTheSolicitedPullOnly
{
    /// <summary>The flow of the source document's figure, from an ME that was switched off in between.</summary>
    [TestMethod]
    [DataRow(MikeyProfile.Release6, "00100002")]
    [DataRow(MikeyProfile.Draft2004, "0002")]
    public async Task PullAfterARestart(MikeyProfile profile, string mskId)
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync(shortLifetime: true);
        byte[] firstMsk = pair.Lab.CurrentMsk(MeAndLab.News)!.Key;
        string oldBtid = pair.Lab.LastMuk(MeAndLab.First.Imsi)!.Btid;
        await pair.PowerOffAsync();
        await pair.ExpireAsync();
        SortedDictionary<string, byte[]> before = pair.StateFiles();
        pair.PowerOn();
        Mark mark = new(pair.Lab.Events.Count, 0);
        await pair.MeAsync("started", mark);
        await pair.DroppedAsync([[]]); // it is at work
        Assert.AreEqual("", pair.Http(mark), "an expired MUK alone is no reason for a request");
        pair.AssertState(before);

        pair.Lab.CreateMsk(MeAndLab.News);
        mark = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News, profile);
        await pair.MeAsync("pull-accepted", mark, ("expired", "True"), ("keyGroup", "0010"));
        LabEvent ack = await pair.DeliveredAsync(mark, profile: profile);

        Assert.AreEqual("bsf 401, bsf 200, bmsc 401, bmsc 200", pair.Http(mark), pair.Records(mark));
        Assert.AreEqual("bsf 401, bsf 200, bmsc 401, bmsc 200", pair.HttpOfMe(mark));
        Assert.AreNotEqual(oldBtid, ack.Btid);
        Assert.AreEqual(mskId, ack.MskId);
        Assert.AreEqual((await pair.MeAsync("gba-ok", mark))["btid"], ack.Btid);
        Assert.IsTrue(pair.StateHolds(firstMsk) && pair.StateHolds(pair.Lab.CurrentMsk(MeAndLab.News)!.Key), "both MSKs are kept");
    }

    /// <summary>Everything else under the expired MUK is dropped, before and after a restart; then the pull still works.</summary>
    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task MskIsDroppedLikeAWrongMac(MikeyProfile profile)
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync(shortLifetime: true);
        byte[] lastMsk = (await pair.LabAsync(LabEventKind.MskSent, default)).Datagram!;
        pair.Lab.CreateMsk(MeAndLab.News);
        byte[] msk = pair.Lab.BuildMsk(MeAndLab.First.Imsi, MeAndLab.News, profile);
        byte[] pull = pair.Lab.BuildPull(MeAndLab.First.Imsi, MeAndLab.News, profile);
        byte[] forgedPull = [.. pull[..^1], (byte)(pull[^1] ^ 1)];
        await pair.ExpireAsync();
        await AssertDroppedAsync();

        await pair.RestartAsync();
        await AssertDroppedAsync();

        Mark mark = pair.Now;
        pair.Lab.SendRaw(pull, MeAndLab.First.Imsi);
        await pair.MeAsync("pull-accepted", mark, ("expired", "True"));
        await pair.DeliveredAsync(mark);

        async Task AssertDroppedAsync()
        {
            SortedDictionary<string, byte[]> before = pair.StateFiles();
            Mark since = pair.Now;
            await pair.DroppedAsync([msk, lastMsk], "muk-expired");
            await pair.DroppedAsync([forgedPull], "wrong-mac");
            await pair.DroppedAsync(Forgeries.Truncations(pull), "malformed");
            await pair.DroppedAsync(Forgeries.Flips(pull));
            await pair.AssertSilenceAsync(since);
            pair.AssertState(before);
        }
    }

    /// <summary>A pull under a MUK that is still valid needs no new GBA run.</summary>
    [TestMethod]
    public async Task PullUnderAValidMuk()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        Mark mark = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);

        await pair.MeAsync("pull-accepted", mark, ("expired", "False"));
        await pair.DeliveredAsync(mark);
        Assert.IsFalse(pair.Http(mark).Contains("bsf"), pair.Records(mark));
    }

    /// <summary>Only the POST is blocked while the BSF is down; the pull is not forgotten, not even over a restart.</summary>
    [TestMethod]
    public async Task PullIsServedWhenTheBsfIsBack()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync(shortLifetime: true);
        await pair.ExpireAsync();
        pair.Lab.Faults.Bsf.Status = 503;
        Mark mark = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
        await pair.MeAsync("request-failed", mark, ("final", "False"));
        Assert.AreEqual("bsf 503", pair.Http(mark), "no POST without a valid key");
        await pair.PowerOffAsync();

        pair.Lab.Faults.Bsf.Status = null;
        mark = pair.Now with { Me = 0 };
        pair.PowerOn();
        await pair.DeliveredAsync(mark);
        Assert.AreEqual("bsf 401, bsf 200, bmsc 401, bmsc 200", pair.Http(mark));
    }
}
