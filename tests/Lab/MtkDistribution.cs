using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace MbmsMe.Lab;

/// <summary>
/// The BM-SC's traffic side (TS 33.246 clauses 6.3.3 and 6.6): makes MTKs under the current MSKs, sends and repeats their
/// messages, and streams services under them.
/// </summary>
internal sealed class MtkDistribution : IAsyncDisposable
{
    private readonly LabConfiguration _configuration;
    private readonly LabStore _store;
    private readonly LabEvents _events;
    private readonly LabFaults _faults;
    private readonly TimeProvider _time;
    private readonly MskDistribution _msks;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ServiceStream> _streams = [];

    public MtkDistribution(LabConfiguration configuration, LabStore store, LabEvents events, LabFaults faults, TimeProvider time, MskDistribution msks)
    {
        _configuration = configuration;
        _store = store;
        _events = events;
        _faults = faults;
        _time = time;
        _msks = msks;
    }

    /// <summary>
    /// Makes the next MTK under the current MSK, or under a new one where SEQu is used up, and sends its message to the
    /// services' multicast groups and, if one is named, to a subscriber.
    /// </summary>
    /// <param name="group">The Key Group.</param>
    /// <param name="early">How long after its message it begins to protect traffic; null for the configured lead.</param>
    /// <param name="dummy">It never protects traffic.</param>
    /// <param name="imsi">A subscriber to send to besides.</param>
    /// <param name="requested">The profile; by default the lab's.</param>
    public Mtk NewMtk(KeyGroup group, TimeSpan? early, bool dummy, string? imsi, MikeyProfile? requested)
    {
        TimeSpan lead = early ?? _configuration.MtkLead;
        if (lead < TimeSpan.Zero)
        {
            throw new LabException("an MTK cannot begin to protect traffic before its message");
        }
        MikeyProfile profile = requested ?? _configuration.Profile;
        IReadOnlyList<IPEndPoint> destinations = Destinations(group, imsi);
        lock (_lock)
        {
            Msk msk = CurrentMsk(group);
            if (_store.NextMtkId(group, msk.Number) is not ushort id)
            {
                _msks.Rekey(group, profile: null);
                msk = CurrentMsk(group);
                id = _store.NextMtkId(group, msk.Number)!.Value;
            }
            byte[] key = RandomNumberGenerator.GetBytes(16);
            byte[] salt = RandomNumberGenerator.GetBytes(14);
            uint counter = _store.NextMtkCounter(group, msk.Number);
            byte[] message = MikeyMessage.BuildMtk(msk, id, key, salt, counter, profile);
            DateTimeOffset now = _time.GetUtcNow();
            Mtk mtk = new(group, msk.Number, id, key, salt, counter, profile, message, dummy, now + lead);
            _store.AddMtk(mtk, now);
            Send(mtk, mtk.Message, mtk.Counter, destinations, dummy ? "dummy" : lead > TimeSpan.Zero ? $"early: in force in {lead.TotalSeconds:0.###} s" : null);
            return mtk;
        }
    }

    /// <summary>
    /// Sends the message of the last MTK once more, octet for octet: to one subscriber or to the services' multicast groups.
    /// In another profile than before it is built anew, with the next counter.
    /// </summary>
    public byte[] SendMtk(KeyGroup group, string? imsi, MikeyProfile? requested)
    {
        Mtk mtk = _store.MtksFrom(group, _time.GetUtcNow()).LastOrDefault() ?? throw new LabException($"{group} has no MTK yet");
        (byte[] message, uint counter) = (mtk.Message, mtk.Counter);
        if (requested is MikeyProfile profile && profile != mtk.Profile)
        {
            counter = _store.NextMtkCounter(group, mtk.Number);
            message = MikeyMessage.BuildMtk(_store.FindMsk(group, mtk.Number)!, mtk.Id, mtk.Key, mtk.Salt, counter, profile);
            mtk = mtk with { Profile = profile };
        }
        IReadOnlyList<IPEndPoint> to = imsi is null ? Destinations(group, imsi) : [_msks.PeerOf(imsi)];
        if (to.Count == 0)
        {
            throw new LabException($"no service sends MTK messages of {group}: name a subscriber");
        }
        Send(mtk, message, counter, to, "again");
        return message;
    }

    /// <summary>The MTK that protects a Key Group's traffic now; null before there is one.</summary>
    public Mtk? CurrentMtk(KeyGroup group) => _store.MtkInForce(group, _time.GetUtcNow());

    /// <summary>Streams a service until <see cref="StopStreamAsync"/>; a Key Group without an MTK gets its first.</summary>
    /// <param name="id">The service.</param>
    /// <param name="packetsPerSecond">Packets per second; null for the service's.</param>
    /// <param name="profile">The profile of an MTK that has to be made.</param>
    /// <param name="firstSequence">The sequence number of the first packet; null for a random one.</param>
    public void StartStream(string id, int? packetsPerSecond, MikeyProfile? profile, ushort? firstSequence)
    {
        LabService service = ServiceOf(id);
        if (service.Flow is not IPEndPoint flow)
        {
            throw new LabException($"service {id} has no flow");
        }
        KeyGroup group = service.KeyGroups[0];
        lock (_lock)
        {
            if (_streams.ContainsKey(id))
            {
                throw new LabException($"service {id} streams already");
            }
            if (CurrentMtk(group) is null)
            {
                NewMtk(group, TimeSpan.Zero, dummy: false, imsi: null, profile);
            }
            else
            {
                Repeat(service);
            }
            RtpFlow packets = new(service, flow, _configuration.MikeyListen.Address, _configuration.MulticastTtl, firstSequence);
            _events.Add(_events.New(LabEventKind.StreamStarted) with { Service = id, Group = group, Peer = flow, Detail = Describe(service) });
            _streams[id] = new ServiceStream(
                _time,
                TimeSpan.FromSeconds(1) / (packetsPerSecond ?? service.PacketsPerSecond),
                () => SendPacket(service, packets, profile),
                _configuration.MtkRepeat,
                () => Repeat(service),
                e => _events.Add(_events.New(LabEventKind.Failed) with { Service = id, Peer = flow, Detail = e.Message }),
                packets);
        }
    }

