using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace MbmsMe.Lab;

/// <summary>What a command came to for one subscriber and Key Group.</summary>
/// <param name="Imsi">The subscriber.</param>
/// <param name="Group">The Key Group.</param>
/// <param name="Outcome">What was done, or why not.</param>
public sealed record CommandOutcome(string Imsi, KeyGroup Group, string Outcome);

/// <summary>A message to a subscriber cannot be made or sent. The message says why.</summary>
public sealed class LabException(string message) : Exception(message);

/// <summary>The BM-SC's key distribution function: creates MSKs, delivers them until acknowledged, and solicits pulls (TS 33.246 clause 6.3.2).</summary>
internal sealed class MskDistribution : IAsyncDisposable
{
    private readonly LabConfiguration _configuration;
    private readonly LabStore _store;
    private readonly LabEvents _events;
    private readonly LabFaults _faults;
    private readonly TimeProvider _time;
    private readonly MikeyPort _port;
    private readonly Lock _sending = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _outstanding = new();
    private readonly ConcurrentDictionary<long, Task> _deliveries = new();
    private readonly ConcurrentDictionary<(string Imsi, KeyGroup Group), MikeyProfile> _solicitedIn = new();
    private readonly ConcurrentDictionary<(string Imsi, KeyGroup Group), bool> _deletionsOwed = new();
    private readonly CancellationTokenSource _stop = new();

    public MskDistribution(LabConfiguration configuration, LabStore store, LabEvents events, LabFaults faults, TimeProvider time)
    {
        _configuration = configuration;
        _store = store;
        _events = events;
        _faults = faults;
        _time = time;
        Variant = configuration.Variant;
        _port = new MikeyPort(configuration.MikeyListen, configuration.MulticastTtl, faults, Receive);
    }

    public MikeyVariant Variant { get; set; }

    public IPEndPoint LocalEndPoint => _port.LocalEndPoint;

    /// <summary>Gives every Key Group its first MSK and takes up the deliveries that a restart of the lab interrupted.</summary>
    public void Start()
    {
        foreach (KeyGroup group in _configuration.KeyGroups.Where(group => _store.FindMsk(group, 0) is null))
        {
            CreateMsk(group);
        }
        foreach (Delivery delivery in _store.PendingDeliveries())
        {
            if (_configuration.Subscribers.Any(subscriber => subscriber.Imsi == delivery.Imsi))
            {
                Run(delivery.Id);
            }
        }
    }

