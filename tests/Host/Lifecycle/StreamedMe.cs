using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using MbmsMe.Lab;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace MbmsMe.Tests.Host;

/// <summary>A lab that streams a service by multicast on loopback, the ME that receives it, and a player that gets the clear RTP.</summary>
internal sealed class StreamedMe : IAsyncDisposable
{
    public const string News = "urn:example:news";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly UdpClient _player = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly LabService _service;

    private StreamedMe(MeAndLab pair, LabService service)
    {
        Pair = pair;
        _service = service;
    }

    public MeAndLab Pair { get; }

    public LabServer Lab => Pair.Lab;

    /// <summary>Starts the lab; the ME is off.</summary>
    public static async Task<StreamedMe> StartAsync(MikeyProfile profile = MikeyProfile.Release6)
    {
        // A group of its own for each test: they may run beside one another.
        IPAddress group = new([239, 255, (byte)Random.Shared.Next(1, 255), (byte)Random.Shared.Next(1, 255)]);
        LabService service = new(News, [MeAndLab.News])
        {
            MtkGroup = new IPEndPoint(group, FreePort.Next()),
            Flow = new IPEndPoint(group, FreePort.Next()),
        };
        MeAndLab pair = await MeAndLab.StartAsync(configuration => configuration with
        {
            Services = [service],
            Profile = profile,
            MtkRepeat = TimeSpan.FromMilliseconds(200),
            AckTimeout = TimeSpan.FromSeconds(1),
        });
        return new StreamedMe(pair, service);
    }

    /// <summary>A paired ME that receives the stream.</summary>
    public static async Task<StreamedMe> StreamingAsync(MikeyProfile profile = MikeyProfile.Release6)
    {
        StreamedMe streamed = await StartAsync(profile);
        streamed.Pair.PowerOn(streamed.Configuration());
        await streamed.Pair.DeliveredAsync(default, profile: profile);
        streamed.Lab.StartStream(News, packetsPerSecond: 50);
        await streamed.ContentAsync(streamed.CurrentMki);
        return streamed;
    }

    /// <summary>The MKI that the lab's traffic has now, in hexadecimal.</summary>
    public string CurrentMki => Convert.ToHexStringLower(Lab.CurrentMtk(MeAndLab.News)!.Mki);

    /// <summary>The ME's configuration: the streamed service, its clear packets to the player, short waits.</summary>
    public JsonObject Configuration(Action<JsonObject>? changeService = null)
    {
        JsonObject service = MeAndLab.Service(News, MeAndLab.News);
        service["mtk"] = new JsonObject { ["group"] = _service.MtkGroup!.ToString() };
        service["sessions"] = new JsonArray(new JsonObject
        {
            ["flow"] = _service.Flow!.ToString(),
            ["output"] = _player.Client.LocalEndPoint!.ToString(),
        });
        changeService?.Invoke(service);
        JsonObject configuration = Pair.Configuration(services: [service]);
        configuration["missedKey"] = new JsonObject { ["minSeconds"] = 1 };
        configuration["retry"] = new JsonObject { ["firstSeconds"] = 1, ["awaitMskSeconds"] = 2 };
        return configuration;
    }

    /// <summary>Waits for the ME's first packet under an MKI, then for clear text at the player.</summary>
    public async Task ContentAsync(string mki, Mark since = default)
    {
        await Pair.MeAsync("content", since, ("mki", mki));
        Drain();
        await ClearTextAsync();
    }

    /// <summary>The next packet at the player, which must be clear RTP of the service.</summary>
    public async Task ClearTextAsync()
    {
        using CancellationTokenSource timeout = new(s_patience);
        byte[] packet = (await _player.ReceiveAsync(timeout.Token)).Buffer;
        StringAssert.StartsWith(Encoding.UTF8.GetString(packet.AsSpan(12)), News);
    }

    /// <summary>Nothing comes to the player for a while, although the lab sends.</summary>
    public async Task NoContentAsync()
    {
        // What is under way gets there.
        await Task.Delay(200);
        Drain();
        long before = Lab.PacketsSent(News)!.Value;
        await Task.Delay(500);
        Assert.AreEqual(0, _player.Available, "octets at the player");
        Assert.IsGreaterThan(before, Lab.PacketsSent(News)!.Value, "packets of the lab");
    }

    public async ValueTask DisposeAsync()
    {
        _player.Dispose();
        await Pair.DisposeAsync();
    }

    private void Drain()
    {
        IPEndPoint? from = null;
        while (_player.Available > 0)
        {
            _player.Receive(ref from);
        }
    }
}
