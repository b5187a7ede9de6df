using System.Net;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>What the BM-SC answers to registrations, octets and all, without an ME: by a client that shares no code with one.</summary>
[TestClass]
public sealed class RegistrationOverHttp
{
    private const string Fqdn = "bmsc.example.org";
    private const string OtherFqdn = "bmsc2.example.net";
    private const string News = "urn:example:news";
    private const string Sport = "urn:example:sport";
    private const string Film = "urn:example:film";
    private static readonly KeyGroup s_sport = new("00f110", 0x0020);
    private static readonly KeyGroup s_film = new("00f110", 0x0030);

    [TestMethod]
    public async Task EachServiceHasItsOwnResponseCode()
    {
        using UeClient ue = new(Subscriber([MeAndLab.News, s_film], out LabSubscriber subscriber));
        await using LabServer lab = await LabServer.StartAsync(Configuration(subscriber));
        await ue.BootstrapAsync(lab.BsfUrl);

        UaAnswer answer = await ue.AskAsync(lab.BmScUrl, Fqdn, "register", Sport, News, "urn:example:none", Film);
        Assert.AreEqual((200, "application/mbms-register-response+xml"), (answer.Status, answer.ContentType));
        Assert.AreEqual($"{Sport} 403, {News} 200, urn:example:none 404, {Film} 404", answer.Codes, "the film is another BM-SC's");
        CollectionAssert.AreEqual(new[] { News }, lab.Registrations(subscriber.Imsi).ToArray());
        byte[] message = await ue.ReceiveAsync();
        LabEvent sent = lab.Events.Since(0).Single(e => e.Kind == LabEventKind.MskSent);
        Assert.AreEqual(MeAndLab.News, sent.Group);
        CollectionAssert.AreEqual(sent.Datagram, message);
        await ue.AssertQuietAsync();
        Assert.AreEqual(1, lab.Events.Since(0).Count(e => e.Kind == LabEventKind.Registered));
    }

    [TestMethod]
    public async Task DeregistrationBringsNoMskAndIsNeverRefused()
    {
        using UeClient ue = new(Subscriber(null, out LabSubscriber subscriber));
        await using LabServer lab = await LabServer.StartAsync(Configuration(subscriber));
        await ue.BootstrapAsync(lab.BsfUrl);
        Assert.AreEqual($"{News} 200, {Sport} 200", (await ue.AskAsync(lab.BmScUrl, Fqdn, "register", News, Sport)).Codes);
        await ue.ReceiveAsync();
        await ue.ReceiveAsync();

        UaAnswer answer = await ue.AskAsync(lab.BmScUrl, Fqdn, "deregister", News);
        Assert.AreEqual((200, "application/mbms-register-response+xml", $"{News} 200"), (answer.Status, answer.ContentType, answer.Codes));
        CollectionAssert.AreEqual(new[] { Sport }, lab.Registrations(subscriber.Imsi).ToArray());
        Assert.AreEqual($"{News} 200, urn:example:none 404", (await ue.AskAsync(lab.BmScUrl, Fqdn, "deregister", News, "urn:example:none")).Codes);
        LabEvent ended = lab.Events.Since(0).Single(e => e.Kind == LabEventKind.Deregistered);
        Assert.AreEqual((News, Fqdn), (ended.Service, ended.BmSc));
        await ue.AssertQuietAsync();
    }

    [TestMethod]
    public async Task EachBmScHasKeysOfItsOwn()
    {
        using UeClient ue = new(Subscriber(null, out LabSubscriber subscriber));
        await using LabServer lab = await LabServer.StartAsync(Configuration(subscriber));
        await ue.BootstrapAsync(lab.BsfUrl);
        Uri other = lab.BmScUrlOf(OtherFqdn);
        Assert.AreEqual(401, (await ue.AskAsync(other, Fqdn, "register", Film)).Status, "the MRK of the first BM-SC");
        Assert.AreEqual($"{Film} 200, {News} 404", (await ue.AskAsync(other, OtherFqdn, "register", Film, News)).Codes);
        await ue.ReceiveAsync();
        LabEvent sent = lab.Events.Since(0).Single(e => e.Kind == LabEventKind.MskSent);
        Assert.AreEqual((OtherFqdn, s_film), (sent.BmSc, sent.Group));
        StringAssert.Contains(System.Text.Encoding.Latin1.GetString(sent.Datagram!), OtherFqdn, "IDi");
        Assert.IsTrue(lab.Events.Since(0).Where(e => e.Server == "bmsc").All(e => e.BmSc == OtherFqdn));
        Assert.IsNull(lab.LastMuk(subscriber.Imsi), "the first BM-SC knows nothing of it");
    }

