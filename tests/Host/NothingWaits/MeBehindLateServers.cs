using System.Diagnostics;
using System.Text.Json.Nodes;
using MbmsMe.Configuration;
using MbmsMe.Hal.Common;
using MbmsMe.Hal.Host;
using MbmsMe.Hal.SoftUicc;
using MbmsMe.Lab;
using MbmsMe.Machine;
using MbmsMe.Runtime;
using KeyGroup = MbmsMe.Lab.KeyGroup;

namespace MbmsMe.Tests.Host;

/// <summary>
/// An ME in this process, composed as the host program composes it over real UDP, HTTP and files, with a lab behind a BSF and a
/// BM-SC that can be late. It paired with the first subscriber's UICC, and takes the two services News and Sport.
/// </summary>
internal sealed class MeBehindLateServers : IAsyncDisposable
{
    public const string News = StreamedMe.News;
    public const string SportService = "urn:example:sport";

    /// <summary>The Key Group of the service that tests ask for, so that those of News are left alone.</summary>
    public static readonly KeyGroup Sport = new("00f110", 0x0020);

    private const int EventDepth = 4096;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly MeAndLab _pair;
    private readonly HostHttp _http = new();
    private readonly HostCrypto _crypto = new();
    private readonly RunningMe _me;
    private LabSubscriber _inserted = MeAndLab.First;

    private MeBehindLateServers(MeAndLab pair, int queueDepth, Action<JsonObject>? change)
    {
        _pair = pair;
        Bsf = new LateServer(pair.Lab.BsfUrl);
        BmSc = new LateServer(pair.Lab.BmScUrl);
        JsonObject json = pair.Configuration(services: [MeAndLab.Service(News, MeAndLab.News), MeAndLab.Service(SportService, Sport)]);
        json["bsf"]!["url"] = Bsf.Url.ToString();
        json["bmsc"]!["url"] = BmSc.Url.ToString();
        json["backoff"]!["maxRequestsPerMinute"] = 1000;
        json["retry"] = new JsonObject { ["firstSeconds"] = 1 };
        change?.Invoke(json);
        MeConfiguration configuration = MeConfiguration.Parse(json.ToJsonString());
        Directory.CreateDirectory(pair.StateDirectory);
        Drive = new SlowDrive(new FileSlots(pair.StateDirectory, "keys"));
        _me = new RunningMe(
            new MeParts
            {
                Clock = new HostClock(),
                Random = new HostRandom(),
                Crypto = _crypto,
                Drive = Drive,
                Http = _http,
                ThreadForEachServer = true,
                Uicc = Uicc(MeAndLab.First),
                Port = new UdpPort(configuration.Listen.Address, configuration.Listen.Port),
                Groups = new HostGroupNetwork(configuration.Listen.Address),
                Events = new EventWriter(Events, EventDepth, maxDropsPerSecond: 10),
                QueueDepth = queueDepth,
            },
            configuration);
    }

    public LateServer Bsf { get; }

    public LateServer BmSc { get; }

    public LabServer Lab => _pair.Lab;

    public int Port => _pair.MePort;

    public TimedEvents Events { get; } = new();

    /// <summary>The drive of the keys.</summary>
    public SlowDrive Drive { get; }

    /// <summary>IMSI of the UICC.</summary>
    public string Imsi => _inserted.Imsi;

    /// <summary>Starts it, and waits until it holds the MSKs of its services.</summary>
    /// <param name="queueDepth">Datagrams that each of its queues holds.</param>
    /// <param name="change">Changes its configuration.</param>
    /// <param name="changeLab">Changes the lab's.</param>
    public static async Task<MeBehindLateServers> PairedAsync(
        int queueDepth = 1024, Action<JsonObject>? change = null, Func<LabConfiguration, LabConfiguration>? changeLab = null)
    {
        MeAndLab pair = await MeAndLab.StartAsync(lab =>
        {
            lab = lab with { KeyGroups = [MeAndLab.News, Sport] };
            return changeLab?.Invoke(lab) ?? lab;
        });
        MeBehindLateServers me = new(pair, queueDepth, change);
        me._me.Start();
        try
        {
            await me.PairedAsync(default);
            return me;
        }
        catch
        {
            await me.DisposeAsync();
            throw;
        }
    }

    /// <summary>A stranger who can send to the ME and gets what it sends back.</summary>
    public Stranger NewStranger() => new(Port);

    /// <summary>Waits until the MSKs of both services have come since the mark.</summary>
    public async Task PairedAsync(Mark since)
    {
        foreach (KeyGroup group in Lab.Configuration.KeyGroups)
        {
            await _pair.LabAsync(LabEventKind.AckVerified, since, acknowledged => acknowledged.Group == group && acknowledged.Imsi == Imsi);
        }
    }

    /// <summary>Waits until the lab has the ACK of an MSK.</summary>
    public Task AcknowledgedAsync(Mark since, string mskId) =>
        _pair.LabAsync(LabEventKind.AckVerified, since, acknowledged => acknowledged.MskId == mskId);

    /// <summary>Does a command that must succeed.</summary>
    public void Ask(string line) => Assert.StartsWith("{\"ok\":true", _me.Ask(line, (int)s_patience.TotalMilliseconds));

    /// <summary>Datagrams it dropped.</summary>
    public uint DropCount => _me.DropCount;

    /// <summary>A point of the lab's record to look from.</summary>
    public Mark Now => new(Lab.Events.Count, 0);

    /// <summary>Waits until a request waits for the answer of a server, and has the ME make one if there is none.</summary>
    public async Task AskingAsync(params LateServer[] servers)
    {
        if (servers.Any(server => server.Hangs))
        {
            return;
        }

        Lab.Solicit(Imsi, Sport);
        Stopwatch waiting = Stopwatch.StartNew();
        while (!servers.Any(server => server.Hangs))
        {
            Assert.IsLessThan(s_patience, waiting.Elapsed, "no request came to the late server");
            await Task.Delay(1);
        }
    }

    /// <summary>Has the ME run GBA, and waits until its request waits for the answer of the late BSF; the BM-SC is late from then on as well.</summary>
    public async Task AskingTheBsfAsync()
    {
        BmSc.BePrompt();
        Bsf.BeLate();
        Lab.DemandRenegotiation(Imsi);
        await AskingAsync(Bsf);
        BmSc.BeLate();
    }

    /// <summary>Puts the other subscriber's UICC in.</summary>
    public void SwapUicc()
    {
        LabSubscriber other = _inserted == MeAndLab.First ? MeAndLab.Second : MeAndLab.First;
        IUicc uicc = Uicc(other);
        _inserted = other;
        _me.InsertUicc(uicc);
    }

    /// <summary>Takes the UICC out.</summary>
    public void RemoveUicc() => _me.RemoveUicc();

    public async ValueTask DisposeAsync()
    {
        _me.Stop();
        _http.Dispose();
        await Bsf.DisposeAsync();
        await BmSc.DisposeAsync();
        await _pair.DisposeAsync();
    }

    private SoftwareUicc Uicc(LabSubscriber subscriber)
    {
        string iccid = subscriber == MeAndLab.First ? MeAndLab.Iccid : MeAndLab.OtherIccid;
        return new SoftwareUicc(
            _crypto, new UiccIdentity(iccid, subscriber.Imsi, subscriber.MncLength), subscriber.K, subscriber.Opc, new FileSlots(_pair.StateDirectory, $"uicc-{iccid}-"));
    }
}
