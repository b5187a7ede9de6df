using System.Net.Sockets;
using System.Text;
using MbmsMe.Control;
using MbmsMe.Runtime;

namespace MbmsMe.Host;

/// <summary>
/// The control socket: a Unix domain socket that only its owner may use; a command is a line, and so is its reply.
/// </summary>
internal sealed class ControlServer : IDisposable
{
    /// <summary>How long a command waits for the worker, which nothing holds up but a drive.</summary>
    public static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(5);

    // Who asks for more loses the connection that has been silent longest: clients that stall cannot lock others out.
    private const int MaxConnections = 16;
    private const int SendTimeoutMilliseconds = 5000;

    private readonly string _path;
    private readonly Socket _listener;
    private readonly List<Connection> _connections = [];

    /// <summary>Takes the path; connections are answered from <see cref="Start"/> on.</summary>
    /// <exception cref="ControlSocketException">It cannot be had.</exception>
    public ControlServer(string path)
    {
        _path = path;
        var endPoint = EndPoint(path);
        var directory = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(directory))
        {
            throw new ControlSocketException($"there is no directory {directory}");
        }

        RemoveStale(path, endPoint);
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            _listener.Bind(endPoint);
            if (!OperatingSystem.IsWindows())
            {
                // Nobody can connect before Listen, so nobody gets in while others may still write to it.
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            _listener.Listen();
        }
        catch (Exception failure) when (failure is SocketException or IOException or UnauthorizedAccessException)
        {
            _listener.Dispose();
            throw new ControlSocketException($"no socket can be made in {directory}: {failure.Message}");
        }
    }

    /// <summary>The address of a path.</summary>
    /// <exception cref="ControlSocketException">The operating system takes no path as long as that.</exception>
    public static UnixDomainSocketEndPoint EndPoint(string path)
    {
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new ControlSocketException("the path is too long for a socket (about 100 octets); a relative one may be shorter");
        }
        catch (PlatformNotSupportedException)
        {
            throw new ControlSocketException("this operating system has no Unix domain sockets");
        }
    }

    /// <summary>Starts taking connections.</summary>
    public void Start(RunningMe me) => _ = AcceptAsync(me);

    public void Dispose()
    {
        _listener.Dispose();
        lock (_connections)
        {
            _connections.ForEach(connection => connection.Socket.Dispose());
        }

        File.Delete(_path);
    }

    // What an ME left behind that was killed. Anything else at that path stays.
    private static void RemoveStale(string path, UnixDomainSocketEndPoint endPoint)
    {
        if (!Path.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(endPoint);
            throw new ControlSocketException("another ME is listening there");
        }
        catch (SocketException)
        {
            // Nobody is.
        }

        try
        {
            // A socket is the only kind of file that cannot be opened; for writing too, so that a pipe does not block.
            using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            throw new ControlSocketException("there is a file that is no socket");
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new ControlSocketException(failure.Message);
        }
        catch (IOException)
        {
            File.Delete(path);
        }
    }

    private async Task AcceptAsync(RunningMe me)
    {
        while (true)
        {
            try
            {
                var connection = new Connection(await _listener.AcceptAsync());
                Add(connection);
                _ = Task.Run(() => ServeAsync(connection, me));
            }
            catch (SocketException)
            {
                // Out of handles, for example: the ME goes on.
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Add(Connection connection)
    {
        lock (_connections)
        {
            if (_connections.Count == MaxConnections)
            {
                _connections.MinBy(other => other.LastUsed)!.Socket.Dispose();
            }

            _connections.Add(connection);
        }
    }

    private async Task ServeAsync(Connection connection, RunningMe me)
    {
        connection.Socket.SendTimeout = SendTimeoutMilliseconds;
        var buffer = new byte[CommandConsole.MaxLineLength + 1];
        var filled = 0;
        try
        {
            while (true)
            {
                var received = await connection.Socket.ReceiveAsync(buffer.AsMemory(filled));
                if (received == 0)
                {
                    return;
                }

                connection.LastUsed = Environment.TickCount64;
                filled += received;
                for (int end; (end = Array.IndexOf(buffer, (byte)'\n', 0, filled)) >= 0;)
                {
                    var line = Encoding.UTF8.GetString(buffer, 0, end);
                    filled -= end + 1;
                    Buffer.BlockCopy(buffer, end + 1, buffer, 0, filled);
                    Reply(connection.Socket, me.Ask(line, (int)AskTimeout.TotalMilliseconds));
                }

                if (filled == buffer.Length)
                {
                    Reply(connection.Socket, CommandConsole.Failure($"the line is too long; expected at most {CommandConsole.MaxLineLength} octets"));
                    return;
                }
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The client is gone, does not read its replies, or had to make room for another.
        }
        finally
        {
            connection.Socket.Dispose();
            lock (_connections)
            {
                _connections.Remove(connection);
            }
        }
    }

    private static void Reply(Socket client, string reply) => client.Send(Encoding.UTF8.GetBytes(reply + "\n"));

    private sealed class Connection(Socket socket)
    {
        public Socket Socket { get; } = socket;

        public long LastUsed { get; set; } = Environment.TickCount64;
    }
}
