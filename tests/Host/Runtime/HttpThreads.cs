using System.Collections.Concurrent;
using MbmsMe.Hal.Common;
using MbmsMe.Machine;
using MbmsMe.Runtime;

namespace MbmsMe.Tests.Host;

/// <summary>HTTP beside the worker: servers that hang, calls that nobody wants any more, one at a time on a board.</summary>
[TestClass]
public sealed class HttpThreads
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(200);

    [TestMethod]
    public void AServerThatHangsDoesNotHoldUpTheOthers()
    {
        using Bench bench = new(oneForEachServer: true);
        bench.Network.Start();
        HttpCall dead = bench.Start("http://dead.example.org/a");
        HttpCall behind = bench.Start("http://DEAD.example.org/b?c=http://other.example.org/");
        HttpCall other = bench.Start("http://other.example.org/");
        HttpCall port = bench.Start("http://dead.example.org:8080/");
        bench.AwaitSent(3);
        CollectionAssert.AreEquivalent((HttpCall[])[dead, other, port], bench.Transport.Sent.ToArray());
        bench.Transport.Answer(other);
        Assert.AreSame(other, bench.AwaitEnd());
        bench.Transport.Answer(dead);
        Assert.AreSame(dead, bench.AwaitEnd());
        bench.AwaitSent(4);
        Assert.AreSame(behind, bench.Transport.Sent.Last());
    }

    [TestMethod]
    public void OnABoardOneGoesOutAfterTheOther()
    {
        using Bench bench = new(oneForEachServer: false);
        bench.Network.Start();
        HttpCall[] calls = [.. Enumerable.Range(0, 4).Select(i => bench.Start($"http://server{i}.example.org/"))];
        for (int i = 0; i < calls.Length; i++)
        {
            bench.AwaitSent(i + 1);
            Thread.Sleep(s_quiet);
            Assert.AreEqual(i + 1, bench.Transport.Sent.Count);
            Assert.AreSame(calls[i], bench.Transport.Sent.Last());
            bench.Transport.Answer(calls[i]);
            Assert.AreSame(calls[i], bench.AwaitEnd());
        }

        Assert.AreEqual(1, bench.Transport.Threads.Distinct().Count());
    }

    [TestMethod]
    public void NothingGoesOutBeforeTheStart()
    {
        using Bench bench = new(oneForEachServer: true);
        HttpCall first = bench.Start("http://a.example.org/");
        HttpCall cancelled = bench.Start("http://b.example.org/");
        bench.Network.Cancel(cancelled);
        Thread.Sleep(s_quiet);
        Assert.AreEqual(0, bench.Transport.Sent.Count);
        bench.Network.Start();
        bench.AwaitSent(1);
        Thread.Sleep(s_quiet);
        CollectionAssert.AreEqual((HttpCall[])[first], bench.Transport.Sent.ToArray());
    }

    [TestMethod]
    public void ACancelledCallFreesItsThreadAndHasNoEnd()
    {
        using Bench bench = new(oneForEachServer: false);
        bench.Network.Start();
        HttpCall hangs = bench.Start("http://a.example.org/");
        HttpCall waits = bench.Start("http://a.example.org/");
        HttpCall next = bench.Start("http://a.example.org/");
        bench.AwaitSent(1);
        bench.Network.Cancel(waits);
        bench.Network.Cancel(hangs);
        bench.AwaitSent(2);
        CollectionAssert.AreEqual((HttpCall[])[hangs, next], bench.Transport.Sent.ToArray());
        CollectionAssert.AreEqual((HttpCall[])[hangs], bench.Transport.Cancelled.ToArray(), "what was not under way is nothing to the transport");
        bench.Transport.Answer(next);
        Assert.AreSame(next, bench.AwaitEnd());
        Thread.Sleep(s_quiet);
        Assert.AreEqual(0, bench.Inbox.InputCount);
    }

    /// <summary>The reply is in the inbox already when the worker, which has not got there, cancels the call.</summary>
    [TestMethod]
    public void AReplyThatTheWorkerHasNotTakenIsTakenBack()
    {
        using Bench bench = new(oneForEachServer: true);
        bench.Network.Start();
        HttpCall call = bench.Start("http://a.example.org/");
        bench.AwaitSent(1);
        bench.Transport.Answer(call);
        Assert.IsTrue(SpinWait.SpinUntil(() => bench.Inbox.InputCount == 1, s_patience));
        bench.Network.Cancel(call);
        Assert.AreEqual(0, bench.Inbox.InputCount);
    }

    [TestMethod]
    public void AFailureIsAnEndAsWell()
    {
        using Bench bench = new(oneForEachServer: true);
        bench.Network.Start();
        foreach (Exception failure in (Exception[])[new HttpTransportException("no route"), new InvalidOperationException("a bug")])
        {
            HttpCall call = bench.Start("http://a.example.org/");
            bench.Transport.Fail(call, failure);
            Input end = bench.AwaitInput();
            Assert.IsInstanceOfType<HttpFailed>(end);
            Assert.AreSame(call, end.Call);
        }
    }

    [TestMethod]
    public void StoppingCancelsEverything()
    {
        using Bench bench = new(oneForEachServer: true);
        bench.Network.Start();
        HttpCall[] calls = [.. Enumerable.Range(0, 3).Select(i => bench.Start($"http://server{i}.example.org/"))];
        HttpCall behind = bench.Start("http://server0.example.org/");
        bench.AwaitSent(3);
        bench.Network.Stop();
        Assert.IsTrue(SpinWait.SpinUntil(() => bench.Transport.Running == 0, s_patience));
        CollectionAssert.AreEquivalent(calls, bench.Transport.Cancelled.ToArray());
        bench.Start("http://server0.example.org/");
        Thread.Sleep(s_quiet);
        Assert.AreEqual(0, bench.Inbox.InputCount);
        Assert.IsFalse(bench.Transport.Sent.Contains(behind));
        Assert.AreEqual(3, bench.Transport.Sent.Count);
    }

    /// <summary>With another UICC: what its predecessor wanted ends at once, whatever the worker is doing, and what follows goes out.</summary>
    [TestMethod]
    public void WhileItIsShutCallsEndAndNoneBegins()
    {
        using Bench bench = new(oneForEachServer: true);
        bench.Network.Start();
        HttpCall[] calls = [.. Enumerable.Range(0, 3).Select(i => bench.Start($"http://server{i}.example.org/"))];
        HttpCall behind = bench.Start("http://server0.example.org/");
        bench.AwaitSent(3);
        bench.Network.Shut();
        HttpCall late = bench.Start("http://server0.example.org/");
        HttpCall elsewhere = bench.Start("http://server3.example.org/");
        Assert.IsTrue(SpinWait.SpinUntil(() => bench.Transport.Running == 0, s_patience));
        CollectionAssert.AreEquivalent(calls, bench.Transport.Cancelled.ToArray());
        bench.Network.Open();
        HttpCall after = bench.Start("http://server0.example.org/");
        HttpCall afterElsewhere = bench.Start("http://server3.example.org/");
        foreach (HttpCall former in (HttpCall[])[.. calls, behind, late, elsewhere])
        {
            bench.Network.Cancel(former);
        }

        bench.AwaitSent(5);
        bench.Transport.Answer(after);
        bench.Transport.Answer(afterElsewhere);
        CollectionAssert.AreEquivalent((HttpCall[])[after, afterElsewhere], (object[])[bench.AwaitEnd(), bench.AwaitEnd()]);
        Assert.AreEqual(5, bench.Transport.Sent.Count);
        Assert.AreEqual(0, bench.Inbox.InputCount);
    }

    /// <summary>Cancelled at every moment of its life, by another thread than answers it, a call has one end or none.</summary>
    [TestMethod]
    public void CancellingAtAnyMomentLeavesNoEndBehind()
    {
        using Bench bench = new(oneForEachServer: false);
        bench.Network.Start();
        for (int i = 0; i < 2000; i++)
        {
            HttpCall call = bench.Start("http://a.example.org/");
            Thread answer = new(() => bench.Transport.Answer(call));
            answer.Start();
            Thread.SpinWait(i % 500 * 20);
            bench.Network.Cancel(call);
            answer.Join();
            Assert.AreEqual(0, bench.Inbox.InputCount);
        }

        HttpCall last = bench.Start("http://a.example.org/");
        bench.Transport.Answer(last);
        Assert.AreSame(last, bench.AwaitEnd());
    }

    private sealed class Bench : IDisposable
    {
        public Bench(bool oneForEachServer) => Network = new NetworkThreads(Transport, Inbox, oneForEachServer);

        public HangingTransport Transport { get; } = new();

        public Inbox Inbox { get; } = new(1);

        public NetworkThreads Network { get; }

        public HttpCall Start(string url)
        {
            HttpCall call = new() { Url = url };
            Network.Start(call);
            return call;
        }

        public void AwaitSent(int count) =>
            Assert.IsTrue(SpinWait.SpinUntil(() => Transport.Sent.Count >= count, s_patience), $"{Transport.Sent.Count} were sent");

        public Input AwaitInput()
        {
            Input? end = null;
            Assert.IsTrue(SpinWait.SpinUntil(() => (end = Inbox.TakeInput()) is not null, s_patience));
            return end!;
        }

        public object AwaitEnd()
        {
            Input end = AwaitInput();
            Assert.IsInstanceOfType<HttpReplied>(end);
            return end.Call;
        }

        public void Dispose() => Network.Stop();
    }

    /// <summary>Each call hangs until it is answered or cancelled.</summary>
    private sealed class HangingTransport : IHttpTransport
    {
        private readonly ConcurrentDictionary<HttpCall, TaskCompletionSource<HttpReply>> _ends = new();
        private int _running;

        public ConcurrentQueue<HttpCall> Sent { get; } = new();

        public ConcurrentQueue<HttpCall> Cancelled { get; } = new();

        public ConcurrentQueue<int> Threads { get; } = new();

        public int Running => _running;

        public HttpReply Send(HttpCall call)
        {
            Interlocked.Increment(ref _running);
            try
            {
                Threads.Enqueue(Environment.CurrentManagedThreadId);
                Sent.Enqueue(call);
                return EndOf(call).Task.GetAwaiter().GetResult();
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }

        public void Cancel(HttpCall call)
        {
            Cancelled.Enqueue(call);
            EndOf(call).TrySetException(new HttpTransportException("cancelled"));
        }

        public void Answer(HttpCall call) => EndOf(call).TrySetResult(new HttpReply());

        public void Fail(HttpCall call, Exception failure) => EndOf(call).TrySetException(failure);

        private TaskCompletionSource<HttpReply> EndOf(HttpCall call) => _ends.GetOrAdd(call, _ => new());
    }
}
