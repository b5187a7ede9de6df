using System.Security.Cryptography;
using System.Text;

namespace MbmsMe.Lab;

/// <summary>What became of an <c>Authorization</c> header.</summary>
public enum DigestVerdict
{
    /// <summary>The response is right and fresh.</summary>
    Accepted,

    /// <summary>The response is right, but its nonce is too old or its nonce count was used before.</summary>
    Stale,

    /// <summary>The response is wrong.</summary>
    Refused,
}

/// <summary>The server's side of HTTP Digest with qop auth-int: MD5 for Ua (RFC 2617) and AKAv1-MD5 for Ub (RFC 3310).</summary>
/// <param name="algorithm"><c>MD5</c> or <c>AKAv1-MD5</c>.</param>
/// <param name="faults">Faults to put into what this server answers.</param>
/// <param name="time">The clock.</param>
public sealed class DigestServer(string algorithm, HttpFaults faults, TimeProvider time)
{
    private const string Qop = "auth-int";
    private static readonly TimeSpan s_nonceLifetime = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, IssuedNonce> _nonces = [];

    /// <summary>A new <c>WWW-Authenticate</c> value.</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="nonce">The nonce, by default a random one.</param>
    /// <param name="stale">True tells the client that its password is still good.</param>
    public string Challenge(string realm, string? nonce = null, bool stale = false)
    {
        nonce ??= RandomNonce();
        string opaque = Issue(nonce);
        return $"Digest realm=\"{realm}\", nonce=\"{nonce}\", qop=\"{Qop}\", opaque=\"{opaque}\", algorithm={algorithm}{(stale ? ", stale=true" : "")}";
    }

    /// <summary>Verifies credentials; an accepted nonce count is used up.</summary>
    /// <param name="credentials">The client's parameters.</param>
    /// <param name="realm">The realm they must name.</param>
    /// <param name="password">The password's octets: base64(MRK) on Ua, RES on Ub.</param>
    /// <param name="exchange">The request.</param>
    /// <param name="reason">Why not <see cref="DigestVerdict.Accepted"/>; empty otherwise.</param>
    public DigestVerdict Verify(DigestCredentials credentials, string realm, ReadOnlySpan<byte> password, HttpExchange exchange, out string reason)
    {
        if (credentials["realm"] != realm)
        {
            reason = "wrong realm";
        }
        else if (credentials["uri"] != exchange.Target)
        {
            reason = "uri is not the request target";
        }
        else if (credentials["qop"] != Qop)
        {
            reason = "qop is not auth-int";
        }
        else if (!credentials["algorithm"].Equals(algorithm, StringComparison.OrdinalIgnoreCase))
        {
            reason = $"algorithm is not {algorithm}";
        }
        else if (credentials["cnonce"].Length == 0)
        {
            reason = "no cnonce";
        }
        else if (!TryNonceCount(credentials["nc"], out uint count))
        {
            reason = "nc is not 8 hexadecimal digits";
        }
        else if (!IsResponse(credentials, password, exchange))
        {
            reason = "wrong response";
        }
        else
        {
            return UseNonce(credentials, count, out reason);
        }
        return DigestVerdict.Refused;
    }

    /// <summary>The <c>Authentication-Info</c> value, null when a fault leaves it out.</summary>
    /// <param name="credentials">The accepted credentials.</param>
    /// <param name="password">The password's octets.</param>
    /// <param name="body">The response's body, covered by rspauth.</param>
    /// <param name="withNextNonce">True adds a nonce for the next request.</param>
    public string? AuthenticationInfo(DigestCredentials credentials, ReadOnlySpan<byte> password, byte[] body, bool withNextNonce)
    {
        if (faults.OmitAuthenticationInfo)
        {
            return null;
        }
        string rspauth = Compute(credentials, password, method: "", body);
        if (faults.WrongRspauth)
        {
            rspauth = (rspauth[0] == '0' ? '1' : '0') + rspauth[1..];
        }
        string value = $"rspauth=\"{rspauth}\", qop={Qop}, cnonce=\"{credentials["cnonce"]}\", nc={credentials["nc"]}";
        if (withNextNonce)
        {
            string next = RandomNonce();
            lock (_nonces)
            {
                // The client goes on using the opaque of its challenge (RFC 2617 clause 3.2.3 names no other).
                _nonces[next] = new IssuedNonce(credentials["opaque"], time.GetUtcNow() + s_nonceLifetime);
            }
            value += $", nextnonce=\"{next}\"";
        }
        return value;
    }

    /// <summary>Makes every nonce handed out so far stale.</summary>
    public void ForgetNonces()
    {
        lock (_nonces)
        {
            _nonces.Clear();
        }
    }

    /// <summary>request-digest, and with an empty method the response-digest (RFC 2617 clauses 3.2.2 and 3.2.3).</summary>
    public static string Compute(DigestCredentials credentials, ReadOnlySpan<byte> password, string method, byte[] body)
    {
        string a1 = Md5([.. Encoding.UTF8.GetBytes($"{credentials["username"]}:{credentials["realm"]}:"), .. password]);
        string a2 = Md5(Encoding.UTF8.GetBytes($"{method}:{credentials["uri"]}:{Md5(body)}"));
        return Md5(Encoding.UTF8.GetBytes($"{a1}:{credentials["nonce"]}:{credentials["nc"]}:{credentials["cnonce"]}:{credentials["qop"]}:{a2}"));
    }

    private static bool IsResponse(DigestCredentials credentials, ReadOnlySpan<byte> password, HttpExchange exchange) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(Compute(credentials, password, exchange.Method, exchange.Body)),
            Encoding.UTF8.GetBytes(credentials["response"]));

    private static bool TryNonceCount(string nc, out uint count)
    {
        count = 0;
        return nc.Length == 8 && uint.TryParse(nc, System.Globalization.NumberStyles.AllowHexSpecifier, null, out count) && count > 0;
    }

    private DigestVerdict UseNonce(DigestCredentials credentials, uint count, out string reason)
    {
        lock (_nonces)
        {
            if (!_nonces.TryGetValue(credentials["nonce"], out IssuedNonce? nonce) || nonce.Expires <= time.GetUtcNow())
            {
                reason = "nonce too old";
                return DigestVerdict.Stale;
            }
            if (nonce.Opaque != credentials["opaque"])
            {
                reason = "wrong opaque";
                return DigestVerdict.Refused;
            }
            if (count <= nonce.LastCount)
            {
                reason = "nonce count used before";
                return DigestVerdict.Stale;
            }
            nonce.LastCount = count;
            reason = "";
            return DigestVerdict.Accepted;
        }
    }

    private string Issue(string nonce)
    {
        DateTimeOffset now = time.GetUtcNow();
        string opaque = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        lock (_nonces)
        {
            foreach (string old in _nonces.Where(pair => pair.Value.Expires <= now).Select(pair => pair.Key).ToList())
            {
                _nonces.Remove(old);
            }
            _nonces[nonce] = new IssuedNonce(opaque, now + s_nonceLifetime);
        }
        return opaque;
    }

    private static string RandomNonce() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));

    private static string Md5(byte[] data) => Convert.ToHexStringLower(MD5.HashData(data));

    private sealed class IssuedNonce(string opaque, DateTimeOffset expires)
    {
        public string Opaque => opaque;

        public DateTimeOffset Expires => expires;

        public uint LastCount { get; set; }
    }
}
