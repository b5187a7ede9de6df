using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>A point in the records of both ends: what is looked for later must come after it.</summary>
internal readonly record struct Mark(int Lab, int Me);

/// <summary>
/// A lab in this process, a host ME as a process of its own, and a stranger who can send to the ME too: all on free loopback
/// ports, with a directory of their own.
/// </summary>
internal sealed class MeAndLab : IAsyncDisposable
{
    public const string Iccid = "8988201000000000019";
    public const string OtherIccid = "8988201000000000027";

    /// <summary>What the ME's only service uses unless a test says otherwise.</summary>
    public static readonly KeyGroup News = new("00f110", 0x0010);

    public static readonly LabSubscriber First = new(
        "001010123456789", 2, Convert.FromHexString("465b5ce8b199b49faa5f0a2ee238a6bc"), Convert.FromHexString("cd63cb71954a9f4e48a5994e37a02baf"));

    public static readonly LabSubscriber Second = new(
        "001010987654321", 2, Convert.FromHexString("0396eb317b6d1c36f19c1c84cd6ffd16"), Convert.FromHexString("53c15671c60a4b731c55b4a441c0bde2"));

    /// <summary>How long anything may take that must happen.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>How long nothing must happen: traffic on loopback takes a hundredth of it.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(300);

    /// <summary>A GBA lifetime that a test can wait out; the lab rounds it up to a whole second of the clock.</summary>
    private static readonly TimeSpan s_shortLifetime = TimeSpan.FromSeconds(3);

    private readonly DirectoryInfo _directory;
    private readonly UdpClient _stranger = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly IPEndPoint _mePort;
    private long _droppedBefore;

    private MeAndLab(DirectoryInfo directory, LabServer lab, int mePort)
    {
        _directory = directory;
        Lab = lab;
        _mePort = new IPEndPoint(IPAddress.Loopback, mePort);
    }

    public LabServer Lab { get; private set; }

    public HostMe Me { get; private set; } = null!; // until PowerOn

    public int MePort => _mePort.Port;

    public string ConfigurationPath => Path.Combine(_directory.FullName, "me.json");

    public string StateDirectory => Path.Combine(_directory.FullName, "me-state");

    /// <summary>A point to look from.</summary>
    public Mark Now => new(Lab.Events.Count, Me?.Count ?? 0);

