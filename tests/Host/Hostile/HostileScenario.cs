using System.Text;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>Which of the two servers is hostile.</summary>
internal enum HostileServer
{
    Bsf,
    BmSc,
}

/// <summary>One thing that a BSF or BM-SC does wrong, and what the ME has to say about it.</summary>
/// <param name="Server">Who does it.</param>
/// <param name="Name">What.</param>
/// <param name="Answer">How; gets the lab whose keys a server may know.</param>
/// <param name="Status">The status in the ME's <c>http</c> event: 0 for no response.</param>
/// <param name="Reason">Part of the reason in <c>gba-failed</c> and <c>request-failed</c>.</param>
internal sealed record HostileScenario(HostileServer Server, string Name, Func<HostileExchange, LabServer, Task> Answer, int Status, string Reason)
{
    /// <summary>It lasts as long as the ME's timeout.</summary>
    public bool IsSlow { get; init; }

    /// <summary>A BM-SC may demand new GBA keys: the ME then gets them from the BSF.</summary>
    public bool GbaRuns { get; init; }

    /// <summary>The ME takes it for a refusal and will not ask again.</summary>
    public bool IsFinal { get; init; }

    public override string ToString() => $"{Server}: {Name}";
}

/// <summary>All of them.</summary>
internal static class HostileScenarios
{
    private const string Http = "HTTP/1.1 ";
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string NoAuthenticationInfo = "Authentication-Info";
    private const string Realm = "3GPP-bootstrapping@bmsc.example.org";
    private const string NotWithinTimeout = "within 10 s";

    private static readonly string s_deep = string.Concat(Enumerable.Repeat("<a>", 12_000));
    private static readonly string s_laughs = LaughingBomb();

