using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MbmsMe.Tests.Host;

/// <summary>
/// What the ME takes for a BSF or BM-SC: a raw socket that hands requests on to the genuine one, or does with them what a
/// fault says.
/// </summary>
internal sealed class StandIn : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _genuine;
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly Task _accepting;
    private CancellationTokenSource _fault = new();
    private volatile Func<HostileExchange, Task>? _answer;
    private int _requests;

    /// <param name="genuine">Where the genuine server is.</param>
    public StandIn(Uri genuine)
    {
        _genuine = IPEndPoint.Parse(genuine.Authority);
        _listener.Start();
        Url = new UriBuilder(genuine) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _accepting = AcceptAsync();
    }

    /// <summary>The genuine server's URL at this address.</summary>
    public Uri Url { get; }

    /// <summary>Requests since the last <see cref="Use"/>.</summary>
    public int Requests => _requests;

    /// <summary>What went wrong in a fault itself, which would make it prove nothing.</summary>
    public IReadOnlyCollection<Exception> Failures => _failures;

    /// <summary>Called with every octet that goes through: true for those of the ME.</summary>
    public Action<bool, byte[]>? Watch { get; set; }

    /// <summary>From now on all requests get this answer; null hands them on.</summary>
    public void Use(Func<HostileExchange, Task>? answer)
    {
        _answer = answer;
        _requests = 0;
        Interlocked.Exchange(ref _fault, new CancellationTokenSource()).Cancel();
        foreach (Socket socket in _open.Keys)
        {
            socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Use(null);
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync();
                _ = ServeAsync(socket);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The listener is closed.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        _open[socket] = true;
        CancellationToken token = _fault.Token;
        try
        {
            await using NetworkStream stream = new(socket, ownsSocket: true);
            while (await HttpOctets.ReadAsync(stream) is HttpOctets request)
            {
                Watch?.Invoke(true, request.All);
                Interlocked.Increment(ref _requests);
                if (_answer is Func<HostileExchange, Task> answer)
                {
                    await answer(new HostileExchange(request, socket, stream, () => ForwardAsync(request), token));
                    return;
                }

                HttpOctets reply = await ForwardAsync(request);
                Watch?.Invoke(false, reply.All);
                await stream.WriteAsync(reply.All);
            }
        }
        catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The ME has had enough, or the fault is over.
        }
        catch (Exception failure)
        {
            _failures.Enqueue(failure);
        }
        finally
        {
            _open.TryRemove(socket, out _);
        }
    }

    private async Task<HttpOctets> ForwardAsync(HttpOctets request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(_genuine);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(request.All);
        return await HttpOctets.ReadAsync(stream) ?? throw new InvalidOperationException("the lab gave no answer");
    }
}

/// <summary>A request or response as it is on the wire, with a body of a length told beforehand.</summary>
/// <param name="Head">First line and header fields, with the empty line.</param>
/// <param name="Body">The body.</param>
internal sealed record HttpOctets(string Head, byte[] Body)
{
    public byte[] All => [.. Encoding.Latin1.GetBytes(Head), .. Body];

    /// <summary>The status of a response.</summary>
    public int Status => int.Parse(Head.Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>The value of a header field, null when it is not there.</summary>
    public string? Field(string name) => Head.Split("\r\n").Skip(1)
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim()).FirstOrDefault();

    /// <summary>Reads one; null at the end of the stream.</summary>
    public static async Task<HttpOctets?> ReadAsync(Stream stream)
    {
        StringBuilder head = new();
        byte[] octet = new byte[1];
        while (!EndsHead(head))
        {
            if (await stream.ReadAsync(octet) == 0)
            {
                return null;
            }

            head.Append((char)octet[0]);
        }

        HttpOctets message = new(head.ToString(), []);
        byte[] body = new byte[int.Parse(message.Field("Content-Length") ?? "0", CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body);
        return message with { Body = body };
    }

    private static bool EndsHead(StringBuilder head) =>
        head.Length >= 4 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n' && head[^4] == '\r';
}

/// <summary>A request of the ME at a stand-in that is going to answer it wrongly.</summary>
internal sealed class HostileExchange(HttpOctets request, Socket socket, NetworkStream stream, Func<Task<HttpOctets>> forward, CancellationToken over)
{
    /// <summary>Without it the ME may send its next request on this connection just as the stand-in closes it.</summary>
    private const string Last = "Connection: close\r\n";

    public HttpOctets Request => request;

    /// <summary>Sends what the genuine server answers to it.</summary>
    public async Task AnswerGenuinelyAsync()
    {
        HttpOctets genuine = await forward();
        await SendAsync((genuine with { Head = genuine.Head.Replace("\r\n\r\n", "\r\n" + Last + "\r\n", StringComparison.Ordinal) }).All);
        await FinishAsync();
    }

    /// <summary>Sends octets, given as Latin-1.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] octets) => await stream.WriteAsync(octets, over);

    /// <summary>Sends a whole response.</summary>
    public async Task AnswerAsync(string status, string fields = "", byte[]? body = null)
    {
        await SendAsync($"HTTP/1.1 {status}\r\n{fields}{Last}Content-Length: {body?.Length ?? 0}\r\n\r\n");
        await SendAsync(body ?? []);
        await FinishAsync();
    }

    /// <summary>Sends text slowly, for ever.</summary>
    public async Task DripAsync(string text)
    {
        for (int i = 0; ; i++)
        {
            await SendAsync(text[i % text.Length].ToString());
            await Task.Delay(200, over);
        }
    }

    /// <summary>Sends text as fast as the ME takes it, for ever.</summary>
    public async Task PourAsync(string text)
    {
        byte[] octets = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(text, Math.Max(1, 65536 / text.Length))));
        while (true)
        {
            await SendAsync(octets);
        }
    }

    /// <summary>Does nothing until the fault is over.</summary>
    public Task WaitAsync() => Task.Delay(Timeout.Infinite, over);

    /// <summary>Does nothing for so long; true at once when the ME closes the connection before.</summary>
    public async Task<bool> IsClosedWithinAsync(TimeSpan length)
    {
        using CancellationTokenSource reading = CancellationTokenSource.CreateLinkedTokenSource(over);
        reading.CancelAfter(length);
        try
        {
            return await stream.ReadAsync(new byte[1], reading.Token) == 0;
        }
        catch (OperationCanceledException) when (!over.IsCancellationRequested)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Breaks the connection off with a reset.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>Says that nothing more will come and lets the ME read to the end.</summary>
    private async Task FinishAsync()
    {
        socket.Shutdown(SocketShutdown.Send);
        await Task.WhenAny(stream.ReadAsync(new byte[1], over).AsTask(), Task.Delay(1000, over));
    }
}
