using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>What the ME does with each answer of BSF and BM-SC, over real HTTP.</summary>
[TestClass]
public sealed class KeyRequests
{
    private static readonly KeyGroup s_sport = new("00f110", 0x0011);
    private static readonly KeyGroup s_weather = new("00f110", 0x0012);

    /// <summary>A 401 although a B-TID was sent: one GBA run, then the request again.</summary>
    [TestMethod]
    public async Task RenegotiationRunsGbaOnce()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        string oldBtid = pair.Lab.LastMuk(MeAndLab.First.Imsi)!.Btid;
        pair.Lab.DemandRenegotiation(MeAndLab.First.Imsi);
        Mark mark = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
        LabEvent ack = await pair.DeliveredAsync(mark);

        Assert.AreEqual("bmsc 401, bsf 401, bsf 200, bmsc 401, bmsc 200", pair.Http(mark), pair.Records(mark));
        Assert.AreNotEqual(oldBtid, ack.Btid);
    }

    /// <summary>The BM-SC refuses the new B-TID as well: the ME gives up with a clear event and keeps the MSK it has.</summary>
    [TestMethod]
    public async Task RenegotiationIsNotRepeated()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        byte[] msk = pair.Lab.CurrentMsk(MeAndLab.News)!.Key;
        pair.Lab.Events.Happened += e =>
        {
            if (e.Kind == LabEventKind.Bootstrapped)
            {
                pair.Lab.DemandRenegotiation(e.Imsi!);
            }
        };
        pair.Lab.DemandRenegotiation(MeAndLab.First.Imsi);
        Mark mark = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
        MeLine failed = await pair.MeAsync("request-failed", mark, ("final", "True"));

        StringAssert.Contains(failed["reason"], "B-TID");
        Assert.AreEqual("bmsc 401, bsf 401, bsf 200, bmsc 401, bmsc 401", pair.Http(mark), pair.Records(mark));
        Mark after = pair.Now;
        await pair.AssertSilenceAsync(after);
        Assert.IsFalse(pair.Me.Since(mark.Me).Any(line => line.Event == "service-left"), "an older MSK is still valid");
        Assert.IsTrue(pair.StateHolds(msk));
    }

    /// <summary>stale=true: the same B-TID under the new nonce, no GBA (RFC 2617 clause 3.2.1).</summary>
    [TestMethod]
    public async Task StaleNonceNeedsNoGba()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        pair.Lab.ForgetNonces();
        Mark mark = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
        await pair.DeliveredAsync(mark);

        Assert.AreEqual("bmsc 401, bmsc 200", pair.Http(mark), pair.Records(mark));
    }

    /// <summary>The nextnonce of the last answer spares the challenge.</summary>
    [TestMethod]
    public async Task NextNonceIsUsed()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        for (int i = 0; i < 2; i++)
        {
            Mark mark = pair.Now;
            pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
            await pair.DeliveredAsync(mark);
            Assert.AreEqual("bmsc 200", pair.Http(mark), pair.Records(mark));
        }
    }

    /// <summary>A 200 whose Authentication-Info is wrong or missing is no success: it is asked again.</summary>
    [TestMethod]
    [DataRow(true, DisplayName = "wrong rspauth")]
    [DataRow(false, DisplayName = "no Authentication-Info")]
    public async Task UnprovenAnswerOfTheBmScIsAFailure(bool wrong)
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        pair.Lab.Faults.WithholdMsk = true;
        pair.Lab.Faults.BmSc.WrongRspauth = wrong;
        pair.Lab.Faults.BmSc.OmitAuthenticationInfo = !wrong;
        Mark mark = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
        MeLine failed = await pair.MeAsync("request-failed", mark, ("final", "False"));
        StringAssert.Contains(failed["reason"], "Authentication-Info");

        pair.Lab.Faults.BmSc.WrongRspauth = pair.Lab.Faults.BmSc.OmitAuthenticationInfo = pair.Lab.Faults.WithholdMsk = false;
        await pair.DeliveredAsync(mark);
    }

    [TestMethod]
    [DataRow("wrong rspauth", "Authentication-Info")]
    [DataRow("no Authentication-Info", "Authentication-Info")]
    [DataRow("wrong AUTN", "AUTN")]
    [DataRow("503", "503")]
    public async Task UnprovenBsfIsAFailure(string fault, string reason)
    {
        await using MeAndLab pair = await MeAndLab.StartAsync();
        LabFaults faults = pair.Lab.Faults;
        faults.Bsf.WrongRspauth = fault == "wrong rspauth";
        faults.Bsf.OmitAuthenticationInfo = fault == "no Authentication-Info";
        faults.WrongAutn = fault == "wrong AUTN";
        faults.Bsf.Status = fault == "503" ? 503 : null;
        pair.PowerOn();
        MeLine failed = await pair.MeAsync("gba-failed", default);
        StringAssert.Contains(failed["reason"], reason);
        await pair.MeAsync("request-failed", default, ("final", "False"));
        Assert.IsFalse(pair.Http(default).Contains("bmsc"), "no GBA key, no request");

        faults.Bsf.WrongRspauth = faults.Bsf.OmitAuthenticationInfo = faults.WrongAutn = false;
        faults.Bsf.Status = null;
        await pair.DeliveredAsync(default);
    }

    /// <summary>The network's SQN fell behind: AUTS brings it forward (RFC 3310 clause 3.4).</summary>
    [TestMethod]
    public async Task SqnIsResynchronised()
    {
        await using MeAndLab pair = await MeAndLab.StartAsync();
        pair.Lab.SetSqn(MeAndLab.First.Imsi, 1 << 20);
        pair.PowerOn();
        await pair.DeliveredAsync(default);
        pair.Lab.SetSqn(MeAndLab.First.Imsi, 0);
        pair.Lab.DemandRenegotiation(MeAndLab.First.Imsi);
        Mark mark = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
        await pair.DeliveredAsync(mark);

        Assert.AreEqual("bmsc 401, bsf 401, bsf 401, bsf 200, bmsc 401, bmsc 200", pair.Http(mark), pair.Records(mark));
    }

    /// <summary>Everything lacking is asked for in one POST.</summary>
    [TestMethod]
    public async Task SeveralKeyGroupsInOnePost()
    {
        await using MeAndLab pair = await MeAndLab.StartAsync(WithAllGroups);
        pair.PowerOn(pair.Configuration(services: TwoServices()));
        foreach (KeyGroup group in pair.Lab.Configuration.KeyGroups)
        {
            await pair.DeliveredAsync(default, group);
        }

        Assert.AreEqual("bsf 401, bsf 200, bmsc 401, bmsc 200", pair.Http(default), pair.Records(default));
        LabEvent answer = pair.Lab.Events.Since(0).Single(e => e.Kind == LabEventKind.Http && e.Server == "bmsc" && e.Status == 200);
        foreach (KeyGroup group in pair.Lab.Configuration.KeyGroups)
        {
            StringAssert.Contains(answer.Detail, $"{group}: 200");
            Assert.IsTrue(pair.StateHolds(pair.Lab.CurrentMsk(group)!.Key));
        }
    }

    /// <summary>A final code for one Key Group: its service is left, the other service is not.</summary>
    [TestMethod]
    [DataRow(403)]
    [DataRow(404)]
    public async Task RefusedKeyGroupEndsItsServiceOnly(int code)
    {
        await using MeAndLab pair = await MeAndLab.StartAsync(WithAllGroups);
        pair.Lab.Faults.ResponseCodes[s_sport] = code;
        pair.PowerOn(pair.Configuration(services: TwoServices()));
        MeLine left = await pair.MeAsync("service-left", default);
        await pair.DeliveredAsync(default, s_weather);

        Assert.AreEqual("urn:example:sports", left["service"]);
        StringAssert.Contains(left["reason"], code.ToString());
        await pair.MeAsync("request-failed", default, ("keyGroup", "0011"), ("final", "True"));
        Assert.AreEqual(1, pair.Me.Since(0).Count(line => line.Event == "service-left"));
        Assert.AreEqual("bsf 401, bsf 200, bmsc 401, bmsc 200", pair.Http(default), "no further request for what was left");
    }

    /// <summary>503 for one Key Group: that one is asked for again.</summary>
    [TestMethod]
    public async Task KeyGroupNotAvailableNowIsAskedForAgain()
    {
        await using MeAndLab pair = await MeAndLab.StartAsync(WithAllGroups);
        pair.Lab.Faults.ResponseCodes[s_sport] = 503;
        pair.PowerOn(pair.Configuration(services: TwoServices()));
        await pair.MeAsync("request-failed", default, ("keyGroup", "0011"), ("final", "False"));
        pair.Lab.Faults.ResponseCodes.Clear();
        await pair.DeliveredAsync(default, s_sport);

        LabEvent again = pair.Lab.Events.Since(0).Last(e => e.Kind == LabEventKind.Http && e.Status == 200);
        Assert.AreEqual($"{s_sport}: 200", again.Detail, "only what is lacking");
        Assert.IsFalse(pair.Me.Since(0).Any(line => line.Event == "service-left"));
    }

    /// <summary>A refusal while an older MSK is there: it is kept, the service goes on.</summary>
    [TestMethod]
    public async Task RefusalLeavesAnOlderMskInUse()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        byte[] msk = pair.Lab.CurrentMsk(MeAndLab.News)!.Key;
        pair.Lab.Faults.ResponseCodes[MeAndLab.News] = 403;
        Mark mark = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
        await pair.MeAsync("request-failed", mark, ("final", "True"));
        Mark after = pair.Now;
        await pair.AssertSilenceAsync(after);

        Assert.IsTrue(pair.StateHolds(msk));
        Assert.IsFalse(pair.Me.Since(mark.Me).Any(line => line.Event is "service-left" or "msk-deleted"));
    }

    /// <summary>A third MSK of a Key Group deletes the oldest from the files (rule 6).</summary>
    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task ThirdMskDeletesTheOldest(MikeyProfile profile)
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        List<byte[]> keys = [pair.Lab.CurrentMsk(MeAndLab.News)!.Key];
        for (int i = 0; i < 3; i++)
        {
            Mark mark = pair.Now;
            pair.Lab.Rekey(MeAndLab.News, profile);
            await pair.DeliveredAsync(mark, profile: profile);
            keys.Add(pair.Lab.CurrentMsk(MeAndLab.News)!.Key);
            if (i > 0)
            {
                await pair.MeAsync("msk-deleted", mark, ("keyGroup", "0010"));
            }
        }

        Assert.IsTrue(pair.StateHolds(keys[3]) && pair.StateHolds(keys[2]));
        Assert.IsFalse(pair.StateHolds(keys[0]), "overwritten in both slots");
    }

    private static LabConfiguration WithAllGroups(LabConfiguration lab) => lab with { KeyGroups = [MeAndLab.News, s_sport, s_weather] };

    private static JsonArray TwoServices() =>
    [
        MeAndLab.Service("urn:example:sports", MeAndLab.News, s_sport),
        MeAndLab.Service("urn:example:weather", s_weather),
    ];
}