    public static IReadOnlyList<HostileScenario> All { get; } =
    [
        .. Both("answers never", 0, NotWithinTimeout, x => x.WaitAsync(), slow: true),
        .. Both("drips a header", 0, NotWithinTimeout, async x =>
        {
            await x.SendAsync(Http + "401 Unauthorized\r\nX-Slow: ");
            await x.DripAsync("slow");
        }, slow: true),
        .. Both("drips a body", 0, NotWithinTimeout, async x =>
        {
            await x.SendAsync(Http + "200 OK\r\nContent-Length: 60000\r\n\r\n");
            await x.DripAsync("<a>");
        }, slow: true),
        .. Both("drips chunks", 0, NotWithinTimeout, async x =>
        {
            await x.SendAsync(Chunked);
            await x.DripAsync("1\r\n \r\n");
        }, slow: true),
        .. Both("continues for ever", 0, "http://", x => x.PourAsync(Http + "100 Continue\r\n\r\n")),
        .. Both("closes before any octet", 0, "http://", x => Task.CompletedTask),
        .. Both("resets the connection", 0, "http://", x =>
        {
            x.Reset();
            return Task.CompletedTask;
        }),
        .. Both("closes mid-header", 0, "http://", x => x.SendAsync(Http + "200 OK\r\nContent-Le")),
        .. Both("closes mid-body", 0, "http://", x => x.SendAsync(Http + "200 OK\r\nContent-Length: 1000\r\n\r\n<mskResponse>")),
        .. Both("closes mid-chunk", 0, "http://", x => x.SendAsync(Chunked + "400\r\n<mskResponse>")),
        .. Both("pours a header line", 0, "http://", async x =>
        {
            await x.SendAsync(Http + "401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"");
            await x.PourAsync("x");
        }),
        .. Both("pours header fields", 0, "http://", async x =>
        {
            await x.SendAsync(Http + "401 Unauthorized\r\n");
            await x.PourAsync("WWW-Authenticate: Digest realm=\"x\"\r\n");
        }),
        .. Both("pours a status line", 0, "http://", async x =>
        {
            await x.SendAsync(Http + "401 ");
            await x.PourAsync("y");
        }),
        .. Both("pours a body", 0, "http://", async x =>
        {
            await x.SendAsync(Http + "200 OK\r\n\r\n");
            await x.PourAsync("<a>");
        }),
        .. Both("pours chunks", 0, "http://", async x =>
        {
            await x.SendAsync(Chunked);
            await x.PourAsync("3\r\n<a>\r\n");
        }),
        .. Both("pours a chunk extension", 0, "http://", async x =>
        {
            await x.SendAsync(Chunked + "3;x=");
            await x.PourAsync("z");
        }),
        .. Both("announces 10 GB", 0, "http://", async x =>
        {
            await x.SendAsync(Http + "200 OK\r\nContent-Length: 10000000000\r\n\r\n");
            await x.PourAsync("<a>");
        }),
        .. Both("speaks SSH", 0, "http://", x => x.SendAsync("SSH-2.0-OpenSSH_9.2\r\n")),
        .. Both("speaks TLS", 0, "http://", x => x.SendAsync("\u0015\u0003\u0003\u0000\u0002\u0002\u0028")),
        .. Both("sends noise", 0, "http://", x => x.SendAsync(Noise(5000))),

        // Redirects go nowhere: the canary that Location names fails the scenario when it is asked.
        .. Both("redirects", 302, "302", x => x.AnswerAsync("302 Found", $"Location: {Canary.Url}\r\n"), final: true),
        .. Both("redirects for good", 308, "308", x => x.AnswerAsync("308 Permanent Redirect", $"Location: {Canary.Url}\r\n"), final: true),

        .. Both("401 without a challenge", 401, "challenge", x => x.AnswerAsync("401 Unauthorized")),
        .. Both("asks for the password in the clear", 401, "challenge", x => x.AnswerAsync("401 Unauthorized", $"WWW-Authenticate: Basic realm=\"{Realm}\"\r\n")),
        .. Both("MD5-sess", 401, "challenge", x => ChallengeAsync(x, "algorithm=MD5-sess, qop=\"auth-int\"")),
        .. Both("AKAv1-MD5-sess", 401, "challenge", x => ChallengeAsync(x, "algorithm=AKAv1-MD5-sess, qop=\"auth-int\"")),
        .. Both("AKAv2-MD5", 401, "challenge", x => ChallengeAsync(x, "algorithm=AKAv2-MD5, qop=\"auth-int\"")),
        .. Both("an unknown algorithm", 401, "challenge", x => ChallengeAsync(x, "algorithm=SHA-512-256, qop=\"auth-int\"")),
        .. Both("qop auth only", 401, "challenge", x => ChallengeAsync(x, "algorithm=MD5, qop=\"auth\"")),
        .. Both("a quote that is left open", 401, "challenge", x => x.AnswerAsync("401 Unauthorized", $"WWW-Authenticate: Digest realm=\"{Realm}\", qop=\"auth-int\", nonce=\"x\r\n")),
        .. Both("no nonce", 401, "challenge", x => x.AnswerAsync("401 Unauthorized", $"WWW-Authenticate: Digest realm=\"{Realm}\", qop=\"auth-int\", algorithm=MD5\r\n")),
        .. Both("200 challenges", 401, "challenge", x => x.AnswerAsync(
            "401 Unauthorized", string.Concat(Enumerable.Repeat("WWW-Authenticate: Digest realm=\"a\", nonce=\"b\"\r\n", 200)))),

        Bsf("says yes at once", 200, "where a challenge was expected", x => x.AnswerAsync("200 OK", "", Info("evil@bsf"))),
        Bsf("says no", 403, "the BSF answered 403", x => x.AnswerAsync("403 Forbidden")),
        Bsf("a challenge that no UICC knows", 401, "wrong MAC", x => AkaAsync(x, Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray()))),
        Bsf("a nonce that is too short", 401, "challenge", x => AkaAsync(x, Convert.ToBase64String(new byte[31]))),
        Bsf("a nonce that is no Base64", 401, "challenge", x => AkaAsync(x, "\\\\ no Base64 %&")),
        Bsf("a huge nonce", 401, "wrong MAC", x => AkaAsync(x, Convert.ToBase64String(Encoding.Latin1.GetBytes(Noise(9000))))),
        Bsf("a nonce too huge for a header", 0, "http://", x => AkaAsync(x, new string('A', 40_000))),
        Bsf("wrong rspauth", 200, NoAuthenticationInfo, x => AfterChallengeAsync(x, (c, res) => x.AnswerAsync(
            "200 OK", AuthenticationInfo(c, [.. res, 1], Info("evil@bsf")), Info("evil@bsf")))),
        Bsf("no rspauth", 200, NoAuthenticationInfo, x => AfterChallengeAsync(x, (_, _) => x.AnswerAsync("200 OK", "", Info("evil@bsf")))),
        Bsf("rspauth of another body", 200, NoAuthenticationInfo, x => AfterChallengeAsync(x, (c, res) => x.AnswerAsync(
            "200 OK", AuthenticationInfo(c, res, Info("good@bsf")), Info("evil@bsf")))),
        Bsf("503 to the authenticated request", 503, "503", x => AfterChallengeAsync(x, (_, _) => x.AnswerAsync("503 Service Unavailable"))),
        .. SignedBodies().Select(body => Bsf($"authentic, but {body.Name}", 200, "no B-TID and lifetime", x => AfterChallengeAsync(
            x, (c, res) => x.AnswerAsync("200 OK", AuthenticationInfo(c, res, body.Octets), body.Octets)))),
        Bsf("authentic, but a B-TID of 300 octets", 200, "no B-TID and lifetime", x => AfterChallengeAsync(x, (c, res) => x.AnswerAsync(
            "200 OK", AuthenticationInfo(c, res, Info(new string('b', 300))), Info(new string('b', 300))))),
        Bsf("authentic, but no time of day", 200, "no B-TID and lifetime", x => AfterChallengeAsync(x, (c, res) => x.AnswerAsync(
            "200 OK", AuthenticationInfo(c, res, Info("a@b", "2099-02-30T25:61:00Z")), Info("a@b", "2099-02-30T25:61:00Z")))),

        BmSc("a realm for another FQDN", 401, "realm", x => ChallengeAsync(x, "algorithm=MD5, qop=\"auth-int\"", "3GPP-bootstrapping@evil.example.org")),
        BmSc("a realm that begins alike", 401, "realm", x => ChallengeAsync(x, "algorithm=MD5, qop=\"auth-int\"", Realm + ".evil.example.org")),
        BmSc("says yes without a proof", 200, NoAuthenticationInfo, x => x.AnswerAsync("200 OK", "", Encoding.ASCII.GetBytes("<mskResponse/>"))),
        BmSc("says no", 403, "403", x => x.AnswerAsync("403 Forbidden"), final: true),
        BmSc("in trouble", 503, "503", x => x.AnswerAsync("503 Service Unavailable")),
        BmSc("a huge nonce, then silence", 0, "http://", x => HugeNonceAsync(x, new string('n', 12_000))),
        BmSc("a nonce too huge for a header", 0, "http://", x => HugeNonceAsync(x, new string('n', 40_000))),
        BmSc("a nonce of octets beyond ASCII", 0, "http://", x => HugeNonceAsync(x, "\u00e4\u0080\u00ff\\\"")),
        BmSc("stale for ever", 401, "B-TID", x => ChallengeAsync(x, "algorithm=MD5, qop=\"auth-int\", stale=true")) with { GbaRuns = true, IsFinal = true },
        .. SignedBodies().Select(body => BmScWithKeys($"authentic, but {body.Name}", 200, "not an mskResponse", (x, lab) => AfterBtidAsync(
            x, lab, (c, password) => x.AnswerAsync("200 OK", AuthenticationInfo(c, password, body.Octets), body.Octets)))),
        BmScWithKeys("authentic, but it answers nothing", 200, "not answered", (x, lab) => AfterBtidAsync(x, lab, (c, password) =>
        {
            byte[] body = Encoding.ASCII.GetBytes("<mskResponse>" + new string(' ', 60_000) + "</mskResponse>");
            return x.AnswerAsync("200 OK", AuthenticationInfo(c, password, body), body);
        })),
        BmScWithKeys("wrong rspauth", 200, NoAuthenticationInfo, (x, lab) => AfterBtidAsync(x, lab, (c, password) => x.AnswerAsync(
            "200 OK", AuthenticationInfo(c, [.. password, 1], [])))),
    ];

