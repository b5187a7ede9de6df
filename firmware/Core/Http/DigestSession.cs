using System.Text;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Machine;

namespace MbmsMe.Http
{
    /// <summary>
    /// The client's side of HTTP Digest with qop auth-int and MD5 (RFC 7616, RFC 3310), from a challenge on:
    /// Authorization for each request, and the check of Authentication-Info of its response.
    /// </summary>
    public sealed class DigestSession
    {
        private const int CnonceOctets = 16;

        private readonly Md5 _md5 = new Md5();
        private readonly byte[] _separator = { (byte)':' };
        private readonly IRandomSource _random;
        private readonly DigestChallenge _challenge;
        private readonly string _username;
        private readonly byte[] _secret; // HA1 in hexadecimal
        private string _nonce;
        private string _count;
        private string _cnonce;
        private string _uri;
        private uint _uses;

        /// <summary>Answers a challenge.</summary>
        /// <param name="challenge">The challenge.</param>
        /// <param name="username">IMPI (Ub) or B-TID (Ua).</param>
        /// <param name="password">RES (Ub), empty with AUTS, or the octets of base64(MRK) (Ua). Not kept.</param>
        /// <param name="random">Makes the cnonces.</param>
        public DigestSession(DigestChallenge challenge, string username, byte[] password, IRandomSource random)
        {
            _challenge = challenge;
            _username = username;
            _random = random;
            _nonce = challenge.Nonce;
            _md5.Reset();
            Text(username);
            _md5.Update(_separator);
            Text(challenge.Realm);
            _md5.Update(_separator);
            _md5.Update(password);
            _secret = Hex();
        }

        /// <summary>True when the last response named the nonce for the next request, which then needs no challenge.</summary>
        public bool HasNextNonce { get; private set; }

        /// <summary>The value of the Authorization header for a request.</summary>
        /// <param name="method">GET or POST.</param>
        /// <param name="uri">Path and query of the request.</param>
        /// <param name="body">Entity body; empty for none.</param>
        /// <param name="auts">Base64 of AUTS for a resynchronisation (RFC 3310 clause 3.4), or null.</param>
        public string Authorize(string method, string uri, byte[] body, string auts)
        {
            byte[] cnonce = new byte[CnonceOctets];
            _random.Fill(cnonce);
            _cnonce = Octets.ToHex(cnonce);
            _count = Octets.ToHex(++_uses, 4);
            _uri = uri;
            HasNextNonce = false;

            StringBuilder header = new StringBuilder(400);
            header.Append("Digest username=").Append(Quote(_username))
                .Append(", realm=").Append(Quote(_challenge.Realm))
                .Append(", nonce=").Append(Quote(_nonce))
                .Append(", uri=").Append(Quote(uri))
                .Append(", response=\"").Append(Response(method, body))
                .Append("\", algorithm=").Append(_challenge.Algorithm)
                .Append(", qop=auth-int, nc=").Append(_count)
                .Append(", cnonce=\"").Append(_cnonce).Append('"');
            if (_challenge.Opaque != null)
            {
                header.Append(", opaque=").Append(Quote(_challenge.Opaque));
            }

            if (auts != null)
            {
                header.Append(", auts=\"").Append(auts).Append('"');
            }

            return header.ToString();
        }

        /// <summary>
        /// Checks Authentication-Info of the response to the last request: rspauth over the body must be there and
        /// right, and qop, cnonce and nc, where present, those of the request (RFC 7616 clause 3.5). Takes nextnonce.
        /// </summary>
        /// <param name="authenticationInfo">The header's value, or null when there was none.</param>
        /// <param name="body">Entity body of the response.</param>
        public bool Verify(string authenticationInfo, byte[] body)
        {
            string rspauth = null;
            string nextNonce = null;
            bool same = true;
            AuthParameters parameters = new AuthParameters(authenticationInfo ?? string.Empty);
            while (parameters.Read())
            {
                switch (parameters.Name)
                {
                    case "rspauth":
                        rspauth = parameters.Value;
                        break;
                    case "nextnonce":
                        nextNonce = parameters.Value;
                        break;
                    case "cnonce":
                        same &= parameters.Value == _cnonce;
                        break;
                    case "nc":
                        same &= parameters.Value == _count;
                        break;
                    case "qop":
                        same &= parameters.Value == "auth-int";
                        break;
                }
            }

            if (!same || parameters.Broken || rspauth == null)
            {
                return false;
            }

            byte[] expected = Octets.FromText(Response(string.Empty, body));
            byte[] received = Octets.FromText(rspauth.ToLower());
            if (received.Length != expected.Length || !Octets.FixedTimeEquals(expected, 0, received, 0, expected.Length))
            {
                return false;
            }

            if (!string.IsNullOrEmpty(nextNonce))
            {
                _nonce = nextNonce;
                _uses = 0;
                HasNextNonce = true;
            }

            return true;
        }

        /// <summary>Zeroes what is as good as the password.</summary>
        public void Wipe()
        {
            Octets.Wipe(_secret);
        }

        private static string Quote(string text)
        {
            StringBuilder quoted = new StringBuilder(text.Length + 2);
            quoted.Append('"');
            for (int i = 0; i < text.Length; i++)
            {
                if (text[i] == '"' || text[i] == '\\')
                {
                    quoted.Append('\\');
                }

                quoted.Append(text[i]);
            }

            return quoted.Append('"').ToString();
        }

        // MD5(HA1 : nonce : nc : cnonce : auth-int : MD5(method : uri : MD5(body))); rspauth has an empty method.
        private string Response(string method, byte[] body)
        {
            _md5.Reset();
            _md5.Update(body);
            byte[] bodyHash = Hex();

            _md5.Reset();
            Text(method + ":" + _uri + ":");
            _md5.Update(bodyHash);
            byte[] request = Hex();

            _md5.Reset();
            _md5.Update(_secret);
            Text(":" + _nonce + ":" + _count + ":" + _cnonce + ":auth-int:");
            _md5.Update(request);
            return Octets.ToText(Hex());
        }

        private void Text(string text)
        {
            _md5.Update(Octets.FromText(text));
        }

        private byte[] Hex()
        {
            byte[] hash = new byte[_md5.Size];
            _md5.Finish(hash, 0);
            byte[] hex = Octets.ToHexOctets(hash);
            Octets.Wipe(hash);
            return hex;
        }
    }
}
