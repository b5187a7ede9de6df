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
    public sealed class KeyRequester
    {
        private const int SpreadParts = 1000;
        private const int Ok = 200;

        private readonly Peripherals _machine;
        private readonly MeConfiguration _configuration;
        private readonly KeyStore _store;
        private readonly ServiceLifecycle _lifecycle;
        private readonly BmscGateway _bmscs;
        private readonly RequestQueue _queue;
        private readonly MissedKeyLimit _missed;

        /// <summary>Makes it.</summary>
        public KeyRequester(Peripherals machine, MeConfiguration configuration, KeyStore store, ServiceLifecycle lifecycle)
        {
            _machine = machine;
            _configuration = configuration;
            _store = store;
            _lifecycle = lifecycle;
            _bmscs = new BmscGateway(machine, configuration, store);
            _queue = new RequestQueue(machine.Clock, configuration.Requests.MaxPerMinute);
            _missed = new MissedKeyLimit(configuration.Requests.MissedKeySeconds, configuration.Requests.MissedKeysPerMinute);
            lifecycle.Requester = this;
        }

        /// <summary>Starts over with another UICC: asks for the MSKs of solicited pulls that a power cut interrupted.</summary>
        public void Start(IUicc uicc)
        {
            _bmscs.Start(uicc);
            _queue.Clear();
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

        /// <summary>Asks for every MSK that a service lacks and that is not asked for yet.</summary>
        /// <param name="service">The service.</param>
        /// <param name="later">True to give the BM-SC time to send them unasked.</param>
        public void GetLacking(Service service, bool later)
        {
            long dueAt = _machine.Clock.UptimeMilliseconds + (later ? 1000L * _configuration.Requests.AwaitMskSeconds : 0);
            for (int i = 0; i < service.Groups.Length; i++)
            {
                Request wanted = Request.ForMsk(service.Bmsc, service.Groups[i]);
                if (!_store.State.HasValidMsk(service.Groups[i]) && _queue.Find(wanted) == null)
                {
                    _queue.Add(wanted, dueAt);
                }
            }
        }

        /// <summary>Registers a service.</summary>
        public void Register(Service service)
        {
            _queue.Remove(Request.ForService(ServiceRequest.Deregister, service));
            _queue.Add(Request.ForService(ServiceRequest.Register, service), _machine.Clock.UptimeMilliseconds);
        }

        /// <summary>Deregisters a service.</summary>
        public void Deregister(Service service)
        {
            CancelRegistration(service);
            _queue.Add(Request.ForService(ServiceRequest.Deregister, service), _machine.Clock.UptimeMilliseconds);
        }

        /// <summary>A genuine solicited pull for a Key Group: asks after the back-off.</summary>
        public void Pull(BmscAddress bmsc, KeyGroup group)
        {
            _queue.Add(Request.ForMsk(bmsc, group), AfterBackoff(group)).IsMissedKey = false;
        }

        /// <summary>
        /// An MTK message shows that the current MSK of a Key Group is not there: asks after the back-off, unless that is
        /// being done, for this or another group, or was done too often: the message proves nothing (clause 6.3.2.2.3).
        /// </summary>
        /// <returns>True when it will be asked for.</returns>
        public bool Missed(KeyGroup group)
        {
            Request wanted = Request.ForMsk(_lifecycle.Services.UserOf(group.Domain, group.Group).Bmsc, group);
            if (_queue.HasMissedKey || _queue.Find(wanted) != null || !_missed.TryAsk(group, _machine.Clock.UptimeMilliseconds))
            {
                return false;
            }

            _queue.Add(wanted, AfterBackoff(group)).IsMissedKey = true;
            return true;
        }

        /// <summary>An MSK of the Key Group has come.</summary>
        /// <param name="bmsc">From this BM-SC.</param>
        /// <param name="group">The Key Group.</param>
        /// <param name="isNew">True when it was not there before.</param>
        public void Stored(BmscAddress bmsc, KeyGroup group, bool isNew)
        {
            Cancel(bmsc, group);
            if (isNew)
            {
                _missed.Succeed(group);
            }

            _lifecycle.Came(group);
        }

        /// <summary>The MSK of a Key Group is wanted no longer.</summary>
        public void Cancel(BmscAddress bmsc, KeyGroup group)
        {
            _queue.Remove(Request.ForMsk(bmsc, group));
        }

        /// <summary>A service is to be registered no longer.</summary>
        public void CancelRegistration(Service service)
        {
            _queue.Remove(Request.ForService(ServiceRequest.Register, service));
        }

        /// <summary>Uptime in milliseconds at which <see cref="RunDue"/> has something to do; long.MaxValue for never.</summary>
        public long NextDue
        {
            get { return _queue.NextDue; }
        }

        /// <summary>Asks for what is due, as much as one POST holds. Blocks while HTTP does.</summary>
        public void RunDue()
        {
            if (NextDue > _machine.Clock.UptimeMilliseconds)
            {
                return;
            }

            ArrayList due = _queue.TakeDue();
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
                if (IsWanted((Request)due[i]))
                {
                    batch.Add(due[i]);
                }
            }

            if (batch.Count > 0)
            {
                _queue.CountSent();
                Send(batch);
            }
        }

        private bool IsSpent(Request request)
        {
            return request.Attempts >= _configuration.Requests.MaxAttempts || (request.IsGranted && IsAskedOnce(request));
        }

        // While an MSK that is held can still be used, an MTK message, which anyone may have sent, is worth one request: a
        // BM-SC that says yes and sends nothing may have nothing newer (clause 6.3.2.2.1), and where it is in trouble the next
        // MTK message brings up the next request, as seldom as MissedKeyLimit wants it.
        private bool IsAskedOnce(Request request)
        {
            return request.IsMissedKey && _store.State.HasValidMsk(request.Group);
        }

        // False when its service was left, or the like, for the sake of another request's answer.
        private bool IsWanted(Request request)
        {
            return _queue.Find(request) == request;
        }

        private void Send(ArrayList batch)
        {
            for (int i = 0; i < batch.Count; i++)
            {
                Request request = (Request)batch[i];
                request.Attempts++;
                request.IsGranted = false;
            }

            int[] codes = new int[batch.Count];
            string reason;
            ExchangeOutcome outcome = Exchange(batch, codes, out reason);

            // At random, to keep MEs that failed together from coming back together; the same for all that failed here.
            long spread = RandomBelow(SpreadParts);
            for (int i = 0; i < codes.Length; i++)
            {
                Request request = (Request)batch[i];
                if (!IsWanted(request))
                {
                    continue;
                }

                if (outcome != ExchangeOutcome.Success)
                {
                    Fail(request, reason, outcome != ExchangeOutcome.Failure, spread);
                }
                else if (codes[i] == Ok)
                {
                    Succeed(request);
                }
                else
                {
                    bool final = codes[i] >= 300 && codes[i] < 500;
                    Fail(request, codes[i] == 0 ? "not answered" : "response code " + codes[i], final, spread);
                }
            }
        }

        private ExchangeOutcome Exchange(ArrayList batch, int[] codes, out string reason)
        {
            Request first = (Request)batch[0];
            bool forMsk = first.Group != null;
            KeyGroup[] groups = new KeyGroup[forMsk ? codes.Length : 0];
            Service[] services = new Service[forMsk ? 0 : codes.Length];
            for (int i = 0; i < codes.Length; i++)
            {
                Request request = (Request)batch[i];
                if (forMsk)
                {
                    groups[i] = request.Group;
                }
                else
                {
                    services[i] = request.Service;
                }
            }

            ExchangeOutcome outcome = _bmscs.Exchange(
                first.Bmsc,
                first.Type,
                forMsk ? MskRequest.ContentType : ServiceRequest.ContentType(first.Type),
                forMsk ? MskRequest.Write(groups) : ServiceRequest.Write(first.Type, services));
            reason = _bmscs.Reason;
            if (outcome == ExchangeOutcome.Success
                && !(forMsk
                    ? MskRequest.TryReadResponse(_bmscs.Body, groups, codes)
                    : ServiceRequest.TryReadResponse(_bmscs.Body, services, codes)))
            {
                outcome = ExchangeOutcome.Failure;
                reason = forMsk ? "the BM-SC's response is not an mskResponse" : "the BM-SC's response is not a registerResponse";
            }

            return outcome;
        }

        private void Succeed(Request request)
        {
            if (request.Group != null)
            {
                // The MSK comes by UDP, or is asked for again.
                request.IsGranted = true;
                request.DueAt = _machine.Clock.UptimeMilliseconds + (1000L * _configuration.Requests.AwaitMskSeconds);
                return;
            }

            _queue.Remove(request);
            bool registered = request.Type == ServiceRequest.Register;
            _machine.Events.Report(
                new MeEvent(registered ? "service-registered" : "service-deregistered").With("service", request.Service.Id));
            _lifecycle.Registered(request.Service, registered);
        }

        private void Fail(Request request, string reason, bool final, long spread)
        {
            if (final || request.Attempts >= _configuration.Requests.MaxAttempts || IsAskedOnce(request))
            {
                GiveUp(request, reason);
                return;
            }

            long longest = 1000L * _configuration.Requests.LongestRetrySeconds;
            long delay = 1000L * _configuration.Requests.FirstRetrySeconds;
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
            if (request.Type == ServiceRequest.Register)
            {
                _lifecycle.LeaveUnregistered(request.Service, reason);
            }
            else if (request.Group != null)
            {
                bool served = _store.State.Of(request.Bmsc.Fqdn).RemovePull(request.Group);
                if (!_lifecycle.LeaveFor(request.Group, reason) && served && !_store.TryCommit(_machine.Events))
                {
                    // The pull is in the record still.
                    _queue.Add(request, _machine.Clock.UptimeMilliseconds + (1000L * _configuration.Requests.LongestRetrySeconds));
                }
            }
        }

        private static MeEvent Failed(Request request, string reason)
        {
            MeEvent failed = request.Group != null
                ? KeyEvents.About("request-failed", request.Group)
                : new MeEvent("request-failed").With("service", request.Service.Id);
            return failed.With("requesttype", request.Type).With("reason", reason);
        }

        private long AfterBackoff(KeyGroup group)
        {
            // Whether active or not: at power-on none is yet, and a pull may be what brings back one that was left.
            Service service = _lifecycle.Services.UserOf(group.Domain, group.Group);
            long offset = service == null ? _configuration.Backoff.OffsetSeconds : service.Settings.Backoff.OffsetSeconds;
            long random = service == null ? _configuration.Backoff.RandomSeconds : service.Settings.Backoff.RandomSeconds;
            return _machine.Clock.UptimeMilliseconds + (1000L * offset) + RandomBelow((1000L * random) + 1);
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