    [TestMethod]
    public async Task WhatIsNoRegistrationIsRefusedAndChangesNothing()
    {
        using UeClient ue = new(Subscriber(null, out LabSubscriber subscriber));
        await using LabServer lab = await LabServer.StartAsync(Configuration(subscriber));
        await ue.BootstrapAsync(lab.BsfUrl);
        const string type = "application/mbms-register+xml";
        string Body(string root, string services) => $"<{root} xmlns=\"urn:3GPP:metadata:2005:MBMS:{root}\">{services}</{root}>";
        string one = $"<serviceID>{News}</serviceID>";
        async Task<int> Status(string requestType, string contentType, string body) =>
            (await ue.PostAsync(lab.BmScUrl, Fqdn, requestType, contentType, body)).Status;

        Assert.AreEqual(415, await Status("register", "application/mbms-msk+xml", Body("register", one)));
        Assert.AreEqual(415, await Status("deregister", type, Body("deregister", one)));
        Assert.AreEqual(400, await Status("register", type, Body("deregister", one)), "another root");
        Assert.AreEqual(400, await Status("register", type, $"<register>{one}</register>"), "no namespace");
        Assert.AreEqual(400, await Status("register", type, Body("register", "")), "no service");
        Assert.AreEqual(400, await Status("register", type, Body("register", "<serviceID> </serviceID>")));
        Assert.AreEqual(400, await Status("register", type, "<register"));
        Assert.AreEqual(400, await Status("register", type, $"<!DOCTYPE register [<!ENTITY a \"b\">]>{Body("register", one)}"));
        Assert.AreEqual(0, lab.Registrations(subscriber.Imsi).Count);
        await ue.AssertQuietAsync();
        Assert.AreEqual($"{News} 200", (await ue.PostAsync(lab.BmScUrl, Fqdn, "register", type, Body("register", $"<unknown/>{one}"))).Codes);
    }

    [TestMethod]
    public async Task WithoutServicesThereIsNothingToRegisterFor()
    {
        using UeClient ue = new(Subscriber(null, out LabSubscriber subscriber));
        await using LabServer lab = await LabServer.StartAsync(new LabConfiguration { KeyGroups = [MeAndLab.News], Subscribers = [subscriber] });
        await ue.BootstrapAsync(lab.BsfUrl);
        Assert.AreEqual($"{News} 404", (await ue.AskAsync(lab.BmScUrl, Fqdn, "register", News)).Codes);
        await ue.AssertQuietAsync();
    }

    private static LabSubscriber Subscriber(IReadOnlyList<KeyGroup>? groups, out LabSubscriber subscriber) =>
        subscriber = MeAndLab.First with { MikeyPort = FreePort.Next(), KeyGroups = groups };

    /// <summary>Long enough an ACK timeout that nothing is sent twice.</summary>
    private static LabConfiguration Configuration(LabSubscriber subscriber) => new()
    {
        AckTimeout = TimeSpan.FromMinutes(1),
        KeyGroups = [MeAndLab.News, s_sport, s_film],
        MoreBmScs = [new LabBmSc(OtherFqdn, new IPEndPoint(IPAddress.Loopback, 0), "/other")],
        BmScOfKeyGroup = new Dictionary<KeyGroup, string> { [s_film] = OtherFqdn },
        Services = [new LabService(News, [MeAndLab.News]), new LabService(Sport, [s_sport]), new LabService(Film, [s_film])],
        Subscribers = [subscriber],
    };
}
