using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>A new MUK while the old MSK is in use, and GBA ahead of the expiry.</summary>
[TestClass]
public sealed class MukRenewal
{
    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task TheOldMskAndContentGoOnUnderANewMuk(MikeyProfile profile)
    {
        await using StreamedMe streamed = await StreamedMe.StreamingAsync(profile);
        MeAndLab pair = streamed.Pair;
        string oldBtid = pair.Lab.LastMuk(MeAndLab.First.Imsi)!.Btid;
        string msk = Convert.ToHexStringLower(pair.Lab.CurrentMsk(MeAndLab.News)!.MskIdIn(profile));
        pair.Lab.DemandRenegotiation(MeAndLab.First.Imsi);
        long first = await streamed.Player.NumberAsync(StreamedMe.News);
        Mark mark = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
        LabEvent ack = await pair.DeliveredAsync(mark, profile: profile);
        Assert.AreNotEqual(oldBtid, ack.Btid);
        Assert.AreEqual(msk, ack.MskId, "the MSK there was, under the new MUK");
        Assert.AreEqual("bmsc 401, bsf 401, bsf 200, bmsc 401, bmsc 200", pair.Http(mark));
        await streamed.WithoutGapAsync(first + 1);

        // The old MUK is good for nothing any more; MTKs under the MSK and MSKs under the new MUK come as before.
        byte[] stale = pair.Lab.BuildMsk(MeAndLab.First.Imsi, MeAndLab.News, profile, oldBtid);
        pair.Lab.SendRaw(stale, MeAndLab.First.Imsi);
        await pair.MeAsync("datagram-dropped", mark, ("reason", "unknown-btid"));
        pair.Lab.NewMtk(MeAndLab.News);
        await streamed.ContentAsync(streamed.CurrentMki, mark);
        mark = pair.Now;
        pair.Lab.Rekey(MeAndLab.News);
        Assert.AreEqual(ack.Btid, (await pair.DeliveredAsync(mark, profile: profile)).Btid);
        Assert.AreEqual("", pair.Http(mark));
    }

    /// <summary>The ME renews a key that has less than 2 s to live, as the MSK has to come under it; the pull comes when it has 1.9.</summary>
    [TestMethod]
    public async Task GbaRunsAheadOfTheExpiryWhenARequestNeedsIt()
    {
        const int most = 5;
        for (int run = 1; ; run++)
        {
            await using MeAndLab pair = await MeAndLab.PairedAsync(shortLifetime: true);
            Muk old = pair.Lab.LastMuk(MeAndLab.First.Imsi)!;
            TimeSpan wait = old.Expires - DateTimeOffset.UtcNow - TimeSpan.FromSeconds(1.9);
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            Mark mark = pair.Now;
            pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
            LabEvent ack = await pair.DeliveredAsync(mark);
            LabEvent asked = pair.Lab.Events.Since(mark.Lab).First(e => e.Kind == LabEventKind.Http);
            if (asked.Time >= old.Expires && run < most)
            {
                // The machine was busy: the key had expired, and this shows nothing.
                continue;
            }

            Assert.IsLessThan(old.Expires, asked.Time);
            await pair.MeAsync("pull-accepted", mark, ("expired", "False"));
            Assert.AreEqual("bsf 401, bsf 200, bmsc 401, bmsc 200", pair.Http(mark), pair.Records(mark));
            Assert.AreNotEqual(old.Btid, ack.Btid);
            return;
        }
    }
}
