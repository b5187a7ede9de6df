using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace MbmsMe.Tests.Host;

/// <summary>A program of this project as a process of its own that prints JSON lines; it never outlives the test run.</summary>
internal class JsonProcess : IDisposable
{
    public const int SigInt = 2;
    public const int SigKill = 9;
    public const int SigTerm = 15;

    private static readonly TimeSpan s_exitTimeout = TimeSpan.FromSeconds(20);
    private static readonly ConcurrentDictionary<JsonProcess, bool> s_running = new();

    private readonly Process _process;
    private readonly List<MeLine> _lines = [];
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    static JsonProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (JsonProcess left in s_running.Keys)
        {
            left.Dispose();
        }
    };

    /// <summary>Starts it.</summary>
    /// <param name="assembly">The program.</param>
    /// <param name="arguments">Its command line.</param>
    public JsonProcess(string assembly, params string[] arguments)
        : this(assembly, arguments, isRead: true)
    {
    }

    /// <summary>Starts it.</summary>
    /// <param name="assembly">The program.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="isRead">False for standard output that nobody reads before <see cref="Read"/>.</param>
    protected JsonProcess(string assembly, string[] arguments, bool isRead)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(DotNet, [assembly, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => AddError(line.Data);
        _process.Start();
        s_running[this] = true;
        _process.BeginErrorReadLine();
        if (isRead)
        {
            Read();
        }
    }

    /// <summary>The dotnet command these tests run under.</summary>
    public static string DotNet { get; } = FindDotNet();

    /// <summary>Standard output so far.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Standard error so far.</summary>
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

    /// <summary>How many lines there have been.</summary>
    public int Count
    {
        get
        {
            lock (_lines)
            {
                return _lines.Count;
            }
        }
    }

    /// <summary>Begins to read standard output.</summary>
    public void Read() => _process.BeginOutputReadLine();

    /// <summary>The lines from a mark on.</summary>
    public IReadOnlyList<MeLine> Since(int mark)
    {
        lock (_lines)
        {
            return _lines[mark..];
        }
    }

    /// <summary>The first line from a mark on that matches.</summary>
    /// <exception cref="TimeoutException">It did not come.</exception>
    public async Task<MeLine> WaitAsync(Func<MeLine, bool> matches, TimeSpan timeout, int mark = 0)
    {
        long end = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (true)
        {
            Task more;
            lock (_lines)
            {
                if (_lines.Skip(mark).FirstOrDefault(matches) is MeLine found)
                {
                    return found;
                }

                mark = Math.Max(mark, _lines.Count);
                more = _more.Task;
            }

            await more.WaitAsync(TimeSpan.FromMilliseconds(Math.Max(0, end - Environment.TickCount64)));
        }
    }

    /// <summary>Sends a signal and returns the exit code.</summary>
    public async Task<int> StopAsync(int signal = SigTerm)
    {
        if (Signal(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"it has ended already: {Errors}");
        }

        return await ExitAsync();
    }

    /// <summary>Waits for the end of the process and of its output; returns the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using CancellationTokenSource timeout = new(s_exitTimeout);
        await _process.WaitForExitAsync(timeout.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (s_running.TryRemove(this, out _))
        {
            if (!_process.HasExited)
            {
                _process.Kill();
                _process.WaitForExit(s_exitTimeout);
            }

            _process.Dispose();
        }
    }

    /// <summary>Sends a signal to a process; 0 when it is there.</summary>
    [DllImport("libc", EntryPoint = "kill")]
    internal static extern int Signal(int process, int signal);

    private static string FindDotNet()
    {
        string root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        string command = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(command) ? command : "dotnet";
    }

    private void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _output.AppendLine(line);
            _lines.Add(MeLine.Parse(line));
            _more.SetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void AddError(string? line)
    {
        lock (_errors)
        {
            _errors.Append(line is null ? "" : line + Environment.NewLine);
        }
    }
}
