using System.Text.Json.Nodes;

namespace MbmsMe.Tests.Host;

/// <summary>What the user says by the control socket, against the lab: MSKs come with activation and go with deactivation.</summary>
[TestClass]
public sealed class ActivationByControl
{
    private const string Id = "urn:example:news";

    [TestMethod]
    public async Task ActivationGetsTheMskAndDeactivationDeletesIt()
    {
        await using MeAndLab pair = await MeAndLab.StartAsync();
        JsonObject service = MeAndLab.Service(Id, MeAndLab.News);
        service["active"] = false;
        JsonObject configuration = pair.Configuration(services: [service]);
        string socket = Path.Combine(pair.StateDirectory, "me.sock");
        configuration["control"] = new JsonObject { ["socket"] = socket };
        pair.PowerOn(configuration);
        await pair.MeAsync("started", default);
        await pair.AssertSilenceAsync(pair.Now with { Lab = 0 });

        using ControlClient client = new(socket);
        Mark before = pair.Now;
        Assert.AreEqual($$"""{"ok":true,"service":"{{Id}}","state":"active"}""", client.Ask("activate " + Id).ToJsonString());
        await pair.DeliveredAsync(before);
        JsonNode msk = client.Ask("keys")["msks"]!.AsArray().Single()!;
        Assert.AreEqual("0010", (string)msk["keyGroup"]!);
        string mskId = (string)msk["mskId"]!;
        Assert.AreEqual(mskId, (string)client.Ask("services")["services"]![0]!["groups"]![0]!["mskIds"]!.AsArray().Single()!);

        before = pair.Now;
        Assert.AreEqual($$"""{"ok":true,"service":"{{Id}}","state":"inactive"}""", client.Ask("deactivate " + Id).ToJsonString());
        await pair.MeAsync("msk-deleted", before, ("mskId", mskId));
        Assert.AreEqual("""{"ok":true,"msks":[]}""", client.Ask("keys").ToJsonString());
    }
}
