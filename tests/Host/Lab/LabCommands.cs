using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>The commands for MTKs, streams and MSK intervals, and the sample configuration, as a field tester uses them: by processes.</summary>
[TestClass]
public sealed partial class LabCommands
{
    private const string News = "urn:example:news";
    private const string Group = "00f110/0010";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly string s_sample = Path.Combine(Repository.Root, "tests", "Lab", "lab.json");

    private string _admin = "";

    [TestMethod]
    public async Task MtkStreamIntervalDelete()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("mbms-commands-");
        try
        {
            string path = Path.Combine(directory.FullName, "lab.json");
            File.WriteAllText(path, OnFreePorts(JsonNode.Parse(File.ReadAllText(s_sample))!.AsObject()).ToJsonString());
            using JsonProcess lab = Lab("serve", "--config", path, "--json");
            MeLine started = await lab.WaitAsync(line => line.Event == "started", s_patience);
            _admin = AdminOf().Match(started["detail"]).Groups[1].Value;

            await AnswersAsync($"key group {Group}: MTK 1 under MSK 0001, counter 1, in force from", "mtk", "--group", Group);
            await AnswersAsync("MTK 2 under MSK 0001, counter 2, a dummy", "mtk", "--group", Group, "--dummy");
            await AnswersAsync("MTK 3 under MSK 0001", "mtk", "--group", Group, "--early", "600", "--profile", "release6");
            await lab.WaitAsync(line => line.Event == "mtk-sent" && line["mtkId"] == "3" && line["detail"] == "early: in force in 600 s", s_patience);

            await AnswersAsync($"{News}: streams", "stream", "--service", News, "--start");
            MeLine stream = await lab.WaitAsync(line => line.Event == "stream-started", s_patience);
            StringAssert.Contains(stream["detail"], LibSrtp.IsAvailable ? "SRTP by libsrtp2" : "libsrtp2 is not installed");
            await lab.WaitAsync(line => line.Event == "mtk-changed" && line["mtkId"] == "1", s_patience);
            await RefusesAsync(1, "streams already", "stream", "--service", News);
            string status = await CommandAsync(0, "status");
            StringAssert.Contains(status, $"service {News}: key groups {Group}, MTK messages to 239.255.77.2:");
            StringAssert.Contains(status, "streams: ");
            StringAssert.Contains(status, $"key group {Group}: current MSK 0001, MTK IDs 1 to 65535, current MTK 1 under MSK 0001");
            StringAssert.Contains(status, $"subscriber {MeAndLab.First.Imsi}: registered for nothing");
            await AnswersAsync($"{News}: stopped", "stream", "--service", News, "--stop");
            await lab.WaitAsync(line => line.Event == "stream-stopped", s_patience);
            await AnswersAsync($"{News}: did not stream", "stream", "--service", News, "--stop");

            await AnswersAsync("never paired", "interval", "--group", Group, "--seq-low", "10", "--seq-high", "500");
            StringAssert.Contains(await CommandAsync(0, "status"), "current MSK 0001, MTK IDs 10 to 500");
            await AnswersAsync("never paired", "rekey", "--group", Group, "--seq-low", "7");
            StringAssert.Contains(await CommandAsync(0, "status"), "current MSK 0002, MTK IDs 7 to 65535");
            await AnswersAsync("never paired", "delete", "--group", Group, "--number", "0001");
            StringAssert.Contains(await CommandAsync(0, "status"), "current MSK 0002, MTK IDs 7 to 65535");
            await AnswersAsync("never paired", "delete", "--group", Group);
            StringAssert.Contains(await CommandAsync(0, "status"), "current MSK 0002, deleted");

            await RefusesAsync(1, "SEQl is above SEQu", "interval", "--group", Group, "--seq-low", "3", "--seq-high", "2");
            await RefusesAsync(1, "rekey: name one Key Group with --group, or all with --all", "rekey");
            await RefusesAsync(1, "SEQl no higher than SEQu", "rekey", "--all", "--seq-low", "3", "--seq-high", "2");
            await RefusesAsync(1, "has no MSK 0003", "delete", "--group", Group, "--number", "3");
            await RefusesAsync(1, "urn:none is no service of this lab", "stream", "--service", "urn:none");
            await RefusesAsync(1, "00f110/0099 is no Key Group of this lab", "mtk", "--group", "00f110/0099");
            await RefusesAsync(1, "either --start or --stop", "stream", "--service", News, "--start", "--stop");
            await RefusesAsync(1, "--number: expected 1 to 4 hexadecimal digits", "delete", "--group", Group, "--number", "0");
            await RefusesAsync(1, "--early: expected a whole number", "mtk", "--group", Group, "--early", "soon");
            await RefusesAsync(1, "--seq-high", "interval", "--group", Group, "--seq-low", "3");
            Assert.AreEqual(0, await lab.StopAsync());
            Assert.AreEqual("", lab.Errors);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [TestMethod]
    public async Task HelpTellsThem()
    {
        using JsonProcess all = Lab("--help");
        Assert.AreEqual(0, await all.ExitAsync());
        foreach (string command in (string[])["solicit", "rekey", "push", "demand-gba", "interval", "delete", "mtk", "stream", "status", "serve"])
        {
            StringAssert.Matches(all.Output, new Regex($@"^\s+{command}\s+[A-Z]", RegexOptions.Multiline));
        }
        foreach ((string command, string option) in ((string, string)[])
            [("mtk", "--early"), ("mtk", "--dummy"), ("stream", "--start"), ("stream", "--stop"), ("interval", "--seq-low"), ("rekey", "--seq-high"), ("delete", "--number")])
        {
            using JsonProcess help = Lab(command, "--help");
            Assert.AreEqual(0, await help.ExitAsync());
            StringAssert.Contains(help.Output, option);
        }
        using JsonProcess rekey = Lab("rekey", "--help");
        Assert.AreEqual(0, await rekey.ExitAsync());
        Assert.IsFalse(rekey.Output.Contains("by default all"), "it wants --group or --all");
    }

    private static JsonObject OnFreePorts(JsonObject configuration)
    {
        foreach (string server in (string[])["bsf", "bmsc", "mikey", "admin"])
        {
            configuration[server]!["listen"] = "127.0.0.1:0";
        }
        configuration["services"]![0]!["mtkGroup"] = $"239.255.77.2:{FreePort.Next()}";
        configuration["services"]![0]!["flow"] = $"239.255.77.2:{FreePort.Next()}";
        return configuration;
    }

    private static JsonProcess Lab(params string[] arguments) => new(typeof(LabServer).Assembly.Location, arguments);

    private async Task AnswersAsync(string expected, string command, params string[] more) =>
        StringAssert.Contains(await CommandAsync(0, command, more), expected);

    private async Task RefusesAsync(int code, string expected, string command, params string[] more) =>
        StringAssert.Contains(await CommandAsync(code, command, more), expected);

    private async Task<string> CommandAsync(int expected, string command, params string[] more)
    {
        using JsonProcess process = Lab([command, "--admin", _admin, .. more]);
        int code = await process.ExitAsync();
        Assert.AreEqual(expected, code, process.Output + process.Errors);
        return process.Output + process.Errors;
    }

    [GeneratedRegex("admin http://([^/]+)/")]
    private static partial Regex AdminOf();
}
