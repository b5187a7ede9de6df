using System.Collections;
using MbmsMe.Binary;
using MbmsMe.Configuration;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Services;

namespace MbmsMe.Requests
{
    /// <summary>
    /// Gets MSKs from the BM-SCs and registers with them: when to ask, what to do with each answer, when to give up
    /// (TS 33.246 clause 6.3.2.2).
    /// </summary>
    public sealed class KeyRequester : IExchangeObserver
    {
        private const int SpreadParts = 1000;
        private const int Ok = 200;

        private readonly Peripherals _machine;
        private readonly MeConfiguration _configuration;
        private readonly RequestSettings _settings;
        private readonly KeyStore _store;
        private readonly ServiceTable _services;
        private readonly RequestQueue _queue;
        private readonly MissedKeyLimit _missed;

        /// <summary>Makes it; <see cref="Observer"/> comes before anything else.</summary>
        public KeyRequester(Peripherals machine, MeConfiguration configuration, KeyStore store, ServiceTable services)
        {
            _machine = machine;
            _configuration = configuration;
            _settings = configuration.Requests;
            _store = store;
            _services = services;
            _queue = new RequestQueue(machine.Clock, _settings.MaxPerMinute);
            _missed = new MissedKeyLimit(_settings.MissedKeySeconds, _settings.MissedKeysPerMinute);
            Exchanges = new Exchanges(machine, configuration, store, this);
        }

        /// <summary>Learns what becomes of the requests.</summary>
        internal IRequestObserver Observer { get; set; }

        /// <summary>The exchanges under way; what comes back from machine and UICC is theirs.</summary>
        internal Exchanges Exchanges { get; }

        /// <summary>Starts over with another UICC: asks for the MSKs of solicited pulls that a power cut interrupted.</summary>
        public void Start(UiccIdentity uicc)
        {
            Stop();
            Exchanges.Start(uicc);
            for (int i = 0; i < _configuration.Bmscs.Length; i++)
            {
                BmscAddress bmsc = _configuration.Bmscs[i];
                ArrayList pulls = _store.State.Of(bmsc.Fqdn).Pulls;
                for (int j = 0; j < pulls.Count; j++)
                {
                    Pull(bmsc, (KeyGroup)pulls[j]);
                }
            }
        }

        /// <summary>Nothing is wanted any more: the UICC is gone, or the power will be.</summary>
        public void Stop()
        {
            Exchanges.Start(null);
            _queue.Clear();
        }

        /// <summary>Asks for every MSK that a service lacks and that is not asked for yet.</summary>
        /// <param name="service">The service.</param>
        /// <param name="later">True to give the BM-SC time to send them unasked.</param>
        public void GetLacking(Service service, bool later)
        {
            long dueAt = _machine.Clock.UptimeMilliseconds + (later ? 1000L * _settings.AwaitMskSeconds : 0);
            for (int i = 0; i < service.Groups.Length; i++)
            {
                Request wanted = new MskRequest(service.Bmsc, service.Groups[i]);
                if (!_store.State.HasValidMsk(service.Groups[i]) && _queue.Find(wanted) == null)
                {
                    _queue.Add(wanted, dueAt);
                }
            }
        }

        /// <summary>Asks for something now; what that makes pointless is asked for no longer.</summary>
        internal void Ask(Request wanted)
        {
            for (Request former = _queue.FindEndedBy(wanted); former != null; former = _queue.FindEndedBy(wanted))
            {
                Cancel(former);
            }

            _queue.Add(wanted, _machine.Clock.UptimeMilliseconds);
        }

        /// <summary>A genuine solicited pull for a Key Group: asks after the back-off.</summary>
        public void Pull(BmscAddress bmsc, KeyGroup group)
        {
            _queue.Add(new MskRequest(bmsc, group), AfterBackoff(group)).IsMissedKey = false;
        }

        /// <summary>
        /// An MTK message shows that the current MSK of a Key Group is not there: asks after the back-off, unless that is
        /// being done, for this or another group, or was done too often: the message proves nothing (clause 6.3.2.2.3).
        /// </summary>
        /// <returns>True when it will be asked for.</returns>
        public bool Missed(KeyGroup group)
        {
            Request wanted = new MskRequest(_services.UserOf(group.Domain, group.Group).Bmsc, group);
            if (_queue.HasMissedKey || _queue.Find(wanted) != null || !_missed.TryAsk(group, _machine.Clock.UptimeMilliseconds))
            {
                return false;
            }

            _queue.Add(wanted, AfterBackoff(group)).IsMissedKey = true;
            return true;
        }

