using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>Rule 5 over real UDP and files: repeats get the same ACK and change nothing, older messages get nothing.</summary>
[TestClass]
public sealed class Rule5_StateNeverMovesBackwards
{
    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task RepeatedMskGetsTheSameAck(MikeyProfile profile)
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync(change: lab => lab with { AckTimeout = TimeSpan.FromMinutes(1), Profile = profile }, profile: profile);
        LabEvent sent = await pair.LabAsync(LabEventKind.MskSent, default);
        byte[] ack = (await pair.LabAsync(LabEventKind.AckVerified, default)).Datagram!;
        await AssertRepeatedAsync();
        await pair.RestartAsync();
        await AssertRepeatedAsync();

        async Task AssertRepeatedAsync()
        {
            SortedDictionary<string, byte[]> before = pair.StateFiles();
            for (int i = 0; i < 3; i++)
            {
                Mark mark = pair.Now;
                pair.Lab.SendRaw(sent.Datagram!, MeAndLab.First.Imsi);
                await pair.MeAsync("ack-sent", mark, ("repeated", "True"), ("counter", sent.Counter.ToString()!));
                LabEvent again = await pair.LabAsync(LabEventKind.AckVerified, mark);
                CollectionAssert.AreEqual(ack, again.Datagram);
                Assert.AreEqual(1, pair.Me.Since(mark.Me).Count, pair.Records(mark));
                Assert.AreEqual("", pair.Http(mark));
            }

            pair.AssertState(before);
        }
    }

    /// <summary>The lab's own retransmission when acknowledgements get lost.</summary>
    [TestMethod]
    public async Task LostAckIsSentAgain()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync(change: lab => lab with { AckTimeout = TimeSpan.FromMilliseconds(400) });
        pair.Lab.Faults.LoseAcks = true;
        Mark mark = pair.Now;
        pair.Lab.Rekey(MeAndLab.News);
        LabEvent first = await pair.LabAsync(LabEventKind.AckVerified, mark);
        SortedDictionary<string, byte[]> before = pair.StateFiles();
        LabEvent third = await pair.LabAsync(LabEventKind.MskSent, mark, e => e.Try == 3);
        pair.Lab.Faults.LoseAcks = false;
        LabEvent last = await pair.LabAsync(LabEventKind.AckVerified, mark, e => e.Detail is null);

        CollectionAssert.AreEqual(first.Datagram, last.Datagram);
        CollectionAssert.AreEqual((await pair.LabAsync(LabEventKind.MskSent, mark)).Datagram, third.Datagram, "the lab repeats the octets");
        Assert.AreEqual(1, pair.Me.Since(mark.Me).Count(line => line.Event == "msk-stored"));
        pair.AssertState(before);
    }

    [TestMethod]
    public async Task OlderMessagesAreDroppedAlsoAfterARestart()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        byte[] accepted = (await pair.LabAsync(LabEventKind.MskSent, default)).Datagram!;
        byte[] overtakenMsk = pair.Lab.BuildMsk(MeAndLab.First.Imsi, MeAndLab.News);
        byte[] overtakenPull = pair.Lab.BuildPull(MeAndLab.First.Imsi, MeAndLab.News);
        byte[] overtakenDraft = pair.Lab.BuildPull(MeAndLab.First.Imsi, MeAndLab.News, MikeyProfile.Draft2004);
        Mark mark = pair.Now;
        pair.Lab.Rekey(MeAndLab.News);
        await pair.DeliveredAsync(mark);
        await AssertDroppedAsync();
        await pair.RestartAsync();
        await AssertDroppedAsync();

        async Task AssertDroppedAsync()
        {
            SortedDictionary<string, byte[]> before = pair.StateFiles();
            Mark since = pair.Now;
            await pair.DroppedAsync([overtakenMsk, overtakenPull, overtakenDraft, accepted], "replay");
            await pair.AssertSilenceAsync(since);
            pair.AssertState(before);
        }
    }

    /// <summary>After a new GBA run the MUK before it is used up as soon as the new one has authenticated a message.</summary>
    [TestMethod]
    public async Task OldMukIsOverOnceANewOneWasUsed()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        string oldBtid = pair.Lab.LastMuk(MeAndLab.First.Imsi)!.Btid;
        pair.Lab.DemandRenegotiation(MeAndLab.First.Imsi);
        Mark mark = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
        await pair.DeliveredAsync(mark);
        Assert.AreNotEqual(oldBtid, pair.Lab.LastMuk(MeAndLab.First.Imsi)!.Btid);

        byte[] pull = pair.Lab.BuildPull(MeAndLab.First.Imsi, MeAndLab.News, btid: oldBtid);
        byte[] msk = pair.Lab.BuildMsk(MeAndLab.First.Imsi, MeAndLab.News, btid: oldBtid);
        SortedDictionary<string, byte[]> before = pair.StateFiles();
        mark = pair.Now;
        await pair.DroppedAsync([pull, msk], "unknown-btid");
        await pair.AssertSilenceAsync(mark);
        pair.AssertState(before);
    }
}
