using Microsoft.AspNetCore.Http;

namespace MbmsMe.Lab;

/// <summary>What the command line asks a running lab for.</summary>
/// <param name="Imsi">One subscriber; null for all.</param>
/// <param name="KeyGroup">One Key Group such as <c>00f110/0010</c>; null for all.</param>
/// <param name="Profile">The profile; null for each subscriber's own.</param>
/// <param name="DemandGba">With <c>solicit</c>: accept only a key negotiated later.</param>
internal sealed record AdminRequest(string? Imsi = null, string? KeyGroup = null, string? Profile = null, bool DemandGba = false);

/// <summary>
/// The admin API: POST /solicit, /rekey, /push, /demand-gba and /status with an <see cref="AdminRequest"/> as JSON, answered by
/// an array of lines. It has no authentication and belongs on loopback; that only JSON is accepted keeps web pages from using it.
/// </summary>
internal sealed class Admin(LabServer lab)
{
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (context.Request.Method != "POST" || !context.Request.HasJsonContentType())
            {
                throw new LabException("the admin API takes POST with application/json");
            }
            AdminRequest request = await context.Request.ReadFromJsonAsync<AdminRequest>() ?? new AdminRequest();
            await context.Response.WriteAsJsonAsync(Answer(context.Request.Path.Value!.Trim('/'), request).ToArray());
        }
        catch (Exception e) when (e is LabException or System.Text.Json.JsonException or System.Net.Sockets.SocketException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsJsonAsync(new[] { e.Message });
        }
    }

    private IEnumerable<string> Answer(string command, AdminRequest request)
    {
        LabSubscriber[] subscribers = [.. lab.Configuration.Subscribers.Where(subscriber => request.Imsi is null || subscriber.Imsi == request.Imsi)];
        KeyGroup[] groups = [.. lab.Configuration.KeyGroups.Where(group => request.KeyGroup is null || group.ToString() == request.KeyGroup.ToLowerInvariant())];
        MikeyProfile? profile = request.Profile is null ? null
            : Enum.TryParse(request.Profile, ignoreCase: true, out MikeyProfile named) ? named
            : throw new LabException($"{request.Profile} is no profile: release6 or draft2004");
        if (subscribers.Length == 0)
        {
            throw new LabException($"{request.Imsi} is no subscriber of this lab");
        }
        if (groups.Length == 0)
        {
            throw new LabException($"{request.KeyGroup} is no Key Group of this lab");
        }
        return command switch
        {
            "status" => Status(subscribers),
            "demand-gba" => subscribers.Select(DemandGba),
            "solicit" => subscribers.SelectMany(subscriber => groups.Select(group => Solicit(subscriber, group, profile, request.DemandGba))),
            "push" => subscribers.SelectMany(subscriber => groups.SelectMany(group => lab.Push(group, subscriber.Imsi, profile))).Select(Line),
            "rekey" => groups.SelectMany(group => lab.Rekey(group, profile)).Select(Line),
            _ => throw new LabException($"unknown command {command}"),
        };
    }

    private string DemandGba(LabSubscriber subscriber)
    {
        lab.DemandRenegotiation(subscriber.Imsi);
        return $"{subscriber.Imsi}: the next request must use a key negotiated from now on";
    }

    private string Solicit(LabSubscriber subscriber, KeyGroup group, MikeyProfile? profile, bool demandGba)
    {
        if (lab.LastMuk(subscriber.Imsi) is not Muk muk)
        {
            return Line(new CommandOutcome(subscriber.Imsi, group, "never paired"));
        }
        if (demandGba)
        {
            lab.DemandRenegotiation(subscriber.Imsi);
        }
        lab.Solicit(subscriber.Imsi, group, profile);
        return Line(new CommandOutcome(subscriber.Imsi, group, muk.Expires <= lab.Time.GetUtcNow() ? "solicited under the expired MUK" : "solicited"));
    }

    private IEnumerable<string> Status(IEnumerable<LabSubscriber> subscribers)
    {
        foreach (LabSubscriber subscriber in subscribers)
        {
            Muk? muk = lab.LastMuk(subscriber.Imsi);
            yield return muk is null
                ? $"subscriber {subscriber.Imsi}: never paired"
                : $"subscriber {subscriber.Imsi}: {muk.Btid}, {(muk.Expires <= lab.Time.GetUtcNow() ? "expired" : "valid until")} {muk.Expires:u}, counter {muk.Counter}, "
                    + $"MSK deliveries {lab.CountDeliveries(subscriber.Imsi, DeliveryState.Acknowledged)} acknowledged, "
                    + $"{lab.CountDeliveries(subscriber.Imsi, DeliveryState.Pending)} pending, {lab.CountDeliveries(subscriber.Imsi, DeliveryState.Abandoned)} abandoned";
        }
        foreach (KeyGroup group in lab.Configuration.KeyGroups)
        {
            yield return $"key group {group}: current MSK {lab.CurrentMsk(group)!.Number:x4}";
        }
    }

    private static string Line(CommandOutcome outcome) => $"{outcome.Imsi} {outcome.Group}: {outcome.Outcome}";
}
