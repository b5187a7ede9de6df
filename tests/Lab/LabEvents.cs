using System.Net;

namespace MbmsMe.Lab;

/// <summary>What happens in the lab.</summary>
public enum LabEventKind
{
    /// <summary>The lab listens.</summary>
    Started,

    /// <summary>An HTTP request was answered.</summary>
    Http,

    /// <summary>A B-TID was handed out.</summary>
    Bootstrapped,

    /// <summary>The BM-SC used a MUK for the first time, after the digest under its MRK had verified.</summary>
    MukNegotiated,

    /// <summary>From now on only a key negotiated later is accepted.</summary>
    RenegotiationDemanded,

    /// <summary>An MSK was created.</summary>
    MskCreated,

    /// <summary>A solicited pull was sent.</summary>
    PullSent,

    /// <summary>An MSK message was sent.</summary>
    MskSent,

    /// <summary>A new MTK's message was sent, or the current one's by command; the repeats of a stream are not recorded.</summary>
    MtkSent,

    /// <summary>A stream's packets are protected under another MTK from now on.</summary>
    MtkChanged,

    /// <summary>A service streams.</summary>
    StreamStarted,

    /// <summary>A service streams no longer.</summary>
    StreamStopped,

    /// <summary>A subscriber registered for a service.</summary>
    Registered,

    /// <summary>A subscriber's registration for a service has ended.</summary>
    Deregistered,

    /// <summary>SEQl and SEQu of an MSK were changed.</summary>
    IntervalChanged,

    /// <summary>Octets chosen by a test were sent.</summary>
    RawSent,

    /// <summary>A datagram came to the lab's MIKEY port.</summary>
    DatagramReceived,

    /// <summary>A datagram was a verification message and is octet for octet right.</summary>
    AckVerified,

    /// <summary>A datagram was no verification message for anything sent, or a wrong one.</summary>
    DatagramRejected,

    /// <summary>An MSK message will not be sent again.</summary>
    DeliveryAbandoned,

    /// <summary>A request could not be handled or a datagram not be sent because of an error on the lab's side.</summary>
    Failed,
}

/// <summary>One thing that happened. Never carries a key, a password or RES.</summary>
/// <param name="Kind">What.</param>
/// <param name="Time">When.</param>
public sealed record LabEvent(LabEventKind Kind, DateTimeOffset Time)
{
    /// <summary><c>bsf</c> or <c>bmsc</c>.</summary>
    public string? Server { get; init; }

    /// <summary><c>gba</c> on Ub; on Ua the request type.</summary>
    public string? RequestType { get; init; }

    /// <summary>HTTP status.</summary>
    public int? Status { get; init; }

    /// <summary>Subscriber.</summary>
    public string? Imsi { get; init; }

    /// <summary>B-TID.</summary>
    public string? Btid { get; init; }

    /// <summary>Key Group.</summary>
    public KeyGroup? Group { get; init; }

    /// <summary>MSK ID in hexadecimal, as it goes over the wire.</summary>
    public string? MskId { get; init; }

    /// <summary>MTK ID.</summary>
    public ushort? MtkId { get; init; }

    /// <summary>The BM-SC's FQDN, where one is concerned.</summary>
    public string? BmSc { get; init; }

    /// <summary>The service.</summary>
    public string? Service { get; init; }

    /// <summary>Profile of a message.</summary>
    public MikeyProfile? Profile { get; init; }

    /// <summary>Counter of a message.</summary>
    public uint? Counter { get; init; }

    /// <summary>How many times an MSK message has been sent, this time included.</summary>
    public int? Try { get; init; }

    /// <summary>End of the lifetime of the key concerned.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>The UE's end.</summary>
    public IPEndPoint? Peer { get; init; }

    /// <summary>The datagram; not written to any log.</summary>
    public byte[]? Datagram { get; init; }

    /// <summary>More, for people.</summary>
    public string? Detail { get; init; }
}

/// <summary>The lab's record.</summary>
/// <param name="time">The clock that stamps events.</param>
/// <param name="kept">How many events are kept, the latest ones.</param>
public sealed class LabEvents(TimeProvider time, int kept = int.MaxValue) : EventRecord<LabEvent>(kept)
{
    internal LabEvent New(LabEventKind kind) => new(kind, time.GetUtcNow());
}
