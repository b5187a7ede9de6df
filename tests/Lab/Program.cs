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
Option<string?> rekeyed = new("--group") { Description = "One Key Group such as 00f110/0010; this or --all." };
Option<bool> all = new("--all") { Description = "Every Key Group; this or --group." };

Option<string> service = new("--service") { Description = "The service, for example urn:example:news.", Required = true };
Option<bool> start = new("--start") { Description = "Start the stream; also without this option." };
Option<bool> stop = new("--stop") { Description = "End the stream." };
Option<int?> early = Number("--early", "Seconds from the MTK's message to its first packet; by default mtk.leadSeconds.", 86_400);
Option<bool> dummy = new("--dummy") { Description = "An MTK that never protects traffic." };
Option<string> oneGroup = new("--group") { Description = "The Key Group, for example 00f110/0010.", Required = true };
Option<string?> mtkProfile = new("--profile") { Description = "release6 or draft2004, for the MTKs made; by default the lab's." };
mtkProfile.AcceptOnlyFromAmong("release6", "draft2004");
Option<string?> alsoTo = new("--imsi") { Description = "Send to this subscriber too, by unicast." };
Option<int?> seqLow = Number("--seq-low", "SEQl, the lowest MTK ID.", ushort.MaxValue);
Option<int?> seqHigh = Number("--seq-high", "SEQu, the highest MTK ID.", ushort.MaxValue);
seqLow.Required = seqHigh.Required = true;
Option<int?> firstSeqLow = Number("--seq-low", "SEQl, the lowest MTK ID; by default 1.", ushort.MaxValue);
Option<int?> firstSeqHigh = Number("--seq-high", "SEQu, the highest MTK ID; by default 65535.", ushort.MaxValue);
Option<int?> keyNumber = new("--number")
{
    Description = "Key Number of the MSK as status shows it, for example 0002; by default the current one's.",
    CustomParser = argument =>
    {
        if (ushort.TryParse(argument.Tokens[0].Value, System.Globalization.NumberStyles.AllowHexSpecifier, null, out ushort number) && number != 0)
        {
            return number;
        }
        argument.AddError("--number: expected 1 to 4 hexadecimal digits, not 0");
        return null;
    },
};

static Option<int?> Number(string name, string description, int most) => new(name)
{
    Description = description,
    CustomParser = argument =>
    {
        if (int.TryParse(argument.Tokens[0].Value, out int number) && number >= 0 && number <= most)
        {
            return number;
        }
        argument.AddError($"{name}: expected a whole number from 0 to {most}");
        return null;
    },
};

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
            if (result.GetValue(all) == (result.GetValue(rekeyed) is not null))
            {
                result.AddError("rekey: name one Key Group with --group, or all with --all");
            }
        });
    }
    if (name == "stream")
    {
        command.Validators.Add(result =>
        {
            if (result.GetValue(start) && result.GetValue(stop))
            {
                result.AddError("stream: either --start or --stop");
            }
        });
    }
    T? Value<T>(ParseResult result, Option<T> option) => options.Contains(option) ? result.GetValue(option) : default;
    command.SetAction((result, cancellation) => AdminClient.SendAsync(
        result.GetValue(admin)!,
        name,
        new AdminRequest(
            Value(result, imsi) ?? Value(result, alsoTo),
            Value(result, group) ?? Value(result, rekeyed) ?? Value(result, oneGroup),
            Value(result, profile) ?? Value(result, mtkProfile),
            Value(result, demandGba),
            Value(result, service),
            Value(result, stop),
            Value(result, early),
            Value(result, dummy),
            (ushort?)(Value(result, seqLow) ?? Value(result, firstSeqLow)),
            (ushort?)(Value(result, seqHigh) ?? Value(result, firstSeqHigh)),
            (ushort)(Value(result, keyNumber) ?? 0)),
        cancellation));
    root.Add(command);
}

AddCommand("solicit", "Sends a solicited pull under the last negotiated MUK, even an expired one.", imsi, group, profile, demandGba);
AddCommand("rekey", "Creates the next MSK and pushes it; subscribers whose MUK has expired are solicited.", rekeyed, all, firstSeqLow, firstSeqHigh, profile);
AddCommand("push", "Pushes the current MSK; subscribers whose MUK has expired are solicited.", imsi, group, profile);
AddCommand("demand-gba", "Answers the next request with 401 unless it uses a key negotiated from now on.", imsi);
AddCommand("interval", "Pushes the current MSK again, the same key with another interval of MTK IDs.", oneGroup, seqLow, seqHigh, imsi, profile);
AddCommand("delete", "Pushes the current MSK, or the one with --number, with SEQl above SEQu, which deletes it.", oneGroup, keyNumber, imsi, profile);
AddCommand("mtk", "Makes the next MTK and sends its message to the MTK groups of the services that use it.", oneGroup, early, dummy, alsoTo, mtkProfile);
AddCommand("stream", "Streams a service over SRTP and repeats its MTK messages.", service, start, stop, mtkProfile);
AddCommand("status", "Shows subscribers, keys' lifetimes, deliveries, registrations, Key Groups, MTK IDs and services.", imsi);

return await root.Parse(args).InvokeAsync();
