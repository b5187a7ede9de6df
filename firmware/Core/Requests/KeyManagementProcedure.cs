using MbmsMe.Binary;
using MbmsMe.Http;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Services;

namespace MbmsMe.Requests
{
    /// <summary>
    /// The Ua procedure: HTTP POST with Digest under B-TID and MRK (TS 33.246 clause 6.2.1, TS 24.109 clause 5).
    /// </summary>
    internal sealed class KeyManagementProcedure : HttpProcedure
    {
        private const string RealmPrefix = "3GPP-bootstrapping@";
        private const int MaxStale = 2;

        private readonly IRandomSource _random;
        private readonly string _url;
        private readonly string _realm;
        private readonly string _contentType;
        private readonly byte[] _body;
        private readonly byte[] _password;
        private DigestSession _session;
        private bool _proven;
        private int _stale;

        /// <summary>Makes it; the first request waits in <see cref="HttpProcedure.Next"/>.</summary>
        /// <param name="random">Makes the cnonces.</param>
        /// <param name="bmsc">The BM-SC.</param>
        /// <param name="context">The GBA keys to use; it copies what it needs.</param>
        /// <param name="session">The digest session of the last exchange under them, or null; it is this object's from now on.</param>
        /// <param name="message">What to post.</param>
        public KeyManagementProcedure(
            IRandomSource random, BmscAddress bmsc, GbaContext context, DigestSession session, RequestMessage message)
            : base(message.RequestType)
        {
            _random = random;
            _url = bmsc.Url + (bmsc.Url.IndexOf('?') < 0 ? "?" : "&") + "requesttype=" + message.RequestType;
            _realm = RealmPrefix + bmsc.Fqdn;
            _contentType = message.ContentType;
            _body = message.Body;
            Btid = context.Muk.Btid;
            _password = Octets.ToBase64(context.Mrk);
            _session = session;
            _proven = session != null && session.HasNextNonce;
            Post();
        }

        /// <summary>The B-TID it goes under.</summary>
        public byte[] Btid { get; }

        /// <summary>How it ended.</summary>
        public ExchangeOutcome Outcome { get; private set; }

        /// <summary>Body of the response after <see cref="ExchangeOutcome.Success"/>.</summary>
        public byte[] Body { get; private set; }

        /// <summary>Hands over the digest session, once it has ended, for the next exchange; null when it is of no more use.</summary>
        public DigestSession TakeSession()
        {
            DigestSession session = _session;
            _session = null;
            return session;
        }

        /// <inheritdoc/>
        public override void Wipe()
        {
            base.Wipe();
            Octets.Wipe(_password);
            Forget();
        }

        /// <inheritdoc/>
        protected override void TakeReply(HttpReply reply)
        {
            if (reply.Status != Unauthorized)
            {
                Conclude(reply);
                return;
            }

            DigestChallenge challenge = DigestChallenge.Find(reply.WwwAuthenticate, DigestChallenge.Md5);
            if (challenge == null || challenge.Realm.ToLower() != _realm.ToLower())
            {
                End(ExchangeOutcome.Failure, "no MD5 challenge with qop auth-int and realm " + _realm);
            }
            else if (_proven && !(challenge.Stale && ++_stale <= MaxStale))
            {
                End(ExchangeOutcome.RenegotiationNeeded, "the BM-SC does not accept the B-TID (401)");
            }
            else
            {
                Forget();
                _session = new DigestSession(challenge, Octets.ToText(Btid), _password, _random);
                _proven = true;
                Post();
            }
        }

        private void Conclude(HttpReply reply)
        {
            if (reply.Status != Ok)
            {
                bool mayWorkLater = reply.Status >= 500 || reply.Status == 408 || reply.Status == 429;
                End(mayWorkLater ? ExchangeOutcome.Failure : ExchangeOutcome.Refused, "the BM-SC answered " + reply.Status);
            }
            else if (!_proven || !_session.Verify(reply.AuthenticationInfo, reply.Body))
            {
                Forget();
                End(ExchangeOutcome.Failure, "Authentication-Info of the BM-SC is missing or wrong");
            }
            else
            {
                Body = reply.Body;
                End(ExchangeOutcome.Success, null);
            }
        }

        private void Post()
        {
            Send(new HttpCall
            {
                Method = "POST",
                Url = _url,
                ContentType = _contentType,
                Body = _body,
                Authorization = _proven ? _session.Authorize("POST", RequestTarget.Of(_url), _body, null) : null,
            });
        }

        private void End(ExchangeOutcome outcome, string failure)
        {
            Outcome = outcome;
            End(failure);
        }

        private void Forget()
        {
            if (_session != null)
            {
                _session.Wipe();
                _session = null;
            }
        }
    }
}
