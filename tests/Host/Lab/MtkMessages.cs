using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>The lab's MTK messages: their octets, their IDs and counters, and when the MTKs are in force.</summary>
[TestClass]
public sealed class MtkMessages
{
    private static readonly byte[] s_mtk = Convert.FromHexString("101112131415161718191a1b1c1d1e1f");
    private static readonly byte[] s_salt = Convert.FromHexString("202122232425262728292a2b2c2d");
    private static readonly Msk s_msk = new(
        new KeyGroup("00f110", 1), 1, Convert.FromHexString("000102030405060708090a0b0c0d0e0f"), Convert.FromHexString("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"), 0x12345678, 1, 1000);

    /// <summary>Computed by an independent script (HMAC and AES of Python).</summary>
    [TestMethod]
    public void Release6IsTheVector() => Assert.AreEqual(
        "010015001234567800010503000f000300f1100104000100010202000101020000000100010024a2c7eb83830a6362a0a242512b2011fa6a7e7e8af688514684ba2c4f004f706c4b1d61"
        + "0001238deaba6c2a54bd84307a4c81968b7944b91787",
        Convert.ToHexStringLower(MikeyMessage.BuildMtk(s_msk, 1, s_mtk, s_salt, 1, MikeyProfile.Release6)));

    /// <summary>CSB ID carries the Key Group, the EXT payload the Network ID and an MSK ID of 2 octets.</summary>
    [TestMethod]
    public void Draft2004NamesTheKeysInItsWay() => Assert.AreEqual(
        "01001500" + "00000001" + "0001" + "0503000d" + "000300f110" + "01020001" + "02020001" + "010200000001" + "00010024",
        Convert.ToHexStringLower(MikeyMessage.BuildMtk(s_msk, 1, s_mtk, s_salt, 1, MikeyProfile.Draft2004).AsSpan(0, 37)));

    [TestMethod]
    public async Task IdsRunFromSeqLowAndCountersOverARestart()
    {
        string database = Path.Combine(Path.GetTempPath(), $"mbms-mtk-{Guid.NewGuid():n}.db");
        LabConfiguration configuration = new() { Database = database, KeyGroups = [MeAndLab.News] };
        try
        {
            await using (LabServer lab = await LabServer.StartAsync(configuration))
            {
                lab.ChangeInterval(MeAndLab.News, 7, 9);
                Mtk first = lab.NewMtk(MeAndLab.News);
                Assert.AreEqual((7, 1u, 1), (first.Id, first.Counter, first.Number));
                Assert.AreEqual("001000010007", Convert.ToHexStringLower(first.Mki));
            }
            await using (LabServer lab = await LabServer.StartAsync(configuration))
            {
                Assert.AreEqual(7, lab.CurrentMtk(MeAndLab.News)!.Id);
                Mtk second = lab.NewMtk(MeAndLab.News, dummy: true);
                Assert.AreEqual((8, 2u), (second.Id, second.Counter));
                Assert.AreEqual(7, lab.CurrentMtk(MeAndLab.News)!.Id, "a dummy never protects traffic");
                Mtk early = lab.NewMtk(MeAndLab.News, TimeSpan.FromSeconds(2));
                Assert.AreEqual(7, lab.CurrentMtk(MeAndLab.News)!.Id, "not in force yet");
                await Task.Delay(early.InForce - DateTimeOffset.UtcNow + TimeSpan.FromMilliseconds(20));
                Assert.AreEqual(9, lab.CurrentMtk(MeAndLab.News)!.Id);

                Mtk underNext = lab.NewMtk(MeAndLab.News);
                Assert.AreEqual((1, 1u, 2), (underNext.Id, underNext.Counter, underNext.Number), "SEQu was used up: a new MSK");
                lab.DeleteMsk(MeAndLab.News);
                Assert.AreEqual(3, lab.NewMtk(MeAndLab.News).Number, "a deleted MSK takes no MTK");
            }
        }
        finally
        {
            foreach (string file in Directory.EnumerateFiles(Path.GetTempPath(), Path.GetFileName(database) + "*"))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>The host ME takes them; a dummy too, and the repeat of an older one not.</summary>
    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task TheMeTakesThem(MikeyProfile profile)
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync(change: lab => lab with { Profile = profile }, profile: profile);
        Mark mark = pair.Now;
        pair.Lab.NewMtk(MeAndLab.News, imsi: MeAndLab.First.Imsi);
        await pair.MeAsync("mtk-accepted", mark, ("mtkId", "1"), ("counter", "1"));
        mark = pair.Now;
        pair.Lab.NewMtk(MeAndLab.News, dummy: true, imsi: MeAndLab.First.Imsi);
        await pair.MeAsync("mtk-accepted", mark, ("mtkId", "2"), ("counter", "2"));
        mark = pair.Now;
        pair.Lab.SendMtk(MeAndLab.News, MeAndLab.First.Imsi);
        await pair.MeAsync("datagram-dropped", mark, ("reason", "replay"));
    }

    /// <summary>Where a subscriber is that never paired is not known: no MTK comes into force that it was not sent.</summary>
    [TestMethod]
    public async Task NoneIsMadeForASubscriberThatNeverPaired()
    {
        await using LabServer lab = await LabServer.StartAsync(new LabConfiguration { KeyGroups = [MeAndLab.News], Subscribers = [MeAndLab.First] });
        Assert.ThrowsExactly<LabException>(() => lab.NewMtk(MeAndLab.News, imsi: MeAndLab.First.Imsi));
        Assert.IsNull(lab.CurrentMtk(MeAndLab.News));
        Assert.AreEqual(1, lab.NewMtk(MeAndLab.News).Id, "no MTK ID was used up");
    }

    /// <summary>Two MTK messages overtake each other: the older one comes too late.</summary>
    [TestMethod]
    public async Task SwappedAndLost()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        pair.Lab.Faults.SwapNextDatagrams = true;
        Mark mark = pair.Now;
        pair.Lab.NewMtk(MeAndLab.News, imsi: MeAndLab.First.Imsi);
        pair.Lab.NewMtk(MeAndLab.News, imsi: MeAndLab.First.Imsi);
        await pair.MeAsync("mtk-accepted", mark, ("mtkId", "2"));
        await pair.MeAsync("datagram-dropped", mark, ("reason", "replay"));

        pair.Lab.Faults.LoseMtks = 1;
        pair.Lab.Faults.LoseMskPushes = 1;
        mark = pair.Now;
        pair.Lab.NewMtk(MeAndLab.News, imsi: MeAndLab.First.Imsi);
        pair.Lab.NewMtk(MeAndLab.News, imsi: MeAndLab.First.Imsi);
        Assert.AreEqual("4", (await pair.MeAsync("mtk-accepted", mark))["mtkId"]);
        pair.Lab.Rekey(MeAndLab.News);
        await pair.DeliveredAsync(mark);
        Assert.AreEqual(2, pair.Lab.Events.Since(mark.Lab).Count(e => e.Kind == LabEventKind.MskSent), "the first was lost");
    }
}
