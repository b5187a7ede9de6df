using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>The user deactivates a registered service by the control socket, against the lab.</summary>
[TestClass]
public sealed class Deregistration
{
    private const string Sport = "urn:example:sport";
    private static readonly KeyGroup s_shared = new("00f110", 0x0011);

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task DeactivationDeregistersAndDeletesWhatOnlyThatServiceNeeded(MikeyProfile profile)
    {
        await using MeAndLab pair = await MeAndLab.StartAsync(lab => lab with
        {
            Profile = profile,
            KeyGroups = [MeAndLab.News, s_shared],
            Services = [new LabService(StreamedMe.News, [MeAndLab.News, s_shared])],
        });
        JsonObject news = MeAndLab.Service(StreamedMe.News, MeAndLab.News, s_shared);
        news["register"] = true;
        JsonObject configuration = pair.Configuration(services: [news, MeAndLab.Service(Sport, s_shared)]);
        string socket = Path.ChangeExtension(pair.ConfigurationPath, ".sock");
        configuration["control"] = new JsonObject { ["socket"] = socket };
        pair.PowerOn(configuration);
        await pair.MeAsync("service-registered", default, ("service", StreamedMe.News));
        LabEvent own = await pair.DeliveredAsync(default, MeAndLab.News, profile);
        await pair.DeliveredAsync(default, s_shared, profile);
        using ControlClient client = new(socket);
        CollectionAssert.AreEquivalent(new[] { "0010", "0011" }, Groups(client));
        byte[] ownKey = pair.Lab.CurrentMsk(MeAndLab.News)!.Key;
        Assert.IsTrue(pair.StateHolds(ownKey));

        Mark mark = pair.Now;
        Assert.AreEqual($$"""{"ok":true,"service":"{{StreamedMe.News}}","state":"inactive"}""", client.Ask("deactivate " + StreamedMe.News).ToJsonString());
        LabEvent deregistered = await pair.LabAsync(LabEventKind.Deregistered, mark);
        Assert.AreEqual((MeAndLab.First.Imsi, StreamedMe.News), (deregistered.Imsi, deregistered.Service));
        Assert.IsEmpty(pair.Lab.Registrations(MeAndLab.First.Imsi));
        await pair.MeAsync("service-deregistered", mark, ("service", StreamedMe.News));
        await pair.MeAsync("msk-deleted", mark, ("mskId", own.MskId!), ("keyGroup", "0010"), ("reason", "service deactivated"));
        CollectionAssert.AreEqual(new[] { "0011" }, Groups(client));
        Assert.IsFalse(pair.StateHolds(ownKey), "in either slot");
        Assert.AreEqual("bmsc 200", pair.Http(mark), "one request, to deregister");

        // The shared Key Group's keys go on coming.
        // Registration and Sport's request each brought it once: the second ACK may be later than the mark.
        Mark rekeyed = pair.Now;
        pair.Lab.Rekey(s_shared);
        await pair.DeliveredAsync(rekeyed, s_shared, profile);
        Assert.IsTrue(pair.StateHolds(pair.Lab.CurrentMsk(s_shared)!.Key));
        Assert.AreEqual(1, pair.Me.Since(mark.Me).Count(line => line.Event == "msk-deleted"), pair.Records(mark));
    }

    private static string[] Groups(ControlClient client) =>
        [.. client.Ask("keys")["msks"]!.AsArray().Select(msk => (string)msk!["keyGroup"]!)];
}
