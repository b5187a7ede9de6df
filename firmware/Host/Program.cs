using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using MbmsMe.Configuration;
using MbmsMe.Hal.Common;
using MbmsMe.Hal.Host;
using MbmsMe.Hal.SoftUicc;
using MbmsMe.Machine;
using MbmsMe.Runtime;

namespace MbmsMe.Host;

/// <summary>The ME as a program on a PC.</summary>
internal static class Program
{
    private const int ExitOk = 0;
    private const int ExitCannotRun = 1;
    private const int ExitUsage = 2;

    // What a flood of 20,000 datagrams a second brings while a record is written: fewer would cost the MSK that comes among them.
    private const int QueueDepth = 1024;

    // How far a reader may be behind before events are lost: a few megabytes at most.
    private const int EventDepth = 4096;
    private const int MaxDropsPerSecond = 10;

    private static readonly TimeSpan s_watchPeriod = TimeSpan.FromSeconds(1);

    // Well above what stopping takes when nothing but the network and the reader of the events hangs.
    private static readonly TimeSpan s_longestStop = TimeSpan.FromMilliseconds(RunningMe.LongestStopMilliseconds + 600);

    private static void Main(string[] arguments) =>
        // Not by returning, which waits for threads: one may be writing to a pipe that nobody reads.
        Environment.Exit(Run(arguments));

    private static int Run(string[] arguments)
    {
        var config = new Option<FileInfo>("--config")
        {
            Description = "The configuration, me.json (keys: README, \"Configuration of the ME\").",
            Required = true,
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object per event and line." };
        var root = new RootCommand(
            "The mobile equipment (ME) of 3GPP MBMS security (TS 33.246). Runs until SIGINT or SIGTERM. "
            + "Exit code 0: ended by a signal; 1: port, storage or control socket not to be had; 2: wrong command line or configuration.")
        {
            config,
            json,
            ControlCommand.Create(),
        };

        var ran = ExitUsage;
        root.SetAction(parsed => ran = Start(parsed.GetRequiredValue(config).FullName, parsed.GetValue(json)));
        var line = root.Parse(arguments);
        var shown = line.Invoke();
        return line.Errors.Count > 0 ? ExitUsage : line.Action == root.Action ? ran : shown;
    }

    private static int Start(string path, bool json)
    {
        MeConfiguration configuration;
        try
        {
            configuration = HostFiles.ReadConfiguration(path);
            KeepFromOthers();
            Directory.CreateDirectory(configuration.Storage.Directory);
        }
        catch (ConfigurationException wrong)
        {
            return Complain(ExitUsage, $"{path}: {wrong.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Complain(ExitUsage, failure.Message);
        }

        try
        {
            // Two MEs on one storage would take turns in undoing each other's replay counters.
            using var one = new FileStream(
                Path.Combine(configuration.Storage.Directory, "me.lock"), FileMode.Create, FileAccess.Write, FileShare.None);
            var port = new UdpPort(configuration.Listen.Address, configuration.Listen.Port);
            using var control = configuration.ControlSocket is { } socket ? new ControlServer(socket) : null;
            Run(configuration, port, control, new EventWriter(new ConsoleOutput(json), EventDepth, MaxDropsPerSecond));
            return ExitOk;
        }
        catch (ControlSocketException failure)
        {
            return Complain(ExitCannotRun, $"control.socket: cannot use {configuration.ControlSocket}: {failure.Message}");
        }
        catch (SocketException failure)
        {
            return Complain(
                ExitCannotRun,
                $"mikey.listen: cannot use {configuration.Listen.Address}:{configuration.Listen.Port}: {failure.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Complain(ExitCannotRun, $"storage.directory: {failure.Message}");
        }
    }

    private static void Run(MeConfiguration configuration, UdpPort port, ControlServer? control, EventWriter events)
    {
        var crypto = new HostCrypto();
        var clock = new HostClock();
        using var http = new HostHttp();
        var me = new RunningMe(
            new MeParts
            {
                Clock = clock,
                Random = new HostRandom(),
                Crypto = crypto,
                Drive = new FileSlots(configuration.Storage.Directory, "keys"),
                Http = http,
                ThreadForEachServer = true,
                Uicc = new SoftwareUicc(
                    crypto,
                    new UiccIdentity(configuration.Uicc.Iccid, configuration.Uicc.Imsi, configuration.Uicc.MncLength),
                    configuration.Uicc.K,
                    configuration.Uicc.Opc,
                    new FileSlots(configuration.Storage.Directory, $"uicc-{configuration.Uicc.Iccid}-")),
                Port = port,
                Groups = new HostGroupNetwork(configuration.Listen.Address),
                Events = events,
                QueueDepth = QueueDepth,
            },
            configuration);

        using var stop = new ManualResetEventSlim();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        void OnSignal(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Set();
            _ = Task.Delay(s_longestStop).ContinueWith(_ => Environment.Exit(ExitOk), TaskScheduler.Default);
        }

        me.Start();
        control?.Start(me);
        var time = new ClockWatch(clock);
        var address = new AddressWatch(configuration.Listen.Address);
        while (!stop.Wait(s_watchPeriod))
        {
            if (time.HasChanged())
            {
                me.ChangeTime();
            }

            if (address.HasChanged())
            {
                me.Rejoin();
                me.ChangeAddress();
            }
        }

        me.Stop();
    }

    // What this process writes are keys: for its owner only.
    private static void KeepFromOthers()
    {
        const int groupAndOthers = 0b111_111;
        if (!OperatingSystem.IsWindows())
        {
            SetUmask(groupAndOthers);
        }
    }

    [DllImport("libc", EntryPoint = "umask")]
    private static extern int SetUmask(int mask);

    private static int Complain(int exitCode, string message)
    {
        Console.Error.WriteLine(message);
        return exitCode;
    }
}
