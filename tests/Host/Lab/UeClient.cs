using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Xml.Linq;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>An answer of a BM-SC.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="Body">The body.</param>
internal sealed record UaAnswer(int Status, string ContentType, string Body)
{
    /// <summary>The services and their response codes, in the order of the response: <c>urn:a 200, urn:b 404</c>.</summary>
    public string Codes
    {
        get
        {
            XNamespace space = "urn:3GPP:metadata:2005:MBMS:registerResponse";
            XElement root = XElement.Parse(Body);
            Assert.AreEqual(space + "registerResponse", root.Name);
            return string.Join(", ", root.Elements(space + "service").Select(
                service => $"{service.Element(space + "serviceID")!.Value} {service.Element(space + "responseCode")!.Value}"));
        }
    }
}

/// <summary>The least a UE needs to talk to BSF and BM-SC: GBA, HTTP Digest and a MIKEY port that takes whatever comes and acknowledges nothing.</summary>
internal sealed class UeClient : IDisposable
{
    private const string Cnonce = "0a4f113b";

    private readonly LabSubscriber _subscriber;
    private readonly HttpClient _http = new();
    private readonly UdpClient _mikey;
    private string _btid = "";
    private byte[] _rand = [];
    private byte[] _ks = [];

    public UeClient(LabSubscriber subscriber)
    {
        _subscriber = subscriber;
        _mikey = new UdpClient(new IPEndPoint(IPAddress.Loopback, subscriber.MikeyPort));
    }

    /// <summary>Runs GBA (RFC 3310): afterwards there is a B-TID.</summary>
    public async Task BootstrapAsync(Uri bsf)
    {
        string credentials = $"Digest username=\"{_subscriber.Impi}\", realm=\"{_subscriber.BsfName}\", nonce=\"\", uri=\"/\", response=\"\"";
        using HttpResponseMessage challenged = await SendAsync(HttpMethod.Get, bsf, credentials, content: null);
        Assert.AreEqual(HttpStatusCode.Unauthorized, challenged.StatusCode);
        DigestCredentials challenge = ChallengeOf(challenged);
        _rand = Convert.FromBase64String(challenge["nonce"])[..16];
        Milenage milenage = new(_subscriber.K, _subscriber.Opc);
        using HttpResponseMessage done = await SendAsync(
            HttpMethod.Get, bsf, Response(challenge, _subscriber.Impi, milenage.F2F5(_rand).Res, "GET", bsf.PathAndQuery, []), content: null);
        Assert.AreEqual(HttpStatusCode.OK, done.StatusCode);
        _ks = [.. milenage.F3(_rand), .. milenage.F4(_rand)];
        _btid = XElement.Parse(await done.Content.ReadAsStringAsync()).Elements().Single(element => element.Name.LocalName == "btid").Value;
    }

    /// <summary>Registers for services or deregisters.</summary>
    /// <param name="bmsc">The BM-SC's URL.</param>
    /// <param name="fqdn">The name its keys are derived with.</param>
    /// <param name="requestType"><c>register</c> or <c>deregister</c>.</param>
    /// <param name="services">The services.</param>
    public Task<UaAnswer> AskAsync(Uri bmsc, string fqdn, string requestType, params string[] services) => PostAsync(
        bmsc,
        fqdn,
        requestType,
        $"application/mbms-{requestType}+xml",
        $"<{requestType} xmlns=\"urn:3GPP:metadata:2005:MBMS:{requestType}\">{string.Concat(services.Select(id => $"<serviceID>{id}</serviceID>"))}</{requestType}>");

    /// <summary>Posts anything: takes the challenge and answers it.</summary>
    public async Task<UaAnswer> PostAsync(Uri bmsc, string fqdn, string requestType, string contentType, string body)
    {
        Uri target = new($"{bmsc}?requesttype={requestType}");
        byte[] octets = Encoding.UTF8.GetBytes(body);
        using HttpResponseMessage challenged = await SendAsync(HttpMethod.Post, target, credentials: null, Content());
        Assert.AreEqual(HttpStatusCode.Unauthorized, challenged.StatusCode);
        byte[] mrk = GbaKeys.Mrk(GbaKeys.KsNaf(_ks, _rand, _subscriber.Impi, GbaKeys.NafId(fqdn)));
        string credentials = Response(
            ChallengeOf(challenged), _btid, Encoding.ASCII.GetBytes(Convert.ToBase64String(mrk)), "POST", target.PathAndQuery, octets);
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Post, target, credentials, Content());
        return new UaAnswer((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType ?? "", await answer.Content.ReadAsStringAsync());

        ByteArrayContent Content() => new(octets) { Headers = { { "Content-Type", contentType } } };
    }

    /// <summary>The next MIKEY datagram.</summary>
    public async Task<byte[]> ReceiveAsync()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
        return (await _mikey.ReceiveAsync(patience.Token)).Buffer;
    }

    /// <summary>No datagram comes for a while.</summary>
    public async Task AssertQuietAsync()
    {
        await Task.Delay(300);
        Assert.AreEqual(0, _mikey.Available, "octets at the MIKEY port");
    }

    public void Dispose()
    {
        _http.Dispose();
        _mikey.Dispose();
    }

    private static DigestCredentials ChallengeOf(HttpResponseMessage response)
    {
        Assert.IsTrue(DigestCredentials.TryParse(response.Headers.GetValues("WWW-Authenticate").Single(), out DigestCredentials? challenge));
        return challenge;
    }

    private static string Response(DigestCredentials challenge, string user, byte[] password, string method, string uri, byte[] body)
    {
        string credentials = $"Digest username=\"{user}\", realm=\"{challenge["realm"]}\", nonce=\"{challenge["nonce"]}\", uri=\"{uri}\", qop=auth-int, "
            + $"nc=00000001, cnonce=\"{Cnonce}\", opaque=\"{challenge["opaque"]}\", algorithm={challenge["algorithm"]}";
        Assert.IsTrue(DigestCredentials.TryParse(credentials, out DigestCredentials? own));
        return $"{credentials}, response=\"{DigestServer.Compute(own, password, method, body)}\"";
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri target, string? credentials, HttpContent? content)
    {
        using HttpRequestMessage request = new(method, target) { Content = content };
        if (credentials is not null)
        {
            Assert.IsTrue(request.Headers.TryAddWithoutValidation("Authorization", credentials));
        }
        return await _http.SendAsync(request);
    }
}
