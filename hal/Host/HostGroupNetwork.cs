using System.Net;
using System.Net.Sockets;
using MbmsMe.Hal.Common;
using MbmsMe.Machine;

namespace MbmsMe.Hal.Host;

/// <summary>Multicast on a PC, by the interface that the ME listens on, loopback, and the one the system prefers.</summary>
/// <param name="listenAddress">Local address of the MIKEY port.</param>
public sealed class HostGroupNetwork(string listenAddress) : GroupNetwork
{
    private readonly string[] _interfaces = [.. new[] { listenAddress, "127.0.0.1", "0.0.0.0" }.Distinct()];

    /// <inheritdoc/>
    public override int MaxPacket => 65535;

    /// <inheritdoc/>
    public override int MaxSockets => int.MaxValue;

    /// <inheritdoc/>
    /// <remarks>
    /// A socket that is bound to the group gets nothing else and stands in nobody's way; Windows cannot do that. Several
    /// programs may receive a group, so the port is shared; that of an address of this machine is not.
    /// </remarks>
    public override void Bind(Socket socket, UdpAddress address)
    {
        var local = IPAddress.Parse(address.Address);
        if (IsGroup(address.Address))
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            local = OperatingSystem.IsWindows() ? IPAddress.Any : local;
        }

        socket.Bind(new IPEndPoint(local, address.Port));
    }

    /// <inheritdoc/>
    public override void Join(Socket socket, string group)
    {
        SocketException? last = null;
        var joined = false;
        foreach (var address in _interfaces)
        {
            try
            {
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, Membership(group, address));
                joined = true;
            }
            catch (SocketException failure)
            {
                last = failure;
            }
        }

        if (!joined)
        {
            throw last!;
        }
    }

    /// <inheritdoc/>
    public override void Leave(Socket socket, string group)
    {
        foreach (var address in _interfaces)
        {
            try
            {
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.DropMembership, Membership(group, address));
            }
            catch (SocketException)
            {
                // Not joined by this one.
            }
        }
    }

    /// <inheritdoc/>
    public override string Describe(SocketException failure) => failure.Message;
}
