using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>A lab that was stopped and started on the same SQLite file knows its UEs, keys and what was not acknowledged.</summary>
[TestClass]
public sealed class LabRestart
{
    [TestMethod]
    public async Task PendingMskIsSentAgainAndAcknowledged()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        pair.Lab.Faults.LoseAcks = true;
        pair.Lab.Faults.NoRetransmission = true;
        Mark mark = pair.Now;
        pair.Lab.Rekey(MeAndLab.News);
        LabEvent sent = await pair.LabAsync(LabEventKind.MskSent, mark);
        LabEvent lost = await pair.LabAsync(LabEventKind.AckVerified, mark);
        await pair.MeAsync("ack-sent", mark);
        Assert.AreEqual(1, pair.Lab.CountDeliveries(MeAndLab.First.Imsi, DeliveryState.Pending));
        SortedDictionary<string, byte[]> before = pair.StateFiles();

        await pair.RestartLabAsync();
        LabEvent again = await pair.LabAsync(LabEventKind.MskSent, default);
        LabEvent ack = await pair.LabAsync(LabEventKind.AckVerified, default);
        CollectionAssert.AreEqual(sent.Datagram, again.Datagram, "the same octets");
        CollectionAssert.AreEqual(lost.Datagram, ack.Datagram);
        Assert.AreEqual(0, pair.Lab.CountDeliveries(MeAndLab.First.Imsi, DeliveryState.Pending));
        pair.AssertState(before);
    }

    [TestMethod]
    public async Task PairingIsKept()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        string btid = pair.Lab.LastMuk(MeAndLab.First.Imsi)!.Btid;
        byte[] msk = pair.Lab.CurrentMsk(MeAndLab.News)!.Key;
        await pair.RestartLabAsync();
        Assert.AreEqual(btid, pair.Lab.LastMuk(MeAndLab.First.Imsi)!.Btid);
        CollectionAssert.AreEqual(msk, pair.Lab.CurrentMsk(MeAndLab.News)!.Key);

        Mark mark = pair.Now;
        pair.Lab.Rekey(MeAndLab.News);
        await pair.DeliveredAsync(mark);
        Assert.AreEqual("", pair.Http(mark), "pushed under the MUK of before the restart");

        mark = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
        await pair.DeliveredAsync(mark);
        Assert.AreEqual("bmsc 401, bmsc 200", pair.Http(mark), "its nonce is stale, its B-TID is not");
    }
}
