using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MbmsMe.Tests.Soak;

/// <summary>
/// The UDP network between BM-SC and ME: loses some datagrams, sends some twice, and holds some back until later ones have
/// passed.
/// </summary>
internal sealed class LossyLink : IDisposable
{
    private static readonly TimeSpan s_longestHold = TimeSpan.FromMilliseconds(30);

    private readonly Socket _toBmsc;
    private readonly Socket _toMe;
    private readonly EndPoint _bmsc;
    private readonly EndPoint _me;
    private readonly double _share;
    private readonly BlockingCollection<(Socket, EndPoint, byte[], long)> _held = [];
    private volatile bool _closed;
    private long _passed;
    private long _lost;
    private long _doubled;
    private long _reordered;

    /// <param name="port">Where the BM-SC believes the ME to be.</param>
    /// <param name="me">Where it is.</param>
    /// <param name="bmsc">Where MIKEY messages come from and ACKs go to.</param>
    /// <param name="share">How many of the datagrams are lost; as many are doubled, and as many held back.</param>
    public LossyLink(int port, IPEndPoint me, IPEndPoint bmsc, double share)
    {
        _me = me;
        _bmsc = bmsc;
        _share = share;
        _toBmsc = Bind(port);
        _toMe = Bind(0);
        Start(() => Receive(_toBmsc, _toMe, _me));
        Start(() => Receive(_toMe, _toBmsc, _bmsc));
        Start(Release);
    }

    /// <summary>What it has done so far.</summary>
    public override string ToString() => $"{_passed} datagrams passed, {_lost} lost, {_doubled} doubled, {_reordered} held back";

    public void Dispose()
    {
        _closed = true;
        _held.CompleteAdding();
        _toBmsc.Dispose();
        _toMe.Dispose();
    }

    private static Socket Bind(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private static void Start(Action run) => new Thread(() => run()) { IsBackground = true, Name = "link" }.Start();

    private void Receive(Socket from, Socket through, EndPoint to)
    {
        byte[] buffer = new byte[2048];
        while (!_closed)
        {
            try
            {
                byte[] datagram = buffer[..from.Receive(buffer)];
                if (Happens())
                {
                    Interlocked.Increment(ref _lost);
                    continue;
                }

                Pass(through, to, datagram);
                if (Happens())
                {
                    Interlocked.Increment(ref _doubled);
                    Pass(through, to, datagram);
                }
            }
            catch (SocketException)
            {
                // The other end is being restarted, or this one closes.
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private bool Happens() => Random.Shared.NextDouble() < _share;

    private void Pass(Socket through, EndPoint to, byte[] datagram)
    {
        Interlocked.Increment(ref _passed);
        if (Happens())
        {
            Interlocked.Increment(ref _reordered);
            _held.Add((through, to, datagram, Environment.TickCount64 + Random.Shared.Next((int)s_longestHold.TotalMilliseconds)));
        }
        else
        {
            through.SendTo(datagram, to);
        }
    }

    private void Release()
    {
        foreach ((Socket through, EndPoint to, byte[] datagram, long at) in _held.GetConsumingEnumerable())
        {
            Thread.Sleep((int)Math.Max(0, at - Environment.TickCount64));
            try
            {
                through.SendTo(datagram, to);
            }
            catch (Exception end) when (end is SocketException or ObjectDisposedException)
            {
                // As good as lost.
            }
        }
    }
}
