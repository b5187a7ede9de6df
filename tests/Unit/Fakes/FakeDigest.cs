using MbmsMe.Binary;
using MbmsMe.Crypto;

namespace MbmsMe.Tests
{
    /// <summary>What a server does with Authentication-Info.</summary>
    public enum RspAuth
    {
        /// <summary>As RFC 7616 says.</summary>
        Right,

        /// <summary>The rspauth of another response.</summary>
        Wrong,

        /// <summary>No header at all.</summary>
        Missing,
    }

    /// <summary>The server's side of HTTP Digest with MD5 and auth-int (RFC 7616 clause 3.4), written apart from the core's.</summary>
    public static class FakeDigest
    {
        /// <summary>The value of a parameter of an Authorization header, or null.</summary>
        public static string Field(string header, string name)
        {
            int at = header.IndexOf(" " + name + "=");
            if (at < 0)
            {
                return null;
            }

            at += name.Length + 2;
            if (header[at] == '"')
            {
                return header.Substring(at + 1, header.IndexOf('"', at + 1) - at - 1);
            }

            int end = header.IndexOf(',', at);
            return end < 0 ? header.Substring(at) : header.Substring(at, end - at);
        }

        /// <summary>True when an Authorization header proves the password for that request and challenge.</summary>
        public static bool Proves(string header, byte[] password, string realm, string nonce, string method, string url, byte[] body)
        {
            string uri = Field(header, "uri");
            return Field(header, "realm") == realm
                && Field(header, "nonce") == nonce
                && Field(header, "qop") == "auth-int"
                && uri != null
                && url.EndsWith(uri)
                && url.Substring(url.IndexOf("//") + 2).IndexOf('/') == url.Length - uri.Length - url.IndexOf("//") - 2
                && Field(header, "response") == Response(header, password, method, body);
        }

        /// <summary>Authentication-Info for the response to a request with that Authorization header.</summary>
        public static string Info(string header, byte[] password, byte[] body, RspAuth mode, string nextNonce)
        {
            if (mode == RspAuth.Missing)
            {
                return null;
            }

            string rspauth = Response(header, password, string.Empty, mode == RspAuth.Right ? body : new byte[1]);
            return "qop=auth-int, rspauth=\"" + rspauth + "\", cnonce=\"" + Field(header, "cnonce") + "\", nc=" + Field(header, "nc")
                + (nextNonce == null ? string.Empty : ", nextnonce=\"" + nextNonce + "\"");
        }

        private static string Response(string header, byte[] password, string method, byte[] body)
        {
            Md5 md5 = new Md5();
            md5.Reset();
            md5.Update(Octets.FromText(Field(header, "username") + ":" + Field(header, "realm") + ":"));
            md5.Update(password);
            string ha1 = Finish(md5);
            string hash = Octets.ToHex(md5.Compute(body));
            string ha2 = Octets.ToHex(md5.Compute(Octets.FromText(method + ":" + Field(header, "uri") + ":" + hash)));
            return Octets.ToHex(md5.Compute(Octets.FromText(
                ha1 + ":" + Field(header, "nonce") + ":" + Field(header, "nc") + ":" + Field(header, "cnonce") + ":auth-int:" + ha2)));
        }

        private static string Finish(Md5 md5)
        {
            byte[] hash = new byte[16];
            md5.Finish(hash, 0);
            return Octets.ToHex(hash);
        }
    }
}
