using System.Net;
using System.Net.Sockets;

namespace MbmsMe.Lab;

/// <summary>How the lab sends datagrams.</summary>
internal static class Udp
{
    /// <summary>
    /// Multicast goes through the interface of a specific address, loopback too, which then carries the groups of an ME on the
    /// same machine.
    /// </summary>
    public static void ConfigureMulticast(Socket socket, IPAddress local, int ttl)
    {
        if (!local.Equals(IPAddress.Any))
        {
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, local.GetAddressBytes());
        }
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback, true);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, ttl);
    }

    public static void Send(Socket socket, byte[] datagram, IPEndPoint to)
    {
        try
        {
            socket.SendTo(datagram, to);
        }
        catch (SocketException e) when (socket.LocalEndPoint is IPEndPoint { Address: IPAddress local } && IPAddress.IsLoopback(local) && !IPAddress.IsLoopback(to.Address))
        {
            // "Invalid argument" helps nobody.
            throw new SocketException((int)e.SocketErrorCode, $"{local} does not reach {to.Address}: set mikey.listen to this PC's own address in the ME's network");
        }
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

    public MikeyPort(IPEndPoint listen, int ttl, LabFaults faults, Action<byte[], IPEndPoint> received)
    {
        _faults = faults;
        _socket = new Socket(listen.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            _socket.Bind(listen);
            Udp.ConfigureMulticast(_socket, listen.Address, ttl);
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
            Udp.Send(_socket, datagram, to);
            if (_held is (byte[] first, IPEndPoint peer))
            {
                _held = null;
                _faults.SwapNextDatagrams = false;
                Udp.Send(_socket, first, peer);
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
        IPEndPoint any = new(IPAddress.Any, 0);
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