    /// <summary>Starts a lab for an ME that is still off.</summary>
    public static async Task<MeAndLab> StartAsync(Func<LabConfiguration, LabConfiguration>? change = null)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("mbms-host-tests-");
        int mePort = FreePort.Next();
        LabConfiguration configuration = new()
        {
            Database = Path.Combine(directory.FullName, "lab.db"),
            KeyGroups = [News],
            Subscribers = [First with { MikeyPort = mePort }, Second with { MikeyPort = mePort }],
        };
        return new MeAndLab(directory, await LabServer.StartAsync(change?.Invoke(configuration) ?? configuration), mePort);
    }

    /// <summary>A lab and an ME that have paired: the ME holds a MUK and the MSK of <see cref="News"/>.</summary>
    /// <param name="shortLifetime">The MUK's lifetime can be waited out by <see cref="ExpireAsync"/>; later ones are long.</param>
    /// <param name="change">Changes the lab's configuration.</param>
    /// <param name="profile">The profile of the first MSK.</param>
    public static async Task<MeAndLab> PairedAsync(
        bool shortLifetime = false, Func<LabConfiguration, LabConfiguration>? change = null, MikeyProfile profile = MikeyProfile.Release6)
    {
        MeAndLab pair = await StartAsync(change);
        try
        {
            TimeSpan lifetime = pair.Lab.GbaLifetime;
            pair.Lab.GbaLifetime = shortLifetime ? s_shortLifetime : lifetime;
            pair.PowerOn();
            await pair.DeliveredAsync(default, profile: profile);
            pair.Lab.GbaLifetime = lifetime;
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>The configuration of the ME.</summary>
    public JsonObject Configuration(LabSubscriber? subscriber = null, string iccid = Iccid, JsonArray? services = null)
    {
        LabSubscriber inserted = subscriber ?? First;
        return new JsonObject
        {
            ["uicc"] = new JsonObject
            {
                ["kind"] = "soft",
                ["iccid"] = iccid,
                ["imsi"] = inserted.Imsi,
                ["mncLength"] = inserted.MncLength,
                ["k"] = Convert.ToHexStringLower(inserted.K),
                ["opc"] = Convert.ToHexStringLower(inserted.Opc),
            },
            ["bsf"] = new JsonObject { ["url"] = Lab.BsfUrl.ToString() },
            ["bmsc"] = new JsonObject { ["url"] = Lab.BmScUrl.ToString(), ["fqdn"] = Lab.Configuration.BmScFqdn },
            ["mikey"] = new JsonObject { ["listen"] = _mePort.ToString() },
            ["services"] = services ?? [Service("urn:example:news", News)],
            ["backoff"] = new JsonObject { ["offsetSeconds"] = 0, ["randomSeconds"] = 0 },
            ["storage"] = new JsonObject { ["directory"] = StateDirectory },
        };
    }

    /// <summary>A service of the ME's configuration.</summary>
    public static JsonObject Service(string id, params KeyGroup[] groups) => new()
    {
        ["id"] = id,
        ["keyDomain"] = groups[0].KeyDomain,
        ["keyGroups"] = new JsonArray([.. groups.Select(group => JsonValue.Create(group.Group.ToString("x4")))]),
    };

    /// <summary>Switches the ME on.</summary>
    public void PowerOn(JsonObject? configuration = null)
    {
        File.WriteAllText(ConfigurationPath, (configuration ?? Configuration()).ToJsonString());
        Me?.Dispose();
        _droppedBefore = 0;
        Me = new HostMe("--config", ConfigurationPath, "--json");
    }

    /// <summary>Switches the ME off and on again, in the same directory.</summary>
    public async Task RestartAsync(JsonObject? configuration = null)
    {
        await PowerOffAsync();
        PowerOn(configuration);
        await MeAsync("started", default);
    }

    public async Task PowerOffAsync() => Assert.AreEqual(0, await Me.StopAsync(), $"exit code; {Me.Errors}");

    /// <summary>Replaces the lab by a new process's worth of it: same database, same ports.</summary>
    public async Task RestartLabAsync()
    {
        LabConfiguration configuration = Lab.Configuration with
        {
            BsfListen = IPEndPoint.Parse(Lab.BsfUrl.Authority),
            BmScListen = IPEndPoint.Parse(Lab.BmScUrl.Authority),
            MikeyListen = Lab.MikeyEndPoint,
        };
        await Lab.DisposeAsync();
        Lab = await LabServer.StartAsync(configuration);
    }

    /// <summary>Waits until the lifetime of the last negotiated MUK is over.</summary>
    public async Task ExpireAsync(LabSubscriber? subscriber = null)
    {
        TimeSpan left = Lab.LastMuk((subscriber ?? First).Imsi)!.Expires - DateTimeOffset.UtcNow;
        Assert.IsTrue(left < TimeSpan.FromSeconds(10), $"the MUK lives {left} more");
        await Task.Delay(left > TimeSpan.Zero ? left + TimeSpan.FromMilliseconds(50) : TimeSpan.Zero);
    }

    /// <summary>Waits for an event of the ME; values are name and text of each.</summary>
    public Task<MeLine> MeAsync(string name, Mark since, params (string Name, string Value)[] values) =>
        MeAsync(name, since, line => values.All(value => line[value.Name] == value.Value), string.Join(' ', values));

    /// <summary>Waits for an event of the ME.</summary>
    public async Task<MeLine> MeAsync(string name, Mark since, Func<MeLine, bool> matches, string wanted = "as wanted")
    {
        try
        {
            return await Me.WaitAsync(line => line.Event == name && matches(line), s_patience, since.Me);
        }
        catch (TimeoutException)
        {
            throw new AssertFailedException($"The ME's {name} {wanted} did not come.{Records(since)}");
        }
    }

    /// <summary>Waits for an event of the lab.</summary>
    public async Task<LabEvent> LabAsync(LabEventKind kind, Mark since, Func<LabEvent, bool>? matches = null)
    {
        try
        {
            return await Lab.Events.WaitAsync(e => e.Kind == kind && (matches is null || matches(e)), s_patience, since.Lab);
        }
        catch (TimeoutException)
        {
            throw new AssertFailedException($"The lab's {kind} did not come.{Records(since)}");
        }
    }

    /// <summary>Waits until an MSK has arrived: sent by the lab, stored and acknowledged by the ME, the ACK verified by the lab.</summary>
    public async Task<LabEvent> DeliveredAsync(Mark since, KeyGroup? group = null, MikeyProfile profile = MikeyProfile.Release6)
    {
        KeyGroup wanted = group ?? News;
        LabEvent ack = await LabAsync(LabEventKind.AckVerified, since, e => e.Group == wanted);
        Assert.AreEqual(profile, ack.Profile);
        await MeAsync("msk-stored", since, ("mskId", ack.MskId!), ("keyDomain", wanted.KeyDomain));
        await MeAsync("ack-sent", since, ("mskId", ack.MskId!));
        return ack;
    }

    /// <summary>
    /// Has the stranger send datagrams that the ME must drop, in bursts its queue has room for, and waits until it has
    /// counted each one as dropped.
    /// </summary>
    public async Task DroppedAsync(IEnumerable<byte[]> datagrams, string? reason = null)
    {
        const int burst = 32;
        foreach (byte[][] some in datagrams.Chunk(burst))
        {
            Mark before = Now;
            foreach (byte[] datagram in some)
            {
                await _stranger.SendAsync(datagram, _mePort);
            }

            _droppedBefore += some.Length;
            await MeAsync("datagram-dropped", before, ("total", _droppedBefore.ToString()));
            if (reason is not null)
            {
                Assert.IsTrue(Me.Since(before.Me).All(line => line.Event != "datagram-dropped" || line["reason"] == reason), Records(before));
            }
        }
    }

    /// <summary>
    /// Nothing happened since the mark and nothing does for a while: no HTTP request, no datagram to the lab or the stranger,
    /// no event of the ME but drops.
    /// </summary>
    public async Task AssertSilenceAsync(Mark since)
    {
        await Task.Delay(s_quiet);
        LabEventKind[] traffic = [LabEventKind.Http, LabEventKind.DatagramReceived, LabEventKind.MukNegotiated, LabEventKind.Failed];
        Assert.IsFalse(Lab.Events.Since(since.Lab).Any(e => traffic.Contains(e.Kind)), Records(since));
        Assert.IsTrue(Me.Since(since.Me).All(line => line.Event == "datagram-dropped"), Records(since));
        Assert.AreEqual(0, _stranger.Available, "octets the ME sent to a stranger");
    }

    /// <summary>Every file of the ME's non-volatile state but its lock.</summary>
    public SortedDictionary<string, byte[]> StateFiles() => new(
        Directory.EnumerateFiles(StateDirectory).Where(file => Path.GetExtension(file) != ".lock").ToDictionary(file => Path.GetFileName(file)!, File.ReadAllBytes),
        StringComparer.Ordinal);

    /// <summary>The state is the same to the octet.</summary>
    public void AssertState(SortedDictionary<string, byte[]> before)
    {
        SortedDictionary<string, byte[]> now = StateFiles();
        CollectionAssert.AreEqual(before.Keys, now.Keys);
        foreach ((string name, byte[] octets) in before)
        {
            CollectionAssert.AreEqual(octets, now[name], name);
        }
    }

    /// <summary>Whether these octets stand anywhere in the state.</summary>
    public bool StateHolds(byte[] octets) => StateFiles().Values.Any(file => file.AsSpan().IndexOf(octets) >= 0);

    /// <summary>The statuses of the HTTP requests since the mark, in order: <c>bsf 401</c> and so on.</summary>
    public string Http(Mark since) => string.Join(
        ", ", Lab.Events.Since(since.Lab).Where(e => e.Kind == LabEventKind.Http).Select(e => $"{e.Server} {e.Status}"));

    /// <summary>The same as the ME tells it.</summary>
    public string HttpOfMe(Mark since) => string.Join(
        ", ", Me.Since(since.Me).Where(line => line.Event == "http").Select(line => $"{(line["requesttype"] == "gba" ? "bsf" : "bmsc")} {line["status"]}"));

    /// <summary>Both records, for the message of a failed test.</summary>
    public string Records(Mark since)
    {
        string ends = string.Join(Environment.NewLine + "  ", (Me?.Since(since.Me) ?? []).TakeLast(40).Select(line => line.Text));
        string lab = string.Join(Environment.NewLine + "  ", Lab.Events.Since(since.Lab).TakeLast(40).Select(
            e => $"{e.Time:HH:mm:ss.fff} {e.Kind} {e.Server} {e.RequestType} {e.Status} {e.Group} {e.MskId} {e.Counter} {e.Detail}"));
        return $"{Environment.NewLine}ME:{Environment.NewLine}  {ends}{Environment.NewLine}  {Me?.Errors}{Environment.NewLine}Lab:{Environment.NewLine}  {lab}";
    }

    public async ValueTask DisposeAsync()
    {
        Me?.Dispose();
        _stranger.Dispose();
        await Lab.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
