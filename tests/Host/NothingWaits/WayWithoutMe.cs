using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MbmsMe.Hal.Common;

namespace MbmsMe.Tests.Host;

/// <summary>
/// What an MSK message takes on this machine, now, without an ME: a datagram to a thread, from that to another one, a slot file
/// written and committed, a datagram back. Nothing is computed, and nothing waits for anything else.
/// </summary>
internal sealed class WayWithoutMe : IDisposable
{
    private const int SlotOctets = 700;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mbms-way-");
    private readonly Socket _port = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly AutoResetEvent _wake = new(false);
    private readonly Stranger _sender;
    private readonly Thread[] _threads;
    private EndPoint _peer = new IPEndPoint(IPAddress.Any, 0);
    private volatile bool _ended;

    public WayWithoutMe()
    {
        _port.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _sender = new Stranger(((IPEndPoint)_port.LocalEndPoint!).Port);
        _threads = [new Thread(Receive), new Thread(Answer)];
        Array.ForEach(_threads, thread => thread.Start());
    }

    /// <summary>Goes it once.</summary>
    public void AddTo(Latencies latencies)
    {
        long sent = Stopwatch.GetTimestamp();
        _sender.Send(new byte[200]);
        latencies.Add(sent, _sender.AwaitAck());
    }

    public void Dispose()
    {
        _ended = true;
        _port.Dispose();
        _wake.Set();
        Array.ForEach(_threads, thread => thread.Join());
        _sender.Dispose();
        _wake.Dispose();
        _directory.Delete(recursive: true);
    }

    private void Receive()
    {
        byte[] buffer = new byte[2048];
        try
        {
            while (true)
            {
                EndPoint peer = new IPEndPoint(IPAddress.Any, 0);
                _port.ReceiveFrom(buffer, ref peer);
                _peer = peer;
                _wake.Set();
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The port is closed.
        }
    }

    private void Answer()
    {
        FileSlots slots = new(_directory.FullName, "slot");
        for (int i = 0; _wake.WaitOne() && !_ended; i++)
        {
            slots.Write(i % 2, new byte[SlotOctets]);
            _port.SendTo([1, 1, 0, 0], _peer);
        }
    }
}
