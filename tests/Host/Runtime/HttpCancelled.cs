using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MbmsMe.Hal.Common;
using MbmsMe.Hal.Host;
using MbmsMe.Machine;

namespace MbmsMe.Tests.Host;

/// <summary>The PC's HTTP: a call that is cancelled ends at once, wherever it stands, and takes no other with it.</summary>
[TestClass]
public sealed class HttpCancelled
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [TestMethod]
    public async Task ACallToAServerThatHangsEnds()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using HostHttp http = new();
        HttpCall call = Call(silent);
        Task<string> sending = Task.Run(() => FailureOf(http, call));
        using TcpClient taken = await silent.AcceptTcpClientAsync().WaitAsync(s_patience);
        HttpCall other = Call(silent);
        Task<string> sendingOther = Task.Run(() => FailureOf(http, other));
        using TcpClient takenOther = await silent.AcceptTcpClientAsync().WaitAsync(s_patience);

        long start = Stopwatch.GetTimestamp();
        http.Cancel(call);
        Assert.AreEqual($"{call.Url}: cancelled", await sending.WaitAsync(s_patience));
        Assert.IsLessThan(3, Stopwatch.GetElapsedTime(start).TotalSeconds);
        Assert.IsFalse(sendingOther.IsCompleted, "the other goes on");
        http.Cancel(other);
        await sendingOther.WaitAsync(s_patience);
    }

    [TestMethod]
    public void ACallThatHasNotBegunDoesNotBegin()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using HostHttp http = new();
        HttpCall call = Call(silent);
        http.Cancel(call);
        long start = Stopwatch.GetTimestamp();
        Assert.AreEqual($"{call.Url}: cancelled", FailureOf(http, call));
        Assert.IsLessThan(3, Stopwatch.GetElapsedTime(start).TotalSeconds);
        Assert.IsFalse(silent.Pending());
    }

    private static HttpCall Call(TcpListener server) => new() { Method = "GET", Url = $"http://{server.LocalEndpoint}/", Body = [] };

    private static string FailureOf(HostHttp http, HttpCall call) =>
        Assert.ThrowsExactly<HttpTransportException>(() => http.Send(call)).Message;
}
