using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace MbmsMe.Lab;

/// <summary>Writes events for people or, one JSON object per line, for programs. Datagrams are left out.</summary>
internal static partial class LabLog
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>An event's name: <c>AckVerified</c> is <c>ack-verified</c>.</summary>
    public static string NameOf(LabEventKind kind) => WordStart().Replace(kind.ToString(), "-").ToLowerInvariant();

    public static string Json(LabEvent labEvent) => JsonSerializer.Serialize(
        new
        {
            @event = NameOf(labEvent.Kind),
            time = labEvent.Time.UtcDateTime,
            server = labEvent.Server,
            requesttype = labEvent.RequestType,
            status = labEvent.Status,
            imsi = labEvent.Imsi,
            btid = labEvent.Btid,
            keyDomain = labEvent.Group?.KeyDomain,
            keyGroup = labEvent.Group?.Group.ToString("x4"),
            mskId = labEvent.MskId,
            mtkId = labEvent.MtkId,
            bmsc = labEvent.BmSc,
            service = labEvent.Service,
            profile = labEvent.Profile?.ToString().ToLowerInvariant(),
            counter = labEvent.Counter,
            @try = labEvent.Try,
            expires = labEvent.Expires?.UtcDateTime,
            peer = labEvent.Peer?.ToString(),
            octets = labEvent.Datagram?.Length,
            detail = labEvent.Detail,
        },
        s_options);

    public static string Line(LabEvent labEvent) => $"{labEvent.Time.LocalDateTime:HH:mm:ss.fff}  {NameOf(labEvent.Kind),-22} " + string.Join(
        ", ",
        new[]
        {
            labEvent.Server is null ? null : $"{labEvent.Server}{(labEvent.BmSc is null ? "" : $" {labEvent.BmSc}")}{(labEvent.RequestType is null ? "" : $" {labEvent.RequestType}")}{(labEvent.Status is null ? "" : $" -> {labEvent.Status}")}",
            labEvent.Detail,
            labEvent.Group is null ? null : $"group {labEvent.Group}",
            labEvent.MskId is null ? null : $"MSK ID {labEvent.MskId}",
            labEvent.MtkId is null ? null : $"MTK ID {labEvent.MtkId}",
            labEvent.Service is null ? null : $"service {labEvent.Service}",
            labEvent.Counter is null ? null : $"counter {labEvent.Counter}",
            labEvent.Try > 1 ? $"try {labEvent.Try}" : null,
            labEvent.Imsi is null ? null : $"IMSI {labEvent.Imsi}",
            labEvent.Btid is null ? null : $"B-TID {labEvent.Btid}",
            labEvent.Expires is null ? null : $"key expires {labEvent.Expires:u}",
            labEvent.Peer is null ? null : $"{(labEvent.Kind is LabEventKind.MtkSent or LabEventKind.MtkChanged or LabEventKind.StreamStarted ? "to" : "UE")} {labEvent.Peer}",
        }.Where(part => part is not null));

    [GeneratedRegex("(?<!^)(?=[A-Z])")]
    private static partial Regex WordStart();
}
