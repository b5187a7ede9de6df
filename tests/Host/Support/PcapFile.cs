using System.Buffers.Binary;
using System.Net;

namespace MbmsMe.Tests.Host;

/// <summary>A capture file (pcap, raw IPv4) of UDP datagrams that were sent over a socket.</summary>
internal sealed class PcapFile : IDisposable
{
    private const int IpHeader = 20;
    private const int UdpHeader = 8;

    private readonly BinaryWriter _file;

    public PcapFile(string path)
    {
        const uint magic = 0xA1B2C3D4; // times in microseconds
        const uint rawIp = 101;
        _file = new BinaryWriter(File.Create(path));
        _file.Write(magic);
        _file.Write((ushort)2);
        _file.Write((ushort)4);
        _file.Write(0UL); // time zone, accuracy
        _file.Write(ushort.MaxValue + 0u);
        _file.Write(rawIp);
    }

    public void Add(DateTimeOffset time, IPEndPoint from, IPEndPoint to, byte[] datagram)
    {
        long microseconds = (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        byte[] packet = Packet(from, to, datagram);
        _file.Write((uint)(microseconds / 1_000_000));
        _file.Write((uint)(microseconds % 1_000_000));
        _file.Write((uint)packet.Length);
        _file.Write((uint)packet.Length);
        _file.Write(packet);
    }

    public void Dispose() => _file.Dispose();

    private static byte[] Packet(IPEndPoint from, IPEndPoint to, byte[] datagram)
    {
        byte[] packet = new byte[IpHeader + UdpHeader + datagram.Length];
        packet[0] = 0x45; // version 4, header of five words
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64; // time to live
        packet[9] = 17; // UDP
        from.Address.GetAddressBytes().CopyTo(packet, 12);
        to.Address.GetAddressBytes().CopyTo(packet, 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), Checksum(packet.AsSpan(0, IpHeader)));
        Span<byte> udp = packet.AsSpan(IpHeader);
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], (ushort)to.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)(UdpHeader + datagram.Length));
        datagram.CopyTo(udp[UdpHeader..]);
        return packet;
    }

    private static ushort Checksum(ReadOnlySpan<byte> header)
    {
        uint sum = 0;
        for (int i = 0; i < header.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(header[i..]);
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~(sum + (sum >> 16));
    }
}
