using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>Two services whose Key Groups have the same number in two Key Domains: nothing else tells their keys apart.</summary>
[TestClass]
public sealed class TwoKeyDomains
{
    private const string Abroad = "urn:example:abroad";
    private static readonly KeyGroup s_abroad = new("00f120", MeAndLab.News.Group);

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task EachHasItsOwnMskMtkAndContent(MikeyProfile profile)
    {
        LabService abroad = new(Abroad, [s_abroad]) { MtkGroup = StreamedMe.NewGroup(), Flow = StreamedMe.NewGroup() };
        await using StreamedMe streamed = await StreamedMe.StartAsync(profile, lab => lab with
        {
            KeyGroups = [MeAndLab.News, s_abroad],
            Services = [.. lab.Services, abroad],
        });
        MeAndLab pair = streamed.Pair;
        using Player player = new();
        JsonObject configuration = streamed.Configuration();
        JsonObject service = MeAndLab.Service(Abroad, s_abroad);
        service["mtk"] = new JsonObject { ["group"] = abroad.MtkGroup!.ToString() };
        service["sessions"] = new JsonArray(new JsonObject { ["flow"] = abroad.Flow!.ToString(), ["output"] = player.EndPoint.ToString() });
        configuration["services"]!.AsArray().Add(service);
        pair.PowerOn(configuration);
        LabEvent first = await pair.DeliveredAsync(default, MeAndLab.News, profile);
        LabEvent second = await pair.DeliveredAsync(default, s_abroad, profile);
        Assert.AreEqual(first.MskId, second.MskId, "MSK IDs");

        pair.Lab.StartStream(StreamedMe.News);
        pair.Lab.StartStream(Abroad);
        await ContentAsync(pair, StreamedMe.News, MeAndLab.News, streamed.Player, default);
        await ContentAsync(pair, Abroad, s_abroad, player, default);
        Assert.AreEqual(streamed.CurrentMki, Mki(pair, s_abroad), "MKIs");

        // What ends in one goes on in the other.
        await pair.Lab.StopStreamAsync(StreamedMe.News);
        Mark mark = pair.Now;
        pair.Lab.DeleteMsk(MeAndLab.News);
        await pair.MeAsync("msk-deleted", mark, ("keyDomain", MeAndLab.News.KeyDomain));
        pair.Lab.NewMtk(s_abroad);
        await ContentAsync(pair, Abroad, s_abroad, player, mark);
        Assert.AreEqual(1, pair.Me.Since(mark.Me).Count(line => line.Event == "msk-deleted"), pair.Records(mark));
        Assert.AreEqual("", pair.Http(mark));
    }

    private static async Task ContentAsync(MeAndLab pair, string service, KeyGroup group, Player player, Mark since)
    {
        await pair.MeAsync("mtk-accepted", since, ("keyDomain", group.KeyDomain));
        await pair.MeAsync("content", since, ("service", service), ("mki", Mki(pair, group)));
        player.Packets();
        await player.NumberAsync(service);
    }

    private static string Mki(MeAndLab pair, KeyGroup group) => Convert.ToHexStringLower(pair.Lab.CurrentMtk(group)!.Mki);
}
