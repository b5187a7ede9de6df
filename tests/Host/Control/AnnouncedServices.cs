using System.Text.Json.Nodes;

namespace MbmsMe.Tests.Host;

/// <summary>A service whose Key Groups come from a file beside the configuration.</summary>
[TestClass]
public sealed class AnnouncedServices
{
    [TestMethod]
    public async Task TheAnnouncementIsReadAndToldOf()
    {
        using ControlledMe me = new();
        File.WriteAllText(
            me.InDirectory("news.xml"),
            """
            <securityDescription xmlns="urn:3GPP:metadata:2005:MBMS:securityDescription">
              <keyManagement><serverURI>http://127.0.0.1:1/keymanagement</serverURI></keyManagement>
              <keyId><mediaFlow flowID="239.255.1.1:5004"/><MSKID>ABIAAA==</MSKID><keyDomainID>APEQ</keyDomainID></keyId>
            </securityDescription>
            """);
        Announce(me);
        await me.PowerOnAsync();
        MeLine told = await me.Me.WaitAsync(line => line.Event == "me-based-keys", TimeSpan.FromSeconds(20));
        Assert.AreEqual(ControlledMe.News, told["service"]);
        using ControlClient client = me.Connect();
        Assert.AreEqual("0012", (string)client.Ask("services")["services"]![0]!["groups"]![0]!["keyGroup"]!);
    }

    [TestMethod]
    public async Task AFileThatCannotBeReadIsNamed()
    {
        using ControlledMe me = new();
        Announce(me);
        (int exit, string errors) = await me.FailAsync();
        Assert.AreEqual(2, exit);
        Assert.IsTrue(
            errors.StartsWith($"{me.ConfigurationPath}: services[0].announcement: expected a file that can be read: ", StringComparison.Ordinal), errors);
        Assert.DoesNotContain('\n', errors);
    }

    private static void Announce(ControlledMe me) => me.Configuration["services"] = new JsonArray(
        new JsonObject { ["id"] = ControlledMe.News, ["announcement"] = me.InDirectory("news.xml"), ["active"] = false });
}
