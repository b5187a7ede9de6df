using System.CommandLine;
using System.Net;
using MbmsMe.Lab;

Option<bool> keep = new("--keep") { Description = "Keep the temporary directory (ME configuration, ME state, lab database) and say where it is." };
Option<bool> verbose = new("--verbose") { Description = "Also print every event of the lab and of the ME as they come." };
RootCommand root = new("Lab BM-SC and BSF for MBMS mobile equipment (3GPP TS 33.246). Without a command: runs the demo and exits with 0 only if every step was seen at both ends.")
{
    keep,
    verbose,
};
root.SetAction((result, cancellation) => Demo.RunAsync(result.GetValue(keep), result.GetValue(verbose), cancellation));

Option<string> config = new("--config") { Description = "The configuration file.", DefaultValueFactory = _ => "lab.json" };
Option<bool> json = new("--json") { Description = "Print events as JSON, one object per line." };
Command serve = new("serve", "Serves boards and host MEs until interrupted.") { config, json };
serve.SetAction((result, cancellation) => Serve.RunAsync(result.GetValue(config)!, result.GetValue(json), cancellation));
root.Add(serve);

Option<IPEndPoint> admin = new("--admin")
{
    Description = "Address and port of the running lab's admin API.",
    DefaultValueFactory = _ => LabConfigurationFile.DefaultAdmin,
    CustomParser = argument =>
    {
        if (IPEndPoint.TryParse(argument.Tokens[0].Value, out IPEndPoint? endPoint))
        {
            return endPoint;
        }
        argument.AddError("--admin: expected an IP address and a port such as 127.0.0.1:8090");
        return null;
    },
};
Option<string?> imsi = new("--imsi") { Description = "One subscriber; by default all." };
Option<string?> group = new("--group") { Description = "One Key Group such as 00f110/0010; by default all." };
Option<string?> profile = new("--profile") { Description = "release6 or draft2004; by default each subscriber's own." };
profile.AcceptOnlyFromAmong("release6", "draft2004");
Option<bool> demandGba = new("--demand-gba") { Description = "Accept only a key negotiated after the pull." };
Option<bool> all = new("--all") { Description = "Re-key every Key Group." };

Option<string> service = new("--service") { Description = "The service, for example urn:example:news.", Required = true };
Option<bool> stop = new("--stop") { Description = "End the stream." };
Option<int> early = new("--early") { Description = "Seconds from the MTK's message to its first packet." };
Option<bool> dummy = new("--dummy") { Description = "An MTK that never protects traffic." };
Option<string?> alsoTo = new("--imsi") { Description = "Send to this subscriber too, by unicast." };
Option<ushort> seqLow = Sequence("--seq-low", "SEQl, the lowest MTK ID: 0 to 65535.");
Option<ushort> seqHigh = Sequence("--seq-high", "SEQu, the highest MTK ID: 0 to 65535.");

static Option<ushort> Sequence(string name, string description) => new(name) { Description = description, Required = true };

void AddCommand(string name, string description, params Option[] options)
{
    Command command = new(name, description) { admin };
    foreach (Option option in options)
    {
        command.Add(option);
    }
    if (name == "rekey")
    {
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) == (result.GetValue(group) is not null))
            {
                result.AddError("rekey: name one Key Group with --group, or all with --all");
            }
        });
    }
    if (name is "mtk" or "interval" or "delete")
    {
        command.Validators.Add(result =>
        {
            if (result.GetValue(group) is null)
            {
                result.AddError($"{name}: name one Key Group with --group");
            }
        });
    }
    if (name == "interval")
    {
        // Looked at only when both are numbers: what is not one has been reported by then.
        command.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValue(seqLow) > result.GetValue(seqHigh))
            {
                result.AddError("interval: --seq-low is above --seq-high; to delete the MSK use delete");
            }
        });
    }
    T? Value<T>(ParseResult result, Option<T> option) => options.Contains(option) ? result.GetValue(option) : default;
    command.SetAction((result, cancellation) => AdminClient.SendAsync(
        result.GetValue(admin)!,
        name,
        new AdminRequest(
            Value(result, imsi) ?? Value(result, alsoTo),
            Value(result, group),
            Value(result, profile),
            Value(result, demandGba),
            Value(result, service),
            Value(result, stop),
            Value(result, early),
            Value(result, dummy),
            Value(result, seqLow),
            Value(result, seqHigh)),
        cancellation));
    root.Add(command);
}

AddCommand("solicit", "Sends a solicited pull under the last negotiated MUK, even an expired one.", imsi, group, profile, demandGba);
AddCommand("rekey", "Creates the next MSK and pushes it; subscribers whose MUK has expired are solicited.", group, all, profile);
AddCommand("push", "Pushes the current MSK; subscribers whose MUK has expired are solicited.", imsi, group, profile);
AddCommand("demand-gba", "Answers the next request with 401 unless it uses a key negotiated from now on.", imsi);
AddCommand("interval", "Pushes the current MSK again, the same key with another interval of MTK IDs.", group, seqLow, seqHigh, imsi, profile);
AddCommand("delete", "Pushes the current MSK with SEQl above SEQu, which deletes it.", group, imsi, profile);
AddCommand("mtk", "Makes the next MTK and sends its message to the MTK groups of the services that use it.", group, early, dummy, alsoTo, profile);
AddCommand("stream", "Streams a service over SRTP and repeats its MTK messages.", service, stop, profile);
AddCommand("status", "Shows subscribers, keys' lifetimes, deliveries, registrations, Key Groups, MTK IDs and services.", imsi);

return await root.Parse(args).InvokeAsync();
