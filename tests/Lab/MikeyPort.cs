using System.Net;
using System.Net.Sockets;

namespace MbmsMe.Lab;

/// <summary>The UDP socket MIKEY messages leave from and acknowledgements come to.</summary>
internal sealed class MikeyPort : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _receiving;

    public MikeyPort(IPEndPoint listen, Action<byte[], IPEndPoint> received)
    {
        _socket = new Socket(listen.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            _socket.Bind(listen);
        }
        catch (SocketException e)
        {
            _socket.Dispose();
            throw new IOException($"MIKEY cannot listen on {listen}: {e.Message}", e);
        }
        LocalEndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _receiving = Task.Run(() => ReceiveAsync(received));
    }

    public IPEndPoint LocalEndPoint { get; }

    public void Send(byte[] datagram, IPEndPoint to) => _socket.SendTo(datagram, to);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ReceiveAsync(Action<byte[], IPEndPoint> received)
    {
        byte[] buffer = new byte[ushort.MaxValue];
        IPEndPoint any = new(_socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (true)
        {
            try
            {
                SocketReceiveFromResult result = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, any, _stop.Token);
                received(buffer[..result.ReceivedBytes], (IPEndPoint)result.RemoteEndPoint);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // Windows reports here that an earlier datagram found its port closed: the next receive goes on.
            }
        }
    }
}