    /// <summary>Ends a stream. False if there was none.</summary>
    public async Task<bool> StopStreamAsync(string id)
    {
        ServiceOf(id);
        ServiceStream? stream;
        lock (_lock)
        {
            _streams.Remove(id, out stream);
        }
        if (stream is null)
        {
            return false;
        }
        await stream.DisposeAsync();
        _events.Add(_events.New(LabEventKind.StreamStopped) with { Service = id, Detail = $"{stream.Flow.Packets} packets" });
        return true;
    }

    /// <summary>How many packets a service's stream has sent; null when it does not stream.</summary>
    public long? PacketsSent(string id)
    {
        lock (_lock)
        {
            return _streams.TryGetValue(id, out ServiceStream? stream) ? stream.Flow.Packets : null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (LabService service in _configuration.Services)
        {
            await StopStreamAsync(service.Id);
        }
    }

    private static string Describe(LabService service) => (service.Confidentiality, service.Integrity) switch
    {
        (true, true) => $"SRTP by {LibSrtp.Describe()}",
        (true, false) => $"SRTP without integrity by {LibSrtp.Describe()}",
        (false, true) => $"SRTP without confidentiality by {LibSrtp.Describe()}",
        _ => "plain RTP",
    };

    private void SendPacket(LabService service, RtpFlow flow, MikeyProfile? profile)
    {
        KeyGroup group = service.KeyGroups[0];
        if (_configuration.MtkLifetime > TimeSpan.Zero)
        {
            ChangeOldMtk(group, profile);
        }
        if (CurrentMtk(group) is not Mtk mtk)
        {
            // The clock was set back to before every MTK that is kept.
            return;
        }
        if (flow.Use(mtk))
        {
            _events.Add(EventOf(LabEventKind.MtkChanged, mtk) with { Service = service.Id, Peer = flow.To, Detail = $"MKI {Convert.ToHexStringLower(mtk.Mki)}" });
        }
        flow.Send();
    }

    private void ChangeOldMtk(KeyGroup group, MikeyProfile? profile)
    {
        lock (_lock)
        {
            DateTimeOffset now = _time.GetUtcNow();
            IReadOnlyList<Mtk> mtks = _store.MtksFrom(group, now);
            if (mtks is not [Mtk only])
            {
                return;
            }
            TimeSpan left = only.InForce + _configuration.MtkLifetime - now;
            if (left <= _configuration.MtkLead)
            {
                NewMtk(group, left > TimeSpan.Zero ? left : TimeSpan.Zero, dummy: false, imsi: null, profile ?? only.Profile);
            }
        }
    }

    /// <summary>The current message and those of early MTKs in the order of their counters: who has them already drops them, who joins takes them all.</summary>
    private void Repeat(LabService service)
    {
        if (service.MtkGroup is not IPEndPoint to)
        {
            return;
        }
        foreach (Mtk mtk in service.KeyGroups.SelectMany(group => _store.MtksFrom(group, _time.GetUtcNow())))
        {
            if (!_faults.LosesMtk())
            {
                Try(mtk, to, () => _msks.Send(mtk.Message, to));
            }
        }
    }

    private void Send(Mtk mtk, byte[] message, uint counter, IReadOnlyList<IPEndPoint> destinations, string? detail)
    {
        foreach (IPEndPoint to in destinations)
        {
            LabEvent sent = EventOf(LabEventKind.MtkSent, mtk) with { Counter = counter, Peer = to, Datagram = message, Detail = detail };
            if (_faults.LosesMtk())
            {
                _events.Add(sent with { Detail = "lost on purpose" });
            }
            else
            {
                Try(mtk, to, () => _msks.Send(message, to, sent));
            }
        }
    }

    private void Try(Mtk mtk, IPEndPoint to, Action send)
    {
        try
        {
            send();
        }
        catch (SocketException e)
        {
            _events.Add(EventOf(LabEventKind.Failed, mtk) with { Peer = to, Detail = e.Message });
        }
    }

    private IReadOnlyList<IPEndPoint> Destinations(KeyGroup group, string? imsi)
    {
        IEnumerable<IPEndPoint> groups = _configuration.Services.Where(service => service.KeyGroups.Contains(group)).Select(service => service.MtkGroup).OfType<IPEndPoint>();
        return [.. (imsi is null ? groups : groups.Append(_msks.PeerOf(imsi))).Distinct()];
    }

    private LabEvent EventOf(LabEventKind kind, Mtk mtk) => _events.New(kind) with
    {
        BmSc = _configuration.BmScOf(mtk.Group),
        Group = mtk.Group,
        MskId = Convert.ToHexStringLower(Msk.MskId(mtk.Group, mtk.Number, mtk.Profile)),
        MtkId = mtk.Id,
        Profile = mtk.Profile,
        Counter = mtk.Counter,
    };

    private Msk CurrentMsk(KeyGroup group) => _store.FindMsk(group, 0) ?? throw new LabException($"{group} is no Key Group of this lab");

    private LabService ServiceOf(string id) =>
        _configuration.Services.FirstOrDefault(service => service.Id == id) ?? throw new LabException($"{id} is no service of this lab");
}
