using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MbmsMe.Lab;

/// <summary>An event the ME printed.</summary>
/// <param name="Name">Its <c>event</c>.</param>
/// <param name="Time">Its <c>time</c>.</param>
/// <param name="Fields">Everything else, as text.</param>
internal sealed record MeEvent(string Name, DateTimeOffset Time, IReadOnlyDictionary<string, string> Fields)
{
    public string this[string field] => Fields.GetValueOrDefault(field, "");

    public override string ToString() => $"{Name} {string.Join(' ', Fields.Where(field => field.Value.Length > 0).Select(field => $"{field.Key}={field.Value}"))}";
}

/// <summary>The host ME as a process of its own, its configuration and its state.</summary>
internal sealed class DemoMe : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_replyTimeout = TimeSpan.FromSeconds(8);

    private readonly string _directory;
    private readonly StringBuilder _errors = new();
    private Process? _process;

    public DemoMe(string directory)
    {
        _directory = directory;
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Mikey = (IPEndPoint)probe.LocalEndPoint!;
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
    }

    public EventRecord<MeEvent> Events { get; } = new();

    /// <summary>Where the ME takes MIKEY messages: a port that was free a moment ago.</summary>
    public IPEndPoint Mikey { get; }

    /// <summary>What the ME printed to standard error.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>The path of the host ME, null when the lab was built without it.</summary>
    public static string? Assembly => typeof(DemoMe).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == "HostMe")?.Value;

    private string ControlSocket => Path.Combine(_directory, "me.sock");

    private string StateDirectory => Path.Combine(_directory, "me-state");

    /// <summary>A digest over every file of the ME's non-volatile state.</summary>
    public string StateDigest()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in StateFiles().Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file));
            hash.AppendData(File.ReadAllBytes(file));
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>Whether these octets stand anywhere in the ME's non-volatile state.</summary>
    public bool StateHolds(byte[] octets) =>
        StateFiles().Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(octets) >= 0);

    /// <summary>Powers the ME on with a UICC in it.</summary>
    public void Start(string iccid, LabSubscriber subscriber, LabServer lab, object[] services, string atPowerDown = "keep")
    {
        string configuration = Path.Combine(_directory, "me.json");
        File.WriteAllText(configuration, JsonSerializer.Serialize(new
        {
            uicc = new
            {
                kind = "soft",
                iccid,
                imsi = subscriber.Imsi,
                mncLength = subscriber.MncLength,
                k = Convert.ToHexStringLower(subscriber.K),
                opc = Convert.ToHexStringLower(subscriber.Opc),
            },
            bsf = new { url = lab.BsfUrl },
            bmsc = new { url = lab.BmScUrl, fqdn = lab.Configuration.BmScFqdn },
            mikey = new { listen = Mikey.ToString() },
            services,
            missedKey = new { minSeconds = 1 },
            control = new { socket = ControlSocket },
            backoff = new { offsetSeconds = 0, randomSeconds = 0 },
            storage = new { directory = StateDirectory, atPowerDown },
        }));
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(DotNet(), [Assembly!, "--config", configuration, "--json"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Says a command to the ME and returns its reply, a line of JSON.</summary>
    /// <exception cref="DemoFailure">It does not listen, or gives no reply in time.</exception>
    public async Task<string> SayAsync(string command, CancellationToken cancellation)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(s_replyTimeout);
        try
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(ControlSocket), timeout.Token);
            await using NetworkStream stream = new(socket);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\n"), timeout.Token);
            using StreamReader reader = new(stream);
            return await reader.ReadLineAsync(timeout.Token) ?? "";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new DemoFailure($"ME: the command {command} did not reach it: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new DemoFailure($"ME: no reply to {command} within {s_replyTimeout.TotalSeconds} s");
        }
    }

    /// <summary>Powers the ME off by SIGTERM and returns its exit code; -1 where it had to be killed.</summary>
    public async Task<int> StopAsync()
    {
        if (_process is null)
        {
            return 0;
        }
        using Process process = _process;
        _process = null;
        using CancellationTokenSource timeout = new(s_stopTimeout);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                // Windows has no signal that would reach a console process of its own.
                process.Kill();
                await process.WaitForExitAsync(timeout.Token);
                return 0;
            }
            if (!process.HasExited)
            {
                Signal(process.Id, SigTerm);
            }
            await process.WaitForExitAsync(timeout.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            return -1;
        }
    }

    public ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        KillAtExit(this, EventArgs.Empty);
        return ValueTask.CompletedTask;
    }

    /// <summary>All but the lock that keeps a second ME from the same state.</summary>
    private IEnumerable<string> StateFiles() =>
        Directory.EnumerateFiles(StateDirectory, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) != ".lock");

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(s_stopTimeout);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    /// <summary>The dotnet command this process runs under, so that the demo needs none in PATH.</summary>
    private static string DotNet()
    {
        string root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        string command = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(command) ? command : "dotnet";
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);

    private void KillAtExit(object? sender, EventArgs e)
    {
        if (Interlocked.Exchange(ref _process, null) is Process process)
        {
            Kill(process);
            process.Dispose();
        }
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private void Add(string? line)
    {
        if (line is null)
        {
            return;
        }
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            Dictionary<string, string> fields = document.RootElement.EnumerateObject().ToDictionary(field => field.Name, field => Text(field.Value));
            fields.Remove("event", out string? name);
            fields.Remove("time", out string? time);
            Events.Add(new MeEvent(name ?? "", DateTimeOffset.TryParse(time, out DateTimeOffset at) ? at : DateTimeOffset.UtcNow, fields));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            Events.Add(new MeEvent("not-json", DateTimeOffset.UtcNow, new Dictionary<string, string> { ["line"] = line }));
        }
    }
}