        /// <summary>Authentic content flows under a Key Group: a sign that its MSK was missed is worth less (clause 6.3.2.2.3).</summary>
        public void NoteContent(KeyGroup group)
        {
            _missed.NoteContent(group, _machine.Clock.UptimeMilliseconds);
        }

        /// <summary>An MSK of the Key Group has come. What is being asked for it goes on to its end, and is of no effect.</summary>
        /// <param name="bmsc">From this BM-SC.</param>
        /// <param name="group">The Key Group.</param>
        /// <param name="isNew">True when it was not there before.</param>
        public void Stored(BmscAddress bmsc, KeyGroup group, bool isNew)
        {
            _queue.Remove(new MskRequest(bmsc, group));
            if (isNew)
            {
                _missed.Succeed(group);
            }

            Observer.MskCame(group);
        }

        /// <summary>The MSK of a Key Group is wanted no longer.</summary>
        public void Cancel(BmscAddress bmsc, KeyGroup group)
        {
            Cancel(new MskRequest(bmsc, group));
        }

        /// <summary>Uptime in milliseconds at which <see cref="RunDue"/> has something to do; long.MaxValue for never.</summary>
        public long NextDue
        {
            get { return _queue.NextDue(Exchanges); }
        }

        /// <summary>Begins to ask for what is due, of every BM-SC that is not busy as much as one POST holds.</summary>
        public void RunDue()
        {
            while (NextDue <= _machine.Clock.UptimeMilliseconds)
            {
                Begin(_queue.TakeDue(Exchanges));
            }
        }

        /// <inheritdoc/>
        void IExchangeObserver.Ended(ArrayList batch, ExchangeResult result)
        {
            Request first = (Request)batch[0];
            int[] codes = new int[batch.Count];
            ExchangeOutcome outcome = result.Outcome;
            string reason = result.Reason;
            if (outcome == ExchangeOutcome.Success && !first.TryReadResponse(result.Body, batch, codes))
            {
                outcome = ExchangeOutcome.Failure;
                reason = "the BM-SC's response is not an " + first.AnswerName;
            }

            // At random, to keep MEs that failed together from coming back together; the same for all that failed here.
            long spread = RandomBelow(SpreadParts);
            for (int i = 0; i < codes.Length; i++)
            {
                Request request = (Request)batch[i];
                request.IsUnderWay = false;
                bool isAnswerToFormer = request.IsWantedAnew;
                request.IsWantedAnew = false;
                if (!IsWanted(request) || isAnswerToFormer)
                {
                    continue;
                }

                if (outcome != ExchangeOutcome.Success)
                {
                    Fail(request, reason, outcome != ExchangeOutcome.Failure, spread);
                }
                else if (codes[i] == Ok)
                {
                    request.Succeed(this);
                }
                else
                {
                    bool final = codes[i] >= 300 && codes[i] < 500;
                    Fail(request, codes[i] == 0 ? "not answered" : "response code " + codes[i], final, spread);
                }
            }
        }

        /// <summary>A request has what it wanted.</summary>
        /// <param name="request">The request.</param>
        /// <param name="name">Of the event that tells it.</param>
        internal void Finish(Request request, string name)
        {
            _queue.Remove(request);
            _machine.Events.Report(request.About(name));
        }

        /// <summary>The BM-SC has promised what was wanted: it comes by itself, or is asked for again.</summary>
        internal void Await(Request request)
        {
            request.IsGranted = true;
            request.DueAt = _machine.Clock.UptimeMilliseconds + (1000L * _settings.AwaitMskSeconds);
        }

        /// <summary>A solicited pull for the Key Group is done with; false when there was none.</summary>
        internal bool RemovePull(MskRequest request)
        {
            return _store.State.Of(request.Bmsc.Fqdn).RemovePull(request.Group);
        }

        /// <summary>Writes that a solicited pull is done with.</summary>
        internal void NotePullServed(MskRequest request)
        {
            if (!_store.TryCommit())
            {
                // The pull is in the record still.
                _queue.Add(request, _machine.Clock.UptimeMilliseconds + (1000L * _settings.LongestRetrySeconds));
            }
        }

