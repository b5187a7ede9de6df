using MbmsMe.Lab;
using MbmsMe.Machine;
using MbmsMe.Runtime;

namespace MbmsMe.Tests.Host;

/// <summary>What waits for the worker: in which order it goes, what is kept apart, and what is lost when there is too much.</summary>
[TestClass]
public sealed class InboxOrder
{
    private const int Depth = 8;

    private static readonly Lab.KeyGroup s_group = new("00f110", 0x0010);
    private static readonly Lab.Msk s_msk = new(s_group, 1, new byte[16], new byte[16], 0x12345678, 0, 1000);
    private static readonly byte[] s_mtk = Lab.MikeyMessage.BuildMtk(s_msk, 1, new byte[16], new byte[14], 1, MikeyProfile.Release6);
    private static readonly byte[] s_pushed = Lab.MikeyMessage.BuildMsk(
        new MikeyContext(new byte[32], CoreMe.Btid, CoreMe.Fqdn, 1, MikeyProfile.Release6), s_msk);

    [TestMethod]
    public void InputsGoInTheOrderTheyCame()
    {
        Inbox inbox = new(Depth);
        HttpCall call = new();
        Input[] posted =
        [
            new HttpReplied(call, new HttpReply()),
            new UiccFailed(new AkaCall([], []), ""),
            new AddressChanged(),
            new HttpFailed(call, ""),
            new TimeChanged(),
            new TrafficReported(new TrafficReport(new Machine.KeyGroup(1, 1), 1)),
        ];
        Array.ForEach(posted, inbox.Post);
        Assert.AreEqual(posted.Length, inbox.InputCount);
        CollectionAssert.AreEqual(posted, posted.Select(_ => inbox.TakeInput()).ToArray());
        Assert.IsNull(inbox.TakeInput());
    }

    [TestMethod]
    public void OfUiccChangesTheLatestCounts()
    {
        Inbox inbox = new(Depth);
        inbox.Post(new UiccChange(new UiccIdentity("1", "1", 2), false));
        UiccChange last = new(null, false);
        inbox.Post(last);
        Assert.AreSame(last, inbox.TakeUicc());
        Assert.IsNull(inbox.TakeUicc());
    }

    [TestMethod]
    public void WhatComesByItselfTakesOnePlace()
    {
        Inbox inbox = new(Depth);
        for (int i = 0; i < 100; i++)
        {
            inbox.Post(new AddressChanged());
            inbox.Post(new TimeChanged());
            inbox.Post(new TrafficReported(new TrafficReport(new Machine.KeyGroup(1, 1), 2)));
            inbox.Post(new TrafficReported(new TrafficReport(new Machine.KeyGroup(1, 2), 3)));
        }

        Assert.AreEqual(4, inbox.InputCount);
        Assert.IsInstanceOfType<AddressChanged>(inbox.TakeInput());
        Assert.IsInstanceOfType<TimeChanged>(inbox.TakeInput());
        Assert.AreEqual(200u, ((TrafficReported)inbox.TakeInput()).Report.Authentic);
        Assert.AreEqual(300u, ((TrafficReported)inbox.TakeInput()).Report.Authentic);

        // One that the worker has taken takes nothing up any more.
        inbox.Post(new AddressChanged());
        Assert.AreEqual(1, inbox.InputCount);
    }

    [TestMethod]
    public void WhatAnswersACancelledCallIsTakenBack()
    {
        Inbox inbox = new(Depth);
        HttpCall wanted = new();
        HttpCall unwanted = new();
        inbox.Post(new HttpReplied(unwanted, new HttpReply()));
        HttpReplied kept = new(wanted, new HttpReply());
        inbox.Post(kept);
        inbox.WithdrawAnswer(unwanted);
        Assert.AreSame(kept, inbox.TakeInput());
        Assert.AreEqual(0, inbox.InputCount);
    }

