using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using MbmsMe.Http;

namespace MbmsMe.Tests.Fuzz;

/// <summary>
/// The digest headers of a hostile server: line 1 is WWW-Authenticate, line 2 Authentication-Info, the rest the body.
/// A percent sign in line 2 stands for the rspauth that is right.
/// </summary>
internal sealed class DigestHarness : Harness
{
    private const string Username = "I1U8vpY3qJ0hiuZNrke/NQ==@bsf.example.org";
    private const string Uri = "/keymanagement?requesttype=msk-request";
    private const string Cnonce = "abababababababababababababababab";
    private const string Challenge = "Digest realm=\"3GPP-bootstrapping@bmsc.example.org\", nonce=\"bm9uY2U=\", ";
    private const string Info = "qop=auth-int, rspauth=\"%\", cnonce=\"" + Cnonce + "\", nc=00000001";

    // Reading a header makes names and values of it, in UTF-16, some in lower case as well. An answer quotes them.
    private const int AllocationFixed = 8192;
    private const int AllocationPerOctet = 96;

    private static readonly byte[] s_password = Encoding.ASCII.GetBytes(Vectors.MrkBase64);

    public override string Name => "digest";

    public override string[] Dictionary =>
    [
        "Digest ", "Basic ", "realm=\"", "nonce=", "qop=\"auth,auth-int\"", "algorithm=MD5", "algorithm=AKAv1-MD5", "opaque=",
        "stale=TRUE", ", ", "rspauth=%", "nextnonce=\"", "cnonce=\"" + Cnonce + "\"", "nc=00000001", "\\\"", "\"",
    ];

    public override IEnumerable<Seed> Seeds() =>
    [
        new Seed("Ua", Challenge + "qop=\"auth-int\", algorithm=MD5, opaque=\"5ccc069c\"\n" + Info + "\n<ok/>"),
        new Seed("Ub", "Digest realm=\"bsf.example.org\", nonce=\"" + Vectors.Nonce
            + "\", qop=\"auth,auth-int\", opaque=\"o,p\", algorithm=AKAv1-MD5\n" + Info + ", nextnonce=\"x\"\n<ok/>"),
        new Seed("stale", Challenge + "qop=auth-int, stale=TRUE\nrspauth=%\n"),
        new Seed("second scheme", "Basic realm=\"a,b\", Negotiate dG9rZW4=, " + Challenge + "qop=\"auth-int\"\n" + Info + "\n"),
        new Seed("escapes", "Digest realm=\"a\\\"b\\\\c\", nonce=\"\\n\", qop=\"auth-int\"\n" + Info + "\nbody"),
        new Seed("MD5-sess", Challenge + "qop=\"auth-int\", algorithm=MD5-sess\n\n"),
        new Seed("unfinished", "Digest realm=\"a\nrspauth=\"0123\n"),
        new Seed("spaces", "digest  realm = \"r\" ,, nonce = n , qop = auth-int\nrspauth = % , qop = auth\n"),
    ];

    protected override void Test(byte[] input)
    {
        int first = End(input, 0);
        int second = End(input, first + 1);
        string header = Header(input, 0, first);
        string info = Header(input, first + 1, second);
        byte[] body = input.AsSpan(Math.Min(second + 1, input.Length)).ToArray();
        Answer(header, DigestChallenge.Md5, info, body);
        Answer(header, DigestChallenge.AkaV1Md5, info, body);
    }

    private static int End(byte[] input, int from)
    {
        int found = from < input.Length ? Array.IndexOf(input, (byte)'\n', from) : -1;
        return found < 0 ? input.Length : found;
    }

    // The octets of a header line as HTTP gives them: neither CR nor LF nor NUL.
    private static string Header(byte[] input, int from, int to) =>
        from >= to ? string.Empty : Encoding.Latin1.GetString(input, from, to - from).Replace("\r", null).Replace("\0", null);

    private static string Md5(byte[] octets) => Convert.ToHexStringLower(MD5.HashData(octets));

    private static string Rspauth(DigestChallenge challenge, byte[] body)
    {
        string ha1 = Md5([.. Encoding.UTF8.GetBytes(Username + ":" + challenge.Realm + ":"), .. s_password]);
        string ha2 = Md5(Encoding.UTF8.GetBytes(":" + Uri + ":" + Md5(body)));
        return Md5(Encoding.UTF8.GetBytes(ha1 + ":" + challenge.Nonce + ":00000001:" + Cnonce + ":auth-int:" + ha2));
    }

    private void Answer(string header, string algorithm, string info, byte[] body)
    {
        DigestChallenge challenge = null;
        int limit = AllocationFixed + (AllocationPerOctet * (header.Length + info.Length));
        Bounded(limit, () => challenge = DigestChallenge.Find(header, algorithm));
        if (challenge == null)
        {
            return;
        }

        Accepted++;
        Require(challenge.Realm != null && challenge.Nonce != null, "a challenge without realm or nonce");
        string unescaped = header.Replace("\\", null);
        Require(
            unescaped.Contains("auth-int", StringComparison.OrdinalIgnoreCase)
            && unescaped.Contains("digest", StringComparison.OrdinalIgnoreCase), "a challenge out of nothing");

        DigestSession session = null;
        string answer = null;
        Bounded(limit, () =>
        {
            session = new DigestSession(challenge, Username, s_password, new FakeRandom { Octet = 0xab });
            answer = session.Authorize("POST", Uri, body, null);
        });
        JudgeAnswer(challenge, answer);

        string right = Rspauth(challenge, body);
        string received = info.Replace("%", right);
        bool verified = false;
        Bounded(limit + (AllocationPerOctet * received.Length), () => verified = session.Verify(received, body));
        Require(!verified || received.Contains(right, StringComparison.OrdinalIgnoreCase), "believed a wrong rspauth");
        Require(verified || !session.HasNextNonce, "took a nonce from a response that is not proven");
        if (session.HasNextNonce)
        {
            Bounded(limit + (AllocationPerOctet * received.Length), () => answer = session.Authorize("POST", Uri, body, null));
            Require(answer.Contains("nc=00000001", StringComparison.Ordinal), "nc does not start again with the nonce");
        }
    }

    /// <summary>The answer must repeat the challenge and be one header line, whatever the server put into it.</summary>
    private static void JudgeAnswer(DigestChallenge challenge, string answer)
    {
        Require(!answer.Contains('\r') && !answer.Contains('\n') && !answer.Contains('\0'), "a line break in a request header");
        Require(answer.Contains("algorithm=" + challenge.Algorithm + ",", StringComparison.Ordinal), "the algorithm changed");
        AuthParameters read = new(answer);
        Dictionary<string, string> values = [];
        while (read.Read())
        {
            Require(values.TryAdd(read.Name, read.Value), "a parameter twice in the answer");
        }

        Require(
            !read.Broken && values["realm"] == challenge.Realm && values["nonce"] == challenge.Nonce
            && values["username"] == Username && values["uri"] == Uri
            && values.GetValueOrDefault("opaque") == challenge.Opaque,
            "the answer does not repeat the challenge");
    }
}