        /// <summary>Something is wanted no longer: a decision ends at once what was begun for nothing else.</summary>
        internal void Cancel(Request wanted)
        {
            _queue.Remove(wanted);
            ArrayList batch = Exchanges.BatchOf(wanted.Bmsc);
            if (batch == null || !HasSame(batch, wanted))
            {
                return;
            }

            for (int i = 0; i < batch.Count; i++)
            {
                if (IsWanted((Request)batch[i]))
                {
                    return;
                }
            }

            Exchanges.Cancel(wanted.Bmsc);
        }

        private static bool HasSame(ArrayList batch, Request wanted)
        {
            for (int i = 0; i < batch.Count; i++)
            {
                if (((Request)batch[i]).Is(wanted))
                {
                    return true;
                }
            }

            return false;
        }

        private void Begin(ArrayList due)
        {
            for (int i = 0; i < due.Count; i++)
            {
                Request request = (Request)due[i];
                if (IsSpent(request) && IsWanted(request))
                {
                    GiveUp(request, "no MSK message came");
                }
            }

            ArrayList batch = new ArrayList();
            for (int i = 0; i < due.Count; i++)
            {
                Request request = (Request)due[i];
                if (IsWanted(request))
                {
                    request.Attempts++;
                    request.IsGranted = false;
                    request.IsUnderWay = true;
                    request.DueAt = long.MaxValue;
                    batch.Add(request);
                }
            }

            if (batch.Count > 0)
            {
                Request first = (Request)batch[0];
                _queue.CountSent();
                Exchanges.Begin(first.Bmsc, first.Write(batch), batch);
            }
        }

        private bool IsSpent(Request request)
        {
            return request.Attempts >= _settings.MaxAttempts || (request.IsGranted && IsAskedOnce(request));
        }

        // While an MSK that is held can still be used, an MTK message, which anyone may have sent, is worth one request: a
        // BM-SC that says yes and sends nothing may have nothing newer (clause 6.3.2.2.1), and where it is in trouble the next
        // MTK message brings up the next request, as seldom as MissedKeyLimit wants it.
        private bool IsAskedOnce(Request request)
        {
            MskRequest msk = request as MskRequest;
            return msk != null && msk.IsMissedKey && _store.State.HasValidMsk(msk.Group);
        }

        // False when its service was left, or the like, for the sake of another request's answer.
        private bool IsWanted(Request request)
        {
            return _queue.Find(request) == request;
        }

        private void Fail(Request request, string reason, bool final, long spread)
        {
            if (final || request.Attempts >= _settings.MaxAttempts || IsAskedOnce(request))
            {
                GiveUp(request, reason);
                return;
            }

            long longest = 1000L * _settings.LongestRetrySeconds;
            long delay = 1000L * _settings.FirstRetrySeconds;
            for (int i = 1; i < request.Attempts && delay < longest; i++)
            {
                delay *= 2;
            }

            delay = delay < longest ? delay : longest;
            delay += delay * spread / SpreadParts / 4;
            request.DueAt = _machine.Clock.UptimeMilliseconds + delay;
            _machine.Events.Report(Failed(request, reason).With("final", false).With("retryInSeconds", (delay + 500) / 1000));
        }

        private void GiveUp(Request request, string reason)
        {
            _queue.Remove(request);
            _machine.Events.Report(Failed(request, reason).With("final", true));
            request.GiveUp(this, reason);
        }

        private static MeEvent Failed(Request request, string reason)
        {
            return request.About("request-failed").With("requesttype", request.Type).With("reason", reason);
        }

        private long AfterBackoff(KeyGroup group)
        {
            // Whether active or not: at power-on none is yet, and a pull may be what brings back one that was left.
            Service service = _services.UserOf(group.Domain, group.Group);
            BackoffSettings backoff = service == null ? _configuration.Backoff : service.Settings.Backoff;
            return _machine.Clock.UptimeMilliseconds + (1000L * backoff.OffsetSeconds) + RandomBelow((1000L * backoff.RandomSeconds) + 1);
        }

        private long RandomBelow(long bound)
        {
            if (bound <= 1)
            {
                return 0;
            }

            byte[] random = new byte[4];
            _machine.Random.Fill(random);
            long number = Octets.GetUInt32(random, 0);
            return number % bound;
        }
    }
}
