using System.Diagnostics;
using MbmsMe.Hal.Host;
using MbmsMe.Machine;
using MbmsMe.Runtime;

namespace MbmsMe.Tests.Host;

/// <summary>What the worker takes up first, and what a change of the UICC does at once.</summary>
[TestClass]
public sealed class WorkerTurns
{
    private const int Patience = 20000;

    private static readonly UiccIdentity s_other = new("8988201000000000027", "001010123456790", 2);

    [TestMethod]
    public void AUiccGoesFirstThenInputsThenDatagrams()
    {
        using HeldWorker held = new();
        held.Inbox.Post(new byte[3], 3, this);
        held.Inbox.Post(new Note(held.Notes, "first input"));
        held.Inbox.Post(new Note(held.Notes, "second input"));
        held.Worker.InsertUicc(s_other);
        held.Release();
        held.AwaitNote("datagram-dropped");
        CollectionAssert.AreEqual((string[])["shut", "open", "uicc-changed", "first input", "second input", "datagram-dropped"], held.Notes, string.Join(", ", held.Notes));
    }

    /// <summary>The worker is held up by something that takes for ever: what is decrypted under another UICC's keys ends all the same.</summary>
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void TheTrafficPlaneIsClearedAtOnceWhateverTheWorkerDoes(bool another)
    {
        using HeldWorker held = new();
        long start = Stopwatch.GetTimestamp();
        if (another)
        {
            held.Worker.InsertUicc(s_other);
        }
        else
        {
            held.Worker.RemoveUicc();
        }

        TimeSpan took = Stopwatch.GetElapsedTime(start);
        CollectionAssert.AreEqual((string[])["shut"], held.Notes);
        Assert.IsLessThan(50, took.TotalMilliseconds);
        held.Release();
        held.AwaitNote(another ? "uicc-changed" : "uicc-removed");
        CollectionAssert.AreEqual((string[])["shut", "open", another ? "uicc-changed" : "uicc-removed"], held.Notes);
    }

    [TestMethod]
    public void TheSameUiccAgainShutsNothing()
    {
        using HeldWorker held = new();
        held.Worker.InsertUicc(CoreMe.Identity);
        held.Release();
        held.AwaitNote("open");
        CollectionAssert.AreEqual((string[])["open"], held.Notes);
    }

    /// <summary>The latest counts, but the keys of a UICC that was away in between are gone, even if it has come back.</summary>
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void WhatWasAwayInBetweenIsNotOverlooked(bool another)
    {
        using HeldWorker held = new();
        if (another)
        {
            held.Worker.InsertUicc(s_other);
        }
        else
        {
            held.Worker.RemoveUicc();
        }

        held.Worker.InsertUicc(CoreMe.Identity);
        held.Release();
        held.AwaitNote("uicc-removed");
        Assert.Contains("is active already", held.Worker.Ask("activate urn:example:news", Patience), "there is a UICC again");
        CollectionAssert.AreEqual((string[])["shut", "shut", "open", "uicc-removed"], held.Notes.Take(4).ToArray());
        Assert.IsNull(held.Core.Me.Keys.Of(CoreMe.Fqdn).Gba, "its MUK is gone");
    }

    /// <summary>Users who ask without end keep no datagram waiting for more than the commands there were.</summary>
    [TestMethod]
    public void CommandsWithoutEndDoNotKeepDatagramsWaiting()
    {
        using HeldWorker held = new();
        held.Inbox.Post(new Endless(held.Inbox));
        for (int i = 0; i < 10; i++)
        {
            held.Inbox.Post(new byte[3], 3, this);
        }

        held.Release();
        held.AwaitDrops(10);
    }

    [TestMethod]
    public void WhatFoundNoRoomIsCountedAsDropped()
    {
        using HeldWorker held = new();
        for (int i = 0; i < HeldWorker.Depth + 5; i++)
        {
            held.Inbox.Post(new byte[3], 3, this);
        }

        held.Release();
        held.AwaitDrops(HeldWorker.Depth + 5);
        Assert.AreEqual(1, held.Core.Events.Count(e => e.Name == "datagram-dropped" && (string)e["reason"] == "queue-full"));
    }

    [TestMethod]
    public void IdleItSleeps()
    {
        using HeldWorker held = new();
        held.Release();
        Assert.Contains("true", held.Worker.Ask("help", Patience));
        Thread.Sleep(100);
        long turn = held.Worker.LastTurn;
        Thread.Sleep(300);
        Assert.AreEqual(turn, held.Worker.LastTurn);
    }

    /// <summary>Notes that its turn has come.</summary>
    private sealed class Note(List<string> notes, string text) : Input
    {
        public override void GiveTo(MobileEquipment me)
        {
            lock (notes)
            {
                notes.Add(text);
            }
        }
    }

    /// <summary>A command that is given again at once, as by a user who asks without end.</summary>
    private sealed class Endless(Inbox inbox) : Input
    {
        public override bool IsCommand => true;

        public override void GiveTo(MobileEquipment me) => inbox.Post(this);
    }

    /// <summary>A worker that is held up until it is released, and what happens in order.</summary>
    private sealed class HeldWorker : IUiccGate, IEventSink, IDisposable
    {
        public const int Depth = 16;

        private readonly ManualResetEventSlim _go = new();
        private readonly Thread _thread;

        public HeldWorker()
        {
            Core.Peripherals.Events = this;
            Worker = new Worker(Core.Me, Inbox, this, new HostClock());
            Worker.PowerOn(CoreMe.Identity);
            lock (Notes)
            {
                Notes.Clear();
            }

            Hold hold = new(_go);
            Inbox.Post(hold);
            _thread = new Thread(Worker.Run);
            _thread.Start();
            hold.WaitUntilMet();
        }

        public CoreMe Core { get; } = new(new byte[32], 0);

        public Inbox Inbox { get; } = new(Depth);

        public Worker Worker { get; }

        public List<string> Notes { get; } = [];

        public int MaxDropsPerSecond => int.MaxValue;

        public void Release() => _go.Set();

        public void AwaitDrops(int count) => Assert.IsTrue(SpinWait.SpinUntil(() => Core.Me.Drops.Count >= count, Patience), $"{Core.Me.Drops.Count}");

        public void AwaitNote(string text) => Assert.IsTrue(SpinWait.SpinUntil(() => Has(text), Patience), string.Join(", ", Notes));

        public void Shut() => Add("shut");

        public void Open() => Add("open");

        public void Report(MeEvent meEvent)
        {
            Core.Report(meEvent);
            Add(meEvent.Name);
        }

        public void Dispose()
        {
            Release();
            Worker.Stop();
            Assert.IsTrue(_thread.Join(Patience));
        }

        private bool Has(string text)
        {
            lock (Notes)
            {
                return Notes.Contains(text);
            }
        }

        private void Add(string text)
        {
            lock (Notes)
            {
                Notes.Add(text);
            }
        }

        private sealed class Hold(ManualResetEventSlim go) : Input
        {
            private readonly ManualResetEventSlim _met = new();

            public void WaitUntilMet() => Assert.IsTrue(_met.Wait(Patience));

            public override void GiveTo(MobileEquipment me)
            {
                _met.Set();
                go.Wait(Patience);
            }
        }
    }
}
