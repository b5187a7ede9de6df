using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace MbmsMe.Tests.Host;

/// <summary>SIGTERM ends the host ME within 3 s, whatever hangs, and commands are answered until then.</summary>
[TestClass]
public sealed class StoppingInTime
{
    private const int MaxStopMilliseconds = 3000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Whoever started the ME reads its events no longer: they fill the pipe, and wait.</summary>
    [TestMethod]
    public async Task WhileNobodyReadsItsEvents()
    {
        using ControlledMe me = new();
        using Process process = StartUnread(me);
        try
        {
            using ControlClient client = await ConnectAsync(me);

            // Each pair tells two events of about 85 octets; a pipe holds 64 KiB.
            for (int i = 0; i < 800; i++)
            {
                Assert.IsTrue((bool)client.Ask("activate two words")["ok"]!);
                Assert.IsTrue((bool)client.Ask("deactivate two words")["ok"]!);
            }

            Assert.IsLessThan(MaxStopMilliseconds, await StopAsync(process));
            Assert.AreEqual(0, process.ExitCode);
            Assert.IsFalse(Path.Exists(me.Socket));
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>Neither BSF nor BM-SC answers.</summary>
    [TestMethod]
    public async Task WhileServersHang()
    {
        using TcpListener bsf = new(IPAddress.Loopback, 0);
        using TcpListener bmsc = new(IPAddress.Loopback, 0);
        bsf.Start();
        bmsc.Start();
        using ControlledMe me = new();
        me.Configuration["bsf"]!["url"] = $"http://{bsf.LocalEndpoint}/";
        me.Configuration["bmsc"]!["url"] = $"http://{bmsc.LocalEndpoint}/keymanagement";
        foreach (JsonNode? service in me.Configuration["services"]!.AsArray())
        {
            service!["active"] = true;
        }

        await me.PowerOnAsync();
        Task<TcpClient> first = await Task.WhenAny(bsf.AcceptTcpClientAsync(), bmsc.AcceptTcpClientAsync()).WaitAsync(s_patience);
        using TcpClient request = await first;
        long start = Stopwatch.GetTimestamp();
        Assert.AreEqual(0, await me.Me.StopAsync(), me.Me.Errors);
        Assert.IsLessThan(MaxStopMilliseconds, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        Assert.AreEqual("stopped", me.Me.Since(0)[^1].Event);
    }

    private static Process StartUnread(ControlledMe me)
    {
        File.WriteAllText(me.ConfigurationPath, me.Configuration.ToJsonString());
        return Process.Start(new ProcessStartInfo(HostMe.DotNet, [HostMe.Assembly, "--config", me.ConfigurationPath, "--json"])
        {
            RedirectStandardOutput = true,
        })!;
    }

    private static async Task<ControlClient> ConnectAsync(ControlledMe me)
    {
        for (long end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds; ; await Task.Delay(50))
        {
            try
            {
                return me.Connect();
            }
            catch (SocketException)
            {
                Assert.IsLessThan(end, Environment.TickCount64, "there is no control socket");
            }
        }
    }

    private static async Task<double> StopAsync(Process process)
    {
        long start = Stopwatch.GetTimestamp();
        Assert.AreEqual(0, Signal(process.Id, JsonProcess.SigTerm));
        using CancellationTokenSource timeout = new(s_patience);
        await process.WaitForExitAsync(timeout.Token);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
