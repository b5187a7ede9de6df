using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace MbmsMe.Tests.Host;

/// <summary>The control socket of the host ME: commands and replies, clients that misbehave, and the socket as a file.</summary>
[TestClass]
public sealed class ControlSocket
{
    [TestMethod]
    public async Task EachLineIsAnsweredByALine()
    {
        using ControlledMe me = new();
        await me.PowerOnAsync();
        using ControlClient client = me.Connect();

        Assert.StartsWith("activate <service>: ", (string)client.Ask("help")["commands"]![0]!);
        JsonArray services = client.Ask("services")["services"]!.AsArray();
        CollectionAssert.AreEqual((string[])[ControlledMe.News, "two words"], services.Select(service => (string)service!["id"]!).ToArray());
        Assert.AreEqual("inactive", (string)services[0]!["state"]!);
        Assert.AreEqual("""{"ok":true,"msks":[]}""", client.Ask("keys\r").ToJsonString());
        Assert.AreEqual("""{"ok":true,"service":"two words","state":"active"}""", client.Ask("activate two words").ToJsonString());
        await me.Me.WaitAsync(line => line.Event == "service-activated" && line["service"] == "two words", TimeSpan.FromSeconds(20));
        Assert.AreEqual("""{"ok":true,"service":"two words","state":"inactive"}""", client.Ask("deactivate two words").ToJsonString());

        JsonObject unknown = client.Ask("activate urn:example:none");
        Assert.IsFalse((bool)unknown["ok"]!);
        Assert.AreEqual("no service urn:example:none in the configuration; the command services tells those there are", (string)unknown["error"]!);
        Assert.IsFalse((bool)client.Ask("quit")["ok"]!);
        Assert.IsFalse((bool)client.Ask("")["ok"]!);
    }

    [TestMethod]
    public async Task LinesMayComeInPiecesAndTogether()
    {
        using ControlledMe me = new();
        await me.PowerOnAsync();
        using ControlClient client = me.Connect();
        client.Send("ke");
        await Task.Delay(50);
        client.Send("ys\nhelp\nserv");
        Assert.IsNotNull(client.Reply()!["msks"]);
        Assert.IsNotNull(client.Reply()!["commands"]);
        client.Send("ices\n");
        Assert.IsNotNull(client.Reply()!["services"]);
    }

    [TestMethod]
    public async Task AnEndlessLineIsRefusedAndTheConnectionClosed()
    {
        using ControlledMe me = new();
        await me.PowerOnAsync();
        using ControlClient longest = me.Connect();
        Assert.AreEqual(
            $"no service {new string('x', 1024 - "activate ".Length)} in the configuration; the command services tells those there are",
            (string)longest.Ask("activate " + new string('x', 1024 - "activate ".Length))["error"]!);

        using ControlClient endless = me.Connect();
        endless.Send(new string('x', 1025));
        Assert.AreEqual("the line is too long; expected at most 1024 octets", (string)endless.Reply()!["error"]!);
        Assert.IsNull(endless.Reply());
        Assert.IsTrue((bool)longest.Ask("keys")["ok"]!);
    }

    [TestMethod]
    public async Task ClientsThatStallKeepNobodyOut()
    {
        using ControlledMe me = new();
        await me.PowerOnAsync();
        List<ControlClient> stalled = [];
        try
        {
            for (int i = 0; i < 40; i++)
            {
                stalled.Add(me.Connect());
                stalled[i].Send("activ");
            }

            using ControlClient client = me.Connect();
            Assert.IsTrue((bool)client.Ask("services")["ok"]!);
            Assert.IsTrue((bool)stalled[^1].Ask("ate " + ControlledMe.News)["ok"]!);
        }
        finally
        {
            stalled.ForEach(client => client.Dispose());
        }
    }

