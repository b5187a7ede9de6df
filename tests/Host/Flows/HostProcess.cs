using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>The host ME as a program: signals, exit codes, messages, and what it never prints.</summary>
[TestClass]
public sealed class HostProcess
{
    [TestMethod]
    [DataRow(HostMe.SigTerm)]
    [DataRow(HostMe.SigInt)]
    public async Task SignalEndsItWithZero(int signal)
    {
        await using MeAndLab pair = await MeAndLab.StartAsync();
        pair.PowerOn();
        MeLine started = await pair.MeAsync("started", default);

        Assert.AreEqual(0, await pair.Me.StopAsync(signal));
        Assert.AreEqual("", pair.Me.Errors);
        Assert.AreEqual($"127.0.0.1:{pair.MePort}", started["listen"]);
        Assert.IsTrue(DateTimeOffset.TryParse(started["time"], out _), started.Text);
        Assert.IsFalse(pair.Me.Since(0).Any(line => line.Event is "not-json" or "no-event"), pair.Me.Output);
    }

    /// <summary>A server that takes the request and never answers does not keep it from ending.</summary>
    [TestMethod]
    public async Task SignalDuringARequestEndsItToo()
    {
        await using MeAndLab pair = await MeAndLab.StartAsync();
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        JsonObject configuration = pair.Configuration();
        configuration["bsf"]!["url"] = $"http://{silent.LocalEndpoint}/";
        pair.PowerOn(configuration);
        using TcpClient request = await silent.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.AreEqual(0, await pair.Me.StopAsync());
        Assert.AreEqual("stopped", pair.Me.Since(0)[^1].Event, pair.Me.Output);
    }

    [TestMethod]
    [DataRow("uicc.k", null)]
    [DataRow("uicc.k", "465b5c")]
    [DataRow("uicc.kind", "\"hard\"")]
    [DataRow("uicc.mncLength", "4")]
    [DataRow("bsf.url", "\"ftp://127.0.0.1/\"")]
    [DataRow("bmsc.fqdn", "\"\"")]
    [DataRow("mikey.listen", "\"localhost\"")]
    [DataRow("mikey.lisen", "\"127.0.0.1:2269\"")]
    [DataRow("services", "[]")]
    [DataRow("services", "[{\"id\":\"a\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"0000\"]}]", "services[0].keyGroups[0]")]
    [DataRow("backoff.randomSeconds", "-1")]
    [DataRow("storage", null)]
    [DataRow("storage.directory", "17")]
    public async Task ConfigurationErrorIsOneLineThatNamesTheKey(string key, string? json, string? named = null)
    {
        await using MeAndLab pair = await MeAndLab.StartAsync();
        JsonObject configuration = pair.Configuration();
        Set(configuration, key.Split('.'), json is null ? null : Value(json));
        File.WriteAllText(pair.ConfigurationPath, configuration.ToJsonString());
        using HostMe me = new("--config", pair.ConfigurationPath, "--json");

        Assert.AreEqual(2, await me.ExitAsync());
        Assert.AreEqual("", me.Output);
        string line = me.Errors.TrimEnd();
        Assert.IsFalse(line.Contains('\n'), line);
        StringAssert.Contains(line, $"{named ?? key}: ");
        foreach (string secret in SecretTexts([MeAndLab.First.K, MeAndLab.First.Opc]).Append("465b5c"))
        {
            Assert.IsFalse(line.Contains(secret, StringComparison.Ordinal), line);
        }
    }

    [TestMethod]
    [DataRow("no JSON at all")]
    [DataRow("{ \"uicc\": ")]
    [DataRow("[]")]
    [DataRow("")]
    public async Task FileThatIsNoJson(string text)
    {
        await using MeAndLab pair = await MeAndLab.StartAsync();
        File.WriteAllText(pair.ConfigurationPath, text);
        using HostMe me = new("--config", pair.ConfigurationPath);

        Assert.AreEqual(2, await me.ExitAsync());
        Assert.AreEqual(1, me.Errors.TrimEnd().Split('\n').Length, me.Errors);
        StringAssert.Contains(me.Errors, pair.ConfigurationPath);
    }

    [TestMethod]
    public async Task FileThatIsNotThere()
    {
        using HostMe me = new("--config", "/nowhere/me.json");

        Assert.AreEqual(2, await me.ExitAsync());
        Assert.AreEqual(1, me.Errors.TrimEnd().Split('\n').Length, me.Errors);
        StringAssert.Contains(me.Errors, "/nowhere/me.json");
    }

    [TestMethod]
    public async Task CommandLineWithoutConfiguration()
    {
        using HostMe me = new("--json");

        Assert.AreEqual(2, await me.ExitAsync());
        StringAssert.Contains(me.Errors, "--config");
    }

    [TestMethod]
    public async Task SecondMeOnTheSameDirectory()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        SortedDictionary<string, byte[]> before = pair.StateFiles();
        JsonObject configuration = pair.Configuration();
        configuration["mikey"]!["listen"] = "127.0.0.1:0";
        string path = pair.ConfigurationPath + ".second";
        File.WriteAllText(path, configuration.ToJsonString());
        using HostMe second = new("--config", path, "--json");

