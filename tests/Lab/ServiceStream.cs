namespace MbmsMe.Lab;

/// <summary>The two clocks of a streaming service: its packets and the repeats of its MTK messages.</summary>
internal sealed class ServiceStream : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public ServiceStream(TimeProvider time, TimeSpan packetEvery, Action sendPacket, TimeSpan repeatEvery, Action repeat, Action<Exception> failed, RtpFlow flow)
    {
        Flow = flow;
        _running = Task.WhenAll(EveryAsync(time, packetEvery, sendPacket, failed), EveryAsync(time, repeatEvery, repeat, failed));
    }

    public RtpFlow Flow { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        Flow.Dispose();
    }

    /// <summary>A stream outlasts whatever befalls it: what fails is told when it begins to, and tried again.</summary>
    private async Task EveryAsync(TimeProvider time, TimeSpan period, Action act, Action<Exception> failed)
    {
        using PeriodicTimer timer = new(period, time);
        bool failing = false;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                try
                {
                    act();
                    failing = false;
                }
                catch (Exception e)
                {
                    if (!failing)
                    {
                        failed(e);
                    }
                    failing = true;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The stream was stopped.
        }
    }
}
