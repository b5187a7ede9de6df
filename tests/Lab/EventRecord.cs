namespace MbmsMe.Lab;

/// <summary>A record of everything that happened, which can be waited on.</summary>
/// <typeparam name="T">The type of an event.</typeparam>
/// <param name="kept">How many events are kept, the latest ones.</param>
public class EventRecord<T>(int kept = int.MaxValue)
    where T : class
{
    private readonly List<T> _record = [];
    private readonly List<Waiter> _waiters = [];
    private int _forgotten;

    /// <summary>Called for every event, in order, one at a time.</summary>
    public event Action<T>? Happened;

    /// <summary>How many events there have been: a mark to wait from.</summary>
    public int Count
    {
        get
        {
            lock (_record)
            {
                return _forgotten + _record.Count;
            }
        }
    }

    /// <summary>The events from a mark on that are kept.</summary>
    public IReadOnlyList<T> Since(int mark)
    {
        lock (_record)
        {
            return _record[Math.Max(0, mark - _forgotten)..];
        }
    }

    /// <summary>Waits for the first event from a mark on that matches.</summary>
    /// <param name="matches">What to wait for.</param>
    /// <param name="timeout">How long, in real time.</param>
    /// <param name="mark">Where to begin; 0 is the first event of all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="TimeoutException">No such event came.</exception>
    public async Task<T> WaitAsync(Func<T, bool> matches, TimeSpan timeout, int mark = 0, CancellationToken cancellation = default)
    {
        Waiter waiter = new(matches);
        lock (_record)
        {
            if (_record.Skip(mark - _forgotten).FirstOrDefault(matches) is T found)
            {
                return found;
            }
            _waiters.Add(waiter);
        }
        try
        {
            return await waiter.Task.WaitAsync(timeout, cancellation);
        }
        finally
        {
            lock (_record)
            {
                _waiters.Remove(waiter);
            }
        }
    }

    internal void Add(T happened)
    {
        lock (_record)
        {
            _record.Add(happened);
            if (_record.Count > kept)
            {
                _record.RemoveAt(0);
                _forgotten++;
            }
            Happened?.Invoke(happened);
            foreach (Waiter waiter in _waiters)
            {
                if (waiter.Matches(happened))
                {
                    waiter.TrySetResult(happened);
                }
            }
        }
    }

    /// <summary>Does something and records it, ahead of whatever comes of it; when it throws nothing is recorded.</summary>
    internal void Add(T happened, Action act)
    {
        lock (_record)
        {
            act();
            Add(happened);
        }
    }

    private sealed class Waiter(Func<T, bool> matches) : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Func<T, bool> Matches => matches;
    }
}
