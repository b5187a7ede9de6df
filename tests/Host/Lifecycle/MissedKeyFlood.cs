using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>
/// A stranger floods the ME with MTK messages of MSKs it does not have, the one thing an unauthenticated sender can cause a
/// request with (rule 9): unicast for two Key Groups in use, by multicast for two others, and both for some that nobody uses.
/// </summary>
[TestClass]
public sealed class MissedKeyFlood
{
    private const int MaxPerMinute = 3;
    private const int PerSecond = 200;

    private static readonly KeyGroup[] s_unicast = [Group(0x10), Group(0x11)];
    private static readonly KeyGroup[] s_multicast = [Group(0x12), Group(0x13)];
    private static readonly KeyGroup s_inactive = Group(0x20);
    private static readonly KeyGroup[] s_unused = [s_inactive, Group(0x30), new("00f120", 0x10)];

    private static readonly TimeSpan s_under = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task CausesFewRequestsOneAtATimeAndAGenuinePullIsServedAfterwards(MikeyProfile profile)
    {
        KeyGroup[] used = [.. s_unicast, .. s_multicast];
        IPEndPoint group = StreamedMe.NewGroup();
        await using MeAndLab pair = await MeAndLab.StartAsync(lab => lab with { Profile = profile, KeyGroups = [.. used, s_inactive] });
        await using StalledBmsc bmsc = new(pair.Lab.BmScUrl);
        pair.PowerOn(Configuration(pair, bmsc.Url, used, group));
        foreach (KeyGroup each in used)
        {
            await pair.DeliveredAsync(default, each, profile);
        }

        // The BM-SC keeps the ME waiting for its answer: there is one request, and no second.
        Mark mark = pair.Now;
        bmsc.Stall();
        pair.Lab.Faults.WithholdMsk = true;

        // What nobody uses comes first: if that were asked for, the first request would be for it.
        using Flood unicast = new(Messages([.. s_unused, .. s_unicast], profile), pair.MePort, PerSecond, s_longest);
        using Flood multicast = new(Messages([.. s_unused, .. s_multicast], profile), group, PerSecond, s_longest);
        await bmsc.AskedAsync();
        await Task.Delay(s_under);
        Assert.AreEqual(1, bmsc.Requests, "requests while the BM-SC stalls");

        // It answers, and the MSK does not come: there is no second request for another Key Group either.
        bmsc.Release();
        LabEvent first = await pair.LabAsync(LabEventKind.Http, mark);
        await Task.Delay(s_under);
        Assert.AreEqual(1, bmsc.Requests, "requests until the MSK comes");

        // It comes. Other Key Groups may be asked for, in turn, until it is enough for this minute.
        pair.Lab.Faults.WithholdMsk = false;
        Assert.Contains(first.Detail, used.Select(each => $"{each}: 200"), "one Key Group in use");
        pair.Lab.Push(used.Single(each => first.Detail == $"{each}: 200"));
        await pair.LabAsync(LabEventKind.Http, mark, _ => Asked(pair, mark).Length >= MaxPerMinute);
        await Task.Delay(s_under);
        string[] all = Asked(pair, mark);
        Assert.AreEqual(MaxPerMinute, bmsc.Requests, pair.Records(mark));
        Assert.HasCount(MaxPerMinute, all, pair.Records(mark));
        CollectionAssert.IsSubsetOf(all, used.Select(each => $"{each}: 200").ToArray(), "one Key Group in use each");
        CollectionAssert.AllItemsAreUnique(all, "none again so soon: two of one path and one of the other at least");

        // On a busy machine its queue may have been full while it waited for the BM-SC.
        CollectionAssert.AreEquivalent(
            new[] { "unknown-msk", "unused-key-group" },
            pair.Me.Since(mark.Me).Where(line => line.Event == "datagram-dropped").Select(line => line["reason"]).Distinct().Where(reason => reason != "queue-full").ToArray());

        // Under the flood still, the genuine pull of a Key Group gets its new MSK.
        KeyGroup pulled = used[0];
        pair.Lab.CreateMsk(pulled);
        Mark pull = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, pulled);
        await pair.MeAsync("pull-accepted", pull);
        await pair.DeliveredAsync(pull, pulled, profile);
        Assert.AreEqual(MaxPerMinute + 1, bmsc.Requests);
        Assert.AreEqual(0, unicast.Answers + multicast.Answers, "answers to the stranger");
        Assert.AreEqual("bmsc 200, bmsc 200, bmsc 200, bmsc 200", pair.Http(mark));
    }

    private static KeyGroup Group(ushort number) => new("00f110", number);

    private static JsonObject Configuration(MeAndLab pair, Uri bmsc, KeyGroup[] used, IPEndPoint group)
    {
        JsonObject service = MeAndLab.Service("urn:example:all", used);
        service["mtk"] = new JsonObject { ["group"] = group.ToString() };
        JsonObject inactive = MeAndLab.Service("urn:example:inactive", s_inactive);
        inactive["active"] = false;
        JsonObject configuration = pair.Configuration(services: [service, inactive]);
        configuration["bmsc"]!["url"] = bmsc.ToString();
        configuration["missedKey"] = new JsonObject { ["minSeconds"] = 60, ["maxPerMinute"] = MaxPerMinute };
        configuration["retry"] = new JsonObject { ["awaitMskSeconds"] = 60 };
        return configuration;
    }

    /// <summary>Messages that only who has the MSK could tell from genuine ones.</summary>
    private static byte[][] Messages(KeyGroup[] groups, MikeyProfile profile) =>
    [
        .. Enumerable.Range(0, 20 * groups.Length).Select(i =>
        {
            Msk msk = new(
                groups[i % groups.Length], (ushort)(0x7000 + i), RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(16), (uint)i, 1, ushort.MaxValue);
            return MikeyMessage.BuildMtk(msk, 1, RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(14), 1, profile);
        }),
    ];

    /// <summary>What the MSK requests since the mark were answered: a Key Group and its code each.</summary>
    private static string[] Asked(MeAndLab pair, Mark mark) =>
        [.. pair.Lab.Events.Since(mark.Lab).Where(e => e.RequestType == "msk-request" && e.Status == 200).Select(e => e.Detail!)];

    /// <summary>The lab's BM-SC behind a door that can be shut.</summary>
    private sealed class StalledBmsc : IAsyncDisposable
    {
        private readonly StandIn _server;
        private readonly TaskCompletionSource _asked = New();
        private readonly TaskCompletionSource _released = New();

        public StalledBmsc(Uri genuine) => _server = new StandIn(genuine);

        public Uri Url => _server.Url;

        /// <summary>Requests since <see cref="Stall"/>.</summary>
        public int Requests => _server.Requests;

        /// <summary>Keeps requests waiting from now on, until <see cref="Release"/>.</summary>
        public void Stall() => _server.Use(async exchange =>
        {
            _asked.TrySetResult();
            await _released.Task;
            await exchange.AnswerGenuinelyAsync();
        });

        /// <summary>Waits for a request.</summary>
        public Task AskedAsync() => _asked.Task.WaitAsync(TimeSpan.FromSeconds(20));

        /// <summary>Lets the BM-SC answer.</summary>
        public void Release() => _released.SetResult();

        public ValueTask DisposeAsync() => _server.DisposeAsync();

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
