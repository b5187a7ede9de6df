using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>The commands that the README gives a field tester: the lab as a process, the ME as another, and the lab's commands.</summary>
[TestClass]
public sealed partial class ServeByHand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [TestMethod]
    public async Task ServeStatusRekeySolicit()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("mbms-serve-");
        try
        {
            int mePort = FreePort.Next();
            using JsonProcess lab = Lab("serve", "--config", Write(directory, "lab.json", LabConfiguration(mePort)), "--json");
            MeLine started = await lab.WaitAsync(line => line.Event == "started", s_patience);
            Match urls = Urls().Match(started["detail"]);
            Assert.IsTrue(urls.Success, started.Text);
            string admin = urls.Groups["admin"].Value;

            using HostMe me = new("--config", Write(directory, "me.json", MeConfiguration(directory, urls, mePort)), "--json");
            await lab.WaitAsync(line => line.Event == "ack-verified", s_patience);
            await me.WaitAsync(line => line.Event == "ack-sent", s_patience);
            StringAssert.Contains(await CommandAsync(0, admin, "status"), "1 acknowledged");

            int mark = me.Count;
            await CommandAsync(0, admin, "rekey", "--all");
            await me.WaitAsync(line => line.Event == "ack-sent" && line["mskId"] == "00100002", s_patience, mark);

            mark = me.Count;
            StringAssert.Contains(await CommandAsync(0, admin, "solicit", "--imsi", MeAndLab.First.Imsi, "--demand-gba"), "solicited");
            await me.WaitAsync(line => line.Event == "pull-accepted", s_patience, mark);
            await me.WaitAsync(line => line.Event == "gba-ok", s_patience, mark);
            await me.WaitAsync(line => line.Event == "ack-sent", s_patience, mark);

            await CommandAsync(1, admin, "solicit", "--imsi", "999");
            Assert.AreEqual(0, await me.StopAsync());
            Assert.AreEqual(0, await lab.StopAsync());
            Assert.AreEqual("", lab.Errors + me.Errors);
            foreach (byte[] secret in (byte[][])[MeAndLab.First.K, MeAndLab.First.Opc])
            {
                Assert.IsFalse((lab.Output + me.Output).Contains(Convert.ToHexString(secret), StringComparison.OrdinalIgnoreCase));
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static JsonProcess Lab(params string[] arguments) => new(typeof(LabServer).Assembly.Location, arguments);

    private static async Task<string> CommandAsync(int expected, string admin, string command, params string[] more)
    {
        using JsonProcess process = Lab([command, "--admin", admin, .. more]);
        int code = await process.ExitAsync();
        Assert.AreEqual(expected, code, process.Output + process.Errors);
        return process.Output;
    }

    private static string Write(DirectoryInfo directory, string name, JsonObject json)
    {
        string path = Path.Combine(directory.FullName, name);
        File.WriteAllText(path, json.ToJsonString());
        return path;
    }

    private static JsonObject LabConfiguration(int mePort)
    {
        static JsonObject AnyPort() => new() { ["listen"] = "127.0.0.1:0" };
        JsonObject bmsc = AnyPort();
        bmsc["fqdn"] = "bmsc.example.org";
        return new JsonObject
        {
            ["bsf"] = AnyPort(),
            ["bmsc"] = bmsc,
            ["mikey"] = AnyPort(),
            ["admin"] = AnyPort(),
            ["subscribers"] = new JsonArray(new JsonObject
            {
                ["imsi"] = MeAndLab.First.Imsi,
                ["mncLength"] = MeAndLab.First.MncLength,
                ["k"] = Convert.ToHexStringLower(MeAndLab.First.K),
                ["opc"] = Convert.ToHexStringLower(MeAndLab.First.Opc),
                ["mikeyPort"] = mePort,
            }),
            ["keyGroups"] = new JsonArray(new JsonObject { ["keyDomain"] = "00f110", ["keyGroup"] = "0010" }),
        };
    }

    private static JsonObject MeConfiguration(DirectoryInfo directory, Match urls, int mePort) => new()
    {
        ["uicc"] = new JsonObject
        {
            ["kind"] = "soft",
            ["iccid"] = MeAndLab.Iccid,
            ["imsi"] = MeAndLab.First.Imsi,
            ["mncLength"] = MeAndLab.First.MncLength,
            ["k"] = Convert.ToHexStringLower(MeAndLab.First.K),
            ["opc"] = Convert.ToHexStringLower(MeAndLab.First.Opc),
        },
        ["bsf"] = new JsonObject { ["url"] = urls.Groups["bsf"].Value },
        ["bmsc"] = new JsonObject { ["url"] = urls.Groups["bmsc"].Value, ["fqdn"] = "bmsc.example.org" },
        ["mikey"] = new JsonObject { ["listen"] = $"127.0.0.1:{mePort}" },
        ["services"] = new JsonArray(MeAndLab.Service("urn:example:news", MeAndLab.News)),
        ["backoff"] = new JsonObject { ["offsetSeconds"] = 0, ["randomSeconds"] = 0 },
        ["storage"] = new JsonObject { ["directory"] = Path.Combine(directory.FullName, "me-state") },
    };

    [GeneratedRegex(@"BSF (?<bsf>\S+), BM-SC (?<bmsc>\S+), MIKEY \S+, admin http://(?<admin>[^/]+)/")]
    private static partial Regex Urls();
}
