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
        CheckLab("no HTTP request", HttpCount() == 0);
    }

    private async Task MskChangeAsync()
    {
        _lab.Rekey(s_group);
        await SeenByLabAsync("the ACK", LabEventKind.AckVerified);
        _lab.NewMtk(s_group);
        await ContentAsync();
        CheckLab("no HTTP request", HttpCount() == 0);
    }

    private async Task WithoutMtkAsync()
    {
        _lab.Faults.LoseMtks = int.MaxValue;
        _lab.NewMtk(s_group);
        await SilenceAsync();
        _lab.Faults.LoseMtks = 0;
        await ContentAsync();
        CheckLab("no HTTP request", HttpCount() == 0);
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
        _lab.NewMtk(s_group, early: TimeSpan.FromSeconds(2));
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
        _lab.NewMtk(s_group);
        await ContentAsync();
        await _lab.StopStreamAsync(News);
        foreach (ushort number in (ushort[])[msk.Number, (ushort)(msk.Number - 1)])
        {
            _lab.DeleteMsk(s_group, _first.Imsi, number: number);
            await SeenByMeAsync("msk-deleted", "mskId", MskIdOf(msk with { Number = number }), "reason", "deleted by the BM-SC");
        }
        CheckMe("its non-volatile state holds the deleted MSK no more", !_me.StateHolds(msk.Key));
        _lab.Rekey(s_group);
        await SeenByMeAsync("msk-stored", "mskId", MskIdOf(_lab.CurrentMsk(s_group)!));
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
        _lab.Faults.ResponseCodes[s_group] = 403;
        _lab.CreateMsk(s_group);
        _lab.NewMtk(s_group);
        await SeenByMeAsync("missed-key", "reason", "unknown-msk");
        await SeenByMeAsync("service-left", "service", News, "reason", "response code 403");
        await SeenByMeAsync("msk-deleted", "reason", "service left");
        int asked = HttpCount();
        await SilenceAsync();
        CheckLab("a 403 is not asked again", HttpCount() == asked);
        _lab.Faults.ResponseCodes.Clear();
        _lab.Push(s_group, _first.Imsi);
        await SeenByMeAsync("service-activated", "service", News);
        await ContentAsync();
    }

    private async Task DraftStreamAsync()
    {
        _lab.Rekey(s_group, MikeyProfile.Draft2004);
        await SeenByMeAsync("msk-stored", "profile", "draft2004");
        await SeenByLabAsync("the ACK", LabEventKind.AckVerified, e => e.Profile == MikeyProfile.Draft2004);
        _lab.NewMtk(s_group, profile: MikeyProfile.Draft2004);
        await ContentAsync();
        CheckLab("no HTTP request", HttpCount() == 0);
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
        await ContentAsync();
        CheckMe("exits with 0 on SIGTERM", await _me.StopAsync() == 0);
        Muk muk = _lab.LastMuk(_first.Imsi)!;
        CheckMe("its non-volatile state holds the last MUK", _me.StateHolds(muk.Key));
        CheckMe(
            "but no MRK, MSK or MTK",
            !_me.StateHolds(muk.Mrk) && !_me.StateHolds(_lab.CurrentMsk(s_group)!.Key) && !_me.StateHolds(_lab.CurrentMtk(s_group)!.Key));
        _labStart = _lab.Events.Count;
        _meStart = _me.Events.Count;
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

    /// <summary>The lab streams, and nothing comes to the player.</summary>
    private async Task SilenceAsync()
    {
        await Task.Delay(TimeSpan.FromMilliseconds(200), _cancellation);
        Drain();
        long sent = _lab.PacketsSent(News) ?? 0;
        await Task.Delay(s_quiet, _cancellation);
        CheckLab("the stream goes on", _lab.PacketsSent(News) > sent);
        CheckMe("nothing comes to the player", _player.Available == 0);
    }

    private void Drain()
    {
        IPEndPoint? from = null;
        while (_player.Available > 0)
        {
            _player.Receive(ref from);
        }
    }

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
