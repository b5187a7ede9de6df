using System.Diagnostics;
using System.Security.Cryptography;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>
/// BSF and BM-SC take 9 s over every answer, and a request of the ME waits for one all the time: MSK messages are acknowledged
/// and MTK messages accepted as if there were none.
/// </summary>
[TestClass]
[DoNotParallelize]
[TestCategory("NothingWaits")]
public sealed class MessagesWhileServersHang
{
    private const int Rounds = 200;
    private const double Bound = 50;

    // All rounds together last longer than an answer, so that some meet its coming and the next request's going.
    private const int PauseMilliseconds = 50;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(false, DisplayName = "the BM-SC hangs")]
    [DataRow(true, DisplayName = "the BSF hangs")]
    public async Task AreTakenWithin50Milliseconds(bool atBsf)
    {
        await using MeBehindLateServers me = await MeBehindLateServers.PairedAsync();
        using Stranger bmsc = me.NewStranger();
        using WayWithoutMe without = new();
        await Latencies.BestOfThreeAsync(TestContext, () => MeasureAsync(me, bmsc, without, atBsf), measured =>
        {
            // What the machine takes by itself, next to nothing where it has time, is not the ME's.
            foreach (Latencies latencies in measured.Take(2))
            {
                Assert.AreEqual(Rounds, latencies.Count);
                Assert.IsLessThanOrEqualTo(Bound + measured[2].P99, latencies.P99, $"{latencies}; {measured[2]}");
            }
        });
    }

    private static async Task<IReadOnlyList<Latencies>> MeasureAsync(MeBehindLateServers me, Stranger bmsc, WayWithoutMe without, bool atBsf)
    {
        if (atBsf)
        {
            await me.AskingTheBsfAsync();
        }
        else
        {
            me.Bsf.BeLate();
            me.BmSc.BeLate();
        }

        Latencies acknowledged = new($"MSK message to ACK while the {(atBsf ? "BSF" : "BM-SC")} hangs");
        Latencies alone = new("the same way without an ME");
        Latencies accepted = new($"MTK message to mtk-accepted while the {(atBsf ? "BSF" : "BM-SC")} hangs");
        for (int i = 0; i < Rounds; i++)
        {
            await Task.Delay(PauseMilliseconds);
            await me.AskingAsync(me.Bsf, me.BmSc);

            // A new MSK and its first MTK each time: both are written to the drive before they are answered or told.
            Msk msk = me.Lab.CreateMsk(MeAndLab.News);
            byte[] push = me.Lab.BuildMsk(me.Imsi, MeAndLab.News);
            byte[] mtk = MikeyMessage.BuildMtk(
                msk, 1, RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(14), 1, MikeyProfile.Release6);

            long sent = Stopwatch.GetTimestamp();
            bmsc.Send(push);
            acknowledged.Add(sent, bmsc.AwaitAck());

            int mark = me.Events.Count;
            sent = Stopwatch.GetTimestamp();
            bmsc.Send(mtk);
            string mskId = Convert.ToHexStringLower(msk.MskIdIn(MikeyProfile.Release6));
            accepted.Add(sent, me.Events.Await(mark, "mtk-accepted", ("mskId", mskId), ("mtkId", "1")));
            without.AddTo(alone);
        }

        return [acknowledged, accepted, alone];
    }
}
