using System.Net;
using System.Net.Sockets;
using MbmsMe.Hal.Host;
using MbmsMe.Lab;
using MbmsMe.Machine;
using MbmsMe.Runtime;

namespace MbmsMe.Tests.Host;

/// <summary>A traffic plane with the worker of an ME behind it, a sender beside it, and a player that gets what is clear.</summary>
internal sealed class TrafficBench : IEventSink, IDisposable
{
    public const int Domain = 0x00F110;
    public const int Group = 0x0010;
    public const string Service = "urn:example:news";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(200);

    private readonly List<MeEvent> _events = [];
    private readonly Socket _sender = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly UdpPort _port;
    private readonly Worker _worker;

    /// <summary>Makes it.</summary>
    /// <param name="listenAddress">Local address of the MIKEY port.</param>
    /// <param name="listenPort">Its port; 0 for any.</param>
    public TrafficBench(string listenAddress = "127.0.0.1", int listenPort = 0)
    {
        _port = new UdpPort(listenAddress, listenPort);
        Inbox inbox = new(16);
        Plane = new TrafficPlane(new HostGroupNetwork(listenAddress), _port, inbox, new HostCrypto(), this);
        _worker = new Worker(Me.Me, inbox, Plane, Me);
        _port.Start(inbox);
        new Thread(_worker.Run) { IsBackground = true }.Start();
        _sender.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.Loopback.GetAddressBytes());
    }

    public TrafficPlane Plane { get; }

    /// <summary>Gets the MTK messages; it has no MSK, so it drops them.</summary>
    public CoreMe Me { get; } = new(new byte[32], 0);

    /// <summary>Gets what is clear.</summary>
    public UdpClient Player { get; } = new(new IPEndPoint(IPAddress.Loopback, 0));

    public int MaxDropsPerSecond => int.MaxValue;

    /// <summary>A multicast group that no other test uses.</summary>
    public static UdpAddress NewGroup(int? port = null) =>
        new($"239.255.{Random.Shared.Next(1, 255)}.{Random.Shared.Next(1, 255)}", port ?? FreePort.Next());

    /// <summary>An MTK of the tests' Key Group.</summary>
    public static TrafficKey NewKey(int mtkId, int group = Group)
    {
        byte[] key = new byte[16];
        byte[] salt = new byte[14];
        Random.Shared.NextBytes(key);
        Random.Shared.NextBytes(salt);
        return new TrafficKey
        {
            Group = new Machine.KeyGroup(Domain, group),
            KeyNumber = 1,
            Mki = [(byte)(group >> 8), (byte)group, 0, 1, (byte)(mtkId >> 8), (byte)mtkId],
            Key = key,
            Salt = salt,
        };
    }

    /// <summary>A stream whose clear packets go to the player.</summary>
    public MediaFlow Flow(UdpAddress address, int group = Group) => new()
    {
        Address = address,
        Group = new Machine.KeyGroup(Domain, group),
        Confidentiality = true,
        Integrity = true,
        Output = new UdpAddress("127.0.0.1", ((IPEndPoint)Player.Client.LocalEndPoint!).Port),
    };

    /// <summary>A clear packet.</summary>
    public static byte[] Rtp(int sequence, string text = "clear as day") =>
        [0x80, 96, (byte)(sequence >> 8), (byte)sequence, 0, 0, 0, 160, 0xDE, 0xCA, 0xFB, 0xAD, .. System.Text.Encoding.ASCII.GetBytes(text)];

    /// <summary>Sends a packet under an MTK.</summary>
    public void Send(UdpAddress to, TrafficKey key, int sequence)
    {
        using ISrtpSender sender = LibSrtp.NewSender(key.Key, key.Salt, key.Mki);
        Send(to, sender.Protect(Rtp(sequence)));
    }

    /// <summary>Sends a datagram.</summary>
    public void Send(UdpAddress to, byte[] datagram) => _sender.SendTo(datagram, new IPEndPoint(IPAddress.Parse(to.Address), to.Port));

    /// <summary>The next packet at the player is that one.</summary>
    public async Task PlaysAsync(int sequence)
    {
        using CancellationTokenSource timeout = new(s_patience);
        byte[] packet = (await Player.ReceiveAsync(timeout.Token)).Buffer;
        CollectionAssert.AreEqual(Rtp(sequence), packet, Convert.ToHexStringLower(packet));
    }

    /// <summary>Nothing is at the player, nor does it come.</summary>
    public async Task SilenceAsync()
    {
        await Task.Delay(s_quiet);
        Assert.AreEqual(0, Player.Available);
    }

    /// <summary>Waits for an event.</summary>
    public async Task<MeEvent> EventAsync(string name, Func<MeEvent, bool> matches)
    {
        for (long end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds; Environment.TickCount64 < end; await Task.Delay(10))
        {
            lock (_events)
            {
                if (_events.FirstOrDefault(e => e.Name == name && matches(e)) is MeEvent found)
                {
                    return found;
                }
            }
        }

        throw new AssertFailedException($"{name} did not come; there were: {string.Join("; ", Events(null))}");
    }

    /// <summary>The events of that name so far.</summary>
    public MeEvent[] Events(string? name)
    {
        lock (_events)
        {
            return [.. _events.Where(e => name == null || e.Name == name)];
        }
    }

    /// <summary>Waits until the ME tells of so many datagrams dropped, and gives what it tells of the last: it came.</summary>
    public async Task<MeEvent> DroppedAsync(uint count)
    {
        for (long end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds; ; await Task.Delay(10))
        {
            if (Me.Events.FirstOrDefault(e => e.Name == "datagram-dropped" && (long)e["total"] == count) is MeEvent dropped)
            {
                return dropped;
            }

            Assert.IsLessThan(end, Environment.TickCount64, $"{Me.Me.Drops.Count} came");
        }
    }

    public void Report(MeEvent meEvent)
    {
        lock (_events)
        {
            _events.Add(meEvent);
        }
    }

    public void Dispose()
    {
        _worker.Stop();
        _port.Close();
        Plane.Close();
        _sender.Dispose();
        Player.Dispose();
    }
}
