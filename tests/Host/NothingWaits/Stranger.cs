using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MbmsMe.Tests.Host;

/// <summary>Somebody else than the lab who sends to the ME's MIKEY port, one datagram at a time, and gets what it answers.</summary>
internal sealed class Stranger : IDisposable
{
    // Less than a late server takes: an ME that waits for one has no answer in time.
    private const int PatienceMilliseconds = 5000;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _answer = new byte[2048];

    /// <param name="port">The ME's port on 127.0.0.1.</param>
    public Stranger(int port)
    {
        _socket.ReceiveTimeout = PatienceMilliseconds;
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>Sends a datagram.</summary>
    public void Send(byte[] datagram) => _socket.Send(datagram);

    /// <summary>Waits for the ACK (RFC 3830 clause 6.1: data type 1), and gives the timestamp at which it came.</summary>
    public long AwaitAck()
    {
        int length = _socket.Receive(_answer);
        long at = Stopwatch.GetTimestamp();
        Assert.IsGreaterThan(2, length);
        Assert.AreEqual(1, _answer[1], "data type");
        return at;
    }

    public void Dispose() => _socket.Dispose();
}
