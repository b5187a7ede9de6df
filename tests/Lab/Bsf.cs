using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace MbmsMe.Lab;

/// <summary>The keys the BSF gives a NAF for a B-TID (reference point Zn).</summary>
/// <param name="BootstrappingId">Which bootstrapping run; later runs have greater numbers.</param>
/// <param name="Imsi">The subscriber.</param>
/// <param name="KsNaf">Ks_(ext)_NAF, 32 octets.</param>
/// <param name="Expires">End of the lifetime.</param>
public sealed record NafKeys(long BootstrappingId, string Imsi, byte[] KsNaf, DateTimeOffset Expires);

/// <summary>The bootstrapping server function: Ub by HTTP Digest AKAv1-MD5 (TS 33.220 clause 4.5.2, RFC 3310), and Zn as a method.</summary>
internal sealed class Bsf
{
    /// <summary>The low 5 bits of SQN are IND (TS 33.102 Annex C.1.1.1), so one vector is one step of SEQ.</summary>
    private const ulong SqnStep = 1 << 5;

    private static readonly byte[] s_resynchronisationAmf = [0, 0];
    private static readonly XNamespace s_gba = "uri:3gpp-gba";

    private readonly Dictionary<string, LabSubscriber> _byImpi;
    private readonly Dictionary<string, LabSubscriber> _byImsi;
    private readonly ConcurrentDictionary<string, PendingRun> _pending = new();
    private readonly DigestServer _digest;
    private readonly LabStore _store;
    private readonly LabEvents _events;
    private readonly LabFaults _faults;
    private readonly TimeProvider _time;

    public Bsf(LabConfiguration configuration, LabStore store, LabEvents events, LabFaults faults, TimeProvider time)
    {
        _byImpi = configuration.Subscribers.ToDictionary(subscriber => subscriber.Impi);
        _byImsi = configuration.Subscribers.ToDictionary(subscriber => subscriber.Imsi);
        _digest = new DigestServer("AKAv1-MD5", faults.Bsf, time);
        _store = store;
        _events = events;
        _faults = faults;
        _time = time;
        Lifetime = configuration.GbaLifetime;
    }

    /// <summary>The lifetime of the runs to come.</summary>
    public TimeSpan Lifetime { get; set; }

    public NafKeys? GetNafKeys(string btid, byte[] nafId) =>
        _store.FindBootstrapping(btid) is Bootstrapping run && _byImsi.TryGetValue(run.Imsi, out LabSubscriber? subscriber)
            ? new NafKeys(run.Id, run.Imsi, GbaKeys.KsNaf(run.Ks, run.Rand, subscriber.Impi, nafId), run.Expires)
            : null;

    public HttpAnswer Answer(HttpExchange request)
    {
        if (request.Method != "GET")
        {
            return Refuse(405, "only GET");
        }
        if (!DigestCredentials.TryParse(request.Authorization, out DigestCredentials? credentials))
        {
            return Refuse(400, "no Digest credentials to tell the subscriber by");
        }
        if (!_byImpi.TryGetValue(credentials["username"], out LabSubscriber? subscriber))
        {
            return Refuse(403, "unknown IMPI");
        }
        if (credentials["nonce"].Length == 0)
        {
            return Challenge(subscriber, "AKA challenge");
        }
        if (!_pending.TryRemove(credentials["nonce"], out PendingRun? run) || run.Subscriber != subscriber)
        {
            return Challenge(subscriber, "challenge not outstanding; new AKA challenge");
        }
        return credentials["auts"].Length == 0 ? Authenticate(request, credentials, run) : Resynchronise(request, credentials, run);
    }

