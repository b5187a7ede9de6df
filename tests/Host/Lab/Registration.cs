using System.Net;
using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>Registration over HTTP by the host ME, and two BM-SCs behind one BSF.</summary>
[TestClass]
public sealed class Registration
{
    private const string News = "urn:example:news";
    private const string Sport = "urn:example:sport";
    private const string OtherFqdn = "bmsc2.example.net";
    private static readonly KeyGroup s_sport = new("00f110", 0x0020);

    [TestMethod]
    public async Task ARegistrationBringsTheMsksAndStays()
    {
        await using MeAndLab pair = await MeAndLab.StartAsync(WithServices);
        pair.PowerOn(Registering(pair, News, MeAndLab.News));
        LabEvent registered = await pair.LabAsync(LabEventKind.Registered, default);
        Assert.AreEqual(News, registered.Service);
        await pair.DeliveredAsync(default);
        await pair.MeAsync("service-registered", default, ("service", News));
        CollectionAssert.AreEqual(new[] { News }, pair.Lab.Registrations(MeAndLab.First.Imsi).ToArray());
        await pair.RestartLabAsync();
        CollectionAssert.AreEqual(new[] { News }, pair.Lab.Registrations(MeAndLab.First.Imsi).ToArray());
    }

    [TestMethod]
    [DataRow(false, 404)]
    [DataRow(true, 403)]
    public async Task ARefusedOneDoesNot(bool known, int code)
    {
        await using MeAndLab pair = await MeAndLab.StartAsync(lab => WithServices(lab) with
        {
            Services = known ? [new LabService(News, [MeAndLab.News, s_sport])] : [],
            Subscribers = [lab.Subscribers[0] with { KeyGroups = [MeAndLab.News] }],
        });
        pair.PowerOn(Registering(pair, News, MeAndLab.News));
        LabEvent answer = await pair.LabAsync(LabEventKind.Http, default, e => e.RequestType == "register" && e.Status == 200);
        Assert.AreEqual($"{News}: {code}", answer.Detail);
        Assert.AreEqual(0, pair.Lab.Registrations(MeAndLab.First.Imsi).Count);
    }

    /// <summary>One GBA run, a MUK with each; every Key Group's MSK comes under the MUK of its BM-SC.</summary>
    [TestMethod]
    public async Task TwoBmScs()
    {
        await using MeAndLab pair = await MeAndLab.StartAsync(lab => WithServices(lab) with
        {
            MoreBmScs = [new LabBmSc(OtherFqdn, new IPEndPoint(IPAddress.Loopback, 0), "/other")],
            BmScOfKeyGroup = new Dictionary<KeyGroup, string> { [s_sport] = OtherFqdn },
        });
        JsonObject sport = MeAndLab.Service(Sport, s_sport);
        sport["bmsc"] = new JsonObject { ["url"] = pair.Lab.BmScUrlOf(OtherFqdn).ToString(), ["fqdn"] = OtherFqdn };
        pair.PowerOn(pair.Configuration(services: [MeAndLab.Service(News, MeAndLab.News), sport]));
        await pair.DeliveredAsync(default, MeAndLab.News);
        await pair.DeliveredAsync(default, s_sport);

        Muk first = pair.Lab.LastMuk(MeAndLab.First.Imsi)!;
        Muk second = pair.Lab.LastMuk(MeAndLab.First.Imsi, OtherFqdn)!;
        Assert.AreEqual(first.Btid, second.Btid);
        CollectionAssert.AreNotEqual(first.Key, second.Key);
        Assert.AreEqual((1u, 1u), (first.Counter, second.Counter));

        Mark mark = pair.Now;
        pair.Lab.Rekey(s_sport);
        Assert.AreEqual(OtherFqdn, (await pair.DeliveredAsync(mark, s_sport)).BmSc);
        mark = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, s_sport);
        Assert.AreEqual(OtherFqdn, (await pair.DeliveredAsync(mark, s_sport)).BmSc);
        Assert.AreEqual(1u, pair.Lab.LastMuk(MeAndLab.First.Imsi)!.Counter);
    }

    /// <summary>Same key, new interval; then SEQl above SEQu.</summary>
    [TestMethod]
    public async Task IntervalAndDeletion()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        byte[] key = pair.Lab.CurrentMsk(MeAndLab.News)!.Key;
        Mark mark = pair.Now;
        pair.Lab.ChangeInterval(MeAndLab.News, 10, 20);
        await pair.LabAsync(LabEventKind.AckVerified, mark);
        CollectionAssert.AreEqual(key, pair.Lab.CurrentMsk(MeAndLab.News)!.Key);
        Assert.AreEqual(10, pair.Lab.NewMtk(MeAndLab.News, imsi: MeAndLab.First.Imsi).Id);
        await pair.MeAsync("mtk-accepted", mark, ("mtkId", "10"));

        mark = pair.Now;
        pair.Lab.DeleteMsk(MeAndLab.News);
        await pair.LabAsync(LabEventKind.AckVerified, mark);
        await pair.MeAsync("msk-deleted", mark, ("mskId", "00100001"));
    }

    private static LabConfiguration WithServices(LabConfiguration lab) => lab with
    {
        KeyGroups = [MeAndLab.News, s_sport],
        Services = [new LabService(News, [MeAndLab.News]), new LabService(Sport, [s_sport])],
    };

    private static JsonObject Registering(MeAndLab pair, string id, KeyGroup group)
    {
        JsonObject service = MeAndLab.Service(id, group);
        service["register"] = true;
        return pair.Configuration(services: [service]);
    }
}
