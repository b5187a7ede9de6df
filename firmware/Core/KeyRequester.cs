using System.Collections;
using System.IO;
using MbmsMe.Configuration;
using MbmsMe.Crypto;
using MbmsMe.Gba;
using MbmsMe.Hal;
using MbmsMe.Http;
using MbmsMe.KeyManagement;
using MbmsMe.Keys;

namespace MbmsMe
{
    /// <summary>
    /// Gets MSKs from the BM-SC: when to ask, with which GBA keys, what to do with each answer, when to give up
    /// (TS 33.246 clauses 6.1 and 6.3.2.2).
    /// </summary>
    public sealed class KeyRequester
    {
        /// <summary>How often one MSK is asked for before the ME gives up: about five minutes in all.</summary>
        public const int MaxAttempts = 10;

        /// <summary>Milliseconds to wait for the MSK message after the BM-SC has said yes.</summary>
        public const int AwaitMskMilliseconds = 10000;

        private const int FirstDelayMilliseconds = 2000;
        private const int LongestDelayMilliseconds = 60000;
        private const int MinuteMilliseconds = 60000;
        private const int SpreadParts = 1000;
        private const int Ok = 200;

        private readonly Machine _machine;
        private readonly MeConfiguration _configuration;
        private readonly KeyStore _store;
        private readonly BootstrappingClient _bsf;
        private readonly KeyManagementClient _bmsc;
        private readonly ArrayList _requests = new ArrayList();
        private IUicc _uicc;
        private readonly long[] _sentAt; // uptime of the last requests, a ring
        private int _sent;

        /// <summary>Makes it.</summary>
        public KeyRequester(Machine machine, MeConfiguration configuration, KeyStore store)
        {
            _machine = machine;
            _configuration = configuration;
            _store = store;
            _sentAt = new long[configuration.MaxRequestsPerMinute];
            HttpGateway http = new HttpGateway(machine);
            _bsf = new BootstrappingClient(machine, http, configuration.BsfUrl, configuration.BmscFqdn);
            _bmsc = new KeyManagementClient(machine, http, configuration.BmscUrl, configuration.BmscFqdn);
        }

        /// <summary>
        /// Starts over with a UICC: asks for every MSK that a service lacks, and for those of solicited pulls that
        /// a power cut interrupted.
        /// </summary>
        public void Start(IUicc uicc)
        {
            _uicc = uicc;
            _bmsc.Forget();
            _requests.Clear();
            long now = _machine.Clock.UptimeMilliseconds;
            for (int i = 0; i < _configuration.Services.Length; i++)
            {
                KeyGroup[] groups = _configuration.Services[i].Groups;
                for (int j = 0; j < groups.Length; j++)
                {
                    if (_store.State.NewestMsk(groups[j]) == null)
                    {
                        Ask(groups[j], now);
                    }
                }
            }

            for (int i = 0; i < _store.State.Pulls.Count; i++)
            {
                Pull((KeyGroup)_store.State.Pulls[i]);
            }
        }

        /// <summary>A genuine solicited pull for a Key Group: asks after the back-off of the configuration.</summary>
        public void Pull(KeyGroup group)
        {
            long delay = 1000L * _configuration.BackoffOffsetSeconds;
            Ask(group, _machine.Clock.UptimeMilliseconds + delay + RandomBelow((1000L * _configuration.BackoffRandomSeconds) + 1));
        }

        /// <summary>An MSK of the Key Group has come.</summary>
        public void Stored(KeyGroup group)
        {
            KeyRequest request = Find(group);
            if (request != null)
            {
                _requests.Remove(request);
            }
        }

