using System.CommandLine;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using MbmsMe.Configuration;
using MbmsMe.Hal.Common;
using MbmsMe.Hal.Host;
using MbmsMe.Hal.SoftUicc;
using MbmsMe.Machine;
using MbmsMe.Requests;
using MbmsMe.Runtime;

namespace MbmsMe.Host;

/// <summary>The ME as a program on a PC.</summary>
internal static class Program
{
    private const int ExitOk = 0;
    private const int ExitCannotRun = 1;
    private const int ExitUsage = 2;

    // What a flood of 20,000 datagrams a second brings while the worker waits 50 ms for HTTP: fewer would cost the MSK that
    // comes right after the response.
    private const int QueueDepth = 1024;

    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(2);

    private static int Main(string[] arguments)
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
            Run(configuration, port, control, new HeldEvents(new ConsoleEvents(json)));
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

    private static void Run(MeConfiguration configuration, UdpPort port, ControlServer? control, HeldEvents events)
    {
        var crypto = new HostCrypto();
        using var http = new HostHttp();
        var traffic = new TrafficPlane(new HostGroupNetwork(configuration.Listen.Address), port, crypto, events);
        var machine = new Peripherals
        {
            Clock = new HostClock(),
            Random = new HostRandom(),
            Crypto = crypto,
            Drive = new FileSlots(configuration.Storage.Directory, "keys"),
            Http = http,
            Datagrams = port,
            Traffic = traffic,
            Events = events,
        };
        var uicc = new SoftwareUicc(
            machine.Crypto,
            configuration.Uicc.Iccid,
            configuration.Uicc.Imsi,
            configuration.Uicc.MncLength,
            configuration.Uicc.K,
            configuration.Uicc.Opc,
            new FileSlots(configuration.Storage.Directory, $"uicc-{configuration.Uicc.Iccid}-"));
        var me = new MobileEquipment(machine, configuration);
        var worker = new Worker(me, machine.Clock, QueueDepth);
        traffic.Attach(worker);

        using var stop = new ManualResetEventSlim();
        void OnSignal(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Set();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);

        events.Report(new MeEvent("started")
            .With("version", Assembly.GetExecutingAssembly().GetName().Version!.ToString(3))
            .With("listen", port.LocalEndPoint)
            .With("iccid", uicc.Iccid));
        foreach (var notice in configuration.Notices)
        {
            events.Report(notice);
        }

        me.InsertUicc(uicc);
        events.Release();
        port.Start(worker);
        var thread = new Thread(worker.Run) { IsBackground = true, Name = "worker" };
        thread.Start();
        control?.Start(worker);
        stop.Wait();

        // The worker powers the ME down when it ends; one that hangs is not waited for, which is as safe as a power cut.
        worker.Stop();
        http.Cancel();
        thread.Join(s_stopTimeout);
        traffic.Close();
        port.Close();
        events.Report(new MeEvent("stopped"));
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
