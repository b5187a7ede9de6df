using System.Net;

namespace MbmsMe.Lab;

/// <summary>A lab in operation: BSF, BM-SC, MIKEY port, store and, if configured, the admin API.</summary>
public sealed class LabServer : IAsyncDisposable
{
    private readonly LabStore _store;
    private readonly Bsf _bsf;
    private readonly MskDistribution _distribution;
    private readonly MtkDistribution _traffic;
    private readonly List<(LabBmSc Configuration, BmSc Server)> _bmscs = [];
    private readonly Dictionary<string, Uri> _bmscUrls = [];
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
            _traffic = new MtkDistribution(configuration, _store, Events, Faults, time, _distribution);
            foreach (LabBmSc bmsc in configuration.BmScs)
            {
                _bmscs.Add((bmsc, new BmSc(bmsc, configuration, _bsf, _distribution, _store, Events, Faults, time)));
            }
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

    /// <summary>Where an ME finds the first BM-SC, path included.</summary>
    public Uri BmScUrl => BmScUrlOf(Configuration.BmScFqdn);

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

    internal CommandOutcome TrySolicit(LabSubscriber subscriber, KeyGroup group, MikeyProfile? profile, bool demandGba) =>
        _distribution.TrySolicit(subscriber, group, profile, demandGba);

    /// <summary>Where an ME finds a BM-SC, path included.</summary>
    /// <param name="fqdn">Its name.</param>
    public Uri BmScUrlOf(string fqdn) => _bmscUrls[fqdn];

    /// <summary>Creates the next MSK of a Key Group and pushes it to every subscriber; those whose MUK has expired are solicited.</summary>
    /// <param name="group">The Key Group.</param>
    /// <param name="profile">The profile, by default each subscriber's.</param>
    /// <param name="seqLow">SEQl.</param>
    /// <param name="seqHigh">SEQu, not below <paramref name="seqLow"/>.</param>
    public IReadOnlyList<CommandOutcome> Rekey(KeyGroup group, MikeyProfile? profile = null, ushort seqLow = 1, ushort seqHigh = ushort.MaxValue) =>
        _distribution.Rekey(group, profile, seqLow, seqHigh);

    /// <summary>Re-keys every Key Group.</summary>
    public IReadOnlyList<CommandOutcome> RekeyAll(MikeyProfile? profile = null) =>
        [.. Configuration.KeyGroups.SelectMany(group => Rekey(group, profile))];

    /// <summary>Creates the next MSK of a Key Group and tells nobody.</summary>
    /// <param name="group">The Key Group.</param>
    /// <param name="seqLow">SEQl.</param>
    /// <param name="seqHigh">SEQu, not below <paramref name="seqLow"/>.</param>
    public Msk CreateMsk(KeyGroup group, ushort seqLow = 1, ushort seqHigh = ushort.MaxValue) => _distribution.CreateMsk(group, seqLow, seqHigh);

    /// <summary>
    /// Pushes the current MSK of a Key Group to one subscriber or all; those whose MUK has expired are solicited. As in every
    /// MSK message but a deletion, SEQl is the ID of the MTK in force where that is under this MSK.
    /// </summary>
    public IReadOnlyList<CommandOutcome> Push(KeyGroup group, string? imsi = null, MikeyProfile? profile = null) => _distribution.Push(group, imsi, profile);

    /// <summary>
    /// Pushes the current MSK with another interval of MTK IDs: number, key and RAND stay. Later MTK IDs and MSK messages follow it.
    /// </summary>
    /// <param name="group">The Key Group.</param>
    /// <param name="seqLow">SEQl.</param>
    /// <param name="seqHigh">SEQu.</param>
    /// <param name="imsi">One subscriber, by default all.</param>
    /// <param name="profile">The profile, by default each subscriber's.</param>
    public IReadOnlyList<CommandOutcome> ChangeInterval(KeyGroup group, ushort seqLow, ushort seqHigh, string? imsi = null, MikeyProfile? profile = null) =>
        _distribution.ChangeInterval(group, number: 0, seqLow, seqHigh, imsi, profile);

    /// <summary>Pushes an MSK with SEQl above SEQu, which deletes it. The next MTK takes a new MSK if it was the current one; requests for it get 404.</summary>
    /// <param name="group">The Key Group.</param>
    /// <param name="imsi">One subscriber, by default all.</param>
    /// <param name="profile">The profile, by default each subscriber's.</param>
    /// <param name="number">Key Number; 0 is the current MSK's.</param>
    /// <exception cref="LabException">There is no such MSK.</exception>
    public IReadOnlyList<CommandOutcome> DeleteMsk(KeyGroup group, string? imsi = null, MikeyProfile? profile = null, ushort number = 0) =>
        _distribution.ChangeInterval(group, number, seqLow: 1, seqHigh: 0, imsi, profile);

    /// <summary>
    /// Makes the next MTK of a Key Group and sends its message to the MTK groups of the services that use it and, if one is
    /// named, to a subscriber. Where the MSK's MTK IDs are used up, a new MSK is made and pushed first.
    /// </summary>
    /// <param name="group">The Key Group.</param>
    /// <param name="early">How long after its message the MTK begins to protect traffic, by default the configured lead.</param>
    /// <param name="dummy">The MTK never protects traffic.</param>
    /// <param name="imsi">A subscriber to send to besides.</param>
    /// <param name="profile">The profile, by default the lab's.</param>
    /// <exception cref="LabException">No such Key Group, or a subscriber that has never paired.</exception>
    public Mtk NewMtk(KeyGroup group, TimeSpan? early = null, bool dummy = false, string? imsi = null, MikeyProfile? profile = null) =>
        _traffic.NewMtk(group, early, dummy, imsi, profile);