    private static IEnumerable<HostileScenario> Both(
        string name, int status, string reason, Func<HostileExchange, Task> answer, bool slow = false, bool final = false) =>
    [
        Bsf(name, status, reason, answer) with { IsSlow = slow },
        BmSc(name, status, reason, answer, final) with { IsSlow = slow },
    ];

    private static HostileScenario Bsf(string name, int status, string reason, Func<HostileExchange, Task> answer) =>
        new(HostileServer.Bsf, name, (x, _) => answer(x), status, reason);

    private static HostileScenario BmSc(string name, int status, string reason, Func<HostileExchange, Task> answer, bool final = false) =>
        new(HostileServer.BmSc, name, (x, _) => answer(x), status, reason) { IsFinal = final };

    private static HostileScenario BmScWithKeys(string name, int status, string reason, Func<HostileExchange, LabServer, Task> answer) =>
        new(HostileServer.BmSc, name, answer, status, reason);

    private static Task ChallengeAsync(HostileExchange x, string rest, string realm = Realm, string nonce = "bm9uY2U=") => x.AnswerAsync(
        "401 Unauthorized", $"WWW-Authenticate: Digest realm=\"{realm}\", nonce=\"{nonce}\", opaque=\"o\", {rest}\r\n");

    private static Task AkaAsync(HostileExchange x, string nonce) =>
        ChallengeAsync(x, "algorithm=AKAv1-MD5, qop=\"auth-int\"", MeAndLab.First.BsfName, nonce);