        Assert.AreEqual(1, await second.ExitAsync());
        Assert.AreEqual("", second.Output);
        Assert.AreEqual(1, second.Errors.TrimEnd().Split('\n').Length, second.Errors);
        StringAssert.Contains(second.Errors, "storage.directory");
        pair.AssertState(before);
    }

    [TestMethod]
    public async Task PortThatIsTaken()
    {
        await using MeAndLab pair = await MeAndLab.StartAsync();
        using UdpClient taker = new(new IPEndPoint(IPAddress.Loopback, pair.MePort));
        pair.PowerOn();

        Assert.AreEqual(1, await pair.Me.ExitAsync());
        Assert.AreEqual("", pair.Me.Output);
        Assert.AreEqual(1, pair.Me.Errors.TrimEnd().Split('\n').Length, pair.Me.Errors);
        StringAssert.Contains(pair.Me.Errors, "mikey.listen");
    }

    /// <summary>Rule 7: a whole life with failures in it, and no key, password or RES in anything printed.</summary>
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task NoSecretIsEverPrinted(bool json)
    {
        await using MeAndLab pair = await MeAndLab.StartAsync();
        File.WriteAllText(pair.ConfigurationPath, pair.Configuration().ToJsonString());
        using HostMe me = new(["--config", pair.ConfigurationPath, .. json ? ["--json"] : Array.Empty<string>()]);
        List<byte[]> msks = [];
        await AckAsync(pair.Now with { Lab = 0 });

        pair.Lab.DemandRenegotiation(MeAndLab.First.Imsi);
        pair.Lab.Faults.Bsf.WrongRspauth = true;
        Mark mark = new(pair.Lab.Events.Count, 0);
        pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
        await pair.Lab.Events.WaitAsync(e => e.Kind == LabEventKind.Bootstrapped, TimeSpan.FromSeconds(20), mark.Lab);
        pair.Lab.Faults.Bsf.WrongRspauth = false;
        await AckAsync(mark);
        foreach (MikeyProfile profile in Enum.GetValues<MikeyProfile>())
        {
            mark = new(pair.Lab.Events.Count, 0);
            pair.Lab.Rekey(MeAndLab.News, profile);
            await AckAsync(mark);
        }

        pair.Lab.SendRaw(Forgeries.Flips(pair.Lab.BuildMsk(MeAndLab.First.Imsi, MeAndLab.News)).Last(), MeAndLab.First.Imsi);
        await me.WaitAsync(line => line.Text.Contains("datagram-dropped"), TimeSpan.FromSeconds(20));
        Assert.AreEqual(0, await me.StopAsync());

        string printed = me.Output + me.Errors;
        StringAssert.Contains(printed, "gba-failed");
        StringAssert.Contains(printed, "msk-stored");
        StringAssert.Contains(printed, "datagram-dropped");
        foreach (string secret in SecretTexts([.. SecretsOf(pair), .. msks]))
        {
            Assert.IsFalse(printed.Contains(secret, StringComparison.Ordinal), secret);
        }

        async Task AckAsync(Mark since)
        {
            await pair.Lab.Events.WaitAsync(e => e.Kind == LabEventKind.AckVerified, TimeSpan.FromSeconds(20), since.Lab);
            msks.Add(pair.Lab.CurrentMsk(MeAndLab.News)!.Key);
            msks.Add(pair.Lab.LastMuk(MeAndLab.First.Imsi)!.Key);
            msks.Add(pair.Lab.LastMuk(MeAndLab.First.Imsi)!.Mrk);
        }
    }

    /// <summary>K, OPc, and RES, CK and IK of every GBA run.</summary>
    private static IEnumerable<byte[]> SecretsOf(MeAndLab pair)
    {
        LabSubscriber subscriber = MeAndLab.First;
        Milenage milenage = new(subscriber.K, subscriber.Opc);
        foreach (LabEvent run in pair.Lab.Events.Since(0).Where(e => e.Kind == LabEventKind.Bootstrapped))
        {
            byte[] rand = Convert.FromBase64String(run.Btid!.Split('@')[0]);
            yield return milenage.F2F5(rand).Res;
            yield return milenage.F3(rand);
            yield return milenage.F4(rand);
        }

        yield return subscriber.K;
        yield return subscriber.Opc;
    }

    private static IEnumerable<string> SecretTexts(IEnumerable<byte[]> secrets) => secrets.SelectMany(
        secret => new[] { Convert.ToHexStringLower(secret), Convert.ToHexString(secret), Convert.ToBase64String(secret), BitConverter.ToString(secret) });

    private static JsonNode Value(string json)
    {
        try
        {
            return JsonNode.Parse(json)!;
        }
        catch (System.Text.Json.JsonException)
        {
            return JsonValue.Create(json);
        }
    }

    private static void Set(JsonObject at, string[] path, JsonNode? value)
    {
        if (path.Length > 1)
        {
            Set((JsonObject)at[path[0]]!, path[1..], value);
        }
        else if (value is null)
        {
            at.Remove(path[0]);
        }
        else
        {
            at[path[0]] = value;
        }
    }
}
