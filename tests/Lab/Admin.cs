using Microsoft.AspNetCore.Http;

namespace MbmsMe.Lab;

/// <summary>What the command line asks a running lab for.</summary>
/// <param name="Imsi">One subscriber; null for all.</param>
/// <param name="KeyGroup">One Key Group such as <c>00f110/0010</c>; null for all.</param>
/// <param name="Profile">The profile; null for each subscriber's own.</param>
/// <param name="DemandGba">With <c>solicit</c>: accept only a key negotiated later.</param>
/// <param name="Service">With <c>stream</c>: the service.</param>
/// <param name="Stop">With <c>stream</c>: end the stream.</param>
/// <param name="EarlySeconds">With <c>mtk</c>: how long after its message the MTK begins to protect traffic; null for the configured lead.</param>
/// <param name="Dummy">With <c>mtk</c>: the MTK never protects traffic.</param>
/// <param name="SeqLow">With <c>interval</c> and <c>rekey</c>: SEQl, with <c>rekey</c> 1 unless told.</param>
/// <param name="SeqHigh">With <c>interval</c> and <c>rekey</c>: SEQu, with <c>rekey</c> 65535 unless told.</param>
/// <param name="Number">With <c>delete</c>: Key Number of the MSK; 0 for the current one.</param>
internal sealed record AdminRequest(
    string? Imsi = null,
    string? KeyGroup = null,
    string? Profile = null,
    bool DemandGba = false,
    string? Service = null,
    bool Stop = false,
    int? EarlySeconds = null,
    bool Dummy = false,
    ushort? SeqLow = null,
    ushort? SeqHigh = null,
    ushort Number = 0);