    /// <summary>
    /// Sends the message of the last MTK that is not a dummy once more, octet for octet, and returns it; in another profile
    /// it is built anew with the next counter.
    /// </summary>
    /// <param name="group">The Key Group.</param>
    /// <param name="imsi">To this subscriber only; by default to the services' MTK groups.</param>
    /// <param name="profile">The profile, by default the one the MTK was made in.</param>
    /// <exception cref="LabException">There is no MTK, or nobody to send to.</exception>
    public byte[] SendMtk(KeyGroup group, string? imsi = null, MikeyProfile? profile = null) => _traffic.SendMtk(group, imsi, profile);

    /// <summary>The MTK that protects a Key Group's traffic now; null before there is one.</summary>
    public Mtk? CurrentMtk(KeyGroup group) => _traffic.CurrentMtk(group);

    /// <summary>Streams a service under its Key Group's MTK and repeats the MTK message; a Key Group without an MTK gets its first.</summary>
    /// <param name="service">The service's identity.</param>
    /// <param name="packetsPerSecond">RTP packets per second, by default what the service is configured with.</param>
    /// <param name="profile">The profile of MTKs the stream makes itself, by default the lab's.</param>
    /// <param name="firstSequence">Sequence number of the first packet, by default a random one below 32768.</param>
    /// <exception cref="LabException">No such service, it has no flow, or it streams already.</exception>
    public void StartStream(string service, int? packetsPerSecond = null, MikeyProfile? profile = null, ushort? firstSequence = null) =>
        _traffic.StartStream(service, packetsPerSecond, profile, firstSequence);

    /// <summary>Ends a stream. False if there was none.</summary>
    public Task<bool> StopStreamAsync(string service) => _traffic.StopStreamAsync(service);

    /// <summary>How many packets the service's stream has sent; null when it does not stream.</summary>
    public long? PacketsSent(string service) => _traffic.PacketsSent(service);

    /// <summary>The services a subscriber is registered for, in the order of their names.</summary>
    public IReadOnlyList<string> Registrations(string imsi) => _store.Registrations(imsi);

    /// <summary>From now on only keys from a later GBA run will do for this subscriber's requests to one BM-SC, by default all.</summary>
    public void DemandRenegotiation(string imsi, string? fqdn = null)
    {
        foreach (LabBmSc bmsc in Configuration.BmScs.Where(bmsc => fqdn is null || bmsc.Fqdn == fqdn))
        {
            _distribution.DemandRenegotiation(imsi, bmsc.Fqdn);
        }
    }

    /// <summary>Makes every nonce of Ua handed out so far stale.</summary>
    public void ForgetNonces() => _bmscs.ForEach(bmsc => bmsc.Server.ForgetNonces());

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

    /// <summary>The last MUK a subscriber negotiated with a BM-SC, by default the first; null before there is one.</summary>
    public Muk? LastMuk(string imsi, string? fqdn = null) => _store.LastMuk(imsi, fqdn ?? Configuration.BmScFqdn);

    /// <summary>The current MSK of a Key Group.</summary>
    public Msk? CurrentMsk(KeyGroup group) => _store.FindMsk(group, 0);

    /// <summary>How many MSK deliveries to a subscriber are in a state, of one BM-SC or all.</summary>
    public int CountDeliveries(string imsi, DeliveryState state, string? fqdn = null) =>
        Configuration.BmScs.Where(bmsc => fqdn is null || bmsc.Fqdn == fqdn).Sum(bmsc => _store.CountDeliveries(imsi, state, bmsc.Fqdn));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (HttpEndpoint endpoint in _endpoints)
        {
            await endpoint.DisposeAsync();
        }
        await _traffic.DisposeAsync();
        await _distribution.DisposeAsync();
        _store.Dispose();
    }

    private static Uri UrlOf(HttpEndpoint endpoint, string path) => new($"http://{endpoint.LocalEndPoint}{path}");

    private async Task ListenAsync()
    {
        HttpEndpoint bsf = await HttpEndpoint.StartAsync(Configuration.BsfListen, "bsf", _bsf.Answer, Faults.Bsf, Events);
        _endpoints.Add(bsf);
        BsfUrl = UrlOf(bsf, "/");
        foreach ((LabBmSc bmsc, BmSc server) in _bmscs)
        {
            HttpEndpoint endpoint = await HttpEndpoint.StartAsync(bmsc.Listen, "bmsc", server.Answer, Faults.BmSc, Events, bmsc.Fqdn);
            _endpoints.Add(endpoint);
            _bmscUrls[bmsc.Fqdn] = UrlOf(endpoint, bmsc.Path);
        }
        if (Configuration.AdminListen is IPEndPoint listen)
        {
            HttpEndpoint admin = await HttpEndpoint.StartAsync(listen, new Admin(this).HandleAsync);
            _endpoints.Add(admin);
            AdminUrl = UrlOf(admin, "/");
        }
        Events.Add(Events.New(LabEventKind.Started) with
        {
            Detail = $"BSF {BsfUrl}, {string.Join(", ", Configuration.BmScs.Select(bmsc => $"BM-SC {BmScUrlOf(bmsc.Fqdn)}"))}, MIKEY {MikeyEndPoint}{(AdminUrl is null ? "" : $", admin {AdminUrl}")}",
        });
        _distribution.Start();
    }
}
