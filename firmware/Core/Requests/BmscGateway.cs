using System.Collections;
using MbmsMe.Configuration;
using MbmsMe.Gba;
using MbmsMe.Http;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Services;

namespace MbmsMe.Requests
{
    /// <summary>
    /// Authenticated exchanges with the BM-SCs: GBA where a request needs a key, then Ua (TS 33.246 clauses 6.1 and 6.2.1).
    /// </summary>
    public sealed class BmscGateway
    {
        /// <summary>
        /// Seconds that a GBA key must still be valid for a request to use it: the MSK message that follows comes under
        /// the MUK of the same age. GBA runs ahead of the expiry for a request only.
        /// </summary>
        public const int RenewalSeconds = 2;

        private readonly Peripherals _machine;
        private readonly KeyStore _store;
        private readonly BmscAddress[] _bmscs;
        private readonly BootstrappingClient _bsf;
        private readonly KeyManagementClient[] _clients;
        private IUicc _uicc;

        /// <summary>Makes it.</summary>
        public BmscGateway(Peripherals machine, MeConfiguration configuration, KeyStore store)
        {
            _machine = machine;
            _store = store;
            _bmscs = configuration.Bmscs;
            HttpGateway http = new HttpGateway(machine);
            _bsf = new BootstrappingClient(machine, http, configuration.BsfUrl);
            _clients = new KeyManagementClient[_bmscs.Length];
            for (int i = 0; i < _clients.Length; i++)
            {
                _clients[i] = new KeyManagementClient(machine, http, _bmscs[i].Url, _bmscs[i].Fqdn);
            }
        }

        /// <summary>Body of the response after <see cref="ExchangeOutcome.Success"/>.</summary>
        public byte[] Body { get; private set; }

        /// <summary>Why it was not a success, for the event log.</summary>
        public string Reason { get; private set; }

        /// <summary>Starts over with a UICC.</summary>
        public void Start(IUicc uicc)
        {
            _uicc = uicc;
            for (int i = 0; i < _clients.Length; i++)
            {
                _clients[i].Forget();
            }
        }

        /// <summary>One authenticated exchange. When the BM-SC does not take the B-TID, GBA runs again, once.</summary>
        /// <param name="bmsc">One of the configuration's BM-SCs.</param>
        /// <param name="requestType">Value of the query parameter requesttype.</param>
        /// <param name="contentType">Content-Type of the body.</param>
        /// <param name="body">The body.</param>
        public ExchangeOutcome Exchange(BmscAddress bmsc, string requestType, string contentType, byte[] body)
        {
            KeyManagementClient client = ClientOf(bmsc);
            GbaContext context = _store.State.Of(bmsc.Fqdn).Gba;
            bool valid = context != null && context.IsValid(_machine.Clock, RenewalSeconds);
            if (!valid && (context = Bootstrap(bmsc)) == null)
            {
                return ExchangeOutcome.Failure;
            }

            ExchangeOutcome outcome = client.Exchange(context, requestType, contentType, body);
            if (outcome == ExchangeOutcome.RenegotiationNeeded)
            {
                context = Bootstrap(bmsc);
                if (context == null)
                {
                    return ExchangeOutcome.Failure;
                }

                outcome = client.Exchange(context, requestType, contentType, body);
            }

            Body = client.Body;
            Reason = client.Reason;
            return outcome;
        }

        private KeyManagementClient ClientOf(BmscAddress bmsc)
        {
            int at = 0;
            while (_bmscs[at].Fqdn != bmsc.Fqdn)
            {
                at++;
            }

            return _clients[at];
        }

        // One run serves every BM-SC that lacks valid keys: Ks is forgotten at once, so now is the time to derive them.
        private GbaContext Bootstrap(BmscAddress bmsc)
        {
            ArrayList lacking = new ArrayList();
            lacking.Add(bmsc.Fqdn);
            for (int i = 0; i < _bmscs.Length; i++)
            {
                GbaContext held = _store.State.Of(_bmscs[i].Fqdn).Gba;
                if (_bmscs[i].Fqdn != bmsc.Fqdn && (held == null || !held.IsValid(_machine.Clock, RenewalSeconds)))
                {
                    lacking.Add(_bmscs[i].Fqdn);
                }
            }

            string[] fqdns = (string[])lacking.ToArray(typeof(string));
            GbaContext[] contexts = _bsf.Run(_uicc, fqdns);
            if (contexts == null)
            {
                Reason = "GBA failed: " + _bsf.Failure;
                return null;
            }

            for (int i = 0; i < contexts.Length; i++)
            {
                _store.State.Of(fqdns[i]).Replace(contexts[i]);
            }

            if (!_store.TryCommit(_machine.Events))
            {
                Reason = "the new GBA keys could not be stored";
                return null;
            }

            return contexts[0];
        }
    }
}
