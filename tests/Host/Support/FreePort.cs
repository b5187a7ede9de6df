using System.Net;
using System.Net.Sockets;

namespace MbmsMe.Tests.Host;

/// <summary>UDP ports for MEs: below those the system hands out by itself, and none twice.</summary>
internal static class FreePort
{
    private const int First = 20000;
    private const int Count = 12000;

    private static readonly HashSet<int> s_given = [];

    public static int Next()
    {
        lock (s_given)
        {
            while (true)
            {
                int port = First + Random.Shared.Next(Count);
                if (!s_given.Contains(port) && IsFree(port))
                {
                    s_given.Add(port);
                    return port;
                }
            }
        }
    }

    private static bool IsFree(int port)
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
