using MbmsMe.Machine;
using MbmsMe.Runtime;

namespace MbmsMe.Tests.Host;

/// <summary>A UICC that takes its time, beside the worker.</summary>
[TestClass]
public sealed class UiccRuns
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(200);

    [TestMethod]
    public void RunsGoOneAfterTheOtherAndNoneBeforeTheStart()
    {
        using SlowUicc uicc = new();
        Inbox inbox = new(1);
        UiccThread thread = new(uicc, inbox);
        AkaCall first = new([1], [1]);
        AkaCall second = new([2], [2]);
        thread.Start(first);
        thread.Start(second);
        Thread.Sleep(s_quiet);
        Assert.AreEqual(0, uicc.Begun);
        thread.Start();
        Assert.IsTrue(SpinWait.SpinUntil(() => uicc.Begun == 1, s_patience));
        Thread.Sleep(s_quiet);
        Assert.AreEqual(1, uicc.Begun);
        uicc.Answer();
        Assert.AreSame(first, AwaitEnd(inbox).Call);
        uicc.Answer();
        Assert.AreSame(second, AwaitEnd(inbox).Call);
        thread.Stop();
    }

    [TestMethod]
    public void AResultThatNobodyWantsIsZeroedAndNotPosted()
    {
        using SlowUicc uicc = new();
        Inbox inbox = new(1);
        UiccThread thread = new(uicc, inbox);
        thread.Start();
        AkaCall unwanted = new([1], [1]);
        AkaCall wanted = new([2], [2]);
        thread.Start(unwanted);
        thread.Start(wanted);
        Assert.IsTrue(SpinWait.SpinUntil(() => uicc.Begun == 1, s_patience));
        thread.Cancel(unwanted);
        uicc.Answer();
        uicc.Answer();
        Assert.AreSame(wanted, AwaitEnd(inbox).Call);
        Assert.AreEqual(0, inbox.InputCount);
        Assert.IsTrue(uicc.Results[0].Ck.All(octet => octet == 0));
        Assert.IsFalse(uicc.Results[1].Ck.All(octet => octet == 0));
        thread.Stop();
    }

    [TestMethod]
    public void ACardThatCannotAndACardThatIsNotThereAreFailures()
    {
        using SlowUicc uicc = new() { Fails = true };
        Inbox inbox = new(1);
        UiccThread thread = new(uicc, inbox);
        thread.Start();
        AkaCall call = new([1], [1]);
        thread.Start(call);
        uicc.Answer();
        Input end = AwaitEnd(inbox);
        Assert.IsInstanceOfType<UiccFailed>(end);
        Assert.AreSame(call, end.Call);

        thread.Change(null);
        thread.Start(call);
        Assert.IsInstanceOfType<UiccFailed>(AwaitEnd(inbox));
        Assert.AreEqual(1, uicc.Begun);
        thread.Stop();
    }

    private static Input AwaitEnd(Inbox inbox)
    {
        Input? end = null;
        Assert.IsTrue(SpinWait.SpinUntil(() => (end = inbox.TakeInput()) is not null, s_patience));
        return end!;
    }

    private sealed class SlowUicc : IUicc, IDisposable
    {
        private readonly SemaphoreSlim _answers = new(0);
        private int _begun;

        public bool Fails { get; init; }

        public int Begun => _begun;

        public List<AkaResult> Results { get; } = [];

        public UiccIdentity Identity => CoreMe.Identity;

        public void Answer() => _answers.Release();

        public AkaResult Authenticate(byte[] rand, byte[] autn)
        {
            Interlocked.Increment(ref _begun);
            _answers.Wait(s_patience);
            if (Fails)
            {
                throw new IOException("no contact");
            }

            AkaResult result = new() { Outcome = AkaOutcome.Success, Res = [1], Ck = [2], Ik = [3] };
            Results.Add(result);
            return result;
        }

        public void Dispose() => _answers.Release(10);
    }
}