    private static Task HugeNonceAsync(HostileExchange x, string nonce)
    {
        // The nonce comes back, quotes and backslashes with their marks; then the server has said enough.
        bool answered = x.Request.Head.Contains(nonce[..3], StringComparison.Ordinal);
        return answered ? Task.CompletedTask : ChallengeAsync(
            x, "algorithm=MD5, qop=\"auth-int\", stale=true", nonce: nonce.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal));
    }

    // A BSF that the home network has given the vector, up to the challenge.
    private static async Task AfterChallengeAsync(HostileExchange x, Func<DigestCredentials, byte[], Task> then)
    {
        if (!DigestCredentials.TryParse(x.Request.Field("Authorization"), out DigestCredentials? credentials) || credentials["nonce"].Length == 0)
        {
            await x.AnswerGenuinelyAsync();
            return;
        }

        byte[] rand = Convert.FromBase64String(credentials["nonce"])[..16];
        await then(credentials, new Milenage(MeAndLab.First.K, MeAndLab.First.Opc).F2F5(rand).Res);
    }

    // A BM-SC that has the keys of the ME's B-TID.
    private static async Task AfterBtidAsync(HostileExchange x, LabServer lab, Func<DigestCredentials, byte[], Task> then)
    {
        if (!DigestCredentials.TryParse(x.Request.Field("Authorization"), out DigestCredentials? credentials))
        {
            await ChallengeAsync(x, "algorithm=MD5, qop=\"auth-int\"");
            return;
        }

        Muk muk = lab.LastMuk(MeAndLab.First.Imsi)!;
        if (credentials["username"] != muk.Btid)
        {
            throw new InvalidOperationException("not the B-TID whose keys are known");
        }

        await then(credentials, Encoding.ASCII.GetBytes(Convert.ToBase64String(muk.Mrk)));
    }

    private static string AuthenticationInfo(DigestCredentials credentials, byte[] password, byte[] body) =>
        $"Authentication-Info: rspauth=\"{DigestServer.Compute(credentials, password, "", body)}\", qop=auth-int, "
        + $"cnonce=\"{credentials["cnonce"]}\", nc={credentials["nc"]}\r\n";

    private static byte[] Info(string btid, string lifetime = "2099-01-01T00:00:00Z") => Encoding.ASCII.GetBytes(
        $"<?xml version=\"1.0\"?><BootstrappingInfo xmlns=\"uri:3gpp-gba\"><btid>{btid}</btid><lifetime>{lifetime}</lifetime></BootstrappingInfo>");

    /// <summary>Bodies that are neither BootstrappingInfo nor mskResponse although they try to be both.</summary>
    private static IEnumerable<(string Name, byte[] Octets)> SignedBodies()
    {
        string both = "<mskResponse><btid>evil@bsf</btid><lifetime>2099-01-01T00:00:00Z</lifetime></mskResponse>";
        yield return ("empty", []);
        yield return ("a document type", Encoding.ASCII.GetBytes("<!DOCTYPE mskResponse>" + both));
        yield return ("a billion laughs", Encoding.ASCII.GetBytes(s_laughs + both));
        yield return ("an external entity", Encoding.ASCII.GetBytes("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" + both.Replace("evil", "&x;", StringComparison.Ordinal)));
        yield return ("an unknown entity", Encoding.ASCII.GetBytes(both.Replace("evil", "&x;", StringComparison.Ordinal)));
        yield return ("deeply nested", Encoding.ASCII.GetBytes(both.Replace("<btid>", s_deep + "<btid>", StringComparison.Ordinal)));
        yield return ("cut off", Encoding.ASCII.GetBytes(both[..^5]));
        yield return ("wrongly nested", Encoding.ASCII.GetBytes("<a><mskResponse>" + both + "</a></mskResponse>"));
        yield return ("a comment left open", Encoding.ASCII.GetBytes("<mskResponse><!-- " + both));
        yield return ("in UTF-16", Encoding.Unicode.GetBytes(both));
        yield return ("noise", Encoding.Latin1.GetBytes(Noise(60_000)));
    }

    private static string LaughingBomb()
    {
        StringBuilder bomb = new("<!DOCTYPE lolz [<!ENTITY l0 \"lol\">");
        for (int i = 1; i < 10; i++)
        {
            bomb.Append($"<!ENTITY l{i} \"{string.Concat(Enumerable.Repeat($"&l{i - 1};", 10))}\">");
        }

        return bomb.Append("]><a>&l9;</a>").ToString();
    }

    private static string Noise(int length)
    {
        byte[] noise = new byte[length];
        new Random(length).NextBytes(noise);
        return Encoding.Latin1.GetString(noise);
    }
}
