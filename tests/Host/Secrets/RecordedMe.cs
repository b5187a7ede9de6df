using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace MbmsMe.Tests.Host;

/// <summary>A host ME of which every octet it prints is kept as it is.</summary>
internal sealed class RecordedMe : IDisposable
{
    public const int SigQuit = 3;
    public const int SigTerm = 15;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static readonly string s_assembly = typeof(RecordedMe).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "HostMe").Value!;

    private readonly Process _process;
    private readonly MemoryStream _printed = new();
    private readonly Task _reading;

    /// <param name="configuration">Path of me.json.</param>
    /// <param name="json">Events as JSON.</param>
    /// <param name="environment">Environment variables, for what the runtime does at a crash.</param>
    public RecordedMe(string configuration, bool json, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(JsonProcess.DotNet, [s_assembly, "--config", configuration, .. json ? ["--json"] : Array.Empty<string>()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput.BaseStream), ReadAsync(_process.StandardError.BaseStream));
    }

    /// <summary>Everything printed so far, both streams.</summary>
    public byte[] Printed
    {
        get
        {
            lock (_printed)
            {
                return _printed.ToArray();
            }
        }
    }

    /// <summary>The same as text.</summary>
    public string Text => Encoding.UTF8.GetString(Printed);

    /// <summary>Waits until a text was printed, from a length of output on.</summary>
    public async Task SaysAsync(string text, int mark = 0)
    {
        byte[] octets = Encoding.UTF8.GetBytes(text);
        Stopwatch clock = Stopwatch.StartNew();
        while (Printed.AsSpan(mark).IndexOf(octets) < 0)
        {
            if (clock.Elapsed > s_patience)
            {
                throw new TimeoutException($"it never said {text}:{Environment.NewLine}{Text}");
            }

            await Task.Delay(20);
        }
    }

    /// <summary>Sends a signal, waits for the end and returns the exit code.</summary>
    public Task<int> EndAsync(int signal = SigTerm)
    {
        Signal(_process.Id, signal);
        return ExitAsync();
    }

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(s_patience);
        await _reading;
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);

    private async Task ReadAsync(Stream stream)
    {
        byte[] buffer = new byte[4096];
        for (int length; (length = await stream.ReadAsync(buffer)) > 0;)
        {
            lock (_printed)
            {
                _printed.Write(buffer, 0, length);
            }
        }
    }
}
