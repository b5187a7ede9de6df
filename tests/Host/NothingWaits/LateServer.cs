using System.Diagnostics;

namespace MbmsMe.Tests.Host;

/// <summary>A BSF or BM-SC that the ME is connected to through a stand-in, which can hold back each answer for a while.</summary>
internal sealed class LateServer(Uri genuine) : IAsyncDisposable
{
    /// <summary>How long each answer is held back: a second less than the ME waits for one.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(9);

    private readonly StandIn _standIn = new(genuine);
    private int _held;
    private int _begun;
    private int _closed;
    private long _closedAt;

    /// <summary>Where the ME finds it.</summary>
    public Uri Url => _standIn.Url;

    /// <summary>True while a request waits for its answer.</summary>
    public bool Hangs => Volatile.Read(ref _held) > 0;

    /// <summary>Requests that were held back so far.</summary>
    public int Begun => Volatile.Read(ref _begun);

    /// <summary>Requests so far whose connection the ME closed while it waited for the answer.</summary>
    public int Closed => Volatile.Read(ref _closed);

    /// <summary>Timestamp of <see cref="Stopwatch"/> at which the last of them was closed.</summary>
    public long ClosedAt => Volatile.Read(ref _closedAt);

    /// <summary>From now on each answer is held back.</summary>
    public void BeLate() => _standIn.Use(AnswerLateAsync);

    /// <summary>From now on, and for what waits, there are answers at once or none any more.</summary>
    public void BePrompt() => _standIn.Use(null);

    public ValueTask DisposeAsync() => _standIn.DisposeAsync();

    private async Task AnswerLateAsync(HostileExchange exchange)
    {
        Interlocked.Increment(ref _begun);
        Interlocked.Increment(ref _held);
        try
        {
            if (await exchange.IsClosedWithinAsync(Delay))
            {
                Volatile.Write(ref _closedAt, Stopwatch.GetTimestamp());
                Interlocked.Increment(ref _closed);
                return;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _held);
        }

        await exchange.AnswerGenuinelyAsync();
    }
}
