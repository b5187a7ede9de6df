using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace MbmsMe.Lab;

/// <summary>The BM-SC's key request function: Ua by HTTP Digest under the MRK (TS 33.246 clauses 6.2 and 6.3.2.2).</summary>
internal sealed class BmSc
{
    private readonly LabConfiguration _configuration;
    private readonly Bsf _bsf;
    private readonly MskDistribution _distribution;
    private readonly LabStore _store;
    private readonly LabEvents _events;
    private readonly LabFaults _faults;
    private readonly TimeProvider _time;
    private readonly DigestServer _digest;
    private readonly string _realm;
    private readonly byte[] _nafId;
    private readonly LabBmSc _own;

    public BmSc(LabBmSc own, LabConfiguration configuration, Bsf bsf, MskDistribution distribution, LabStore store, LabEvents events, LabFaults faults, TimeProvider time)
    {
        _own = own;
        _configuration = configuration;
        _bsf = bsf;
        _distribution = distribution;
        _store = store;
        _events = events;
        _faults = faults;
        _time = time;
        _digest = new DigestServer("MD5", faults.BmSc, time);
        _realm = $"3GPP-bootstrapping@{own.Fqdn}";
        _nafId = GbaKeys.NafId(own.Fqdn);
    }

    /// <summary>Makes every nonce handed out so far stale.</summary>
    public void ForgetNonces() => _digest.ForgetNonces();

    public HttpAnswer Answer(HttpExchange request)
    {
        string[] target = request.Target.Split('?', 2);
        string requestType = target.Length == 2 && QueryHelpers.ParseQuery(target[1]).TryGetValue("requesttype", out var value) ? value.ToString() : "";
        if (target[0] != _own.Path)
        {
            return new HttpAnswer(404, requestType, "not the path of key management");
        }
        if (request.Method != "POST")
        {
            return new HttpAnswer(405, requestType, "only POST");
        }
        if (requestType is not ("msk-request" or "register" or "deregister"))
        {
            return new HttpAnswer(400, requestType, "unknown requesttype");
        }
        if (request.Authorization is null)
        {
            return Challenge(requestType, "challenge");
        }
        if (!DigestCredentials.TryParse(request.Authorization, out DigestCredentials? credentials))
        {
            return new HttpAnswer(400, requestType, "malformed Authorization");
        }
        if (credentials["nonce"].Length == 0)
        {
            return Challenge(requestType, "challenge");
        }
        return Authenticate(request, requestType, credentials);
    }

    private HttpAnswer Authenticate(HttpExchange request, string requestType, DigestCredentials credentials)
    {
        string btid = credentials["username"];
        if (_bsf.GetNafKeys(btid, _nafId) is not NafKeys keys)
        {
            return Challenge(requestType, "renegotiation: unknown B-TID") with { Btid = btid };
        }
        HttpAnswer Renegotiate(string why) => Challenge(requestType, $"renegotiation: {why}") with { Btid = btid, Imsi = keys.Imsi };
        if (keys.Expires <= _time.GetUtcNow())
        {
            return Renegotiate("B-TID expired");
        }
        if (keys.BootstrappingId <= _store.DemandedAfter(keys.Imsi, _own.Fqdn))
        {
            return Renegotiate("a newer key is demanded");
        }

        Muk muk = new(keys.BootstrappingId, btid, keys.Imsi, keys.KsNaf, GbaKeys.Mrk(keys.KsNaf), keys.Expires, Counter: 0, _own.Fqdn);
        byte[] password = Encoding.ASCII.GetBytes(Convert.ToBase64String(muk.Mrk));
        DigestVerdict verdict = _digest.Verify(credentials, _realm, password, request, out string reason);
        if (verdict != DigestVerdict.Accepted)
        {
            return Challenge(requestType, reason, stale: verdict == DigestVerdict.Stale) with { Btid = btid, Imsi = keys.Imsi };
        }
        if (_store.AddMuk(muk))
        {
            _events.Add(_events.New(LabEventKind.MukNegotiated) with { Imsi = muk.Imsi, Btid = btid, BmSc = _own.Fqdn, Expires = muk.Expires });
        }
        _store.SetAddress(muk.Imsi, request.Source);

        HttpAnswer answer = requestType == "msk-request"
            ? AnswerMskRequest(request, muk)
            : AnswerRegistration(request, requestType, muk);
        if (_digest.AuthenticationInfo(credentials, password, answer.Body, withNextNonce: true) is string info)
        {
            answer.Headers["Authentication-Info"] = info;
        }
        return answer with { Imsi = muk.Imsi, Btid = btid };
    }

