using System.Net;

namespace MbmsMe.Lab;

/// <summary>A lab in operation: BSF, BM-SC, MIKEY port, store and, if configured, the admin API.</summary>
public sealed class LabServer : IAsyncDisposable
{
    private readonly LabStore _store;
    private readonly Bsf _bsf;
    private readonly MskDistribution _distribution;
    private readonly BmSc _bmsc;
    private readonly List<HttpEndpoint> _endpoints = [];

    private LabServer(LabConfiguration configuration, LabEvents events, TimeProvider time)
    {
        Configuration = configuration;
        Events = events;
        Time = time;
        _store = new LabStore(configuration.Database);
        try
        {
            foreach (LabSubscriber subscriber in configuration.Subscribers)
            {
                _store.AddSubscriber(subscriber.Imsi, subscriber.Sqn);
            }
            _bsf = new Bsf(configuration, _store, Events, Faults, time);
            _distribution = new MskDistribution(configuration, _store, Events, Faults, time);
            _bmsc = new BmSc(configuration, _bsf, _distribution, _store, Events, Faults, time);
        }
        catch
        {
            _store.Dispose();
            throw;
        }
    }

    /// <summary>What the lab was started with.</summary>
    public LabConfiguration Configuration { get; }

    /// <summary>The record of everything that happens.</summary>
    public LabEvents Events { get; }

    /// <summary>What the lab does wrong on purpose.</summary>
    public LabFaults Faults { get; } = new();

    /// <summary>Where an ME finds the BSF.</summary>
    public Uri BsfUrl { get; private set; } = null!;

    /// <summary>Where an ME finds the BM-SC, path included.</summary>
    public Uri BmScUrl { get; private set; } = null!;

    /// <summary>Where the admin API is, null without one.</summary>
    public Uri? AdminUrl { get; private set; }

    /// <summary>The address and port MIKEY messages come from.</summary>
    public IPEndPoint MikeyEndPoint => _distribution.LocalEndPoint;

    /// <summary>The lifetime of the GBA runs to come.</summary>
    public TimeSpan GbaLifetime
    {
        get => _bsf.Lifetime;
        set => _bsf.Lifetime = value;
    }

    /// <summary>Deviations from the usual octets in the messages to come.</summary>
    public MikeyVariant Variant
    {
        get => _distribution.Variant;
        set => _distribution.Variant = value;
    }

    internal TimeProvider Time { get; }

