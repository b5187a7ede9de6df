using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>What SIGTERM leaves: the ME powers down whatever it is doing, and MTKs go on with the next one.</summary>
[TestClass]
public sealed class SwitchingOff
{
    private const string Silent = "urn:example:silent";

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public async Task MtksGoOnWhereTheMikeyPortTakesTheGroupItself(int accepted)
    {
        IPAddress group = StreamedMe.NewGroup().Address;
        await using MeAndLab pair = await MeAndLab.StartAsync(configuration => configuration with
        {
            Services = [new LabService("urn:example:news", [MeAndLab.News]) { MtkGroup = new IPEndPoint(group, configuration.Subscribers[0].MikeyPort) }],
        });
        JsonObject service = MeAndLab.Service("urn:example:news", MeAndLab.News);
        service["mtk"] = new JsonObject { ["group"] = $"{group}:{pair.MePort}" };
        JsonObject configuration = pair.Configuration(services: [service]);
        configuration["mikey"]!["listen"] = $"0.0.0.0:{pair.MePort}";
        pair.PowerOn(configuration);
        await pair.DeliveredAsync(default);
        await AcceptedAsync(pair, 1, accepted);

        await pair.RestartAsync(configuration.DeepClone().AsObject());
        await AcceptedAsync(pair, accepted + 1, accepted + 1);
        Assert.IsFalse(pair.Me.Since(0).Any(line => line.Event == "http"), pair.Records(default));
    }

    [TestMethod]
    public async Task MtksGoOnAfterARequestThatNobodyAnswers()
    {
        await using MeAndLab pair = await MeAndLab.StartAsync();
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        JsonObject service = MeAndLab.Service(Silent, new KeyGroup("00f110", 0x0020));
        service["bmsc"] = new JsonObject { ["url"] = $"http://{silent.LocalEndpoint}/", ["fqdn"] = "silent.example.org" };
        service["active"] = false;
        JsonObject configuration = pair.Configuration(services: [MeAndLab.Service("urn:example:news", MeAndLab.News), service]);
        string socket = Path.Combine(pair.StateDirectory, "me.sock");
        configuration["control"] = new JsonObject { ["socket"] = socket };
        Directory.CreateDirectory(pair.StateDirectory);
        pair.PowerOn(configuration);
        await pair.DeliveredAsync(default);
        for (int id = 1; id <= 3; id++)
        {
            pair.Lab.NewMtk(MeAndLab.News, imsi: MeAndLab.First.Imsi);
            await pair.MeAsync("mtk-accepted", default, ("mtkId", id.ToString()));
        }

        using ControlClient control = new(socket);
        control.Send($"activate {Silent}\n");
        using TcpClient request = await silent.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromSeconds(20));
        await pair.RestartAsync(configuration.DeepClone().AsObject());
        pair.Lab.NewMtk(MeAndLab.News, imsi: MeAndLab.First.Imsi);
        await pair.MeAsync("mtk-accepted", default, ("mtkId", "4"));
    }

    /// <summary>Keys are in these files.</summary>
    [TestMethod]
    public async Task FilesAreForTheirOwnerOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Windows has no such modes");
            return;
        }

        await using MeAndLab pair = await MeAndLab.PairedAsync();
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        string[] files = [.. Directory.EnumerateFiles(pair.StateDirectory), pair.StateDirectory];
        Assert.IsGreaterThan(3, files.Length);
        foreach (string file in files)
        {
            Assert.AreEqual(default, File.GetUnixFileMode(file) & others, file);
        }
    }

    private static async Task AcceptedAsync(MeAndLab pair, int from, int to)
    {
        for (int id = from; id <= to; id++)
        {
            pair.Lab.NewMtk(MeAndLab.News);
            await pair.MeAsync("mtk-accepted", default, ("mtkId", id.ToString()));
        }
    }
}
