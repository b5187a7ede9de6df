using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>Rule 3 over real files: with another UICC in the configuration no octet string of the old keys is left.</summary>
[TestClass]
public sealed class Rule3_AnotherUiccEndsTheKeys
{
    [TestMethod]
    [DataRow(true, false, DisplayName = "another ICCID, the same IMSI")]
    [DataRow(false, true, DisplayName = "the same ICCID, another IMSI")]
    [DataRow(true, true, DisplayName = "another ICCID and IMSI")]
    public async Task KeysAreGoneBeforeAnythingElse(bool otherIccid, bool otherImsi)
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        Mark mark = pair.Now;
        pair.Lab.Rekey(MeAndLab.News);
        await pair.DeliveredAsync(mark);
        Muk muk = pair.Lab.LastMuk(MeAndLab.First.Imsi)!;
        byte[] msk = pair.Lab.CurrentMsk(MeAndLab.News)!.Key;
        foreach (byte[] key in (byte[][])[muk.Key, muk.Mrk, msk])
        {
            Assert.IsTrue(pair.StateHolds(key), "the test knows what to look for");
        }

        byte[] pull = pair.Lab.BuildPull(MeAndLab.First.Imsi, MeAndLab.News);
        byte[] push = pair.Lab.BuildMsk(MeAndLab.First.Imsi, MeAndLab.News);
        LabSubscriber subscriber = otherImsi ? MeAndLab.Second : MeAndLab.First;
        string iccid = otherIccid ? MeAndLab.OtherIccid : MeAndLab.Iccid;
        pair.Lab.Faults.Bsf.Status = 503; // the wipe waits for no network
        await pair.RestartAsync(pair.Configuration(subscriber, iccid));
        await pair.MeAsync("uicc-changed", default, ("iccid", iccid));
        await pair.MeAsync("gba-failed", default);
        AssertNoOldKey();

        // Nothing under the old MUK counts any more.
        SortedDictionary<string, byte[]> before = pair.StateFiles();
        await pair.DroppedAsync([pull, push], "unknown-btid");
        pair.AssertState(before);

        // The new UICC pairs; the old one, back in the ME, has to do so again.
        pair.Lab.Faults.Bsf.Status = null;
        mark = pair.Now with { Me = 0 };
        await pair.RestartAsync(pair.Configuration(subscriber, iccid));
        await pair.DeliveredAsync(mark);
        Assert.AreEqual(1, pair.Lab.Events.Since(mark.Lab).Count(e => e.Kind == LabEventKind.Bootstrapped && e.Imsi == subscriber.Imsi));
        Assert.IsFalse(pair.StateHolds(muk.Key) || pair.StateHolds(muk.Mrk));

        mark = pair.Now with { Me = 0 };
        await pair.RestartAsync();
        await pair.MeAsync("uicc-changed", default, ("iccid", MeAndLab.Iccid));
        await pair.DeliveredAsync(mark);
        Assert.AreEqual(1, pair.Lab.Events.Since(mark.Lab).Count(e => e.Kind == LabEventKind.Bootstrapped));

        void AssertNoOldKey()
        {
            Assert.IsFalse(pair.StateHolds(muk.Key), "MUK");
            Assert.IsFalse(pair.StateHolds(muk.Mrk), "MRK");
            Assert.IsFalse(pair.StateHolds(msk), "MSK");
            Assert.IsFalse(pair.StateHolds(System.Text.Encoding.ASCII.GetBytes(muk.Btid)), "B-TID");
        }
    }

    [TestMethod]
    public async Task TheSameUiccKeepsThem()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        await pair.PowerOffAsync();
        SortedDictionary<string, byte[]> before = pair.StateFiles();
        Mark mark = new(pair.Lab.Events.Count, 0);
        pair.PowerOn();
        await pair.MeAsync("started", mark);
        await pair.DroppedAsync([[]]);
        pair.AssertState(before);
        Assert.AreEqual("", pair.Http(mark), "nothing is lacking");

        pair.Lab.Rekey(MeAndLab.News);
        await pair.DeliveredAsync(mark);
        Assert.AreEqual("", pair.Http(mark), "the MUK of before the restart still serves");
    }
}
