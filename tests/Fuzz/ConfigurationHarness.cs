using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using MbmsMe.Configuration;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Services;

namespace MbmsMe.Tests.Fuzz;

/// <summary>me.json: a configuration that can be worked with, or one line that says what is wrong.</summary>
internal sealed class ConfigurationHarness : Harness
{
    private const string Full =
        "{\n  \"uicc\": { \"kind\": \"soft\", \"iccid\": \"8988201000000000019\", \"imsi\": \"001010123456789\", \"mncLength\": 2,\n"
        + "    \"k\": \"" + Vectors.K + "\", \"opc\": \"" + Vectors.Opc + "\" },\n"
        + "  \"bsf\": { \"url\": \"http://127.0.0.1:8070/\" },\n"
        + "  \"bmsc\": { \"url\": \"https://127.0.0.1:8080/keymanagement\", \"fqdn\": \"bmsc.example.org\" },\n"
        + "  \"mikey\": { \"listen\": \"127.0.0.1:2269\" },\n"
        + "  \"services\": [ { \"id\": \"urn:example:news\", \"keyDomain\": \"00f110\", \"keyGroups\": [\"0010\", \"0011\"] },\n"
        + "    { \"id\": \"urn:example:sport\", \"keyDomain\": \"00f110\", \"keyGroups\": [\"0012\"] } ],\n"
        + "  \"backoff\": { \"offsetSeconds\": 1, \"randomSeconds\": 30, \"maxRequestsPerMinute\": 10 },\n"
        + "  \"storage\": { \"directory\": \"./me-state\" },\n"
        + "  \"wifi\": { \"ssid\": \"lab\", \"password\": \"secret-secret\" }\n}\n";

    // What may be left out, all of it.
    private static readonly string s_rich = Full
        .Replace("\"keyGroups\": [\"0012\"] }", "\"keyGroups\": [\"0012\"], \"announcement\": \"sport.xml\", "
            + "\"mtk\": { \"group\": \"239.255.1.1:2269\" }, \"bmsc\": { \"url\": \"http://b.example.org/k\", \"fqdn\": \"b.example.org\" }, "
            + "\"sessions\": [ { \"flow\": \"239.255.1.1:5004\", \"keyGroup\": \"0012\", \"output\": \"127.0.0.1:6004\" } ], "
            + "\"protection\": { \"confidentiality\": true, \"integrity\": false }, "
            + "\"backoff\": { \"offsetSeconds\": 2, \"randomSeconds\": 3 }, \"register\": true, \"active\": false }")
        .Replace("\"./me-state\" }", "\"./me-state\", \"atPowerDown\": \"delete\" },\n  \"control\": { \"socket\": \"me.sock\" },\n"
            + "  \"retry\": { \"maxAttempts\": 3, \"firstSeconds\": 1, \"longestSeconds\": 9, \"awaitMskSeconds\": 5 },\n"
            + "  \"missedKey\": { \"minSeconds\": 5, \"maxPerMinute\": 2 }");

    private static readonly byte[] s_announcement = Encoding.UTF8.GetBytes(XmlHarness.Announcement);

    // The document as a tree, and each list of keys that names a wrong one; one announcement.
    private const int AllocationFixed = 24576;
    private const int AllocationPerOctet = 128;

    public override string Name => "configuration";

    public override string[] Dictionary =>
    [
        "\"uicc\":", "\"bsf\":", "\"bmsc\":", "\"mikey\":", "\"services\":", "\"backoff\":", "\"storage\":", "\"wifi\":", "\"url\":",
        "\"mtk\":", "\"sessions\":", "\"flow\":", "\"output\":", "\"announcement\":", "\"protection\":", "\"retry\":", "\"missedKey\":",
        "\"control\":", "\"register\":", "\"active\":", "\"atPowerDown\":", "239.255.1.1:5004", "\"listen\":", "\"keyGroups\":", "[\"0001\"]", "http://[::1]:80/", "\\u0041", "\\n", "true", "false", "null", "-1", "1e9",
        "0.5", "{}", "[]", "\"\"", "\":", "\",", "\uFEFF",
    ];

    public override IEnumerable<Seed> Seeds() =>
    [
        new Seed("full", Full),
        new Seed("rich", s_rich),
        new Seed("announced only", s_rich.Replace("\"keyDomain\": \"00f110\", \"keyGroups\": [\"0012\"], ", string.Empty)),
        new Seed("byte order mark", "\uFEFF" + Full),
        new Seed("escapes", Full.Replace("urn:example:news", "\\u0075rn\\\\\\\"\\/\\b\\f\\n\\r\\tnews")),
        new Seed("IPv6, no port", Full.Replace("127.0.0.1:8070", "[::1]").Replace("127.0.0.1:8080", "bmsc.example.org")),
        new Seed("numbers", "[0, -1, 1.5, 1e3, -2.5E-3, 12345678901234567890, true, false, null]"),
        new Seed("unknown key", Full.Replace("\"bsf\"", "\"bsff\"")),
        new Seed("deep", "[[[[[[[[[[[[[[[[[["),
        new Seed("empty", "{}"),
        new Seed("not JSON", "uicc = soft"),
    ];