        /// <summary>Uptime in milliseconds at which <see cref="RunDue"/> has something to do; long.MaxValue for never.</summary>
        public long NextDue
        {
            get
            {
                long next = long.MaxValue;

                // Without a time no MSK message would be accepted: asking would only use up the attempts.
                for (int i = 0; i < _requests.Count && _machine.Clock.IsSet; i++)
                {
                    KeyRequest request = (KeyRequest)_requests[i];
                    if (request.DueAt < next)
                    {
                        next = request.DueAt;
                    }
                }

                // The oldest request in the ring must be a minute old before there may be another.
                long allowed = _sent < _sentAt.Length ? next : _sentAt[_sent % _sentAt.Length] + MinuteMilliseconds;
                return next < allowed ? allowed : next;
            }
        }

        /// <summary>Asks for everything that is due, in one request. Blocks while HTTP does.</summary>
        public void RunDue()
        {
            long now = _machine.Clock.UptimeMilliseconds;
            if (NextDue > now)
            {
                return;
            }

            ArrayList due = new ArrayList();
            ArrayList spent = new ArrayList();
            for (int i = 0; i < _requests.Count; i++)
            {
                KeyRequest request = (KeyRequest)_requests[i];
                if (request.DueAt <= now)
                {
                    (request.Attempts < MaxAttempts ? due : spent).Add(request);
                }
            }

            for (int i = 0; i < spent.Count; i++)
            {
                KeyRequest request = (KeyRequest)spent[i];
                if (_requests.Contains(request))
                {
                    GiveUp(request, "no MSK message came");
                }
            }

            if (due.Count > 0)
            {
                _sentAt[_sent++ % _sentAt.Length] = now;
                Send(due);
            }
        }

        private void Send(ArrayList due)
        {
            KeyGroup[] groups = new KeyGroup[due.Count];
            for (int i = 0; i < groups.Length; i++)
            {
                KeyRequest request = (KeyRequest)due[i];
                request.Attempts++;
                groups[i] = request.Group;
            }

            string reason;
            ExchangeOutcome outcome = Exchange(MskRequest.Write(groups), out reason);
            int[] codes = new int[groups.Length];
            if (outcome == ExchangeOutcome.Success && !MskRequest.TryReadResponse(_bmsc.Body, groups, codes))
            {
                outcome = ExchangeOutcome.Failure;
                reason = "the BM-SC's response is not an mskResponse";
            }

            // At random, to keep MEs that failed together from coming back together; the same for all that failed here.
            long spread = RandomBelow(SpreadParts);
            for (int i = 0; i < groups.Length; i++)
            {
                KeyRequest request = (KeyRequest)due[i];
                if (!_requests.Contains(request))
                {
                    // Its service was left for another Key Group's answer.
                    continue;
                }

                if (outcome != ExchangeOutcome.Success)
                {
                    Fail(request, reason, outcome != ExchangeOutcome.Failure, spread);
                }
                else if (codes[i] == Ok)
                {
                    // The MSK comes by UDP, or is asked for again.
                    request.DueAt = _machine.Clock.UptimeMilliseconds + AwaitMskMilliseconds;
                }
                else
                {
                    bool final = codes[i] >= 300 && codes[i] < 500;
                    Fail(request, codes[i] == 0 ? "not answered" : "response code " + codes[i], final, spread);
                }
            }
        }

        /// <summary>
        /// One authenticated exchange. When the BM-SC does not take the B-TID, GBA runs again, once.
        /// </summary>
        private ExchangeOutcome Exchange(byte[] body, out string reason)
        {
            GbaContext context = _store.State.Gba;
            bool valid = context != null && !context.Muk.IsExpired(_machine.Clock);
            if (!valid && (context = Bootstrap(out reason)) == null)
            {
                return ExchangeOutcome.Failure;
            }

            ExchangeOutcome outcome = _bmsc.Exchange(context, MskRequest.RequestType, MskRequest.ContentType, body);
            if (outcome == ExchangeOutcome.RenegotiationNeeded)
            {
                context = Bootstrap(out reason);
                if (context == null)
                {
                    return ExchangeOutcome.Failure;
                }

                outcome = _bmsc.Exchange(context, MskRequest.RequestType, MskRequest.ContentType, body);
            }

            reason = _bmsc.Reason;
            return outcome;
        }

