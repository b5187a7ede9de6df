using System.Net;
using System.Net.Sockets;

namespace MbmsMe.Lab;

/// <summary>How the lab sends to multicast groups.</summary>
internal static class Multicast
{
    /// <summary>
    /// Through the interface of a specific address, loopback too, which then carries the groups of an ME on the same machine;
    /// no further than the local network.
    /// </summary>
    public static void Configure(Socket socket, IPAddress local)
    {
        if (socket.AddressFamily != AddressFamily.InterNetwork)
        {
            return;
        }
        if (!local.Equals(IPAddress.Any))
        {
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, local.GetAddressBytes());
        }
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback, true);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, 1);
    }
}

/// <summary>The UDP socket MIKEY messages leave from and acknowledgements come to.</summary>
internal sealed class MikeyPort : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly LabFaults _faults;
    private readonly Lock _swapping = new();
    private (byte[] Datagram, IPEndPoint To)? _held;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _receiving;

    public MikeyPort(IPEndPoint listen, LabFaults faults, Action<byte[], IPEndPoint> received)
    {
        _faults = faults;
        _socket = new Socket(listen.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            _socket.Bind(listen);
            Multicast.Configure(_socket, listen.Address);
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

    public void Send(byte[] datagram, IPEndPoint to)
    {
        lock (_swapping)
        {
            if (_faults.SwapNextDatagrams && _held is null)
            {
                _held = (datagram, to);
                return;
            }
            _socket.SendTo(datagram, to);
            if (_held is (byte[] first, IPEndPoint peer))
            {
                _held = null;
                _faults.SwapNextDatagrams = false;
                _socket.SendTo(first, peer);
            }
        }
    }

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
