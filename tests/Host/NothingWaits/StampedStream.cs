using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>
/// SRTP packets to a multicast group, about one a millisecond, and the time at which each was sent: a clear packet tells that
/// the MTK was still in use then.
/// </summary>
internal sealed class StampedStream : IDisposable
{
    private const int MostPackets = 60000;

    // Two packets in a row may be so far apart where the processors are not this thread's alone.
    private static readonly TimeSpan s_longestGap = TimeSpan.FromMilliseconds(25);

    private readonly IPEndPoint _flow;
    private readonly PacketSender _sender = new();
    private readonly Socket _player = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Thread _playing;
    private long[] _sentAt = [];
    private int _sent;
    private long _lastDecrypted;
    private volatile bool _sends;
    private Thread? _sending;

    /// <param name="flow">Where to send.</param>
    public StampedStream(IPEndPoint flow)
    {
        _flow = flow;
        _player.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _playing = new Thread(Play) { IsBackground = true };
        _playing.Start();
    }

    /// <summary>Where clear packets come.</summary>
    public EndPoint Output => _player.LocalEndPoint!;

    /// <summary>The time, a timestamp of <see cref="Stopwatch"/>, at which that one was sent of the clear packets which was sent last; 0 for none.</summary>
    public long LastDecrypted => Interlocked.Read(ref _lastDecrypted);

    /// <summary>Sends under an MTK from now on.</summary>
    public void Begin(Mtk mtk)
    {
        _sentAt = new long[MostPackets];
        _sent = 0;
        _lastDecrypted = 0;
        _sends = true;
        _sending = new Thread(() => Send(PacketSender.Under(mtk))) { IsBackground = true, Priority = ThreadPriority.AboveNormal };
        _sending.Start();
    }

    /// <summary>Sends no more.</summary>
    public void End()
    {
        _sends = false;
        _sending!.Join();
    }

    /// <summary>True when packets were sent just before and just after that time, so that <see cref="LastDecrypted"/> says something.</summary>
    public bool SentAround(long timestamp)
    {
        long[] sentAt = _sentAt[.._sent];
        return sentAt.Any(sent => sent < timestamp && Stopwatch.GetElapsedTime(sent, timestamp) < s_longestGap)
            && sentAt.Any(sent => sent > timestamp && Stopwatch.GetElapsedTime(timestamp, sent) < s_longestGap);
    }

    public void Dispose()
    {
        _sends = false;
        _sending?.Join();
        _player.Dispose();
        _playing.Join();
        _sender.Dispose();
    }

    private void Send(SrtpSender srtp)
    {
        while (_sends && _sent < MostPackets)
        {
            byte[] packet = srtp.Packet(0, _sent);
            _sentAt[_sent] = Stopwatch.GetTimestamp();
            _sender.Send(packet, _flow);
            _sent++;
            Thread.Sleep(1);
        }
    }

    private void Play()
    {
        byte[] packet = new byte[2048];
        try
        {
            while (true)
            {
                _player.Receive(packet);
                Interlocked.Exchange(ref _lastDecrypted, _sentAt[BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2))]);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The socket is closed.
        }
    }
}
