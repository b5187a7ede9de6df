namespace MbmsMe.Tests.Host;

/// <summary>MbmsMe.Host control: the reply on standard output, and exit codes a script can go by.</summary>
[TestClass]
public sealed class ControlSubcommand
{
    [TestMethod]
    public async Task TheReplyIsPrintedAndItsOkIsTheExitCode()
    {
        using ControlledMe me = new();
        await me.PowerOnAsync();
        Assert.AreEqual((0, """{"ok":true,"msks":[]}""", ""), await me.ControlAsync("keys"));
        Assert.AreEqual(
            (0, """{"ok":true,"service":"two words","state":"active"}""", ""), await me.ControlAsync("activate", "two words"));
        Assert.AreEqual(
            (1, """{"ok":false,"error":"two words is active already"}""", ""), await me.ControlAsync("activate", "two", "words"));
        Assert.AreEqual(
            (1, """{"ok":false,"error":"no service urn:x in the configuration; the command services tells those there are"}""", ""),
            await me.ControlAsync("deactivate", "urn:x"));
        (int exit, string output, _) = await me.ControlAsync("help");
        Assert.AreEqual(0, exit);
        Assert.Contains("deregister <service>", output);
        (exit, output, _) = await me.ControlAsync("keys\nhelp");
        Assert.AreEqual(1, exit);
        Assert.Contains("keys takes nothing behind it", output);
    }

    [TestMethod]
    public async Task WithoutARunningMeItSaysWhatToDo()
    {
        using ControlledMe me = new();
        Assert.AreEqual(
            (1, "", $"control.socket: no ME answers at {me.Socket}; start it with this configuration, in this directory if the path is relative"),
            await me.ControlAsync("keys"));
    }

    [TestMethod]
    public async Task AWrongCommandLineOrConfigurationIsUsage()
    {
        using ControlledMe me = new();
        (int exit, _, string errors) = await me.ControlAsync();
        Assert.AreEqual(2, exit);
        Assert.Contains("command", errors);

        me.Configuration.Remove("control");
        Assert.AreEqual(
            (2, "", $"{me.ConfigurationPath}: control.socket: missing; expected the path of the running ME's socket: add it and restart the ME"),
            await me.ControlAsync("keys"));

        me.Configuration["x"] = 1;
        (exit, _, errors) = await me.ControlAsync("keys");
        Assert.AreEqual(2, exit);
        Assert.Contains("x: unknown key", errors);

        using HostMe without = new("control", "keys");
        Assert.AreEqual(2, await without.ExitAsync());
        Assert.Contains("--config", without.Errors);
    }

    [TestMethod]
    public async Task WithoutSubcommandTheMeRunsAsBefore()
    {
        using HostMe nothing = new();
        Assert.AreEqual(2, await nothing.ExitAsync());
        Assert.Contains("--config", nothing.Errors);
        using HostMe help = new("--help");
        Assert.AreEqual(0, await help.ExitAsync());
        Assert.Contains("control <command>", help.Output);
    }
}
