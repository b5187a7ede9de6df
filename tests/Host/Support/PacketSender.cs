using System.Net;
using System.Net.Sockets;
using MbmsMe.Lab;
using MbmsMe.Machine;

namespace MbmsMe.Tests.Host;

/// <summary>Sends single packets to multicast groups on loopback, where a stream of the lab would hide what is to be seen.</summary>
internal sealed class PacketSender : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public PacketSender() =>
        _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.Loopback.GetAddressBytes());

    /// <summary>Makes packets under an MTK of the lab, with the code of the unit tests.</summary>
    public static SrtpSender Under(Mtk mtk) => new(new TrafficKey
    {
        Group = new Machine.KeyGroup(Convert.ToInt32(mtk.Group.KeyDomain, 16), mtk.Group.Group),
        KeyNumber = mtk.Number,
        Mki = mtk.Mki,
        Key = mtk.Key,
        Salt = mtk.Salt,
    });

    /// <summary>Sends one.</summary>
    public void Send(byte[] packet, IPEndPoint to) => _socket.SendTo(packet, to);

    public void Dispose() => _socket.Dispose();
}