    [TestMethod]
    public void ResultsOfTheUiccThatNobodyTakesAreZeroed()
    {
        Inbox inbox = new(Depth);
        AkaCall call = new([], []);
        AkaResult[] results = [.. Enumerable.Range(0, 3).Select(_ => new AkaResult { Res = [1], Ck = [2], Ik = [3] })];
        inbox.Post(new UiccReplied(call, results[0]));
        inbox.WithdrawAnswer(call);
        inbox.Post(new UiccReplied(call, results[1]));
        inbox.Close();
        inbox.Post(new UiccReplied(call, results[2]));
        Assert.AreEqual(0, inbox.InputCount);
        foreach (AkaResult result in results)
        {
            CollectionAssert.AreEqual(new byte[3], (byte[])[.. result.Res, .. result.Ck, .. result.Ik]);
        }
    }

    /// <summary>However many MTK repeats come, the MSK messages among them find room, and their turn comes next but one.</summary>
    [TestMethod]
    public void AFloodOfMtkMessagesLeavesMskMessagesTheirRoom()
    {
        Inbox inbox = new(Depth);
        for (int i = 0; i < 1000; i++)
        {
            inbox.Post(s_mtk, s_mtk.Length, this);
            if (i % 125 == 0)
            {
                inbox.Post(s_pushed, s_pushed.Length, this);
            }
        }

        Assert.AreEqual(1000u - Depth, inbox.TakeOverflow());
        Assert.AreEqual(0u, inbox.TakeOverflow());
        Datagram datagram = new();
        int[] taken = new int[2];
        for (int i = 1; inbox.TryTakeDatagram(ref datagram); i++)
        {
            bool isMsk = datagram.Data.AsSpan(0, datagram.Length).SequenceEqual(s_pushed);
            Assert.IsTrue(isMsk || datagram.Data.AsSpan(0, datagram.Length).SequenceEqual(s_mtk));
            Assert.AreSame(this, datagram.Peer);
            taken[isMsk ? 1 : 0]++;
            Assert.AreEqual(i / 2 + i % 2, Math.Max(taken[0], taken[1]), "one of each in turn");
        }

        CollectionAssert.AreEqual(new[] { Depth, Depth }, taken);
    }

    [TestMethod]
    public void OfTheOthersTheNewestIsLostAndNoMtkMessage()
    {
        Inbox inbox = new(Depth);
        for (int i = 0; i < Depth + 3; i++)
        {
            inbox.Post([(byte)i], 1, this);
        }

        inbox.Post(s_mtk, s_mtk.Length, this);
        Assert.AreEqual(3u, inbox.TakeOverflow());
        Datagram datagram = new();
        List<byte> others = [];
        while (inbox.TryTakeDatagram(ref datagram))
        {
            if (datagram.Length == 1)
            {
                others.Add(datagram.Data[0]);
            }
        }

        CollectionAssert.AreEqual(Enumerable.Range(0, Depth).Select(i => (byte)i).ToArray(), others);
    }

    [TestMethod]
    public void ADatagramOverLengthIsSeenAsSuch()
    {
        Inbox inbox = new(Depth);
        inbox.Post(new byte[5000], 5000, this);
        Datagram datagram = new();
        Assert.IsTrue(inbox.TryTakeDatagram(ref datagram));
        Assert.AreEqual(Receiving.MikeyReceiver.MaxLength + 1, datagram.Length);
    }

    [TestMethod]
    public void DatagramsAreQueuedAndTakenWithoutAllocation()
    {
        Inbox inbox = new(Depth);
        Datagram datagram = new();
        long before = 0;
        for (int round = 0; round < 1100; round++)
        {
            if (round == 100)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            for (int i = 0; i < Depth + 2; i++)
            {
                inbox.Post(s_mtk, s_mtk.Length, this);
                inbox.Post(s_pushed, s_pushed.Length, this);
            }

            inbox.TakeOverflow();
            while (inbox.TryTakeDatagram(ref datagram))
            {
            }
        }

        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