    private HttpAnswer Authenticate(HttpExchange request, DigestCredentials credentials, PendingRun run)
    {
        LabSubscriber subscriber = run.Subscriber;
        if (_digest.Verify(credentials, subscriber.BsfName, run.Res, request, out string reason) != DigestVerdict.Accepted)
        {
            return Challenge(subscriber, $"{reason}; new AKA challenge");
        }
        Milenage milenage = new(subscriber.K, subscriber.Opc);
        string btid = GbaKeys.Btid(run.Rand, subscriber.BsfName);
        DateTimeOffset expires = DateTimeOffset.FromUnixTimeSeconds(
            (long)Math.Ceiling((_time.GetUtcNow() + Lifetime - DateTimeOffset.UnixEpoch).TotalSeconds));
        _store.AddBootstrapping(btid, subscriber.Imsi, run.Rand, [.. milenage.F3(run.Rand), .. milenage.F4(run.Rand)], expires);

        XElement info = new(
            s_gba + "BootstrappingInfo",
            new XElement(s_gba + "btid", btid),
            new XElement(s_gba + "lifetime", expires.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
        byte[] body = Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{info.ToString(SaveOptions.DisableFormatting)}");
        HttpAnswer answer = new(200, "gba", "bootstrapped")
        {
            Imsi = subscriber.Imsi,
            Btid = btid,
            Body = body,
            Headers = { ["Content-Type"] = "application/vnd.3gpp.bsf+xml", ["Expires"] = expires.ToString("R", CultureInfo.InvariantCulture) },
        };
        if (_digest.AuthenticationInfo(credentials, run.Res, body, withNextNonce: false) is string info2)
        {
            answer.Headers["Authentication-Info"] = info2;
        }
        _events.Add(_events.New(LabEventKind.Bootstrapped) with { Imsi = subscriber.Imsi, Btid = btid, Expires = expires });
        return answer;
    }

    /// <summary>AUTS = (SQN_MS xor f5*) || f1*(SQN_MS, AMF 0), 14 octets (TS 33.102 clause 6.3.3); the password is empty (RFC 3310 clause 3.4).</summary>
    private HttpAnswer Resynchronise(HttpExchange request, DigestCredentials credentials, PendingRun run)
    {
        LabSubscriber subscriber = run.Subscriber;
        byte[] auts = new byte[14];
        if (_digest.Verify(credentials, subscriber.BsfName, password: [], request, out string reason) != DigestVerdict.Accepted)
        {
            return Challenge(subscriber, $"resynchronisation: {reason}; new AKA challenge");
        }
        if (!Convert.TryFromBase64String(credentials["auts"], auts, out int length) || length != auts.Length)
        {
            return Refuse(400, "auts is not 14 octets in base64");
        }
        Milenage milenage = new(subscriber.K, subscriber.Opc);
        ulong sqn = Convert.ToUInt64(Convert.ToHexString(Milenage.Xor(auts[..6], milenage.F5Star(run.Rand))), 16);
        if (!CryptographicOperations.FixedTimeEquals(milenage.F1(run.Rand, sqn, s_resynchronisationAmf).MacS, auts.AsSpan(6)))
        {
            return Refuse(403, "wrong MAC-S in auts");
        }
        _store.SetSqn(subscriber.Imsi, sqn);
        return Challenge(subscriber, "resynchronised; new AKA challenge");
    }

    private HttpAnswer Challenge(LabSubscriber subscriber, string detail)
    {
        Milenage milenage = new(subscriber.K, subscriber.Opc);
        ulong sqn = _store.NextSqn(subscriber.Imsi, SqnStep);
        byte[] rand = RandomNumberGenerator.GetBytes(16);
        byte[] macA = milenage.F1(rand, sqn, subscriber.Amf).MacA;
        if (_faults.WrongAutn)
        {
            macA[0] ^= 1;
        }
        (byte[] res, byte[] ak) = milenage.F2F5(rand);
        byte[] autn = [.. Milenage.Xor(Milenage.SqnOctets(sqn), ak), .. subscriber.Amf, .. macA];
        string nonce = Convert.ToBase64String([.. rand, .. autn]);
        _pending[nonce] = new PendingRun(subscriber, rand, res);
        return new HttpAnswer(401, "gba", detail)
        {
            Imsi = subscriber.Imsi,
            Headers = { ["WWW-Authenticate"] = _digest.Challenge(subscriber.BsfName, nonce) },
        };
    }

    private static HttpAnswer Refuse(int status, string detail) => new(status, "gba", detail);

    private sealed record PendingRun(LabSubscriber Subscriber, byte[] Rand, byte[] Res);
}
