using System.Text;

namespace MbmsMe.Http
{
    /// <summary>One Digest challenge of a WWW-Authenticate header (RFC 7616 clause 3.3, RFC 3310 for AKAv1-MD5).</summary>
    public sealed class DigestChallenge
    {
        /// <summary>Algorithm of Ua: MD5, also when the challenge names none.</summary>
        public const string Md5 = "MD5";

        /// <summary>Algorithm of Ub (RFC 3310).</summary>
        public const string AkaV1Md5 = "AKAv1-MD5";

        private bool _authInt;

        private DigestChallenge()
        {
            Algorithm = Md5;
        }

        /// <summary>Realm; never null.</summary>
        public string Realm { get; private set; }

        /// <summary>Nonce; never null.</summary>
        public string Nonce { get; private set; }

        /// <summary>Opaque, or null.</summary>
        public string Opaque { get; private set; }

        /// <summary>Algorithm.</summary>
        public string Algorithm { get; private set; }

        /// <summary>True when the server says that only the nonce was too old.</summary>
        public bool Stale { get; private set; }

        /// <summary>
        /// The first Digest challenge in the header with that algorithm, qop auth-int, a realm and a nonce; or null.
        /// </summary>
        /// <param name="header">All WWW-Authenticate header lines joined with commas, or null.</param>
        /// <param name="algorithm">MD5 or AKAv1-MD5.</param>
        public static DigestChallenge Find(string header, string algorithm)
        {
            if (header == null)
            {
                return null;
            }

            AuthParameters parameters = new AuthParameters(header);
            DigestChallenge challenge = null;
            while (parameters.Read())
            {
                if (parameters.IsScheme)
                {
                    if (challenge != null && challenge.Serves(algorithm))
                    {
                        return challenge;
                    }

                    challenge = parameters.Name == "digest" ? new DigestChallenge() : null;
                }
                else if (challenge != null)
                {
                    challenge.Take(parameters.Name, parameters.Value);
                }
            }

            return !parameters.Broken && challenge != null && challenge.Serves(algorithm) ? challenge : null;
        }

        private bool Serves(string algorithm)
        {
            return _authInt && Realm != null && Nonce != null && Algorithm.ToLower() == algorithm.ToLower();
        }

        private void Take(string name, string value)
        {
            switch (name)
            {
                case "realm":
                    Realm = value;
                    break;
                case "nonce":
                    Nonce = value;
                    break;
                case "opaque":
                    Opaque = value;
                    break;
                case "algorithm":
                    Algorithm = value;
                    break;
                case "stale":
                    Stale = value.ToLower() == "true";
                    break;
                case "qop":
                    string[] options = value.ToLower().Split(',');
                    for (int i = 0; i < options.Length; i++)
                    {
                        _authInt |= options[i].Trim() == "auth-int";
                    }

                    break;
            }
        }
    }

    /// <summary>
    /// Reads schemes and parameters out of WWW-Authenticate, or parameters alone out of Authentication-Info,
    /// one after the other (RFC 7235 clause 2.1).
    /// </summary>
    public sealed class AuthParameters
    {
        private readonly string _header;
        private int _at;

        /// <summary>Starts at the beginning of a header value.</summary>
        public AuthParameters(string header)
        {
            _header = header;
        }

        /// <summary>True when <see cref="Name"/> is a scheme, false when it is a parameter with a value.</summary>
        public bool IsScheme { get; private set; }

        /// <summary>Scheme or parameter name in lower case.</summary>
        public string Name { get; private set; }

        /// <summary>Parameter value without quotes; null for a scheme.</summary>
        public string Value { get; private set; }

        /// <summary>True when the header ended within a quoted string or is not made of schemes and parameters.</summary>
        public bool Broken { get; private set; }

        /// <summary>Goes on to the next scheme or parameter; false at the end.</summary>
        public bool Read()
        {
            while (_at < _header.Length && (IsSpace(_header[_at]) || _header[_at] == ','))
            {
                _at++;
            }

            if (_at == _header.Length)
            {
                return false;
            }

            string token = Token(false);
            Broken = token.Length == 0;
            Name = token.ToLower();
            SkipSpaces();
            IsScheme = _at == _header.Length || _header[_at] != '=';
            Value = null;
            if (!IsScheme && !Broken)
            {
                _at++;
                SkipSpaces();
                Value = _at < _header.Length && _header[_at] == '"' ? Quoted() : Token(true);
            }

            return !Broken;
        }

        private static bool IsSpace(char c)
        {
            return c == ' ' || c == '\t' || c == '\r' || c == '\n';
        }

        private void SkipSpaces()
        {
            while (_at < _header.Length && IsSpace(_header[_at]))
            {
                _at++;
            }
        }

        // A value may hold the equals signs of Base64, a name ends at the first one.
        private string Token(bool isValue)
        {
            int start = _at;
            while (_at < _header.Length && !IsSpace(_header[_at]) && _header[_at] != ',' && _header[_at] != '"'
                && (isValue || _header[_at] != '='))
            {
                _at++;
            }

            return _header.Substring(start, _at - start);
        }

        private string Quoted()
        {
            StringBuilder text = new StringBuilder();
            for (_at++; _at < _header.Length; _at++)
            {
                char c = _header[_at];
                if (c == '"')
                {
                    _at++;
                    return text.ToString();
                }

                if (c == '\\' && _at + 1 < _header.Length)
                {
                    c = _header[++_at];
                }

                text.Append(c);
            }

            Broken = true;
            return string.Empty;
        }
    }
}
