using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace MbmsMe.Tests.Host;

/// <summary>SIGTERM ends the host ME within 3 s, with exit code 0, whatever hangs around it.</summary>
[TestClass]
[DoNotParallelize]
[TestCategory("NothingWaits")]
public sealed class SigtermIsSwift
{
    private const double Bound = 3000;

    // A pipe takes 64 KiB, an event of the toggled service is about 100 octets long.
    private const int TogglesThatFillAPipe = 600;
    private const int PipeOctets = 65536;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public Task WhileNothingHangs() => EndsInTimeAsync();

    [TestMethod]
    public Task WhileTheBsfHangs() => EndsInTimeAsync(bsfHangs: true);

    [TestMethod]
    public Task WhileTheBmscHangs() => EndsInTimeAsync(bmscHangs: true);

    [TestMethod]
    public Task WhileNobodyReadsItsEvents() => EndsInTimeAsync(isUnread: true);

    [TestMethod]
    public Task WhileControlClientsStall() => EndsInTimeAsync(clientsStall: true);

    [TestMethod]
    public Task WhileAllOfThemDo() => EndsInTimeAsync(bsfHangs: true, isUnread: true, clientsStall: true);

    private async Task EndsInTimeAsync(bool bsfHangs = false, bool bmscHangs = false, bool isUnread = false, bool clientsStall = false)
    {
        await Latencies.BestOfThreeAsync(
            TestContext,
            async () => [await MeasureAsync(bsfHangs, bmscHangs, isUnread, clientsStall)],
            measured => Assert.IsLessThanOrEqualTo(Bound, measured[0].Max, measured[0].ToString()));
    }

    private static async Task<Latencies> MeasureAsync(bool bsfHangs, bool bmscHangs, bool isUnread, bool clientsStall)
    {
        await using MeAndLab pair = await MeAndLab.StartAsync();
        await using LateServer bsf = new(pair.Lab.BsfUrl);
        await using LateServer bmsc = new(pair.Lab.BmScUrl);
        JsonObject configuration = pair.Configuration();
        configuration["bsf"]!["url"] = bsf.Url.ToString();
        configuration["bmsc"]!["url"] = bmsc.Url.ToString();
        string socket = ToggledService.AddTo(pair, configuration);
        File.WriteAllText(pair.ConfigurationPath, configuration.ToJsonString());
        if (bsfHangs)
        {
            bsf.BeLate();
        }

        if (bmscHangs)
        {
            bmsc.BeLate();
        }

        string[] line = ["--config", pair.ConfigurationPath, "--json"];
        using HostMe me = isUnread ? HostMe.Unread(line) : new HostMe(line);
        using ToggledService toggled = await ToggledService.ConnectAsync(socket);
        LateServer? late = bsfHangs ? bsf : bmscHangs ? bmsc : null;
        Assert.IsTrue(SpinWait.SpinUntil(() => late is null || late.Hangs, s_patience), "no request came to the late server");
        if (isUnread)
        {
            using Stranger stranger = new(pair.MePort);
            for (int i = 0; i < 100; i++)
            {
                stranger.Send([1, 2, 3]);
            }

            toggled.Toggle(TogglesThatFillAPipe);
        }

        using ControlClient? silent = clientsStall ? new ControlClient(socket) : null;
        silent?.Send("activ");
        using ControlClient? deaf = clientsStall ? new ControlClient(socket) : null;
        if (deaf is not null)
        {
            AskWithoutReading(deaf);
        }

        Latencies ended = new("SIGTERM to the end of the process");
        long signalled = Stopwatch.GetTimestamp();
        Assert.AreEqual(0, await me.StopAsync(), me.Errors);
        ended.Add(signalled, Stopwatch.GetTimestamp());
        Assert.AreEqual("", me.Errors);
        if (isUnread)
        {
            // What was in the pipe is all there is: it was full, or it would prove nothing.
            me.Read();
            await me.ExitAsync();
            Assert.IsGreaterThan(PipeOctets - 4096, me.Output.Length);
            Assert.IsLessThanOrEqualTo(PipeOctets, me.Output.Length);
        }
        else
        {
            Assert.AreEqual("stopped", me.Since(0)[^1].Event, me.Output);
        }

        return ended;
    }

    // Until neither side takes more: the ME then waits for room for its reply.
    private static void AskWithoutReading(ControlClient deaf)
    {
        deaf.Socket.SendTimeout = 300;
        try
        {
            for (int i = 0; i < 100_000; i++)
            {
                deaf.Send("help\n");
            }

            Assert.Fail("the ME takes commands without end");
        }
        catch (SocketException)
        {
            // Now.
        }
    }
}
