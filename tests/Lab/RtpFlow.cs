using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace MbmsMe.Lab;

/// <summary>The RTP stream (RFC 3550) of a service, texts, protected as it demands under one MTK after the other.</summary>
internal sealed class RtpFlow : IDisposable
{
    private const byte PayloadType = 96;
    private const int HeaderOctets = 12;
    private const int TicksPerMillisecond = 8;

    private readonly LabService _service;
    private readonly Socket _socket;
    private readonly long _started = Environment.TickCount64;
    private ushort? _firstSequence;
    private ushort _sequence;
    private uint _ssrc;
    private Mtk? _mtk;
    private ISrtpSender? _srtp;
    private long _packets;

    public RtpFlow(LabService service, IPEndPoint to, IPAddress local, int ttl, ushort? firstSequence)
    {
        _service = service;
        To = to;
        _firstSequence = firstSequence;
        _socket = new Socket(to.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(local, 0));
        Udp.ConfigureMulticast(_socket, local, ttl);
        TakeSsrc();
    }

    public IPEndPoint To { get; }

    public long Packets => Interlocked.Read(ref _packets);

    /// <summary>Protects the packets to come under an MTK. False if it already does.</summary>
    public bool Use(Mtk mtk)
    {
        if (_mtk is not null && mtk.Mki.AsSpan().SequenceEqual(_mtk.Mki) && mtk.Key.AsSpan().SequenceEqual(_mtk.Key))
        {
            return false;
        }
        ISrtpSender? next = _service.Confidentiality || _service.Integrity
            ? LibSrtp.NewSender(mtk.Key, mtk.Salt, mtk.Mki, _service.Confidentiality, _service.Integrity)
            : null;
        _srtp?.Dispose();
        (_srtp, _mtk) = (next, mtk);
        return true;
    }

    /// <summary>Sends the next packet.</summary>
    /// <exception cref="SocketException">It is lost; the next one may get through.</exception>
    public void Send()
    {
        byte[] payload = Encoding.UTF8.GetBytes($"{_service.Id} {Packets:000000}");
        byte[] packet = new byte[HeaderOctets + payload.Length];
        packet[0] = 2 << 6;
        packet[1] = PayloadType;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), _sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), (uint)((Environment.TickCount64 - _started) * TicksPerMillisecond));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), _ssrc);
        payload.CopyTo(packet, HeaderOctets);
        byte[] protectedPacket = _srtp?.Protect(packet) ?? packet;
        if (_sequence++ == ushort.MaxValue)
        {
            TakeSsrc();
        }
        Interlocked.Increment(ref _packets);
        Udp.Send(_socket, protectedPacket, To);
    }

    public void Dispose()
    {
        _srtp?.Dispose();
        _socket.Dispose();
    }

    /// <summary>
    /// A new SSRC before the sequence number wraps keeps the ROC at 0: who tunes in late cannot know another one, since no
    /// MTK message carries it.
    /// </summary>
    private void TakeSsrc()
    {
        _ssrc = BinaryPrimitives.ReadUInt32BigEndian(RandomNumberGenerator.GetBytes(4));
        _sequence = _firstSequence ?? (ushort)RandomNumberGenerator.GetInt32(1 << 15);
        _firstSequence = null;
    }
}
