using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>
/// Rule 1 over real UDP, HTTP and files: a forged, damaged, truncated or replayed message gets no answer, causes no HTTP
/// request and leaves every file as it was.
/// </summary>
[TestClass]
public sealed class Rule1_NothingBeforeTheMacHasVerified
{
    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task ForgedPulls(MikeyProfile profile)
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        byte[] pull = pair.Lab.BuildPull(MeAndLab.First.Imsi, MeAndLab.News, profile);

        await AssertForgeriesDoNothing(pair, pull, profile);

        // The genuine one, last: the ME is alive and nothing has used up the counter.
        Mark mark = pair.Now;
        pair.Lab.SendRaw(pull, MeAndLab.First.Imsi);
        await pair.MeAsync("pull-accepted", mark, ("expired", "False"), ("profile", profile.ToString().ToLowerInvariant()));
        await pair.LabAsync(LabEventKind.Http, mark, e => e.Server == "bmsc" && e.Status == 200);
    }

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task ForgedMsks(MikeyProfile profile)
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        pair.Lab.CreateMsk(MeAndLab.News);
        byte[] msk = pair.Lab.BuildMsk(MeAndLab.First.Imsi, MeAndLab.News, profile);

        await AssertForgeriesDoNothing(pair, msk, profile);

        Mark mark = pair.Now;
        pair.Lab.SendRaw(msk, MeAndLab.First.Imsi);
        await pair.MeAsync("msk-stored", mark);
        await pair.LabAsync(LabEventKind.DatagramReceived, mark);
    }

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task ReplayedPullAlsoAfterARestart(MikeyProfile profile)
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        Mark mark = pair.Now;
        byte[] pull = pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News, profile);
        await pair.DeliveredAsync(mark, profile: profile);
        byte[] msk = (await pair.LabAsync(LabEventKind.MskSent, mark)).Datagram!;
        await pair.MeAsync("ack-sent", mark);
        await AssertReplaysDoNothing();

        await pair.RestartAsync();
        await AssertReplaysDoNothing();

        async Task AssertReplaysDoNothing()
        {
            SortedDictionary<string, byte[]> before = pair.StateFiles();
            Mark replayed = pair.Now;
            await pair.DroppedAsync([pull, pull, pull], "replay");
            await pair.DroppedAsync([[.. msk[..^1], (byte)(msk[^1] ^ 1)]], "replay");
            await pair.AssertSilenceAsync(replayed);
            pair.AssertState(before);
        }
    }

    private static async Task AssertForgeriesDoNothing(MeAndLab pair, byte[] genuine, MikeyProfile profile)
    {
        SortedDictionary<string, byte[]> before = pair.StateFiles();
        Mark mark = pair.Now;
        await pair.DroppedAsync(Forgeries.Truncations(genuine), "malformed");
        await pair.DroppedAsync(Forgeries.Flips(genuine));
        await pair.DroppedAsync(Forgeries.Inventions(pair, MeAndLab.News, profile));
        await pair.AssertSilenceAsync(mark);
        pair.AssertState(before);
    }
}
