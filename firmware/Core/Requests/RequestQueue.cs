using System.Collections;
using MbmsMe.Machine;

namespace MbmsMe.Requests
{
    /// <summary>The requests that wait, and how many may go out in a minute, whatever causes them.</summary>
    internal sealed class RequestQueue
    {
        private readonly IClock _clock;
        private readonly ArrayList _waiting = new ArrayList();
        private readonly MinuteLimit _limit;

        /// <summary>Makes it.</summary>
        /// <param name="clock">The machine's clock.</param>
        /// <param name="perMinute">POSTs in a minute at most.</param>
        public RequestQueue(IClock clock, int perMinute)
        {
            _clock = clock;
            _limit = new MinuteLimit(perMinute);
        }

        /// <summary>Uptime in milliseconds at which a request may go out; long.MaxValue for never.</summary>
        public long NextDue(Exchanges exchanges)
        {
            // Without a time no MSK message would be accepted: asking would only use up the attempts.
            Request first = First(exchanges);
            if (first == null || !_clock.IsSet)
            {
                return long.MaxValue;
            }

            return first.DueAt < _limit.AllowedAt ? _limit.AllowedAt : first.DueAt;
        }

        /// <summary>Forgets every request, but not how many went out.</summary>
        public void Clear()
        {
            _waiting.Clear();
        }

        /// <summary>
        /// Has something asked for at that time, or earlier when it is asked for already: what keeps being wanted must
        /// not be put off for ever.
        /// </summary>
        /// <returns>The request that waits now.</returns>
        public Request Add(Request wanted, long dueAt)
        {
            Request request = Find(wanted);
            if (request == null)
            {
                request = wanted;
                request.DueAt = dueAt;
                _waiting.Add(request);
            }

            request.Attempts = 0;
            request.IsGranted = false;
            request.IsWantedAnew = request.IsUnderWay;
            request.DueAt = request.DueAt < dueAt ? request.DueAt : dueAt;
            return request;
        }

        /// <summary>Forgets a request for the same; it may not be there.</summary>
        public void Remove(Request wanted)
        {
            Request request = Find(wanted);
            if (request != null)
            {
                _waiting.Remove(request);
            }
        }

        /// <summary>The request for the same that waits, or null.</summary>
        public Request Find(Request wanted)
        {
            for (int i = 0; i < _waiting.Count; i++)
            {
                Request request = (Request)_waiting[i];
                if (request.Is(wanted))
                {
                    return request;
                }
            }

            return null;
        }

        /// <summary>A request that wanting this one makes pointless, or null.</summary>
        public Request FindEndedBy(Request wanted)
        {
            for (int i = 0; i < _waiting.Count; i++)
            {
                if (wanted.Ends((Request)_waiting[i]))
                {
                    return (Request)_waiting[i];
                }
            }

            return null;
        }

        /// <summary>True while a request waits that an MTK message caused.</summary>
        public bool HasMissedKey
        {
            get
            {
                for (int i = 0; i < _waiting.Count; i++)
                {
                    if (((Request)_waiting[i]).IsMissedKey)
                    {
                        return true;
                    }
                }

                return false;
            }
        }

        /// <summary>
        /// The requests (<see cref="Request"/>) that are due and may share one POST with the one due first of those whose BM-SC is
        /// not busy.
        /// </summary>
        public ArrayList TakeDue(Exchanges exchanges)
        {
            ArrayList due = new ArrayList();
            Request first = First(exchanges);
            long now = _clock.UptimeMilliseconds;
            for (int i = 0; i < _waiting.Count; i++)
            {
                Request request = (Request)_waiting[i];
                if (request.DueAt <= now && request.Type == first.Type && request.Bmsc == first.Bmsc)
                {
                    due.Add(request);
                }
            }

            return due;
        }

        /// <summary>Counts a POST.</summary>
        public void CountSent()
        {
            _limit.Count(_clock.UptimeMilliseconds);
        }

        private Request First(Exchanges exchanges)
        {
            Request first = null;
            for (int i = 0; i < _waiting.Count; i++)
            {
                Request request = (Request)_waiting[i];
                if ((first == null || request.DueAt < first.DueAt) && !exchanges.IsBusy(request.Bmsc))
                {
                    first = request;
                }
            }

            return first;
        }
    }
}
