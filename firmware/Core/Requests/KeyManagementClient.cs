using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Http;
using MbmsMe.Keys;
using MbmsMe.Machine;

namespace MbmsMe.Requests
{
    /// <summary>How an exchange with the BM-SC ended.</summary>
    public enum ExchangeOutcome
    {
        /// <summary>200 OK that the BM-SC has signed: <see cref="KeyManagementClient.Body"/> is there.</summary>
        Success,

        /// <summary>The BM-SC does not take this B-TID: GBA has to run again.</summary>
        RenegotiationNeeded,

        /// <summary>It may work later: no answer, an answer that cannot be trusted, a server in trouble.</summary>
        Failure,

        /// <summary>The BM-SC said no for good.</summary>
        Refused,
    }

    /// <summary>
    /// The Ua procedure: HTTP POST with Digest under B-TID and MRK (TS 33.246 clause 6.2.1, TS 24.109 clause 5).
    /// </summary>
    public sealed class KeyManagementClient
    {
        private const string RealmPrefix = "3GPP-bootstrapping@";
        private const int MaxStale = 2;

        private readonly Peripherals _machine;
        private readonly HttpGateway _http;
        private readonly string _url;
        private readonly string _realm;
        private GbaContext _context;
        private DigestSession _session;

        /// <summary>Makes it.</summary>
        /// <param name="machine">The machine.</param>
        /// <param name="http">Way to the BM-SC.</param>
        /// <param name="url">URL of the key management server.</param>
        /// <param name="fqdn">FQDN that the realm must name.</param>
        public KeyManagementClient(Peripherals machine, HttpGateway http, string url, string fqdn)
        {
            _machine = machine;
            _http = http;
            _url = url;
            _realm = RealmPrefix + fqdn;
        }

        /// <summary>Body of the response after <see cref="ExchangeOutcome.Success"/>.</summary>
        public byte[] Body { get; private set; }

        /// <summary>Why it was not a success, for the event log.</summary>
        public string Reason { get; private set; }

        /// <summary>Sends a request and authenticates it and its response.</summary>
        /// <param name="context">The GBA keys to use.</param>
        /// <param name="requestType">Value of the query parameter requesttype.</param>
        /// <param name="contentType">Content-Type of the body.</param>
        /// <param name="body">The body.</param>
        public ExchangeOutcome Exchange(GbaContext context, string requestType, string contentType, byte[] body)
        {
            if (context != _context)
            {
                Forget();
                _context = context;
            }

            Body = null;
            string url = _url + (_url.IndexOf('?') < 0 ? "?" : "&") + "requesttype=" + requestType;
            try
            {
                return Exchange(url, requestType, contentType, body);
            }
            catch (HttpTransportException failure)
            {
                Forget();
                return End(ExchangeOutcome.Failure, failure.Message);
            }
        }

        /// <summary>Forgets the digest session, as when the UICC changes.</summary>
        public void Forget()
        {
            if (_session != null)
            {
                _session.Wipe();
                _session = null;
            }

            _context = null;
        }

        private ExchangeOutcome Exchange(string url, string requestType, string contentType, byte[] body)
        {
            string uri = HttpGateway.PathAndQuery(url);
            bool proven = _session != null && _session.HasNextNonce;
            for (int stale = 0; ;)
            {
                HttpReply reply = _http.Send(requestType, new HttpCall
                {
                    Method = "POST",
                    Url = url,
                    ContentType = contentType,
                    Body = body,
                    Authorization = proven ? _session.Authorize("POST", uri, body, null) : null,
                });
                if (reply.Status != HttpGateway.Unauthorized)
                {
                    return Conclude(reply, proven);
                }

                DigestChallenge challenge = DigestChallenge.Find(reply.WwwAuthenticate, DigestChallenge.Md5);
                if (challenge == null || challenge.Realm.ToLower() != _realm.ToLower())
                {
                    return End(ExchangeOutcome.Failure, "no MD5 challenge with qop auth-int and realm " + _realm);
                }

                if (proven && !(challenge.Stale && ++stale <= MaxStale))
                {
                    return End(ExchangeOutcome.RenegotiationNeeded, "the BM-SC does not accept the B-TID (401)");
                }

                Answer(challenge);
                proven = true;
            }
        }

        private void Answer(DigestChallenge challenge)
        {
            if (_session != null)
            {
                _session.Wipe();
            }

            byte[] password = Octets.ToBase64(_context.Mrk);
            _session = new DigestSession(challenge, Octets.ToText(_context.Muk.Btid), password, _machine.Random);
            Octets.Wipe(password);
        }

        private ExchangeOutcome Conclude(HttpReply reply, bool proven)
        {
            if (reply.Status != 200)
            {
                bool mayWorkLater = reply.Status >= 500 || reply.Status == 408 || reply.Status == 429;
                return End(mayWorkLater ? ExchangeOutcome.Failure : ExchangeOutcome.Refused, "the BM-SC answered " + reply.Status);
            }

            if (!proven || !_session.Verify(reply.AuthenticationInfo, reply.Body))
            {
                Forget();
                return End(ExchangeOutcome.Failure, "Authentication-Info of the BM-SC is missing or wrong");
            }

            Body = reply.Body;
            return End(ExchangeOutcome.Success, null);
        }

        private ExchangeOutcome End(ExchangeOutcome outcome, string reason)
        {
            Reason = reason;
            return outcome;
        }
    }
}