    [TestMethod]
    public async Task AClientThatReadsNothingDoesNotHoldTheMeUp()
    {
        using ControlledMe me = new();
        await me.PowerOnAsync();
        using ControlClient deaf = me.Connect();
        deaf.Socket.SendTimeout = 1000;
        try
        {
            for (int i = 0; i < 20000; i++)
            {
                deaf.Send("help\n");
            }
        }
        catch (SocketException)
        {
            // Its replies are all that waits: the ME takes no more of its commands.
        }

        using ControlClient client = me.Connect();
        Assert.IsTrue((bool)client.Ask("keys")["ok"]!);

        int mark = me.Me.Count;
        using UdpClient stranger = new();
        await stranger.SendAsync(new byte[20], IPEndPoint.Parse(me.Me.Since(0)[0]["listen"]));
        await me.Me.WaitAsync(line => line.Event == "datagram-dropped", TimeSpan.FromSeconds(20), mark);
        Assert.AreEqual(0, await me.Me.StopAsync(), me.Me.Errors);
    }

    [TestMethod]
    public async Task OnlyItsOwnerMayUseItAndItGoesWithTheMe()
    {
        using ControlledMe me = new();
        await me.PowerOnAsync();
        if (!OperatingSystem.IsWindows())
        {
            Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(me.Socket));
        }

        using ControlClient open = me.Connect();
        Assert.IsNotNull(open.Ask("help"));
        Assert.AreEqual(0, await me.Me.StopAsync(), me.Me.Errors);
        Assert.IsFalse(Path.Exists(me.Socket));
        Assert.IsNull(open.Reply());
    }

    [TestMethod]
    public async Task WhatAKilledMeLeftIsReplaced()
    {
        using ControlledMe me = new();
        await me.PowerOnAsync();
        await me.Me.StopAsync(HostMe.SigKill);
        Assert.IsTrue(Path.Exists(me.Socket));

        await me.PowerOnAsync();
        using ControlClient client = me.Connect();
        Assert.IsNotNull(client.Ask("help"));
    }

    [TestMethod]
    public async Task WithoutTheKeyThereIsNoSocket()
    {
        using ControlledMe me = new();
        me.Configuration.Remove("control");
        await me.PowerOnAsync();
        Assert.IsFalse(Path.Exists(me.Socket));
        Assert.AreEqual(0, await me.Me.StopAsync(), me.Me.Errors);
    }

    [TestMethod]
    public async Task AnotherFileAtThePathStays()
    {
        using ControlledMe me = new();
        File.WriteAllText(me.Socket, "mine");
        (int exit, string errors) = await me.FailAsync();
        Assert.AreEqual(1, exit);
        Assert.AreEqual($"control.socket: cannot use {me.Socket}: there is a file that is no socket", errors);
        Assert.AreEqual("mine", File.ReadAllText(me.Socket));

        File.Delete(me.Socket);
        Directory.CreateDirectory(me.Socket);
        (exit, errors) = await me.FailAsync();
        Assert.AreEqual(1, exit);
        AssertOneLine(errors);
        Assert.IsTrue(Directory.Exists(me.Socket));
    }

    [TestMethod]
    public async Task APathThatIsNoneIsNamedAndTheMeDoesNotStart()
    {
        using ControlledMe me = new();
        me.Configuration["control"]!["socket"] = me.InDirectory(new string('a', 200));
        (int exit, string errors) = await me.FailAsync();
        Assert.AreEqual(1, exit);
        AssertOneLine(errors);
        Assert.Contains("the path is too long for a socket", errors);

        me.Configuration["control"]!["socket"] = me.InDirectory("gone/me.sock");
        (exit, errors) = await me.FailAsync();
        Assert.AreEqual(1, exit);
        Assert.AreEqual($"control.socket: cannot use {me.InDirectory("gone/me.sock")}: there is no directory {me.InDirectory("gone")}", errors);
    }

    [TestMethod]
    public async Task ASecondMeDoesNotTakeTheSocketOfTheFirst()
    {
        using ControlledMe me = new();
        await me.PowerOnAsync();
        me.Configuration["storage"]!["directory"] = me.InDirectory("other-state");
        (int exit, string errors) = await me.FailAsync();
        Assert.AreEqual(1, exit);
        Assert.AreEqual($"control.socket: cannot use {me.Socket}: another ME is listening there", errors);
        using ControlClient client = me.Connect();
        Assert.IsNotNull(client.Ask("help"));
    }

    private static void AssertOneLine(string errors)
    {
        Assert.IsTrue(errors.StartsWith("control.socket: cannot use ", StringComparison.Ordinal), errors);
        Assert.DoesNotContain('\n', errors);
    }
}
