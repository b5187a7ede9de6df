using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace MbmsMe.Tests.Host;

/// <summary>Where an ME sends the clear RTP packets of a stream: takes them at once, so that none is lost, and keeps their order.</summary>
internal sealed class Player : IDisposable
{
    private const int RtpHeader = 12;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Channel<byte[]> _packets = Channel.CreateUnbounded<byte[]>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _receiving;

    public Player() => _receiving = ReceiveAsync();

    public IPEndPoint EndPoint => (IPEndPoint)_socket.Client.LocalEndPoint!;

    /// <summary>The next packet.</summary>
    public async Task<byte[]> NextAsync()
    {
        using CancellationTokenSource timeout = new(s_patience);
        try
        {
            return await _packets.Reader.ReadAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new AssertFailedException("nothing came to the player");
        }
    }

    /// <summary>Waits until that packet comes; others may before.</summary>
    public async Task UntilAsync(byte[] packet)
    {
        byte[] next;
        do
        {
            next = await NextAsync();
        }
        while (!next.AsSpan().SequenceEqual(packet));
    }

    /// <summary>The number of the next packet, which must be one of the lab's stream of that service.</summary>
    public async Task<long> NumberAsync(string service) => Number(service, await NextAsync());

    /// <summary>Takes what is there: the numbers of the packets, which must be of the lab's stream of that service.</summary>
    public IReadOnlyList<long> Numbers(string service) => [.. Packets().Select(packet => Number(service, packet))];

    /// <summary>Takes what is there.</summary>
    public IReadOnlyList<byte[]> Packets()
    {
        List<byte[]> packets = [];
        while (_packets.Reader.TryRead(out byte[]? packet))
        {
            packets.Add(packet);
        }

        return packets;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _receiving.Wait();
        _socket.Dispose();
        _stop.Dispose();
    }

    /// <summary>The lab's payload is the service and the number of the packet in its stream, from 0 on.</summary>
    private static long Number(string service, byte[] packet)
    {
        string text = Encoding.UTF8.GetString(packet.AsSpan(RtpHeader));
        Assert.StartsWith(service + " ", text);
        return long.Parse(text[(service.Length + 1)..], CultureInfo.InvariantCulture);
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                _packets.Writer.TryWrite((await _socket.ReceiveAsync(_stop.Token)).Buffer);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