    protected override void Test(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        MeConfiguration configuration = null;
        string problem = null;
        int read = 0;
        byte[] ReadOnce(string path) => read++ == 0 ? s_announcement : throw new IOException("one is enough");
        Bounded(AllocationFixed + (AllocationPerOctet * input.Length), () =>
        {
            try
            {
                configuration = MeConfiguration.Parse(text, ReadOnce);
            }
            catch (ConfigurationException wrong)
            {
                problem = wrong.Message;
            }
        });

        if (configuration == null)
        {
            Require(problem.Length > 0, "no word about what is wrong");
            foreach (char c in problem)
            {
                Require(c >= ' ', "the problem is not told in one line");
            }

            return;
        }

        Accepted++;
        Judge(configuration);
    }

    private static void Judge(MeConfiguration configuration)
    {
        Require(configuration.Uicc.Iccid.Length is >= 18 and <= 20 && configuration.Uicc.Imsi.Length is >= 6 and <= 15, "UICC identity");
        Require(configuration.Uicc.MncLength is 2 or 3, "digits of the MNC");
        Require(configuration.Uicc.K.Length == 16 && configuration.Uicc.Opc.Length == 16, "a key that is not 16 octets");
        Require(System.Net.IPAddress.TryParse(configuration.Listen.Address, out _), "no address to listen at");
        Require(configuration.Listen.Port is >= 0 and <= 65535, "no port to listen at");
        Require(IsUrl(configuration.BsfUrl) && IsUrl(configuration.Bmscs[0].Url), "a URL that .NET does not take");
        Require(configuration.Backoff.OffsetSeconds is >= 0 and <= 86400, "offset");
        Require(configuration.Backoff.RandomSeconds is >= 0 and <= 86400, "random");
        Require(configuration.Requests.MaxPerMinute > 0 && configuration.Storage.Directory.Length > 0, "rate or directory");
        Require(configuration.Requests.FirstRetrySeconds > 0 && configuration.Requests.LongestRetrySeconds >= configuration.Requests.FirstRetrySeconds, "retries");
        Require(configuration.Requests.MaxAttempts > 0 && configuration.Requests.AwaitMskSeconds > 0, "attempts");
        Require(configuration.Requests.MissedKeySeconds > 0 && configuration.Requests.MissedKeysPerMinute > 0, "missed keys");
        Require(configuration.Bmscs.Length is > 0 and <= KeyState.MaxBmscs, "more BM-SCs than there is room for");
        Dictionary<(int, int), BmscAddress> owners = [];
        HashSet<(int, int)> groups = [];
        foreach (ServiceSettings service in configuration.Services)
        {
            Require(service.Id.Length > 0 && service.Groups.Length > 0, "a service without ID or Key Group");
            foreach (KeyGroup group in service.Groups)
            {
                Require(group.Group is > 0 and <= 0xFFFF && group.Domain is >= 0 and <= 0xFFFFFF, "a Key Group that cannot be one");
                groups.Add((group.Domain, group.Group));
                owners.TryAdd((group.Domain, group.Group), service.Bmsc);
                Require(owners[(group.Domain, group.Group)] == service.Bmsc, "a Key Group of two BM-SCs");
            }

            JudgeService(configuration, service);
        }

        Require(groups.Count is > 0 and <= KeyState.MaxGroups, "more Key Groups than there is room for");
    }

    private static void JudgeService(MeConfiguration configuration, ServiceSettings service)
    {
        Require(Array.IndexOf(configuration.Bmscs, service.Bmsc) >= 0 && IsUrl(service.Bmsc.Url), "a BM-SC that is not one of all");
        Require(service.Backoff.OffsetSeconds is >= 0 and <= 86400 && service.Backoff.RandomSeconds is >= 0 and <= 86400, "a service's back-off");
        Require(service.MtkGroup == null || (IsAddress(service.MtkGroup) && service.MtkGroup.Address[0] == '2'), "an MTK group that is no multicast group");
        HashSet<(string, int)> addresses = [];
        foreach (MediaFlow flow in service.Flows)
        {
            Require(IsAddress(flow.Address) && addresses.Add((flow.Address.Address, flow.Address.Port)), "a flow that is none, or there twice");
            Require(service.Uses(flow.Group), "a flow under another service's key");
            Require(flow.Output == null || (IsAddress(flow.Output) && (flow.Output.Address, flow.Output.Port) != (flow.Address.Address, flow.Address.Port)), "an output that is none");
        }
    }

    private static bool IsAddress(UdpAddress address) =>
        System.Net.IPAddress.TryParse(address.Address, out System.Net.IPAddress parsed) && parsed.ToString() == address.Address
        && address.Port is > 0 and <= 65535;

    // What stands in the brackets of an IPv6 address is not the core's to know.
    private static bool IsUrl(string text) =>
        text.StartsWith("http://[", StringComparison.Ordinal) || text.StartsWith("https://[", StringComparison.Ordinal)
        || (Uri.TryCreate(text, UriKind.Absolute, out Uri url) && url.Scheme is "http" or "https");
}
