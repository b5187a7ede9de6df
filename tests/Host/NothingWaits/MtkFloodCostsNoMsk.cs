using System.Net;
using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>
/// MTK messages are repeated to a whole group, as fast as anyone likes: the MSK message that a BM-SC sends along with its 200 OK
/// finds room all the same, though the queues are short.
/// </summary>
[TestClass]
[DoNotParallelize]
[TestCategory("NothingWaits")]
public sealed class MtkFloodCostsNoMsk
{
    private const int QueueDepth = 4;
    private const int Pulls = 50;

    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task EachMskOfAPullComesAtTheFirstTry()
    {
        IPEndPoint group = StreamedMe.NewGroup();
        await using MeBehindLateServers me = await MeBehindLateServers.PairedAsync(
            QueueDepth,
            configuration => configuration["services"]![0]!["mtk"] = new JsonObject { ["group"] = group.ToString() },
            lab => lab with { AckTimeout = s_longest });
        int mark = me.Events.Count;
        Mtk mtk = me.Lab.NewMtk(MeAndLab.News, imsi: me.Imsi);
        me.Events.Await(mark, "mtk-accepted", ("mtkId", mtk.Id.ToString()));
        byte[] repeat = me.Lab.SendMtk(MeAndLab.News, me.Imsi);

        using Flood flood = new([repeat], group, FloodSettings.Rate, s_longest);
        me.Events.Await(mark, "datagram-dropped", ("reason", "queue-full"));
        for (int i = 0; i < Pulls; i++)
        {
            string mskId = Convert.ToHexStringLower(me.Lab.CreateMsk(MeBehindLateServers.Sport).MskIdIn(MikeyProfile.Release6));
            Mark before = me.Now;
            me.Lab.Solicit(me.Imsi, MeBehindLateServers.Sport);

            await me.AcknowledgedAsync(before, mskId);

            // Neither did the lab, which waits for minutes, send it again, nor the ME, which waits for 10 s, ask for it again.
            Assert.AreEqual(1, me.Lab.Events.Since(before.Lab).Count(e => e.Kind == LabEventKind.MskSent && e.MskId == mskId), "MSK messages sent");
        }

        Assert.IsTrue(flood.IsRunning, "the flood was over before the last MSK came");
        flood.Stop();
        TestContext.WriteLine(
            $"{Pulls} of {Pulls} MSK messages at the first try, {flood.Sent} MTK repeats at {flood.Rate:F0}/s, queues of {QueueDepth}, {me.DropCount} dropped");
    }
}
