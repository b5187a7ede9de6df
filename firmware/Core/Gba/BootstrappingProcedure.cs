using MbmsMe.Binary;
using MbmsMe.Http;
using MbmsMe.Keys;
using MbmsMe.Machine;

namespace MbmsMe.Gba
{
    /// <summary>
    /// The Ub procedure: HTTP Digest AKAv1-MD5 with the BSF, resynchronising once if the UICC asks for it, and from it the keys
    /// for each BM-SC that needs some (TS 33.220 clause 4.5.2, TS 24.109 clause 4, RFC 3310).
    /// </summary>
    internal sealed class BootstrappingProcedure : HttpProcedure
    {
        private const int AkaLength = 16;

        private readonly Peripherals _machine;
        private readonly string _url;
        private readonly string _impi;
        private DigestChallenge _challenge;
        private DigestSession _session;
        private BootstrappingInfo _info;
        private byte[] _rand;
        private byte[] _ks;
        private bool _resynchronised;

        /// <summary>Makes it; the first request waits in <see cref="HttpProcedure.Next"/>.</summary>
        /// <param name="machine">Random octets and HMAC-SHA-256.</param>
        /// <param name="bsfUrl">URL of the BSF.</param>
        /// <param name="uicc">Whose IMPI it is.</param>
        public BootstrappingProcedure(Peripherals machine, string bsfUrl, UiccIdentity uicc)
            : base("gba")
        {
            _machine = machine;
            _url = bsfUrl;
            _impi = GbaIdentity.Impi(uicc);
            Get("Digest username=\"" + _impi + "\", realm=\"" + GbaIdentity.BsfFqdn(uicc) + "\", nonce=\"\", uri=\""
                + RequestTarget.Of(_url) + "\", response=\"\"");
        }

        /// <summary>The challenge for the UICC, to be started now or waited for; null when it waits for something else.</summary>
        public AkaCall NextAka { get; private set; }

        /// <summary>The B-TID, once it has ended well.</summary>
        public string Btid
        {
            get { return _info.Btid; }
        }

        /// <summary>End of the keys' lifetime as the BSF wrote it, once it has ended well.</summary>
        public string Lifetime
        {
            get { return _info.Lifetime; }
        }

        /// <summary>The UICC has answered <see cref="NextAka"/>. Its keys are wiped here.</summary>
        public void Take(AkaResult aka)
        {
            NextAka = null;
            if (aka.Outcome == AkaOutcome.MacFailure)
            {
                End("AUTN has a wrong MAC: the challenge is not from the home network");
            }
            else if (aka.Outcome == AkaOutcome.Success)
            {
                Authenticate(aka);
            }
            else if (_resynchronised)
            {
                End("SQN out of range again after resynchronisation");
            }
            else
            {
                Resynchronise(aka.Auts);
            }

            aka.Wipe();
        }

        /// <summary>The UICC could not answer <see cref="NextAka"/>.</summary>
        public void TakeUiccFailure(string reason)
        {
            NextAka = null;
            End("the UICC failed: " + reason);
        }

        /// <summary>MUK and MRK for a BM-SC, after it has ended well: Ks dies with <see cref="Wipe"/>.</summary>
        /// <param name="fqdn">The BM-SC's FQDN.</param>
        public GbaContext Derive(string fqdn)
        {
            byte[] nafKey = GbaKeys.DeriveNafKey(_machine.Crypto, _ks, _rand, _impi, GbaIdentity.NafId(fqdn));
            return new GbaContext
            {
                Muk = new Muk { Btid = Octets.FromText(_info.Btid), Key = nafKey, ExpiresAt = _info.ExpiresAt },
                Mrk = GbaKeys.DeriveMrk(_machine.Crypto, nafKey),
            };
        }

        /// <inheritdoc/>
        public override void Wipe()
        {
            base.Wipe();
            NextAka = null;
            Octets.Wipe(_ks);
            if (_session != null)
            {
                _session.Wipe();
            }
        }

        /// <inheritdoc/>
        protected override void TakeReply(HttpReply reply)
        {
            if (_session == null)
            {
                TakeChallenge(reply);
            }
            else
            {
                TakeGrant(reply);
            }
        }

        private void TakeChallenge(HttpReply reply)
        {
            if (reply.Status != Unauthorized)
            {
                End("the BSF answered " + reply.Status + " where a challenge was expected");
                return;
            }

            _challenge = DigestChallenge.Find(reply.WwwAuthenticate, DigestChallenge.AkaV1Md5);
            byte[] nonce = _challenge == null ? null : Octets.FromBase64(_challenge.Nonce);
            if (nonce == null || nonce.Length < 2 * AkaLength)
            {
                End("no AKAv1-MD5 challenge with qop auth-int and a nonce of RAND and AUTN");
                return;
            }

            _rand = Octets.Slice(nonce, 0, AkaLength);
            NextAka = new AkaCall(_rand, Octets.Slice(nonce, AkaLength, AkaLength));
        }

        private void Authenticate(AkaResult aka)
        {
            _ks = new OctetWriter(2 * AkaLength).Put(aka.Ck).Put(aka.Ik).Buffer;
            _session = new DigestSession(_challenge, _impi, aka.Res, _machine.Random);
            Get(_session.Authorize("GET", RequestTarget.Of(_url), new byte[0], null));
        }

        // RFC 3310 clause 3.4: a response made with an empty password, and a new challenge follows.
        private void Resynchronise(byte[] auts)
        {
            _resynchronised = true;
            DigestSession session = new DigestSession(_challenge, _impi, new byte[0], _machine.Random);
            Get(session.Authorize("GET", RequestTarget.Of(_url), new byte[0], Octets.ToText(Octets.ToBase64(auts))));
        }

        private void TakeGrant(HttpReply reply)
        {
            if (reply.Status != Ok)
            {
                End("the BSF answered " + reply.Status + " to the authenticated request");
            }
            else if (!_session.Verify(reply.AuthenticationInfo, reply.Body))
            {
                End("Authentication-Info of the BSF is missing or wrong");
            }
            else
            {
                _info = BootstrappingInfo.Read(reply.Body);
                End(_info == null ? "no B-TID and lifetime in the answer of the BSF" : null);
            }
        }

        private void Get(string authorization)
        {
            Send(new HttpCall { Method = "GET", Url = _url, Authorization = authorization, Body = new byte[0] });
        }
    }
}