        private GbaContext Bootstrap(out string reason)
        {
            GbaContext context = _bsf.Run(_uicc);
            reason = "GBA failed: " + _bsf.Failure;
            if (context == null)
            {
                return null;
            }

            _store.State.Replace(context);
            if (TryCommit())
            {
                return context;
            }

            reason = "the new GBA keys could not be stored";
            return null;
        }

        private bool TryCommit()
        {
            try
            {
                _store.Commit();
                return true;
            }
            catch (IOException failure)
            {
                _machine.Events.Report(KeyEvents.StorageFailed(failure));
                return false;
            }
        }

        private void Fail(KeyRequest request, string reason, bool final, long spread)
        {
            if (final || request.Attempts >= MaxAttempts)
            {
                GiveUp(request, reason);
                return;
            }

            long delay = FirstDelayMilliseconds;
            for (int i = 1; i < request.Attempts && delay < LongestDelayMilliseconds; i++)
            {
                delay *= 2;
            }

            delay = delay < LongestDelayMilliseconds ? delay : LongestDelayMilliseconds;
            delay += delay * spread / SpreadParts / 4;
            request.DueAt = _machine.Clock.UptimeMilliseconds + delay;
            _machine.Events.Report(KeyEvents.About("request-failed", request.Group).With("reason", reason)
                .With("final", false).With("retryInSeconds", (delay + 500) / 1000));
        }

        /// <summary>No MSK is to be had: services without an older one are left (clause 6.3.2.2.1).</summary>
        private void GiveUp(KeyRequest request, string reason)
        {
            _requests.Remove(request);
            _machine.Events.Report(KeyEvents.About("request-failed", request.Group).With("reason", reason).With("final", true));
            bool changed = _store.State.RemovePull(request.Group);
            if (_store.State.NewestMsk(request.Group) == null)
            {
                for (int i = 0; i < _configuration.Services.Length; i++)
                {
                    MeService service = _configuration.Services[i];
                    if (service.Uses(request.Group))
                    {
                        changed |= Leave(service, reason);
                    }
                }
            }

            if (changed)
            {
                TryCommit();
            }
        }

        /// <summary>Leaves a service: deletes the MSKs that only it needed, stops asking for them. True when keys went.</summary>
        private bool Leave(MeService service, string reason)
        {
            bool changed = false;
            _machine.Events.Report(new MeEvent("service-left").With("service", service.Id).With("reason", reason));
            for (int i = 0; i < service.Groups.Length; i++)
            {
                KeyGroup group = service.Groups[i];
                if (IsNeededBesides(service, group))
                {
                    continue;
                }

                Stored(group);
                for (Msk msk = _store.State.NewestMsk(group); msk != null; msk = _store.State.NewestMsk(group))
                {
                    _store.State.Remove(msk);
                    _machine.Events.Report(KeyEvents.Deleted(msk, "service left"));
                    changed = true;
                }
            }

            return changed;
        }

        private bool IsNeededBesides(MeService service, KeyGroup group)
        {
            for (int i = 0; i < _configuration.Services.Length; i++)
            {
                MeService other = _configuration.Services[i];
                if (other != service && other.Uses(group))
                {
                    return true;
                }
            }

            return false;
        }

        // Never later than it would have been: pulls that keep coming must not put the request off for ever.
        private void Ask(KeyGroup group, long dueAt)
        {
            KeyRequest request = Find(group);
            if (request == null)
            {
                request = new KeyRequest(group) { DueAt = dueAt };
                _requests.Add(request);
            }

            request.Attempts = 0;
            request.DueAt = request.DueAt < dueAt ? request.DueAt : dueAt;
        }

        private KeyRequest Find(KeyGroup group)
        {
            for (int i = 0; i < _requests.Count; i++)
            {
                KeyRequest request = (KeyRequest)_requests[i];
                if (request.Group.Is(group))
                {
                    return request;
                }
            }

            return null;
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