    /// <summary>Starts a lab.</summary>
    /// <param name="configuration">What to start.</param>
    /// <param name="events">A record to write to, so that a subscriber sees the first event too; by default a new one.</param>
    /// <param name="time">The clock of lifetimes and of retransmission; by default the system's.</param>
    public static async Task<LabServer> StartAsync(LabConfiguration configuration, LabEvents? events = null, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        LabServer lab = new(configuration, events ?? new LabEvents(time), time);
        try
        {
            await lab.ListenAsync();
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a solicited pull under the subscriber's last negotiated MUK, however old, and returns its octets.</summary>
    /// <param name="imsi">The subscriber.</param>
    /// <param name="group">The Key Group.</param>
    /// <param name="profile">The profile, by default the subscriber's.</param>
    /// <exception cref="LabException">The subscriber has never paired, or there is no such Key Group.</exception>
    public byte[] Solicit(string imsi, KeyGroup group, MikeyProfile? profile = null) => _distribution.Solicit(imsi, group, profile);

    /// <summary>Creates the next MSK of a Key Group and pushes it to every subscriber; those whose MUK has expired are solicited.</summary>
    public IReadOnlyList<CommandOutcome> Rekey(KeyGroup group, MikeyProfile? profile = null)
    {
        _distribution.CreateMsk(group);
        return Push(group, imsi: null, profile);
    }

    /// <summary>Re-keys every Key Group.</summary>
    public IReadOnlyList<CommandOutcome> RekeyAll(MikeyProfile? profile = null) =>
        [.. Configuration.KeyGroups.SelectMany(group => Rekey(group, profile))];

    /// <summary>Creates the next MSK of a Key Group and tells nobody.</summary>
    public Msk CreateMsk(KeyGroup group) => _distribution.CreateMsk(group);

    /// <summary>Pushes the current MSK of a Key Group to one subscriber or all; those whose MUK has expired are solicited.</summary>
    public IReadOnlyList<CommandOutcome> Push(KeyGroup group, string? imsi = null, MikeyProfile? profile = null) =>
        [.. Configuration.Subscribers
            .Where(subscriber => imsi is null || subscriber.Imsi == imsi)
            .Select(subscriber => _distribution.PushOrSolicit(subscriber, group, profile))];

    /// <summary>From now on only keys from a later GBA run will do for this subscriber's requests.</summary>
    public void DemandRenegotiation(string imsi) => _distribution.DemandRenegotiation(imsi);

    /// <summary>Makes every nonce of Ua handed out so far stale.</summary>
    public void ForgetNonces() => _bmsc.ForgetNonces();

    /// <summary>Sets the SQN of a subscriber, 48 bits.</summary>
    public void SetSqn(string imsi, ulong sqn) => _store.SetSqn(imsi, sqn);

    /// <summary>Builds a solicited pull without sending it. It takes the next counter of the MUK.</summary>
    /// <param name="imsi">The subscriber.</param>
    /// <param name="group">The Key Group.</param>
    /// <param name="profile">The profile, by default the subscriber's.</param>
    /// <param name="btid">The MUK to use, by default the last negotiated one.</param>
    public byte[] BuildPull(string imsi, KeyGroup group, MikeyProfile? profile = null, string? btid = null) =>
        _distribution.BuildPull(imsi, group, profile, btid);

    /// <summary>Builds a message with the current MSK likewise, whether or not the MUK's lifetime is over.</summary>
    public byte[] BuildMsk(string imsi, KeyGroup group, MikeyProfile? profile = null, string? btid = null) =>
        _distribution.BuildMsk(imsi, group, profile, btid);

    /// <summary>Sends any octets from the lab's MIKEY port.</summary>
    public void SendRaw(byte[] datagram, IPEndPoint to, string? detail = null) => _distribution.SendRaw(datagram, to, detail);

    /// <summary>Sends any octets to a subscriber's ME.</summary>
    /// <exception cref="LabException">The subscriber has never paired.</exception>
    public void SendRaw(byte[] datagram, string imsi, string? detail = null) => SendRaw(datagram, _distribution.PeerOf(imsi), detail);

    /// <summary>The last negotiated MUK of a subscriber, null before there is one.</summary>
    public Muk? LastMuk(string imsi) => _store.LastMuk(imsi);

    /// <summary>The current MSK of a Key Group.</summary>
    public Msk? CurrentMsk(KeyGroup group) => _store.FindMsk(group, 0);

    /// <summary>How many MSK deliveries to a subscriber are in a state.</summary>
    public int CountDeliveries(string imsi, DeliveryState state) => _store.CountDeliveries(imsi, state);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (HttpEndpoint endpoint in _endpoints)
        {
            await endpoint.DisposeAsync();
        }
        await _distribution.DisposeAsync();
        _store.Dispose();
    }

    private static Uri UrlOf(HttpEndpoint endpoint, string path) => new($"http://{endpoint.LocalEndPoint}{path}");

    private async Task ListenAsync()
    {
        HttpEndpoint bsf = await HttpEndpoint.StartAsync(Configuration.BsfListen, "bsf", _bsf.Answer, Faults.Bsf, Events);
        _endpoints.Add(bsf);
        BsfUrl = UrlOf(bsf, "/");
        HttpEndpoint bmsc = await HttpEndpoint.StartAsync(Configuration.BmScListen, "bmsc", _bmsc.Answer, Faults.BmSc, Events);
        _endpoints.Add(bmsc);
        BmScUrl = UrlOf(bmsc, Configuration.BmScPath);
        if (Configuration.AdminListen is IPEndPoint listen)
        {
            HttpEndpoint admin = await HttpEndpoint.StartAsync(listen, new Admin(this).HandleAsync);
            _endpoints.Add(admin);
            AdminUrl = UrlOf(admin, "/");
        }
        Events.Add(Events.New(LabEventKind.Started) with
        {
            Detail = $"BSF {BsfUrl}, BM-SC {BmScUrl}, MIKEY {MikeyEndPoint}{(AdminUrl is null ? "" : $", admin {AdminUrl}")}",
        });
        _distribution.Start();
    }
}