    public Msk CreateMsk(KeyGroup group, ushort seqLow = 1, ushort seqHigh = ushort.MaxValue)
    {
        if (!_configuration.KeyGroups.Contains(group))
        {
            throw new LabException($"{group} is no Key Group of this lab");
        }
        if (seqLow > seqHigh)
        {
            throw new LabException("a new MSK has SEQl no higher than SEQu");
        }
        int last = _store.FindMsk(group, 0)?.Number ?? 0;
        Msk msk = new(
            group,
            (ushort)(last == ushort.MaxValue ? 1 : last + 1),
            RandomNumberGenerator.GetBytes(16),
            RandomNumberGenerator.GetBytes(16),
            BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)),
            seqLow,
            seqHigh);
        _store.AddMsk(msk);
        _events.Add(_events.New(LabEventKind.MskCreated) with
        {
            BmSc = _configuration.BmScOf(group),
            Group = group,
            MskId = Hex(msk.MskIdIn(MikeyProfile.Release6)),
        });
        return msk;
    }

    /// <summary>Builds a solicited pull under the last negotiated MUK, or that of a B-TID. Takes a counter and sends nothing.</summary>
    public byte[] BuildPull(string imsi, KeyGroup group, MikeyProfile? profile, string? btid) =>
        MikeyMessage.BuildPull(NextContext(MukOf(imsi, group, btid), ProfileFor(imsi, profile)), CurrentMsk(group));

    /// <summary>Builds an MSK message likewise, whether or not the MUK's lifetime is over.</summary>
    public byte[] BuildMsk(string imsi, KeyGroup group, MikeyProfile? profile, string? btid) =>
        MikeyMessage.BuildMsk(NextContext(MukOf(imsi, group, btid), ProfileFor(imsi, profile)), AsDelivered(CurrentMsk(group)));

    /// <summary>Sends a solicited pull under the last negotiated MUK, however old, and returns it.</summary>
    public byte[] Solicit(string imsi, KeyGroup group, MikeyProfile? requested)
    {
        Muk muk = MukOf(imsi, group, btid: null);
        IPEndPoint peer = PeerOf(imsi);
        MikeyProfile profile = ProfileFor(imsi, requested);
        Msk current = CurrentMsk(group);
        _solicitedIn[(imsi, group)] = profile;
        bool expired = muk.Expires <= _time.GetUtcNow();
        if (expired && _configuration.DemandFreshKey)
        {
            DemandRenegotiation(imsi, muk.Fqdn);
        }
        if (current.Deleted)
        {
            _deletionsOwed[(imsi, group)] = true;
        }
        lock (_sending)
        {
            MikeyContext context = NextContext(muk, profile);
            byte[] pull = MikeyMessage.BuildPull(context, current);
            Send(pull, peer, _events.New(LabEventKind.PullSent) with
            {
                Imsi = imsi,
                Btid = muk.Btid,
                BmSc = muk.Fqdn,
                Group = group,
                MskId = Hex(Msk.MskId(group, 0, profile)),
                Profile = profile,
                Counter = context.Counter,
                Peer = peer,
                Datagram = pull,
                Expires = muk.Expires,
                Detail = expired ? "under an expired MUK" : "under a valid MUK",
            });
            return pull;
        }
    }

    /// <summary>Delivers an MSK (0: the current one) under the last negotiated MUK, or solicits a pull where that MUK's lifetime is over.</summary>
    public CommandOutcome PushOrSolicit(LabSubscriber subscriber, KeyGroup group, MikeyProfile? profile, ushort number = 0)
    {
        string Try()
        {
            if (!subscriber.MayHave(group))
            {
                return "not allowed for this subscriber";
            }
            Muk? muk = _store.LastMuk(subscriber.Imsi, _configuration.BmScOf(group));
            if (muk is null)
            {
                return "never paired";
            }
            if (muk.Expires > _time.GetUtcNow())
            {
                Deliver(muk, group, number, ProfileFor(subscriber.Imsi, profile));
                return "pushed";
            }
            if (number != 0 && number != CurrentMsk(group).Number)
            {
                return "not sent: the MUK has expired, and a pull asks for the current MSK";
            }
            return TrySolicit(muk, group, profile);
        }
        return new CommandOutcome(subscriber.Imsi, group, Try());
    }

    /// <summary>Sends a solicited pull as <see cref="Solicit"/> does, and takes it for an outcome when that cannot be done.</summary>
    /// <param name="subscriber">The subscriber.</param>
    /// <param name="group">The Key Group.</param>
    /// <param name="profile">The profile; null for the subscriber's.</param>
    /// <param name="demandGba">Only a key negotiated from now on will do.</param>
    public CommandOutcome TrySolicit(LabSubscriber subscriber, KeyGroup group, MikeyProfile? profile, bool demandGba)
    {
        Muk? muk = _store.LastMuk(subscriber.Imsi, _configuration.BmScOf(group));
        if (muk is not null && demandGba)
        {
            DemandRenegotiation(muk.Imsi, muk.Fqdn);
        }
        return new CommandOutcome(subscriber.Imsi, group, muk is null ? "never paired" : TrySolicit(muk, group, profile));
    }

    private string TrySolicit(Muk muk, KeyGroup group, MikeyProfile? profile)
    {
        try
        {
            Solicit(muk.Imsi, group, profile);
            return muk.Expires <= _time.GetUtcNow() ? "solicited: the MUK has expired" : "solicited";
        }
        catch (Exception e) when (e is SocketException or LabException)
        {
            // One subscriber out of reach must not keep the others from their keys, nor stop a stream that re-keys by itself.
            _events.Add(_events.New(LabEventKind.Failed) with { Imsi = muk.Imsi, Btid = muk.Btid, BmSc = muk.Fqdn, Group = group, Detail = e.Message });
            return $"not solicited: {e.Message}";
        }
    }

    /// <summary>Delivers an MSK (0: the current one) under a MUK until it is acknowledged, with SEQl no lower than the MTK in force.</summary>
    public void Deliver(Muk muk, KeyGroup group, ushort number, MikeyProfile? requested = null)
    {
        // What a UE asks for after a pull goes out in the pull's profile, until it has acknowledged that.
        MikeyProfile profile = requested ?? (_solicitedIn.TryGetValue((muk.Imsi, group), out MikeyProfile pulled) ? pulled : ProfileFor(muk.Imsi, null));
        ushort actual = (_store.FindMsk(group, number) ?? throw new LabException($"{group} has no such MSK")).Number;
        foreach (Delivery old in _store.PendingDeliveries().Where(old => old.Imsi == muk.Imsi && old.Group == group && old.Number == actual))
        {
            Abandon(old, "a new delivery of the same MSK took its place");
        }
        Run(_store.AddDelivery(muk, group, actual, profile));
    }

    /// <summary>Creates the next MSK and delivers it to everybody.</summary>
    public IReadOnlyList<CommandOutcome> Rekey(KeyGroup group, MikeyProfile? profile, ushort seqLow = 1, ushort seqHigh = ushort.MaxValue)
    {
        CreateMsk(group, seqLow, seqHigh);
        return Push(group, imsi: null, profile);
    }

    /// <summary>Delivers an MSK (0: the current one) to one subscriber or all.</summary>
    public IReadOnlyList<CommandOutcome> Push(KeyGroup group, string? imsi, MikeyProfile? profile, ushort number = 0) =>
        [.. _configuration.Subscribers
            .Where(subscriber => imsi is null || subscriber.Imsi == imsi)
            .Select(subscriber => PushOrSolicit(subscriber, group, profile, number))];

    /// <summary>Delivers an MSK (0: the current one) again with another interval of MTK IDs; SEQl above SEQu deletes it at the UE.</summary>
    public IReadOnlyList<CommandOutcome> ChangeInterval(KeyGroup group, ushort number, ushort seqLow, ushort seqHigh, string? imsi, MikeyProfile? profile)
    {
        Msk msk = _store.FindMsk(group, number) ?? throw new LabException($"{group} has no MSK {number:x4}");
        _store.SetInterval(group, msk.Number, seqLow, seqHigh);
        _events.Add(_events.New(LabEventKind.IntervalChanged) with
        {
            BmSc = _configuration.BmScOf(group),
            Group = group,
            MskId = Hex(msk.MskIdIn(MikeyProfile.Release6)),
            Detail = seqLow > seqHigh ? "to be deleted" : $"MTK IDs {seqLow} to {seqHigh}",
        });
        return Push(group, imsi, profile, msk.Number);
    }

    /// <summary>Whether a deleted MSK may go out once more: a pull was sent to have its deletion asked for.</summary>
    public bool TakeDeletionOwed(string imsi, KeyGroup group) => _deletionsOwed.TryRemove((imsi, group), out _);

    public void DemandRenegotiation(string imsi, string fqdn)
    {
        _store.DemandRenegotiation(imsi, fqdn);
        _events.Add(_events.New(LabEventKind.RenegotiationDemanded) with { Imsi = imsi, BmSc = fqdn });
    }

    /// <summary>Sends from the MIKEY port without a record.</summary>
    public void Send(byte[] datagram, IPEndPoint to) => _port.Send(datagram, to);

    /// <summary>Sends from the MIKEY port and records what was sent.</summary>
    public void Send(byte[] datagram, IPEndPoint to, LabEvent sent) => _events.Add(sent, () => _port.Send(datagram, to));

    public void SendRaw(byte[] datagram, IPEndPoint to, string? detail) =>
        Send(datagram, to, _events.New(LabEventKind.RawSent) with { Peer = to, Datagram = datagram, Detail = detail });

    public IPEndPoint PeerOf(string imsi) =>
        _store.Address(imsi) is IPAddress address
            ? new IPEndPoint(address, SubscriberOf(imsi).MikeyPort)
            : throw new LabException($"subscriber {imsi} has never paired: its address is not known");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_deliveries.Values);
        await _port.DisposeAsync();
        _stop.Dispose();
    }

    private void Run(long id)
    {
        foreach (long done in _deliveries.Where(pair => pair.Value.IsCompleted).Select(pair => pair.Key))
        {
            _deliveries.TryRemove(done, out _);
        }
        _deliveries[id] = DeliverAsync(id);
    }

    private async Task DeliverAsync(long id)
    {
        TaskCompletionSource acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _outstanding[id] = acknowledged;
        try
        {
            for (int tries = 1; tries <= _configuration.MaxTries; tries++)
            {
                if (!SendDelivery(id, tries) || await AcknowledgedInTimeAsync(acknowledged.Task) || _faults.NoRetransmission)
                {
                    return;
                }
            }
            Abandon(_store.FindDelivery(id), $"not acknowledged after {_configuration.MaxTries} tries");
        }
        catch (OperationCanceledException)
        {
            // The lab stops; the store knows the delivery is pending.
        }
        catch (Exception e)
        {
            // Nobody awaits a delivery. It stays pending: the next start of the lab takes it up.
            _events.Add(_events.New(LabEventKind.Failed) with { Detail = $"MSK delivery {id}: {e.Message}" });
        }
        finally
        {
            _outstanding.TryRemove(id, out _);
        }
    }

    private async Task<bool> AcknowledgedInTimeAsync(Task acknowledged)
    {
        try
        {
            await acknowledged.WaitAsync(_configuration.AckTimeout, _time, _stop.Token);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Sends an MSK message once more. False when there is nothing left to send.</summary>
    private bool SendDelivery(long id, int tries)
    {
        lock (_sending)
        {
            Delivery delivery = _store.FindDelivery(id);
            Muk muk = _store.FindMuk(delivery.Btid, delivery.Fqdn)!;
            if (delivery.State != DeliveryState.Pending)
            {
                return false;
            }
            if (muk.Expires <= _time.GetUtcNow())
            {
                Abandon(delivery, "the MUK has expired");
                return false;
            }
            if (_store.LastMuk(delivery.Imsi, delivery.Fqdn)!.Id != muk.Id)
            {
                Abandon(delivery, "a newer MUK took its place");
                return false;
            }
            Msk msk = _store.FindMsk(delivery.Group, delivery.Number)!;
            // The same octets again as long as nothing later went out under this MUK: the UE then repeats its ACK. Otherwise
            // the UE may have seen a higher counter and drops the old octets for ever, so the message is built anew.
            if (delivery.Counter == 0 || delivery.Counter != muk.Counter)
            {
                MikeyContext context = NextContext(muk, delivery.Profile);
                delivery = delivery with { Counter = context.Counter, Message = MikeyMessage.BuildMsk(context, AsDelivered(msk)) };
                _store.SetMessage(id, delivery.Counter, delivery.Message);
            }
            IPEndPoint peer = PeerOf(delivery.Imsi);
            LabEvent sent = EventOf(LabEventKind.MskSent, delivery) with { Try = tries, Peer = peer, Datagram = delivery.Message };
            if (_faults.LosesMskPush())
            {
                _events.Add(sent with { Detail = "lost on purpose" });
                return true;
            }
            try
            {
                Send(delivery.Message, peer, sent);
            }
            catch (SocketException e)
            {
                // As good as lost on the way: the next try may find the network again.
                _events.Add(EventOf(LabEventKind.Failed, delivery) with { Peer = peer, Detail = e.Message });
            }
            return true;
        }
    }

    private void Receive(byte[] datagram, IPEndPoint from)
    {
        _events.Add(_events.New(LabEventKind.DatagramReceived) with { Peer = from, Datagram = datagram });
        try
        {
            Verify(datagram, from);
        }
        catch (Exception e)
        {
            // As good as lost on the way: the port goes on.
            _events.Add(_events.New(LabEventKind.Failed) with { Peer = from, Datagram = datagram, Detail = e.Message });
        }
    }

    private void Verify(byte[] datagram, IPEndPoint from)
    {
        if (!MikeyMessage.TryReadAck(datagram, out uint counter, out string btid, out byte idType))
        {
            Reject("not a verification message");
        }
        else if (_store.FindDeliveries(btid, counter) is not { Count: > 0 } deliveries)
        {
            Reject("answers no MSK message");
        }
        else
        {
            // Two BM-SCs may have used one counter under one B-TID: only the MAC, which covers IDi, tells their answers apart.
            byte[] Expected(Delivery of) => MikeyMessage.BuildAck(
                new MikeyContext(_store.FindMuk(btid, of.Fqdn)!.Key, btid, of.Fqdn, counter, of.Profile) { Variant = Variant },
                _store.FindMsk(of.Group, of.Number)!,
                idType == Variant.IdType ? idType : (byte)0);
            if (deliveries.FirstOrDefault(of => CryptographicOperations.FixedTimeEquals(Expected(of), datagram)) is not Delivery delivery)
            {
                Reject(deliveries.Any(of => datagram.AsSpan().StartsWith(Expected(of).AsSpan(..^20))) ? "wrong MAC" : "wrong octets before the MAC");
                return;
            }
            bool first = !_faults.LoseAcks && _store.EndDelivery(delivery.Id, DeliveryState.Acknowledged);
            _events.Add(EventOf(LabEventKind.AckVerified, delivery) with
            {
                Peer = from,
                Datagram = datagram,
                Detail = _faults.LoseAcks ? "treated as lost" : first ? null : "repeated",
            });
            if (first)
            {
                _solicitedIn.TryRemove(KeyValuePair.Create((delivery.Imsi, delivery.Group), delivery.Profile));
                if (_outstanding.TryGetValue(delivery.Id, out TaskCompletionSource? acknowledged))
                {
                    acknowledged.TrySetResult();
                }
            }
        }

        void Reject(string why) => _events.Add(_events.New(LabEventKind.DatagramRejected) with { Peer = from, Datagram = datagram, Detail = why });
    }

    private void Abandon(Delivery delivery, string why)
    {
        if (_store.EndDelivery(delivery.Id, DeliveryState.Abandoned))
        {
            _events.Add(EventOf(LabEventKind.DeliveryAbandoned, delivery) with { Detail = why });
        }
    }

    private LabEvent EventOf(LabEventKind kind, Delivery delivery) => _events.New(kind) with
    {
        Imsi = delivery.Imsi,
        Btid = delivery.Btid,
        BmSc = delivery.Fqdn,
        Group = delivery.Group,
        MskId = Hex(Msk.MskId(delivery.Group, delivery.Number, delivery.Profile)),
        Profile = delivery.Profile,
        Counter = delivery.Counter,
    };

    /// <summary>
    /// An MSK as its message brings it: where one of its MTKs is in force, SEQl is that one's ID, as far as SEQu goes. So nobody
    /// can replay older MTK messages to a UE that had forgotten the MSK and with it what it had taken under it.
    /// </summary>
    private Msk AsDelivered(Msk msk) =>
        !msk.Deleted && _store.MtkInForce(msk.Group, _time.GetUtcNow()) is Mtk mtk && mtk.Number == msk.Number
            ? msk with { SeqLow = Math.Clamp(mtk.Id, msk.SeqLow, msk.SeqHigh) }
            : msk;

    private MikeyContext NextContext(Muk muk, MikeyProfile profile) =>
        new(muk.Key, muk.Btid, muk.Fqdn, _store.NextCounter(muk.Btid, muk.Fqdn), profile) { Variant = Variant };

    private Muk MukOf(string imsi, KeyGroup group, string? btid)
    {
        string fqdn = _configuration.BmScOf(group);
        return (btid is null ? _store.LastMuk(imsi, fqdn) : _store.FindMuk(btid, fqdn))
            ?? throw new LabException($"subscriber {imsi} has never paired with {fqdn}: there is no MUK");
    }

    private Msk CurrentMsk(KeyGroup group) => _store.FindMsk(group, 0) ?? throw new LabException($"{group} is no Key Group of this lab");

    private MikeyProfile ProfileFor(string imsi, MikeyProfile? requested) => requested ?? SubscriberOf(imsi).Profile ?? _configuration.Profile;

    private LabSubscriber SubscriberOf(string imsi) =>
        _configuration.Subscribers.FirstOrDefault(subscriber => subscriber.Imsi == imsi) ?? throw new LabException($"{imsi} is no subscriber of this lab");

    private static string Hex(byte[] octets) => Convert.ToHexStringLower(octets);
}