    private HttpAnswer AnswerMskRequest(HttpExchange request, Muk muk)
    {
        const string requestType = "msk-request";
        if (request.ContentType != KeyRequestXml.RequestType)
        {
            return new HttpAnswer(415, requestType, $"Content-Type is not {KeyRequestXml.RequestType}");
        }
        if (KeyRequestXml.ReadRequest(request.Body) is not IReadOnlyList<MskWanted> wanted)
        {
            return new HttpAnswer(400, requestType, "the body is not an MSK request");
        }
        (MskWanted Wanted, int Code)[] answers = [.. wanted.Select(item => (item, ResponseCode(muk.Imsi, item)))];
        return new HttpAnswer(200, requestType, string.Join(", ", answers.Select(answer => $"{answer.Wanted.Group}: {answer.Code}")))
        {
            Body = KeyRequestXml.WriteResponse(answers),
            Headers = { ["Content-Type"] = KeyRequestXml.ResponseType },
            Then = () =>
            {
                if (!_faults.WithholdMsk)
                {
                    foreach (MskWanted item in answers.Where(answer => answer.Code == 200).Select(answer => answer.Wanted).Distinct())
                    {
                        _distribution.Deliver(muk, item.Group, item.Number);
                    }
                }
            },
        };
    }

    private HttpAnswer AnswerRegistration(HttpExchange request, string requestType, Muk muk)
    {
        bool register = requestType == "register";
        string type = register ? RegistrationXml.RegisterType : RegistrationXml.DeregisterType;
        if (request.ContentType != type)
        {
            return new HttpAnswer(415, requestType, $"Content-Type is not {type}");
        }
        if (RegistrationXml.ReadRequest(request.Body, requestType) is not IReadOnlyList<string> wanted)
        {
            return new HttpAnswer(400, requestType, $"the body is no {requestType} request");
        }
        (string Service, int Code)[] answers = [.. wanted.Select(id => (id, RegistrationCode(muk.Imsi, id, register)))];
        string[] accepted = [.. answers.Where(answer => answer.Code == 200).Select(answer => answer.Service).Distinct()];
        foreach (string service in accepted)
        {
            if (register ? _store.Register(muk.Imsi, service) : _store.Deregister(muk.Imsi, service))
            {
                _events.Add(_events.New(register ? LabEventKind.Registered : LabEventKind.Deregistered) with
                {
                    Imsi = muk.Imsi,
                    Btid = muk.Btid,
                    BmSc = _own.Fqdn,
                    Service = service,
                });
            }
        }
        return new HttpAnswer(200, requestType, string.Join(", ", answers.Select(answer => $"{answer.Service}: {answer.Code}")))
        {
            Body = RegistrationXml.WriteResponse(answers),
            Headers = { ["Content-Type"] = RegistrationXml.ResponseType },
            Then = () =>
            {
                if (register && !_faults.WithholdMsk)
                {
                    foreach (KeyGroup group in accepted.SelectMany(service => FindService(service)?.KeyGroups ?? []).Distinct())
                    {
                        if (_store.FindMsk(group, 0) is Msk { Deleted: false })
                        {
                            _distribution.Deliver(muk, group, number: 0);
                        }
                    }
                }
            },
        };
    }

    /// <summary>The response code of one service. Leaving is nobody's to refuse.</summary>
    private int RegistrationCode(string imsi, string id, bool register)
    {
        if (register && _faults.RegistrationCodes.TryGetValue(id, out int code))
        {
            return code;
        }
        if (FindService(id) is not LabService service)
        {
            return 404;
        }
        LabSubscriber subscriber = _configuration.Subscribers.Single(subscriber => subscriber.Imsi == imsi);
        return !register || service.KeyGroups.All(subscriber.MayHave) ? 200 : 403;
    }

    /// <summary>A service of this BM-SC.</summary>
    private LabService? FindService(string id) =>
        _configuration.Services.FirstOrDefault(service => service.Id == id && service.KeyGroups.All(group => _configuration.BmScOf(group) == _own.Fqdn));

    /// <summary>The response code of one MSK, in HTTP's terms.</summary>
    private int ResponseCode(string imsi, MskWanted wanted)
    {
        if (_faults.ResponseCodes.TryGetValue(wanted.Group, out int code))
        {
            return code;
        }
        if (!_configuration.KeyGroups.Contains(wanted.Group) || _configuration.BmScOf(wanted.Group) != _own.Fqdn
            || _store.FindMsk(wanted.Group, wanted.Number) is not Msk msk
            || (msk.Deleted && !_distribution.TakeDeletionOwed(imsi, wanted.Group)))
        {
            return 404;
        }
        return _configuration.Subscribers.Single(subscriber => subscriber.Imsi == imsi).MayHave(wanted.Group) ? 200 : 403;
    }

    private HttpAnswer Challenge(string requestType, string detail, bool stale = false) =>
        new(401, requestType, detail) { Headers = { ["WWW-Authenticate"] = _digest.Challenge(_realm, stale: stale) } };
}
