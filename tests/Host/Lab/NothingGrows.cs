using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>A lab that serves for weeks: what it looks through for every packet, and what it holds in memory.</summary>
[TestClass]
public sealed class NothingGrows
{
    [TestMethod]
    public async Task MtksBeforeTheOneInForceAreDeleted()
    {
        await using LabServer lab = await LabServer.StartAsync(new LabConfiguration { KeyGroups = [MeAndLab.News] });
        using LabStore store = new(":memory:");
        DateTimeOffset start = DateTimeOffset.UtcNow;
        for (int i = 0; i < 10; i++)
        {
            Mtk mtk = lab.NewMtk(MeAndLab.News, dummy: i % 3 == 2);
            store.AddMtk(mtk with { InForce = start.AddSeconds(i) }, start.AddSeconds(i));
        }

        // The last one was recorded while MTK 8 was in force; 9 is a dummy. At no earlier time is there anything left.
        Assert.AreEqual("8 10", string.Join(' ', store.MtksFrom(MeAndLab.News, start).Select(mtk => mtk.Id)));
        Assert.IsNull(store.MtkInForce(MeAndLab.News, start));
        Assert.AreEqual(8, store.MtkInForce(MeAndLab.News, start.AddSeconds(8))!.Id);
        Assert.AreEqual(10, store.MtkInForce(MeAndLab.News, start.AddSeconds(9))!.Id);
    }

    [TestMethod]
    public async Task ABoundedRecordForgetsAndItsMarksHold()
    {
        LabEvents events = new(TimeProvider.System, kept: 2);
        await using LabServer lab = await LabServer.StartAsync(new LabConfiguration { KeyGroups = [MeAndLab.News] }, events);
        int mark = events.Count;
        Assert.AreEqual(2, mark, "started, msk-created");
        lab.SendRaw([1], lab.MikeyEndPoint);
        await events.WaitAsync(e => e.Kind == LabEventKind.DatagramRejected, TimeSpan.FromSeconds(10), mark);
        Assert.AreEqual(5, events.Count, "raw-sent, datagram-received, datagram-rejected");
        CollectionAssert.AreEqual(
            new[] { LabEventKind.DatagramReceived, LabEventKind.DatagramRejected }, events.Since(0).Select(e => e.Kind).ToArray());
        Assert.AreEqual(LabEventKind.DatagramRejected, events.Since(4).Single().Kind);
    }
}
