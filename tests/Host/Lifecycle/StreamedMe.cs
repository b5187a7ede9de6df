using System.Net;
using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>A lab that streams a service by multicast on loopback, the ME that receives it, and a player that gets the clear RTP.</summary>
internal sealed class StreamedMe : IAsyncDisposable
{
    public const string News = "urn:example:news";

    /// <summary>Packets that tell whether content comes or not.</summary>
    private const int Enough = 25;

    /// <summary>How long the lab may take for some packets on a busy machine.</summary>
    private const int PatienceMilliseconds = 20000;

    private readonly LabService _service;

    private StreamedMe(MeAndLab pair, LabService service)
    {
        Pair = pair;
        _service = service;
    }

    public MeAndLab Pair { get; }

    public LabServer Lab => Pair.Lab;

    /// <summary>Gets the clear packets of the service.</summary>
    public Player Player { get; } = new();

    /// <summary>Where the service's packets are sent to.</summary>
    public IPEndPoint Flow => _service.Flow!;

    /// <summary>Where its MTK messages are sent to.</summary>
    public IPEndPoint MtkGroup => _service.MtkGroup!;

    /// <summary>The MKI that the lab's traffic has now, in hexadecimal.</summary>
    public string CurrentMki => Convert.ToHexStringLower(Lab.CurrentMtk(MeAndLab.News)!.Mki);

    /// <summary>A multicast group and port of its own for each test: they may run beside one another.</summary>
    public static IPEndPoint NewGroup() =>
        new(new IPAddress([239, 255, (byte)Random.Shared.Next(1, 255), (byte)Random.Shared.Next(1, 255)]), FreePort.Next());

    /// <summary>Starts the lab; the ME is off.</summary>
    /// <param name="profile">The lab's profile.</param>
    /// <param name="change">Changes the lab's configuration, which has the service.</param>
    public static async Task<StreamedMe> StartAsync(
        MikeyProfile profile = MikeyProfile.Release6, Func<LabConfiguration, LabConfiguration>? change = null)
    {
        LabService service = new(News, [MeAndLab.News]) { MtkGroup = NewGroup(), Flow = NewGroup() };
        MeAndLab pair = await MeAndLab.StartAsync(configuration =>
        {
            configuration = configuration with
            {
                Services = [service],
                Profile = profile,
                MtkRepeat = TimeSpan.FromMilliseconds(200),
                AckTimeout = TimeSpan.FromSeconds(1),
            };
            return change?.Invoke(configuration) ?? configuration;
        });
        return new StreamedMe(pair, service);
    }

    /// <summary>A paired ME that receives the stream.</summary>
    public static async Task<StreamedMe> StreamingAsync(
        MikeyProfile profile = MikeyProfile.Release6, Func<LabConfiguration, LabConfiguration>? change = null)
    {
        StreamedMe streamed = await StartAsync(profile, change);
        try
        {
            streamed.Pair.PowerOn(streamed.Configuration());
            await streamed.Pair.DeliveredAsync(default, profile: profile);
            streamed.Lab.StartStream(News, packetsPerSecond: 50);
            await streamed.ContentAsync(streamed.CurrentMki);
            return streamed;
        }
        catch
        {
            await streamed.DisposeAsync();
            throw;
        }
    }

    /// <summary>The ME's configuration: the streamed service, its clear packets to the player, short waits between requests.</summary>
    public JsonObject Configuration(Action<JsonObject>? changeService = null)
    {
        JsonObject service = MeAndLab.Service(News, MeAndLab.News);
        service["mtk"] = new JsonObject { ["group"] = MtkGroup.ToString() };
        service["sessions"] = new JsonArray(new JsonObject { ["flow"] = Flow.ToString(), ["output"] = Player.EndPoint.ToString() });
        changeService?.Invoke(service);
        JsonObject configuration = Pair.Configuration(services: [service]);
        configuration["missedKey"] = new JsonObject { ["minSeconds"] = 1 };

        // An MSK that a busy machine delivers late is not to cost a second request.
        configuration["retry"] = new JsonObject { ["firstSeconds"] = 1, ["awaitMskSeconds"] = 20 };
        return configuration;
    }

    /// <summary>Waits for the ME's first packet under an MKI, then for clear text at the player.</summary>
    public async Task ContentAsync(string mki, Mark since = default)
    {
        await Pair.MeAsync("content", since, ("mki", mki));
        Player.Packets();
        await Player.NumberAsync(News);
    }

    /// <summary>Nothing that the lab sends from now on comes to the player; what is under way may.</summary>
    public async Task NoContentAsync()
    {
        long last = Lab.PacketsSent(News)!.Value;
        for (long end = Environment.TickCount64 + PatienceMilliseconds; Lab.PacketsSent(News) < last + Enough; await Task.Delay(20))
        {
            Assert.IsLessThan(end, Environment.TickCount64, "the lab does not send");
        }

        foreach (long number in Player.Numbers(News))
        {
            Assert.IsLessThanOrEqualTo(last, number, "a packet came to the player");
        }
    }

    /// <summary>Every packet from that number on until now, or until there are enough, comes to the player, in order.</summary>
    public async Task WithoutGapAsync(long from)
    {
        long to = Math.Max(Lab.PacketsSent(News)!.Value, from + Enough);
        List<long> numbers = [];
        do
        {
            numbers.Add(await Player.NumberAsync(News));
        }
        while (numbers[^1] < to);
        CollectionAssert.AreEqual(
            Enumerable.Range(0, (int)(to - from) + 1).Select(i => from + i).ToArray(),
            numbers.Where(number => number >= from).ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        Player.Dispose();
        await Pair.DisposeAsync();
    }
}
