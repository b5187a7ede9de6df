using System.Net;
using System.Net.Sockets;

namespace MbmsMe.Tests.Host;

/// <summary>An address that nobody must come to.</summary>
internal static class Canary
{
    private static readonly TcpListener s_listener = Start();

    public static string Url => $"http://{s_listener.LocalEndpoint}/elsewhere";

    /// <summary>Whether somebody came.</summary>
    public static bool Died => s_listener.Pending();

    private static TcpListener Start()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }
}