/// <summary>
/// The admin API: POST /solicit, /rekey, /push, /demand-gba, /interval, /delete, /mtk, /stream and /status with an
/// <see cref="AdminRequest"/> as JSON, answered by an array of lines. It has no authentication and belongs on loopback; that
/// only JSON is accepted keeps web pages from using it.
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
            await context.Response.WriteAsJsonAsync((await AnswerAsync(context.Request.Path.Value!.Trim('/'), request)).ToArray());
        }
        catch (Exception e)
        {
            context.Response.StatusCode = e is LabException or System.Text.Json.JsonException ? StatusCodes.Status400BadRequest : StatusCodes.Status500InternalServerError;
            await context.Response.WriteAsJsonAsync(new[] { e.Message });
        }
    }

    private async Task<IEnumerable<string>> AnswerAsync(string command, AdminRequest request)
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
            "solicit" => subscribers.SelectMany(subscriber => groups.Select(group => lab.TrySolicit(subscriber, group, profile, request.DemandGba))).Select(Line),
            "push" => subscribers.SelectMany(subscriber => groups.SelectMany(group => lab.Push(group, subscriber.Imsi, profile))).Select(Line),
            "rekey" => groups.SelectMany(group => lab.Rekey(group, profile, request.SeqLow ?? 1, request.SeqHigh ?? ushort.MaxValue)).Select(Line),
            "interval" => ChangeInterval(groups, request, profile).Select(Line),
            "delete" => groups.SelectMany(group => lab.DeleteMsk(group, request.Imsi, profile, request.Number)).Select(Line),
            "mtk" => groups.Select(group => NewMtk(group, request, profile)),
            "stream" => [await StreamAsync(request, profile)],
            _ => throw new LabException($"unknown command {command}"),
        };
    }

    private IEnumerable<CommandOutcome> ChangeInterval(KeyGroup[] groups, AdminRequest request, MikeyProfile? profile)
    {
        if (request.SeqLow is not ushort low || request.SeqHigh is not ushort high)
        {
            throw new LabException("an interval has both SEQl and SEQu");
        }
        if (low > high)
        {
            throw new LabException("SEQl is above SEQu: that is for delete");
        }
        return groups.SelectMany(group => lab.ChangeInterval(group, low, high, request.Imsi, profile));
    }

    private string NewMtk(KeyGroup group, AdminRequest request, MikeyProfile? profile)
    {
        TimeSpan? early = request.EarlySeconds is int seconds ? TimeSpan.FromSeconds(seconds) : null;
        Mtk mtk = lab.NewMtk(group, early, request.Dummy, request.Imsi, profile);
        return $"key group {group}: MTK {mtk.Id} under MSK {mtk.Number:x4}, counter {mtk.Counter}, {(mtk.Dummy ? "a dummy" : $"in force from {mtk.InForce:u}")}";
    }

    private async Task<string> StreamAsync(AdminRequest request, MikeyProfile? profile)
    {
        string service = request.Service ?? throw new LabException("name a service");
        if (request.Stop)
        {
            return $"{service}: {(await lab.StopStreamAsync(service) ? "stopped" : "did not stream")}";
        }
        lab.StartStream(service, profile: profile);
        return $"{service}: streams";
    }

    private string DemandGba(LabSubscriber subscriber)
    {
        lab.DemandRenegotiation(subscriber.Imsi);
        return $"{subscriber.Imsi}: the next request must use a key negotiated from now on";
    }

    private IEnumerable<string> Status(IEnumerable<LabSubscriber> subscribers)
    {
        bool several = lab.Configuration.BmScs.Count > 1;
        foreach (LabSubscriber subscriber in subscribers)
        {
            foreach (LabBmSc bmsc in lab.Configuration.BmScs)
            {
                Muk? muk = lab.LastMuk(subscriber.Imsi, bmsc.Fqdn);
                string who = $"subscriber {subscriber.Imsi}{(several ? $" at {bmsc.Fqdn}" : "")}";
                yield return muk is null
                    ? $"{who}: never paired"
                    : $"{who}: {muk.Btid}, {(muk.Expires <= lab.Time.GetUtcNow() ? "expired" : "valid until")} {muk.Expires:u}, counter {muk.Counter}, "
                        + $"MSK deliveries {lab.CountDeliveries(subscriber.Imsi, DeliveryState.Acknowledged, bmsc.Fqdn)} acknowledged, "
                        + $"{lab.CountDeliveries(subscriber.Imsi, DeliveryState.Pending, bmsc.Fqdn)} pending, "
                        + $"{lab.CountDeliveries(subscriber.Imsi, DeliveryState.Abandoned, bmsc.Fqdn)} abandoned";
            }
            if (lab.Configuration.Services.Count > 0)
            {
                IReadOnlyList<string> services = lab.Registrations(subscriber.Imsi);
                yield return $"subscriber {subscriber.Imsi}: registered for {(services.Count == 0 ? "nothing" : string.Join(", ", services))}";
            }
        }
        foreach (KeyGroup group in lab.Configuration.KeyGroups)
        {
            Msk msk = lab.CurrentMsk(group)!;
            Mtk? mtk = lab.CurrentMtk(group);
            yield return $"key group {group}{(several ? $" of {lab.Configuration.BmScOf(group)}" : "")}: current MSK {msk.Number:x4}, "
                + $"{(msk.Deleted ? "deleted" : $"MTK IDs {msk.SeqLow} to {msk.SeqHigh}")}, "
                + (mtk is null ? "no MTK yet" : $"current MTK {mtk.Id} under MSK {mtk.Number:x4}");
        }
        foreach (LabService service in lab.Configuration.Services)
        {
            yield return $"service {service.Id}: key groups {string.Join(", ", service.KeyGroups)}, MTK messages to {service.MtkGroup?.ToString() ?? "nobody"}, "
                + (service.Flow is null ? "no flow" : $"flow {service.Flow}, {(lab.PacketsSent(service.Id) is long packets ? $"streams: {packets} packets" : "does not stream")}");
        }
    }

    private static string Line(CommandOutcome outcome) => $"{outcome.Imsi} {outcome.Group}: {outcome.Outcome}";
}
