using System.Net;
using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>A service of which the configuration names the announcement and nothing else.</summary>
[TestClass]
public sealed class AnnouncementAlone
{
    private const int MikeyPort = 2269;

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task MtkMessagesComeToTheStreamsGroupAtThePortOfMikey(MikeyProfile profile)
    {
        IPEndPoint flow = StreamedMe.NewGroup();
        await using MeAndLab pair = await MeAndLab.StartAsync(configuration => configuration with
        {
            Profile = profile,
            Services = [new LabService(StreamedMe.News, [MeAndLab.News]) { MtkGroup = new IPEndPoint(flow.Address, MikeyPort), Flow = flow }],
        });
        JsonObject configuration = pair.Configuration();
        string path = Path.Combine(Path.GetDirectoryName(pair.ConfigurationPath)!, "news.xml");
        File.WriteAllText(path, $"""
            <securityDescription xmlns="urn:3GPP:metadata:2005:MBMS:securityDescription" uiccKeyManagement="false">
              <keyManagement><serverURI>{pair.Lab.BmScUrl}</serverURI></keyManagement>
              <keyId><mediaFlow flowID="{flow}"/><MSKID>ABAAAA==</MSKID><keyDomainID>APEQ</keyDomainID></keyId>
            </securityDescription>
            """);
        configuration["services"] = new JsonArray(new JsonObject { ["id"] = StreamedMe.News, ["announcement"] = path });
        pair.PowerOn(configuration);
        await pair.DeliveredAsync(default, profile: profile);
        pair.Lab.StartStream(StreamedMe.News);
        await pair.MeAsync("mtk-accepted", default, ("mtkId", "1"));
        await pair.MeAsync("content", default, ("flow", flow.ToString()));
    }
}
