using System.IO;
using MbmsMe.Binary;
using MbmsMe.Http;
using MbmsMe.Keys;
using MbmsMe.Machine;

namespace MbmsMe.Gba
{
    /// <summary>
    /// The Ub procedure: HTTP Digest AKAv1-MD5 with the BSF, and from it the keys for each BM-SC that needs some
    /// (TS 33.220 clause 4.5.2, TS 24.109 clause 4, RFC 3310).
    /// </summary>
    public sealed class BootstrappingClient
    {
        private const string RequestType = "gba";
        private const int AkaLength = 16;

        private readonly Peripherals _machine;
        private readonly HttpGateway _http;
        private readonly string _url;

        /// <summary>Makes it.</summary>
        /// <param name="machine">The machine.</param>
        /// <param name="http">Way to the BSF.</param>
        /// <param name="bsfUrl">URL of the BSF.</param>
        public BootstrappingClient(Peripherals machine, HttpGateway http, string bsfUrl)
        {
            _machine = machine;
            _http = http;
            _url = bsfUrl;
        }

        /// <summary>Why the last run failed, or null.</summary>
        public string Failure { get; private set; }

        /// <summary>Runs GBA once, resynchronising once if the UICC asks for it. Reports gba-ok or gba-failed.</summary>
        /// <param name="uicc">The UICC.</param>
        /// <param name="fqdns">The BM-SCs to derive keys for: Ks is not kept.</param>
        /// <returns>New keys for each of them, or null when it failed.</returns>
        public GbaContext[] Run(IUicc uicc, string[] fqdns)
        {
            Failure = null;
            GbaContext[] contexts;
            try
            {
                contexts = Exchange(uicc, fqdns);
            }
            catch (HttpTransportException failure)
            {
                contexts = Fail(failure.Message);
            }
            catch (IOException failure)
            {
                contexts = Fail("the UICC failed: " + failure.Message);
            }

            if (contexts == null)
            {
                _machine.Events.Report(new MeEvent("gba-failed").With("reason", Failure));
            }

            return contexts;
        }

        private GbaContext[] Exchange(IUicc uicc, string[] fqdns)
        {
            string impi = GbaIdentity.Impi(uicc);
            HttpReply reply = Get(
                "Digest username=\"" + impi + "\", realm=\"" + GbaIdentity.BsfFqdn(uicc) + "\", nonce=\"\", uri=\""
                + HttpGateway.PathAndQuery(_url) + "\", response=\"\"");
            bool resynchronised = false;
            while (true)
            {
                if (reply.Status != HttpGateway.Unauthorized)
                {
                    return Fail("the BSF answered " + reply.Status + " where a challenge was expected");
                }

                DigestChallenge challenge = DigestChallenge.Find(reply.WwwAuthenticate, DigestChallenge.AkaV1Md5);
                byte[] nonce = challenge == null ? null : Octets.FromBase64(challenge.Nonce);
                if (nonce == null || nonce.Length < 2 * AkaLength)
                {
                    return Fail("no AKAv1-MD5 challenge with qop auth-int and a nonce of RAND and AUTN");
                }

                byte[] rand = Octets.Slice(nonce, 0, AkaLength);
                AkaResult aka = uicc.Authenticate(rand, Octets.Slice(nonce, AkaLength, AkaLength));
                switch (aka.Outcome)
                {
                    case AkaOutcome.Success:
                        return Authenticate(challenge, impi, rand, aka, fqdns);
                    case AkaOutcome.MacFailure:
                        return Fail("AUTN has a wrong MAC: the challenge is not from the home network");
                }

                if (resynchronised)
                {
                    return Fail("SQN out of range again after resynchronisation");
                }

                resynchronised = true;
                DigestSession session = new DigestSession(challenge, impi, new byte[0], _machine.Random);
                reply = Get(session.Authorize(
                    "GET", HttpGateway.PathAndQuery(_url), new byte[0], Octets.ToText(Octets.ToBase64(aka.Auts))));
            }
        }

        private GbaContext[] Authenticate(DigestChallenge challenge, string impi, byte[] rand, AkaResult aka, string[] fqdns)
        {
            byte[] ks = new OctetWriter(2 * AkaLength).Put(aka.Ck).Put(aka.Ik).Buffer;
            Octets.Wipe(aka.Ck);
            Octets.Wipe(aka.Ik);
            DigestSession session = new DigestSession(challenge, impi, aka.Res, _machine.Random);
            Octets.Wipe(aka.Res);
            try
            {
                HttpReply reply = Get(session.Authorize("GET", HttpGateway.PathAndQuery(_url), new byte[0], null));
                if (reply.Status != 200)
                {
                    return Fail("the BSF answered " + reply.Status + " to the authenticated request");
                }

                if (!session.Verify(reply.AuthenticationInfo, reply.Body))
                {
                    return Fail("Authentication-Info of the BSF is missing or wrong");
                }

                BootstrappingInfo info = BootstrappingInfo.Read(reply.Body);
                if (info == null)
                {
                    return Fail("no B-TID and lifetime in the answer of the BSF");
                }

                GbaContext[] contexts = new GbaContext[fqdns.Length];
                for (int i = 0; i < contexts.Length; i++)
                {
                    byte[] nafKey = GbaKeys.DeriveNafKey(_machine.Crypto, ks, rand, impi, GbaIdentity.NafId(fqdns[i]));
                    contexts[i] = new GbaContext
                    {
                        Muk = new Muk { Btid = Octets.FromText(info.Btid), Key = nafKey, ExpiresAt = info.ExpiresAt },
                        Mrk = GbaKeys.DeriveMrk(_machine.Crypto, nafKey),
                    };
                }

                _machine.Events.Report(new MeEvent("gba-ok").With("btid", info.Btid).With("lifetime", info.Lifetime));
                return contexts;
            }
            finally
            {
                session.Wipe();
                Octets.Wipe(ks);
            }
        }

        private HttpReply Get(string authorization)
        {
            return _http.Send(
                RequestType, new HttpCall { Method = "GET", Url = _url, Authorization = authorization, Body = new byte[0] });
        }

        private GbaContext[] Fail(string reason)
        {
            Failure = reason;
            return null;
        }
    }
}
