using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>
/// Another UICC, or none, while the ME's request hangs at the BM-SC and its drive is slow: what is sent 50 ms later under the
/// former keys is not decrypted, and the request is cancelled.
/// </summary>
[TestClass]
[DoNotParallelize]
[TestCategory("NothingWaits")]
public sealed class UiccChangeIsImmediate
{
    private const int Rounds = 10;

    // Where the processors are not the sender's alone its packets may have a gap just then: such a round counts for what it
    // shows, but not among the ten.
    private const int MostRounds = 30;
    private const double Bound = 50;
    private const int SlowWriteMilliseconds = 300;

    // The whole of a change with a slow drive, and a good deal more than that: what must not come does not come in this time.
    private static readonly TimeSpan s_after = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(false, false, DisplayName = "another UICC")]
    [DataRow(true, false, DisplayName = "no UICC")]
    [DataRow(false, true, DisplayName = "another UICC in the middle of a slow write")]
    [DataRow(true, true, DisplayName = "no UICC in the middle of a slow write")]
    public async Task FormerKeysDecryptNothingAfter50Milliseconds(bool isRemoval, bool isSlow)
    {
        IPEndPoint flow = StreamedMe.NewGroup();
        using StampedStream stream = new(flow);
        await using MeBehindLateServers me = await MeBehindLateServers.PairedAsync(
            change: configuration => configuration["services"]![0]!["sessions"] =
                new JsonArray(new JsonObject { ["flow"] = flow.ToString(), ["output"] = stream.Output.ToString() }));
        await Latencies.BestOfThreeAsync(TestContext, () => MeasureAsync(me, stream, isRemoval, isSlow), measured =>
        {
            Assert.IsLessThanOrEqualTo(Bound, measured[0].Max, measured[0].ToString());
            Assert.IsLessThanOrEqualTo(Bound, measured[1].Max, measured[1].ToString());
            Assert.IsLessThan(SlowWriteMilliseconds, measured[2].Max, measured[2].ToString());
        });
    }

    private static async Task<IReadOnlyList<Latencies>> MeasureAsync(MeBehindLateServers me, StampedStream stream, bool isRemoval, bool isSlow)
    {
        string what = (isRemoval ? "UICC taken out" : "another UICC") + (isSlow ? " in the middle of a slow write" : "");
        Latencies last = new($"{what}, to the sending of the last packet decrypted");
        Latencies returned = new($"{what}, to the return of the call");
        Latencies cancelled = new($"{what}, to the end of the connection at the BM-SC");
        using Stranger bmsc = me.NewStranger();
        for (int telling = 0; telling < Rounds;)
        {
            Assert.IsLessThan(MostRounds, last.Count, "the stream is not sent steadily enough to tell anything");
            int events = me.Events.Count;
            Mtk mtk = me.Lab.NewMtk(MeAndLab.News, imsi: me.Imsi);
            me.Events.Await(events, "mtk-accepted", ("mtkId", mtk.Id.ToString()));
            stream.Begin(mtk);
            me.BmSc.BeLate();
            await me.AskingAsync(me.BmSc);
            Assert.IsTrue(SpinWait.SpinUntil(() => stream.LastDecrypted > 0, s_patience), "nothing is decrypted");
            if (isSlow)
            {
                me.Lab.CreateMsk(MeAndLab.News);
                byte[] push = me.Lab.BuildMsk(me.Imsi, MeAndLab.News);
                me.Drive.WriteMilliseconds = SlowWriteMilliseconds;
                bmsc.Send(push);
                Assert.IsTrue(SpinWait.SpinUntil(() => me.Drive.IsWriting, s_patience), "nothing is written");
            }

            int closed = me.BmSc.Closed;
            Mark mark = me.Now;
            long changed = Stopwatch.GetTimestamp();
            if (isRemoval)
            {
                me.RemoveUicc();
            }
            else
            {
                me.SwapUicc();
            }

            returned.Add(changed, Stopwatch.GetTimestamp());
            Assert.IsTrue(SpinWait.SpinUntil(() => me.BmSc.Closed > closed, s_patience), "the request was not cancelled");
            cancelled.Add(changed, me.BmSc.ClosedAt);
            me.BmSc.BePrompt();
            await Task.Delay(s_after);
            stream.End();
            telling += stream.SentAround(changed) ? 1 : 0;
            last.Add(changed, Math.Max(changed, stream.LastDecrypted));
            me.Drive.WriteMilliseconds = 0;
            if (isRemoval)
            {
                me.SwapUicc();
            }

            await me.PairedAsync(mark);
        }

        return [last, returned, cancelled];
    }
}
