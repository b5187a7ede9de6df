using System.Diagnostics;
using MbmsMe.Hal.Common;
using MbmsMe.Machine;
using MbmsMe.Runtime;

namespace MbmsMe.Tests.Host;

/// <summary>Events and their reader: whatever it does, nobody who reports one waits, and what is lost is told.</summary>
[TestClass]
public sealed class EventsOnTheirWay
{
    private const int Depth = 8;
    private const int Patience = 20000;

    [TestMethod]
    public void EventsAreHeldUntilTheStartAndKeepOrderAndTime()
    {
        Reader reader = new();
        EventWriter events = new(reader, Depth, 10);
        DateTime before = DateTime.UtcNow;
        events.Report(new MeEvent("a").With("n", 1));
        events.Report(new MeEvent("b"));
        DateTime after = DateTime.UtcNow;
        Thread.Sleep(100);
        Assert.AreEqual("", reader.Read);
        events.Start();
        events.Start();
        events.Report(new MeEvent("c"));
        Assert.IsTrue(events.Stop(Patience));
        Assert.AreEqual("a n=1; b; c", reader.Read);
        Assert.IsTrue(reader.Times[0] >= before && reader.Times[1] <= after, "the time is that of the report");
        Assert.AreEqual(DateTimeKind.Utc, reader.Times[0].Kind);
        Assert.AreEqual(10, events.MaxDropsPerSecond);
    }

    [TestMethod]
    public void AReaderThatHasStoppedReadingCostsEventsOnly()
    {
        Reader reader = new() { Stopped = true };
        EventWriter events = new(reader, Depth, 10);
        events.Start();
        events.Report(new MeEvent("first"));
        reader.AwaitEntered();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 100000; i++)
        {
            events.Report(new MeEvent("more").With("n", i));
        }

        Assert.IsLessThan(5, Stopwatch.GetElapsedTime(start).TotalSeconds);
        start = Stopwatch.GetTimestamp();
        Assert.IsFalse(events.Stop(100));
        Assert.IsLessThan(5, Stopwatch.GetElapsedTime(start).TotalSeconds);
        reader.GoOn();
        Assert.IsTrue(events.Stop(Patience));
    }

    [TestMethod]
    public void WhatWasLostIsToldInItsPlace()
    {
        Reader reader = new() { Stopped = true };
        EventWriter events = new(reader, Depth, 10);
        events.Start();
        events.Report(new MeEvent("first"));
        reader.AwaitEntered();
        for (int i = 0; i < Depth + 5; i++)
        {
            events.Report(new MeEvent("e" + i));
        }

        reader.GoOnFor(2);
        Assert.IsTrue(SpinWait.SpinUntil(() => reader.Read == "first; e0", Patience), reader.Read);
        events.Report(new MeEvent("later"));
        reader.GoOn();
        Assert.IsTrue(events.Stop(Patience));
        Assert.AreEqual("first; e0; e1; e2; e3; e4; e5; e6; e7; events-lost count=5; later", reader.Read);
    }

    [TestMethod]
    public void WhatWasLostIsToldAlsoWhenNothingFollows()
    {
        Reader reader = new() { Stopped = true };
        EventWriter events = new(reader, 1, 10);
        events.Start();
        events.Report(new MeEvent("first"));
        reader.AwaitEntered();
        for (int i = 0; i < 4; i++)
        {
            events.Report(new MeEvent("e" + i));
        }

        reader.GoOn();
        Assert.IsTrue(SpinWait.SpinUntil(() => reader.Read.EndsWith("count=3", StringComparison.Ordinal), Patience), reader.Read);
        Assert.AreEqual("first; e0; events-lost count=3", reader.Read);
        events.Report(new MeEvent("later"));
        Assert.IsTrue(events.Stop(Patience));
        Assert.AreEqual("first; e0; events-lost count=3; later", reader.Read);
    }

    [TestMethod]
    public void WithoutAStartThereIsNothingToWaitFor()
    {
        EventWriter events = new(new Reader(), Depth, 10);
        Assert.IsTrue(events.Stop(Patience));
    }

    /// <summary>Of many reporters each event is written or counted.</summary>
    [TestMethod]
    public void NoneIsLostUncounted()
    {
        Reader reader = new();
        EventWriter events = new(reader, Depth, 10);
        events.Start();
        Parallel.For(0, 8, _ =>
        {
            for (int i = 0; i < 5000; i++)
            {
                events.Report(new MeEvent("e"));
            }
        });
        Assert.IsTrue(events.Stop(Patience));
        string[] read = reader.Read.Split("; ");
        int lost = read.Where(line => line.StartsWith("events-lost", StringComparison.Ordinal)).Sum(line => int.Parse(line.Split('=')[1]));
        Assert.AreEqual(40000, lost + read.Count(line => line == "e"));
    }

    private sealed class Reader : IEventOutput
    {
        private readonly List<string> _read = [];
        private readonly ManualResetEventSlim _entered = new();
        private readonly SemaphoreSlim _go = new(0);

        public bool Stopped { get; set; }

        public List<DateTime> Times { get; } = [];

        public string Read
        {
            get
            {
                lock (_read)
                {
                    return string.Join("; ", _read);
                }
            }
        }

        public void AwaitEntered() => Assert.IsTrue(_entered.Wait(Patience));

        public void GoOnFor(int events) => _go.Release(events);

        public void GoOn()
        {
            Stopped = false;
            _go.Release();
        }

        public void Write(MeEvent meEvent, DateTime utc)
        {
            _entered.Set();
            if (Stopped)
            {
                _go.Wait();
            }

            lock (_read)
            {
                _read.Add(meEvent.ToString());
                Times.Add(utc);
            }
        }
    }
}
