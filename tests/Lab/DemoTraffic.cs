using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MbmsMe.Lab;

/// <summary>The demo's steps about services: two BM-SCs, registration, MTKs, content, missed keys, MSK details, leaving, commands, power-down.</summary>
internal sealed partial class Demo
{
    private const string News = "urn:example:news";
    private const string OtherFqdn = "other.example.org";
    private static readonly KeyGroup s_otherGroup = new("00f110", 0x0020);

    // Where a player would listen: the ME sends it the clear RTP packets.
    private readonly UdpClient _player = new(new IPEndPoint(IPAddress.Loopback, 0));

    public void Dispose() => _player.Dispose();

    private static object Service(KeyGroup group) => new { id = News, keyDomain = group.KeyDomain, keyGroups = new[] { group.Group.ToString("x4") } };

    private static IPEndPoint FreeGroup()
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        probe.Bind(new IPEndPoint(IPAddress.Any, 0));
        return new IPEndPoint(IPAddress.Parse("239.255.33.246"), ((IPEndPoint)probe.LocalEndPoint!).Port);
    }

    /// <summary>A service that registers and streams, and one of another BM-SC.</summary>
    private object[] NewsAndSport()
    {
        LabService news = _lab.Configuration.Services[0];
        return
        [
            new
            {
                id = News,
                keyDomain = s_group.KeyDomain,
                keyGroups = new[] { s_group.Group.ToString("x4") },
                register = true,
                mtk = new { group = news.MtkGroup!.ToString() },
                sessions = new[] { new { flow = news.Flow!.ToString(), output = _player.Client.LocalEndPoint!.ToString() } },
            },
            new
            {
                id = "urn:example:sport",
                keyDomain = s_otherGroup.KeyDomain,
                keyGroups = new[] { s_otherGroup.Group.ToString("x4") },
                bmsc = new { url = _lab.BmScUrlOf(OtherFqdn), fqdn = OtherFqdn },
            },
        ];
    }

    private async Task TwoBmScsAsync()
    {
        _lab.GbaLifetime = TimeSpan.FromHours(1);
        _me.Start("8988201000000000019", _first, _lab, NewsAndSport());
        await SeenByMeAsync("service-registered", "service", News);
        await SeenByLabAsync("the registration", LabEventKind.Registered, e => e.Service == News);
        foreach (KeyGroup group in (KeyGroup[])[s_group, s_otherGroup])
        {
            await SeenByLabAsync($"the ACK of {group}", LabEventKind.AckVerified, e => e.Group == group);
            await SeenByMeAsync("msk-stored", "keyGroup", group.Group.ToString("x4"));
        }
        CheckLab("one GBA run for both", _lab.Events.Since(_labStart).Count(e => e.Kind == LabEventKind.Bootstrapped) == 1);
        CheckLab("a MUK for each", !_lab.LastMuk(_first.Imsi)!.Key.AsSpan().SequenceEqual(_lab.LastMuk(_first.Imsi, OtherFqdn)!.Key));
    }

    private async Task StreamAsync()
    {
        _lab.StartStream(News);
        await SeenByLabAsync("the stream", LabEventKind.StreamStarted);
        await ContentAsync();
    }

    private async Task MtkChangeAsync()
    {
        _lab.NewMtk(s_group);
        await ContentAsync();
        CheckNoHttp();
    }

    private async Task MskChangeAsync()
    {
        await AcknowledgedAsync(PushNewMsk());
        await MtkChangeAsync();
    }

    private async Task WithoutMtkAsync()
    {
        _lab.Faults.LoseMtks = int.MaxValue;
        _lab.NewMtk(s_group);
        await SilenceAsync();
        _lab.Faults.LoseMtks = 0;
        await ContentAsync();
        CheckNoHttp();
    }

    private async Task LostPushAsync()
    {
        _lab.Faults.LoseMskPushes = 1;
        Msk msk = PushNewMsk();
        await LabAsync("the push, lost", LabEventKind.MskSent, e => e.Try == 1 && e.Detail is not null);
        await LabAsync("the push again", LabEventKind.MskSent, e => e.Try == 2);
        await AcknowledgedAsync(msk);
        await MtkChangeAsync();
    }

    private async Task LostAckAsync()
    {
        _lab.Faults.LoseAcks = true;
        Msk msk = PushNewMsk();
        await LabAsync("the ACK, lost", LabEventKind.AckVerified, e => e.Detail is not null);
        _lab.Faults.LoseAcks = false;
        await SeenByMeAsync("ack-sent", "mskId", MskIdOf(msk), "repeated", "true");
        await AcknowledgedAsync(msk);
        await MtkChangeAsync();
    }

    private async Task ReorderedPairAsync()
    {
        // Else a repeated MTK message is one of the pair.
        await _lab.StopStreamAsync(News);
        _lab.Faults.SwapNextDatagrams = true;
        Msk first = PushNewMsk();
        Msk second = PushNewMsk();
        await SeenByMeAsync("msk-stored", "mskId", MskIdOf(second));
        await MeAsync("msk-stored", "mskId", MskIdOf(first));
        foreach (Msk msk in (Msk[])[first, second])
        {
            await SeenByLabAsync("the ACK", LabEventKind.AckVerified, e => e.MskId == MskIdOf(msk));
        }
        _lab.NewMtk(s_group);
        _lab.StartStream(News);
        await ContentAsync();
        CheckNoHttp();
    }

    private async Task MissedKeyAsync()
    {
        _lab.CreateMsk(s_group);
        _lab.NewMtk(s_group);
        await SeenByMeAsync("missed-key", "reason", "unknown-msk");
        await SeenByLabAsync("the MSK request", LabEventKind.Http, e => e.RequestType == "msk-request" && e.Status == 200);
        await SeenByLabAsync("the ACK", LabEventKind.AckVerified);
        await ContentAsync();
        CheckLab("it costs one HTTP request, two where a challenge is due", HttpCount() is 1 or 2);
    }

    private async Task EarlyMtkAsync()
    {
        Mtk before = _lab.CurrentMtk(s_group)!;
        _lab.CreateMsk(s_group);
        _lab.NewMtk(s_group, early: TimeSpan.FromSeconds(5));
        await SeenByMeAsync("missed-key");
        await SeenByLabAsync("the ACK", LabEventKind.AckVerified);
        CheckLab("the stream is still under the former MTK", _lab.CurrentMtk(s_group)!.Number == before.Number);
        await SeenByMeAsync("mtk-accepted", "mskId", MskIdOf(_lab.CurrentMsk(s_group)!));
        await SeenByLabAsync("the change of the MTK", LabEventKind.MtkChanged);
        await ContentAsync();
    }

    private async Task DummyMtkAsync()
    {
        Mtk before = _lab.CurrentMtk(s_group)!;
        _lab.CreateMsk(s_group);
        _lab.NewMtk(s_group, dummy: true);
        await SeenByMeAsync("missed-key");
        await SeenByLabAsync("the ACK", LabEventKind.AckVerified);
        CheckLab("the stream is still under the former MTK", _lab.CurrentMtk(s_group)!.Number == before.Number);
        int asked = HttpCount();
        _lab.NewMtk(s_group);
        await ContentAsync();
        CheckLab("the MTK under the new MSK costs no further HTTP request", HttpCount() == asked);
    }

    private async Task MskDetailsAsync()
    {
        Msk msk = _lab.CurrentMsk(s_group)!;
        _lab.ChangeInterval(s_group, 1, 500, _first.Imsi);
        await SeenByMeAsync("msk-stored", "mskId", MskIdOf(msk), "seqHigh", "500");
        await AcknowledgedAsync(msk);
        _lab.NewMtk(s_group);
        await ContentAsync();
        await _lab.StopStreamAsync(News);
        foreach (Msk held in (Msk[])[msk, msk with { Number = (ushort)(msk.Number - 1) }])
        {
            _lab.DeleteMsk(s_group, _first.Imsi, number: held.Number);
            await SeenByMeAsync("msk-deleted", "mskId", MskIdOf(held), "reason", "deleted by the BM-SC");
            await AcknowledgedAsync(held);
        }
        CheckMe("its non-volatile state holds the deleted MSK no more", !_me.StateHolds(msk.Key));
        Msk next = PushNewMsk();
        await SeenByMeAsync("msk-stored", "mskId", MskIdOf(next));
        await AcknowledgedAsync(next);
        _lab.NewMtk(s_group);
        _lab.StartStream(News);
        await ContentAsync();
    }

    private async Task LeavingAsync()
    {
        // The interval update leaves the only MSK no MTK ID to come.
        ushort last = _lab.CurrentMtk(s_group)!.Id;
        _lab.ChangeInterval(s_group, last, last, _first.Imsi);
        await SeenByMeAsync("msk-stored", "seqHigh", last.ToString());
        await AcknowledgedAsync(_lab.CurrentMsk(s_group)!);
        _lab.Faults.ResponseCodes[s_group] = 403;
        Msk refused = _lab.CreateMsk(s_group);
        _lab.NewMtk(s_group);
        await SeenByMeAsync("missed-key", "reason", "unknown-msk");
        await SeenByMeAsync("request-failed", "reason", "response code 403", "final", "true");
        await SeenByMeAsync("service-left", "service", News, "reason", "response code 403");
        await SeenByMeAsync("msk-deleted", "reason", "service left");
        await SilenceAsync();
        _lab.Faults.ResponseCodes.Clear();
        _lab.Push(s_group, _first.Imsi);
        await SeenByMeAsync("service-activated", "service", News);
        await AcknowledgedAsync(refused);
        await ContentAsync();
    }

    private async Task DraftStreamAsync()
    {
        PushNewMsk(MikeyProfile.Draft2004);
        await SeenByMeAsync("msk-stored", "profile", "draft2004");
        await SeenByLabAsync("the ACK", LabEventKind.AckVerified, e => e.Profile == MikeyProfile.Draft2004);
        _lab.NewMtk(s_group, profile: MikeyProfile.Draft2004);
        await ContentAsync();
        CheckNoHttp();
    }

    private async Task CommandsAsync()
    {
        CheckMe("takes the command deactivate", (await _me.SayAsync($"deactivate {News}", _cancellation)).Contains("\"ok\":true"));
        await SeenByMeAsync("service-deactivated", "service", News);
        await SeenByMeAsync("msk-deleted", "reason", "service deactivated");
        await SeenByLabAsync("the deregistration", LabEventKind.Deregistered, e => e.Service == News);
        await SilenceAsync();
        CheckMe("takes the command activate", (await _me.SayAsync($"activate {News}", _cancellation)).Contains("\"ok\":true"));
        await SeenByMeAsync("service-activated", "service", News);
        await SeenByLabAsync("the registration", LabEventKind.Registered, e => e.Service == News);
        await ContentAsync();
        await _lab.StopStreamAsync(News);
        CheckMe("exits with 0 on SIGTERM", await _me.StopAsync() == 0);
    }

    private async Task PowerDownAsync()
    {
        _me.Start("8988201000000000019", _first, _lab, NewsAndSport(), atPowerDown: "delete");
        _lab.StartStream(News);
        await SeenByLabAsync("the ACK", LabEventKind.AckVerified);
        await ContentAsync();
        CheckMe("exits with 0 on SIGTERM", await _me.StopAsync() == 0);
        Muk muk = _lab.LastMuk(_first.Imsi)!;
        CheckMe("its non-volatile state holds the last MUK", _me.StateHolds(muk.Key));
        CheckMe(
            "but no MRK, MSK or MTK",
            !_me.StateHolds(muk.Mrk) && !_me.StateHolds(_lab.CurrentMsk(s_group)!.Key) && !_me.StateHolds(_lab.CurrentMtk(s_group)!.Key));
    }

    private async Task PowerOnAsync()
    {
        _me.Start("8988201000000000019", _first, _lab, NewsAndSport(), atPowerDown: "delete");
        await SeenByMeAsync("gba-ok");
        await SeenByLabAsync("the ACK", LabEventKind.AckVerified);
        await ContentAsync();
        CheckMe("exits with 0 on SIGTERM", await _me.StopAsync() == 0);
    }

    /// <summary>The ME tells the first packet under the current MTK, and the player gets clear text.</summary>
    private async Task ContentAsync()
    {
        await SeenByMeAsync("mtk-accepted", "mtkId", _lab.CurrentMtk(s_group)!.Id.ToString());
        await SeenByMeAsync("content", "mki", Convert.ToHexStringLower(_lab.CurrentMtk(s_group)!.Mki));
        Drain();
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        patience.CancelAfter(s_patience);
        try
        {
            string text = Encoding.UTF8.GetString((await _player.ReceiveAsync(patience.Token)).Buffer.AsSpan(12));
            CheckMe("what the player gets is in clear", text.StartsWith(News, StringComparison.Ordinal), text);
        }
        catch (OperationCanceledException) when (!_cancellation.IsCancellationRequested)
        {
            throw new DemoFailure("ME: no content came to the player");
        }
    }

    /// <summary>The lab streams, and nothing that it sends from now on comes to the player; what is under way may.</summary>
    private async Task SilenceAsync()
    {
        const int packets = 20;
        Drain();
        long last = _lab.PacketsSent(News) ?? 0;
        for (Stopwatch watch = Stopwatch.StartNew(); _lab.PacketsSent(News) < last + packets && watch.Elapsed < s_patience;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), _cancellation);
        }
        CheckLab("the stream goes on", _lab.PacketsSent(News) >= last + packets);
        List<string> came = Drain();
        CheckMe(
            "nothing comes to the player",
            came.All(text => text.StartsWith(News, StringComparison.Ordinal) && long.TryParse(text[News.Length..], out long number) && number <= last),
            Seen(came));
    }

    /// <summary>Takes what has come to the player, as texts.</summary>
    private List<string> Drain()
    {
        IPEndPoint? from = null;
        List<string> came = [];
        while (_player.Available > 0)
        {
            came.Add(Encoding.UTF8.GetString(_player.Receive(ref from).AsSpan(12)));
        }
        return came;
    }

    /// <summary>A new MSK for the subscriber whose UICC is in the ME, and for no other.</summary>
    private Msk PushNewMsk(MikeyProfile? profile = null)
    {
        Msk msk = _lab.CreateMsk(s_group);
        _lab.Push(s_group, _first.Imsi, profile);
        return msk;
    }

    /// <summary>The next ACK of an MSK that counts.</summary>
    private Task AcknowledgedAsync(Msk msk) => LabAsync("the ACK", LabEventKind.AckVerified, e => e.MskId == MskIdOf(msk) && e.Detail is null);

    private void CheckNoHttp() => CheckLab("it costs 0 HTTP requests", HttpCount() == 0);

    private int HttpCount() => _lab.Events.Since(_labStart).Count(e => e.Kind == LabEventKind.Http);

    private static string MskIdOf(Msk msk) => Convert.ToHexStringLower(msk.MskIdIn(MikeyProfile.Release6));

    /// <summary>An event in the lab's record of this step, wherever it stands.</summary>
    private async Task SeenByLabAsync(string what, LabEventKind kind, Func<LabEvent, bool>? matches = null)
    {
        _labMark = _labStart;
        await LabAsync(what, kind, matches);
    }

    /// <summary>An event of the ME in this step, wherever it stands.</summary>
    private async Task SeenByMeAsync(string name, params string[] fields)
    {
        _meMark = _meStart;
        await MeAsync(name, fields);
    }
}
