using System.Collections;
using MbmsMe.Binary;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>The BM-SC's key management server: HTTP Digest under B-TID and MRK, and answers for every Key Group asked for.</summary>
    public sealed class FakeKeyServer
    {
        /// <summary>Its URL.</summary>
        public const string Url = "http://bmsc.test/keymanagement";

        /// <summary>The authenticated requests: each a text of the groups asked for, such as "00f110/0010 00f110/0011".</summary>
        public readonly ArrayList Requests = new ArrayList();

        /// <summary>Groups (<see cref="KeyGroup"/>) that were answered with 200 and whose MSK has still to be sent.</summary>
        public readonly ArrayList Granted = new ArrayList();

        /// <summary>Response code of a group ("00f110/0010"); 0 leaves the group out of the answer. Those not named get 200.</summary>
        public readonly Hashtable Codes = new Hashtable();

        /// <summary>Requests with the right digest that get a 401 all the same.</summary>
        public int Renegotiations;

        /// <summary>Requests with the right digest that get a 401 because the nonce is too old.</summary>
        public int StaleNonces;

        /// <summary>True to name the next nonce in Authentication-Info.</summary>
        public bool NextNonce;

        /// <summary>What Authentication-Info is like.</summary>
        public RspAuth RspAuth;

        /// <summary>Status of all answers, or 0.</summary>
        public int Status;

        /// <summary>Calls that get no answer.</summary>
        public int Failures;

        /// <summary>Realm of the challenge.</summary>
        public string Realm = "3GPP-bootstrapping@" + Bench.Fqdn;

        /// <summary>The challenge's algorithm.</summary>
        public string Algorithm = "MD5";

        /// <summary>The challenge's qop.</summary>
        public string Qop = "auth-int";

        /// <summary>Text before the challenge, in the same header.</summary>
        public string ChallengePrefix = string.Empty;

        /// <summary>The body of the 200 OK, or null for the right one.</summary>
        public string Body;

        /// <summary>Digest responses that were wrong.</summary>
        public int Rejected;

        /// <summary>B-TID of the last authenticated request.</summary>
        public string LastBtid;

        private readonly FakeClock _clock;
        private readonly ArrayList _keys;
        private int _nonces;
        private int _uses;
        private string _nonce;

        /// <summary>Makes it.</summary>
        /// <param name="clock">The world's clock.</param>
        /// <param name="keys">Its keys (<see cref="FakeGbaKey"/>), oldest first, as the BSF makes them.</param>
        public FakeKeyServer(FakeClock clock, ArrayList keys)
        {
            _clock = clock;
            _keys = keys;
        }

        /// <summary>Answers a POST; null for no answer.</summary>
        public HttpReply Answer(HttpCall call)
        {
            if (Failures > 0)
            {
                Failures--;
                return null;
            }

            if (Status != 0)
            {
                return new HttpReply { Status = Status, Body = new byte[0] };
            }

            if (call.Authorization == null)
            {
                return Challenge(false);
            }

            FakeGbaKey key = FindKey(FakeDigest.Field(call.Authorization, "username"));
            byte[] password = key == null ? null : Octets.ToBase64(key.Mrk);
            _uses++;
            if (key == null
                || !FakeDigest.Proves(call.Authorization, password, Realm, _nonce, call.Method, call.Url, call.Body)
                || FakeDigest.Field(call.Authorization, "opaque") != "o,p=2"
                || FakeDigest.Field(call.Authorization, "nc") != Octets.ToHex((uint)_uses, 4))
            {
                Rejected++;
                return Challenge(false);
            }

            if (StaleNonces > 0)
            {
                StaleNonces--;
                return Challenge(true);
            }

            // "The BM-SC shall use a negotiation indication required if the UE did not use a fresh MUK."
            if (Renegotiations > 0 || _clock.UnixSeconds >= key.ExpiresAt)
            {
                Renegotiations--;
                return Challenge(false);
            }

            LastBtid = key.Btid;
            return Grant(call, password);
        }

        private FakeGbaKey FindKey(string btid)
        {
            for (int i = 0; i < _keys.Count; i++)
            {
                FakeGbaKey key = (FakeGbaKey)_keys[i];
                if (key.Btid == btid)
                {
                    return key;
                }
            }

            return null;
        }

        private string NewNonce()
        {
            _uses = 0;
            _nonce = "n,once=" + ++_nonces + "==";
            return _nonce;
        }

        private HttpReply Challenge(bool stale)
        {
            return new HttpReply
            {
                Status = 401,
                WwwAuthenticate = ChallengePrefix + "Digest realm=\"" + Realm + "\", nonce=\"" + NewNonce()
                    + "\", algorithm=" + Algorithm + ", qop=\"" + Qop + "\", opaque=\"o,p=2\"" + (stale ? ", stale=TRUE" : string.Empty),
                Body = new byte[0],
            };
        }

        private HttpReply Grant(HttpCall call, byte[] password)
        {
            string request = Octets.ToText(call.Body);
            if (call.Url.IndexOf("requesttype=msk-request") < 0)
            {
                return Register(call, password, request);
            }

            string asked = string.Empty;
            string answer = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><mskResponse xmlns=\"urn:3GPP:metadata:2005:MBMS:mskResponse\">";
            int at = 0;
            while ((at = request.IndexOf("<keyDomainID>", at)) >= 0)
            {
                string domain = Element(request, "keyDomainID", ref at);
                string mskId = Element(request, "MSKID", ref at);
                string id = Octets.ToHex(Octets.FromBase64(mskId));
                string name = Octets.ToHex(Octets.FromBase64(domain)) + "/" + id.Substring(0, 4);
                asked += (asked.Length == 0 ? string.Empty : " ") + name + (id.EndsWith("0000") && id.Length == 8 ? string.Empty : "?");
                int code = Codes.Contains(name) ? (int)Codes[name] : 200;
                if (code == 0)
                {
                    continue;
                }

                answer += "<MSK><keyDomainID>" + domain + "</keyDomainID><MSKID>" + mskId + "</MSKID><responseCode>" + code
                    + "</responseCode></MSK>";
                if (code == 200)
                {
                    Granted.Add(new KeyGroup(
                        Octets.GetUInt24(Octets.FromBase64(domain), 0), Octets.GetUInt16(Octets.FromBase64(mskId), 0)));
                }
            }

            Requests.Add(asked);
            byte[] body = Octets.FromText(Body ?? answer + "</mskResponse>");
            string next = NextNonce ? NewNonce() : null;
            return new HttpReply
            {
                Status = 200, Body = body, AuthenticationInfo = FakeDigest.Info(call.Authorization, password, body, RspAuth, next),
            };
        }

        // Registration: the services asked for, each with its response code; the tests send the MSKs themselves.
        private HttpReply Register(HttpCall call, byte[] password, string request)
        {
            string type = call.Url.Substring(call.Url.IndexOf("requesttype=") + 12);
            string asked = type;
            string answer = "<registerResponse xmlns=\"urn:3GPP:metadata:2005:MBMS:registerResponse\">";
            int at = 0;
            while ((at = request.IndexOf("<serviceID>", at)) >= 0)
            {
                string service = Element(request, "serviceID", ref at);
                asked += " " + service;
                int code = Codes.Contains(service) ? (int)Codes[service] : 200;
                answer += "<service><serviceID>" + service + "</serviceID><responseCode>" + code + "</responseCode></service>";
            }

            bool typed = call.ContentType == "application/mbms-" + type + "+xml" && request.IndexOf("<" + type + " xmlns=\"urn:3GPP:metadata:2005:MBMS:" + type) >= 0;
            Requests.Add(typed ? asked : "wrong type or root: " + asked);
            byte[] body = Octets.FromText(Body ?? answer + "</registerResponse>");
            return new HttpReply
            {
                Status = 200, Body = body, AuthenticationInfo = FakeDigest.Info(call.Authorization, password, body, RspAuth, null),
            };
        }

        private static string Element(string xml, string name, ref int at)
        {
            int start = xml.IndexOf("<" + name + ">", at) + name.Length + 2;
            at = xml.IndexOf("</" + name + ">", start);
            return xml.Substring(start, at - start);
        }
    }
}
