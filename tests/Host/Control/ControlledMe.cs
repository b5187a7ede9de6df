using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace MbmsMe.Tests.Host;

/// <summary>A host ME with a control socket and two services that are not active, so that it asks nobody for anything.</summary>
internal sealed class ControlledMe : IDisposable
{
    public const string News = "urn:example:news";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mbms-control-");

    public ControlledMe()
    {
        Socket = InDirectory("me.sock");
        Configuration = new JsonObject
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
            ["bsf"] = new JsonObject { ["url"] = "http://127.0.0.1:1/" },
            ["bmsc"] = new JsonObject { ["url"] = "http://127.0.0.1:1/keymanagement", ["fqdn"] = "bmsc.example.org" },
            ["mikey"] = new JsonObject { ["listen"] = "127.0.0.1:0" },
            ["services"] = new JsonArray(Service(News, "0010"), Service("two words", "0011")),
            ["backoff"] = new JsonObject { ["offsetSeconds"] = 0, ["randomSeconds"] = 0 },
            ["storage"] = new JsonObject { ["directory"] = InDirectory("me-state") },
            ["control"] = new JsonObject { ["socket"] = Socket },
        };
    }

    /// <summary>What the ME reads when it starts.</summary>
    public JsonObject Configuration { get; }

    public string ConfigurationPath => InDirectory("me.json");

    public string Socket { get; }

    public HostMe Me { get; private set; } = null!; // until PowerOnAsync

    public string InDirectory(string name) => Path.Combine(_directory.FullName, name);

    /// <summary>Starts it and waits until it runs.</summary>
    public async Task PowerOnAsync()
    {
        Save();
        Me?.Dispose();
        Me = new HostMe("--config", ConfigurationPath, "--json");
        await Me.WaitAsync(line => line.Event == "started", TimeSpan.FromSeconds(20));
    }

    /// <summary>Starts it though it cannot run; gives exit code and standard error.</summary>
    public async Task<(int Exit, string Errors)> FailAsync()
    {
        Save();
        using HostMe me = new("--config", ConfigurationPath, "--json");
        int exit = await me.ExitAsync();
        Assert.AreEqual("", me.Output);
        return (exit, me.Errors.TrimEnd());
    }

    /// <summary>Runs the subcommand control.</summary>
    public async Task<(int Exit, string Output, string Errors)> ControlAsync(params string[] words)
    {
        Save();
        using HostMe control = new(["control", "--config", ConfigurationPath, .. words]);
        int exit = await control.ExitAsync();
        return (exit, control.Output.TrimEnd(), control.Errors.TrimEnd());
    }

    /// <summary>Connects to the socket.</summary>
    public ControlClient Connect() => new(Socket);

    public void Dispose()
    {
        Me?.Dispose();
        _directory.Delete(recursive: true);
    }

    private static JsonObject Service(string id, string group) =>
        new() { ["id"] = id, ["keyDomain"] = "00f110", ["keyGroups"] = new JsonArray(group), ["active"] = false };

    private void Save() => File.WriteAllText(ConfigurationPath, Configuration.ToJsonString());
}

/// <summary>A connection to a control socket.</summary>
internal sealed class ControlClient : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    private readonly StreamReader _replies;

    public ControlClient(string path)
    {
        Socket.Connect(new UnixDomainSocketEndPoint(path));
        Socket.ReceiveTimeout = (int)s_timeout.TotalMilliseconds;
        _replies = new StreamReader(new NetworkStream(Socket));
    }

    public Socket Socket { get; } = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public void Send(string text) => Socket.Send(Encoding.UTF8.GetBytes(text));

    /// <summary>The next reply; null when the ME has closed the connection.</summary>
    public JsonObject? Reply() => _replies.ReadLine() is { } line ? JsonNode.Parse(line)!.AsObject() : null;

    /// <summary>Sends a line and reads its reply.</summary>
    public JsonObject Ask(string line)
    {
        Send(line + "\n");
        return Reply() ?? throw new AssertFailedException("the ME closed the connection");
    }

    public void Dispose()
    {
        _replies.Dispose();
        Socket.Dispose();
    }
}
