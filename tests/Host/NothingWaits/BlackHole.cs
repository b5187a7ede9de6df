using System.Net;
using System.Net.Sockets;

namespace MbmsMe.Tests.Host;

/// <summary>A server that is not even reached: connections to it neither come about nor are refused.</summary>
internal sealed class BlackHole : IDisposable
{
    private const int MostFillers = 16;

    private static readonly TimeSpan s_untilItCounts = TimeSpan.FromMilliseconds(300);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _fillers = [];

    private BlackHole()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        Url = new Uri($"http://{_listener.LocalEndPoint}/keymanagement");
    }

    public Uri Url { get; }

    /// <summary>Makes it: on Linux a listener whose queue of connections is full hears no more of them.</summary>
    public static async Task<BlackHole> NewAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("other systems refuse what Linux does not hear");
        }

        BlackHole hole = new();
        while (hole._fillers.Count < MostFillers)
        {
            Socket filler = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            hole._fillers.Add(filler);
            using CancellationTokenSource waiting = new(s_untilItCounts);
            try
            {
                await filler.ConnectAsync(hole._listener.LocalEndPoint!, waiting.Token);
            }
            catch (OperationCanceledException)
            {
                return hole;
            }
        }

        throw new AssertFailedException("the listener still takes connections");
    }

    public void Dispose()
    {
        _fillers.ForEach(filler => filler.Dispose());
        _listener.Dispose();
    }
}
