using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>MTKs whose messages come before they are used, or that are never used (source document 2.2).</summary>
[TestClass]
public sealed class EarlyMtks
{
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
}
