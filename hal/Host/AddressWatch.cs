using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MbmsMe.Hal.Host;

/// <summary>Notices that others reach this machine at another address than before.</summary>
/// <remarks>
/// It looks instead of waiting for <see cref="NetworkChange"/>: that one says nothing when only the route changes, and a look
/// costs a few system calls and no packet.
/// </remarks>
public sealed class AddressWatch
{
    // TEST-NET-1 (RFC 5737): as good as any address that the default route leads to. Nothing is sent there.
    private static readonly IPEndPoint s_somewhere = new(IPAddress.Parse("192.0.2.1"), 9);

    private readonly Func<string?> _current;
    private string? _last;

    /// <summary>Makes it, with the address as it is now.</summary>
    /// <param name="listenAddress">
    /// Local address of the MIKEY port. As long as it is one of this machine it counts; else, as for 0.0.0.0, that of the default route.
    /// </param>
    public AddressWatch(string listenAddress)
        : this(() => IsLocal(listenAddress) ? listenAddress : AddressOfDefaultRoute())
    {
    }

    /// <summary>Makes it for any way to find the address; null while there is none.</summary>
    internal AddressWatch(Func<string?> current)
    {
        _current = current;
        _last = current();
    }

    /// <summary>True when there is another address than at the last look that found one. An address that only goes is no change.</summary>
    public bool HasChanged()
    {
        var current = _current();
        var changed = current is not null && _last is not null && current != _last;
        _last = current ?? _last;
        return changed;
    }

    private static bool IsLocal(string address) =>
        address != IPAddress.Any.ToString() && NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(one => one.GetIPProperties().UnicastAddresses)
            .Any(local => local.Address.ToString() == address);

    private static string? AddressOfDefaultRoute()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(s_somewhere);
            return ((IPEndPoint)socket.LocalEndPoint!).Address.ToString();
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
