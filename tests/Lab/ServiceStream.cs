namespace MbmsMe.Lab;

/// <summary>The two clocks of a streaming service: its packets and the repeats of its MTK messages.</summary>
internal sealed class ServiceStream : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public ServiceStream(TimeProvider time, TimeSpan packetEvery, Action sendPacket, TimeSpan repeatEvery, Action repeat, RtpFlow flow)
    {
        Flow = flow;
        _running = Task.WhenAll(EveryAsync(time, packetEvery, sendPacket), EveryAsync(time, repeatEvery, repeat));
    }

    public RtpFlow Flow { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        Flow.Dispose();
    }

    private async Task EveryAsync(TimeProvider time, TimeSpan period, Action act)
    {
        using PeriodicTimer timer = new(period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                act();
            }
        }
        catch (OperationCanceledException)
        {
            // The stream was stopped.
        }
    }
}
