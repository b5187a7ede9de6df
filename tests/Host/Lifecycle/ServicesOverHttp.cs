using System.Net;
using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>Registration, announcements and two BM-SCs over real HTTP.</summary>
[TestClass]
public sealed class ServicesOverHttp
{
    private const string OtherFqdn = "other.example.org";
    private static readonly KeyGroup s_sport = new("00f110", 0x0020);

    /// <summary>By so much the clocks of two processes may tell the same span otherwise.</summary>
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(20);

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

    /// <summary>
    /// The configuration says nothing of the service that the announcement says, or says otherwise: another BM-SC, whose FQDN is
    /// the host of its URI; two Key Groups in another Key Domain, each with its flow; the back-off; and what protects the flows.
    /// </summary>
    [TestMethod]
    [DataRow(MikeyProfile.Release6, true, false)]
    [DataRow(MikeyProfile.Draft2004, false, true)]
    public async Task TheAnnouncementTellsEverything(MikeyProfile profile, bool confidentiality, bool integrity)
    {
        const string fqdn = "localhost"; // a name that resolves everywhere
        const int waitTime = 2;
        const int maxBackOff = 1;
        KeyGroup[] groups = [new("00f120", 0x0020), new("00f120", 0x0021)];
        IPEndPoint[] flows = [StreamedMe.NewGroup(), StreamedMe.NewGroup()];
        await using StreamedMe streamed = await StreamedMe.StartAsync(profile, lab => lab with
        {
            KeyGroups = [MeAndLab.News, .. groups],
            MoreBmScs = [new LabBmSc(fqdn, new IPEndPoint(IPAddress.Loopback, 0), "/keys")],
            BmScOfKeyGroup = groups.ToDictionary(group => group, _ => fqdn),
            Services = [lab.Services[0] with { KeyGroups = groups }],
        });
        MeAndLab pair = streamed.Pair;
        string path = Path.ChangeExtension(pair.ConfigurationPath, ".xml");
        File.WriteAllText(path, $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <securityDescription xmlns="urn:3GPP:metadata:2005:MBMS:securityDescription" uiccKeyManagement="false"
              confidentialityProtection="{(confidentiality ? "true" : "false")}" integrityProtection="{(integrity ? "true" : "false")}">
              <keyManagement waitTime="{waitTime}" maxBackOff="{maxBackOff}">
                <serverURI>{new UriBuilder(pair.Lab.BmScUrlOf(fqdn)) { Host = fqdn }.Uri}</serverURI>
              </keyManagement>
              {string.Concat(groups.Zip(flows, KeyId))}
            </securityDescription>
            """);
        JsonObject configuration = pair.Configuration(services: [new JsonObject
        {
            ["id"] = StreamedMe.News,
            ["announcement"] = path,
            ["mtk"] = new JsonObject { ["group"] = streamed.MtkGroup.ToString() },
            ["sessions"] = new JsonArray(new JsonObject { ["flow"] = flows[0].ToString(), ["output"] = streamed.Player.EndPoint.ToString() }),
        }]);
        configuration["backoff"] = new JsonObject { ["offsetSeconds"] = 0, ["randomSeconds"] = 86400 };
        pair.PowerOn(configuration);
        foreach (KeyGroup group in groups)
        {
            await pair.DeliveredAsync(default, group, profile);
        }

        Assert.IsNull(pair.Lab.LastMuk(MeAndLab.First.Imsi), "the BM-SC of the configuration is asked for nothing");
        Assert.IsFalse(pair.Me.Since(0).Any(line => line.Event == "me-based-keys"), "it does not ask for keys in the UICC");

        // Protected as announced, each flow under the MTK of its Key Group.
        using PacketSender sender = new();
        foreach ((KeyGroup group, IPEndPoint flow) in groups.Zip(flows))
        {
            SrtpSender stream = PacketSender.Under(pair.Lab.NewMtk(group));
            stream.Confidentiality = confidentiality;
            stream.Integrity = integrity;
            await pair.MeAsync("mtk-accepted", default, ("keyGroup", group.Group.ToString("x4")));
            sender.Send(stream.Packet(0, 1), flow);
            await pair.MeAsync("content", default, ("flow", flow.ToString()), ("octets", stream.Clear(1).Length.ToString()));
            if (flow == flows[0])
            {
                CollectionAssert.AreEqual(stream.Clear(1), await streamed.Player.NextAsync());
            }
        }

        Mark mark = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, groups[0]);
        LabEvent pull = await pair.LabAsync(LabEventKind.PullSent, mark);
        LabEvent asked = await pair.LabAsync(LabEventKind.Http, mark);
        Assert.IsGreaterThanOrEqualTo(TimeSpan.FromSeconds(waitTime) - s_tick, asked.Time - pull.Time, "waitTime");
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

    private static string KeyId(KeyGroup group, IPEndPoint flow)
    {
        string mskId = Convert.ToBase64String([(byte)(group.Group >> 8), (byte)group.Group, 0, 0]);
        string keyDomain = Convert.ToBase64String(Convert.FromHexString(group.KeyDomain));
        return $"""<keyId><mediaFlow flowID="{flow}"/><MSKID>{mskId}</MSKID><keyDomainID>{keyDomain}</keyDomainID></keyId>""";
    }
}
