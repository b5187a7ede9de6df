using System.Net;
using System.Text.Json.Nodes;
using MbmsMe.Lab;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace MbmsMe.Tests.Host;

/// <summary>Registration, announcements and two BM-SCs over real HTTP.</summary>
[TestClass]
public sealed class ServicesOverHttp
{
    private const string OtherFqdn = "other.example.org";
    private static readonly KeyGroup s_sport = new("00f110", 0x0020);

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task ARegisteredServiceGetsItsMsksUnasked(MikeyProfile profile)
    {
        await using StreamedMe streamed = await StreamedMe.StartAsync(profile);
        MeAndLab pair = streamed.Pair;
        pair.PowerOn(streamed.Configuration(service => service["register"] = true));
        await pair.MeAsync("service-registered", default, ("service", StreamedMe.News));
        await pair.DeliveredAsync(default, profile: profile);
        Assert.AreEqual("bsf 401, bsf 200, bmsc 401, bmsc 200", pair.Http(default), "no MSK request");
        CollectionAssert.AreEqual(new[] { StreamedMe.News }, pair.Lab.Registrations(MeAndLab.First.Imsi).ToArray());
    }

    [TestMethod]
    [DataRow(403)]
    [DataRow(404)]
    public async Task ARefusedRegistrationEndsTheService(int code)
    {
        await using StreamedMe streamed = await StreamedMe.StartAsync();
        MeAndLab pair = streamed.Pair;
        pair.Lab.Faults.RegistrationCodes[StreamedMe.News] = code;
        pair.PowerOn(streamed.Configuration(service => service["register"] = true));
        await pair.MeAsync("service-left", default, ("reason", $"response code {code}"));
        Mark after = pair.Now;
        await pair.AssertSilenceAsync(after);
    }

    [TestMethod]
    public async Task TheAnnouncementTellsEverything()
    {
        await using StreamedMe streamed = await StreamedMe.StartAsync();
        MeAndLab pair = streamed.Pair;
        JsonObject configuration = streamed.Configuration();
        JsonObject own = configuration["services"]![0]!.AsObject();
        string flow = own["sessions"]![0]!["flow"]!.GetValue<string>();
        string path = Path.Combine(Path.GetDirectoryName(pair.ConfigurationPath)!, "news.xml");
        File.WriteAllText(path, $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <securityDescription xmlns="urn:3GPP:metadata:2005:MBMS:securityDescription" confidentialityProtection="true" integrityProtection="true" uiccKeyManagement="false">
              <keyManagement waitTime="0" maxBackOff="0"><serverURI>{pair.Lab.BmScUrl}</serverURI></keyManagement>
              <keyId><mediaFlow flowID="{flow}"/><MSKID>{Convert.ToBase64String([0x00, 0x10, 0, 0])}</MSKID><keyDomainID>{Convert.ToBase64String([0x00, 0xf1, 0x10])}</keyDomainID></keyId>
            </securityDescription>
            """);
        configuration["services"] = new JsonArray(new JsonObject
        {
            ["id"] = StreamedMe.News,
            ["announcement"] = path,
            ["mtk"] = own["mtk"]!.DeepClone(),
        });
        pair.PowerOn(configuration);
        await pair.DeliveredAsync(default);
        pair.Lab.StartStream(StreamedMe.News);
        await pair.MeAsync("content", default, ("flow", flow));
    }

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task TwoBmScsAtOnce(MikeyProfile profile)
    {
        await using MeAndLab pair = await MeAndLab.StartAsync(configuration => configuration with
        {
            Profile = profile,
            KeyGroups = [MeAndLab.News, s_sport],
            MoreBmScs = [new LabBmSc(OtherFqdn, new IPEndPoint(IPAddress.Loopback, 0), "/keys")],
            BmScOfKeyGroup = new Dictionary<KeyGroup, string> { [s_sport] = OtherFqdn },
        });
        JsonObject sport = MeAndLab.Service("urn:example:sport", s_sport);
        sport["bmsc"] = new JsonObject { ["url"] = pair.Lab.BmScUrlOf(OtherFqdn).ToString(), ["fqdn"] = OtherFqdn };
        pair.PowerOn(pair.Configuration(services: [MeAndLab.Service("urn:example:news", MeAndLab.News), sport]));
        LabEvent news = await pair.DeliveredAsync(default, MeAndLab.News, profile);
        LabEvent other = await pair.DeliveredAsync(default, s_sport, profile);
        Assert.AreEqual(news.Btid, other.Btid, "one GBA run for both");
        Assert.AreEqual(1, pair.Lab.Events.Since(0).Count(e => e.Kind == LabEventKind.Bootstrapped));
        CollectionAssert.AreNotEqual(
            pair.Lab.LastMuk(MeAndLab.First.Imsi)!.Key, pair.Lab.LastMuk(MeAndLab.First.Imsi, OtherFqdn)!.Key, "a MUK for each");

        Mark mark = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, s_sport);
        await pair.DeliveredAsync(mark, s_sport, profile);
        pair.Lab.Rekey(MeAndLab.News);
        await pair.DeliveredAsync(mark, MeAndLab.News, profile);
        await pair.RestartAsync(pair.Configuration(services: [MeAndLab.Service("urn:example:news", MeAndLab.News), sport.DeepClone()]));
        mark = pair.Now;
        pair.Lab.Rekey(s_sport);
        await pair.DeliveredAsync(mark, s_sport, profile);
    }
}
