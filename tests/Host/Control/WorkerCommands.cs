using System.Collections.Concurrent;
using MbmsMe.Configuration;
using MbmsMe.Hal.Host;
using MbmsMe.Runtime;

namespace MbmsMe.Tests.Host;

/// <summary>Commands of other threads and the worker: in order, bounded, and answered whatever happens.</summary>
[TestClass]
public sealed class WorkerCommands
{
    private const int Patience = 20000;

    private static readonly MeConfiguration s_configuration = MeConfiguration.Parse(
        """
        {
          "uicc": { "kind": "soft", "iccid": "8988201000000000019", "imsi": "001010123456789", "mncLength": 2,
                    "k": "465b5ce8b199b49faa5f0a2ee238a6bc", "opc": "cd63cb71954a9f4e48a5994e37a02baf" },
          "bsf": { "url": "http://127.0.0.1:1/" },
          "bmsc": { "url": "http://127.0.0.1:1/keymanagement", "fqdn": "bmsc.example.org" },
          "mikey": { "listen": "127.0.0.1:2269" },
          "services": [ { "id": "news", "keyDomain": "00f110", "keyGroups": ["0010"], "active": false } ],
          "backoff": { "offsetSeconds": 0, "randomSeconds": 0 },
          "storage": { "directory": "." }
        }
        """);

    [TestMethod]
    public void CommandsOfManyThreadsAreAllAnswered()
    {
        using RunningWorker running = new();
        ConcurrentBag<string> replies = [];
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                replies.Add(running.Worker.Ask("keys", Patience));
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        for (int i = 0; i < 2000; i++)
        {
            running.Inbox.Post(new byte[20], 20, this);
        }

        Array.ForEach(threads, thread => thread.Join());
        Assert.AreEqual(800, replies.Count);
        Assert.IsTrue(replies.All(reply => reply == """{"ok":true,"msks":[]}"""));
    }

    [TestMethod]
    public void WhileItIsBusyACommandIsWithdrawnInTime()
    {
        using RunningWorker running = new();
        using Obstacle busy = running.Occupy();

        Assert.AreEqual("""{"ok":false,"error":"the ME is busy and has not done it; try again"}""", running.Worker.Ask("activate news", 50));

        busy.Go();
        Assert.Contains("\"state\":\"inactive\"", running.Worker.Ask("services", Patience));
    }

    [TestMethod]
    public void MoreThanAFewAtOnceAreRefused()
    {
        using RunningWorker running = new();
        using Obstacle busy = running.Occupy();

        string[] replies = new string[12];
        Thread[] threads = [.. Enumerable.Range(0, replies.Length).Select(i => new Thread(() => replies[i] = running.Worker.Ask("keys", Patience)))];
        Array.ForEach(threads, thread => thread.Start());
        Assert.IsTrue(SpinWait.SpinUntil(() => replies.Count(reply => reply is not null) == replies.Length - 4, Patience), string.Join('\n', replies));
        busy.Go();
        Array.ForEach(threads, thread => thread.Join());
        Assert.AreEqual(4, replies.Count(reply => reply.StartsWith("{\"ok\":true", StringComparison.Ordinal)), string.Join('\n', replies));
        Assert.AreEqual(8, replies.Count(reply => reply == """{"ok":false,"error":"too many commands at once; try again"}"""));
    }

    [TestMethod]
    public void AStoppedWorkerRefuses()
    {
        const string refused = """{"ok":false,"error":"the ME is being switched off; start it again"}""";
        using RunningWorker running = new();
        using Obstacle busy = running.Occupy();
        string waiting = "";
        Thread thread = new(() => waiting = running.Worker.Ask("keys", Patience));
        thread.Start();
        Assert.IsTrue(SpinWait.SpinUntil(() => running.Inbox.InputCount == 1, Patience));

        running.Worker.Stop();
        Assert.AreEqual(refused, running.Worker.Ask("keys", Patience));
        busy.Go();
        Assert.IsTrue(thread.Join(Patience));
        Assert.AreEqual(refused, waiting);
        running.Thread.Join(Patience);
        Assert.AreEqual(refused, running.Worker.Ask("keys", Patience));
    }

    [TestMethod]
    public void TheMePowersDownOnTheWorkersThreadWhenItEnds()
    {
        using RunningWorker running = new(paired: true);
        int written = running.Writes;
        running.Worker.Stop();
        running.Thread.Join(Patience);
        Assert.AreEqual(written + 1, running.Writes, "what was reserved ahead is settled");
    }

    /// <summary>Something that holds the worker up until a sign.</summary>
    private sealed class Obstacle : Input, IDisposable
    {
        private readonly ManualResetEventSlim _met = new();
        private readonly ManualResetEventSlim _go = new();

        public void WaitUntilMet() => Assert.IsTrue(_met.Wait(Patience));

        public void Go() => _go.Set();

        public override void GiveTo(MobileEquipment me)
        {
            _met.Set();
            _go.Wait(Patience);
        }

        public void Dispose() => _go.Set();
    }

    private sealed class RunningWorker : IUiccGate, IDisposable
    {
        private readonly Bench? _bench;

        public RunningWorker(bool paired = false)
        {
            MobileEquipment me;
            if (paired)
            {
                _bench = Bench.Paired(false);
                _bench.Deliver(_bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
                _bench.Deliver(_bench.Bmsc.Mtk(false, Bench.Group, 1, 2));
                me = _bench.Me;
            }
            else
            {
                me = new MobileEquipment(new CoreMe(new byte[32], 0).Peripherals, s_configuration);
                me.InsertUicc(CoreMe.Identity);
            }

            Worker = new Worker(me, Inbox, this, new HostClock());
            Thread = new Thread(Worker.Run);
            Thread.Start();
        }

        public Inbox Inbox { get; } = new(64);

        public Worker Worker { get; }

        public Thread Thread { get; }

        public int Writes => _bench!.Images.Count;

        /// <summary>Holds the worker up.</summary>
        public Obstacle Occupy()
        {
            Obstacle obstacle = new();
            Inbox.Post(obstacle);
            obstacle.WaitUntilMet();
            return obstacle;
        }

        public void Shut()
        {
        }

        public void Open()
        {
        }

        public void Dispose()
        {
            Worker.Stop();
            Assert.IsTrue(Thread.Join(Patience));
        }
    }
}
