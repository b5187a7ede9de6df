using MbmsMe.Binary;
using MbmsMe.Control;
using MbmsMe.Services;

namespace MbmsMe.Tests
{
    /// <summary>The commands of the user: what each does, what it replies, and what is said of a wrong one.</summary>
    [TestClass]
    public class CommandConsoleTests
    {
        private const string Idle = "{\"id\":\"urn:example:news\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"0010\"],\"active\":false}";
        private const string Spaced = "{\"id\":\"a \\\"b\\\"\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"0011\"],\"active\":false}";

        [TestMethod]
        public void ActivateAndDeactivateAServiceByItsId()
        {
            Bench bench = new Bench(Idle, string.Empty);
            bench.PowerOn();
            CommandConsole console = new CommandConsole(bench.Me);
            Assert.AreEqual("{\"ok\":true,\"service\":\"urn:example:news\",\"state\":\"active\"}", console.Execute("activate urn:example:news"));
            Assert.IsTrue(bench.Me.Services[0].State == ServiceState.Active);
            Assert.AreEqual("{\"ok\":false,\"error\":\"urn:example:news is active already\"}", console.Execute("activate urn:example:news"));
            Assert.AreEqual("{\"ok\":true,\"service\":\"urn:example:news\",\"state\":\"inactive\"}", console.Execute(" deactivate  urn:example:news \r"));
            Assert.IsTrue(bench.Me.Services[0].State == ServiceState.Inactive);
        }

        [TestMethod]
        public void AnIdMayHoldSpacesAndQuotationMarks()
        {
            Bench bench = new Bench(Idle + "," + Spaced, string.Empty);
            bench.PowerOn();
            Assert.AreEqual(
                "{\"ok\":true,\"service\":\"a \\\"b\\\"\",\"state\":\"active\"}", new CommandConsole(bench.Me).Execute("activate a \"b\""));
        }

        [TestMethod]
        [DataRow("register", "register")]
        [DataRow("deregister", "deregister")]
        public void RegistrationIsAskedFor(string command, string requestType)
        {
            Bench bench = Bench.Paired(false);
            Assert.AreEqual(
                "{\"ok\":true,\"service\":\"urn:example:news\",\"state\":\"active\"}",
                new CommandConsole(bench.Me).Execute(command + " urn:example:news"));
            bench.RunDue();
            Assert.AreEqual(requestType, bench.Events.Last("http", "requesttype"));
        }

        [TestMethod]
        public void ServicesAreToldWithStateAndMskIds()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 2));
            Assert.AreEqual(
                "{\"ok\":true,\"services\":[{\"id\":\"urn:example:news\",\"state\":\"active\",\"bmsc\":\"bmsc.example.org\",\"groups\":"
                    + "[{\"keyDomain\":\"00f110\",\"keyGroup\":\"0010\",\"mskIds\":[\"00100001\",\"00100002\"]}]}]}",
                new CommandConsole(bench.Me).Execute("services"));
        }

        [TestMethod]
        public void AServiceThatWasLeftIsToldSo()
        {
            Bench bench = new Bench(Idle, string.Empty);
            bench.PowerOn();
            bench.Me.Services[0].State = ServiceState.Left;
            string reply = new CommandConsole(bench.Me).Execute("services");
            Assert.IsTrue(reply.IndexOf("\"state\":\"left\"") > 0, reply);
            Assert.IsTrue(reply.IndexOf("\"mskIds\":[]") > 0, reply);
        }

        [TestMethod]
        [DataRow(false, "00100001")]
        [DataRow(true, "0001")]
        public void KeysAreToldByIdAndIntervalAndLastMtkId(bool draft2004, string mskId)
        {
            Bench bench = new Bench();
            bench.Pair(draft2004);
            bench.Deliver(bench.Bmsc.Msk(draft2004, Bench.Group, 1, 1, 1000));
            string msk = "{\"ok\":true,\"msks\":[{\"keyDomain\":\"00f110\",\"keyGroup\":\"0010\",\"mskId\":\"" + mskId + "\",\"seqLow\":1,\"seqHigh\":1000";
            CommandConsole console = new CommandConsole(bench.Me);
            Assert.AreEqual(msk + "}]}", console.Execute("keys"));
            bench.Deliver(bench.Bmsc.Mtk(draft2004, Bench.Group, 1, 258));
            Assert.AreEqual(msk + ",\"mtkId\":258}]}", console.Execute("keys"));
        }

        [TestMethod]
        public void NoReplyHoldsAKey()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            CommandConsole console = new CommandConsole(bench.Me);
            string replies = console.Execute("keys") + console.Execute("services") + console.Execute("help");
            Assert.IsTrue(replies.IndexOf(Octets.ToHex(FakeBmsc.MskValue(Bench.Group, 1))) < 0, replies);
            Assert.IsTrue(replies.IndexOf(Octets.ToHex(FakeBmsc.MtkValue(1))) < 0, replies);
        }

        [TestMethod]
        public void HelpNamesEveryCommand()
        {
            string reply = Idler().Execute("help");
            string[] commands = { "activate <service>", "deactivate <service>", "register <service>", "deregister <service>", "services", "keys", "help" };
            for (int i = 0; i < commands.Length; i++)
            {
                Assert.IsTrue(reply.IndexOf("\"" + commands[i] + ": ") > 0, commands[i]);
            }
        }

        [TestMethod]
        [DataRow("", "no command; expected one of activate, deactivate, register, deregister, services, keys, help")]
        [DataRow("  ", "no command; expected one of activate, deactivate, register, deregister, services, keys, help")]
        [DataRow("stop", "unknown command stop; expected one of activate, deactivate, register, deregister, services, keys, help")]
        [DataRow("Activate x", "unknown command Activate; expected one of activate, deactivate, register, deregister, services, keys, help")]
        [DataRow("activate", "activate needs the ID of a service behind it; the command services tells them")]
        [DataRow("deregister ", "deregister needs the ID of a service behind it; the command services tells them")]
        [DataRow("activate urn:x", "no service urn:x in the configuration; the command services tells those there are")]
        [DataRow("register news", "no service news in the configuration; the command services tells those there are")]
        [DataRow("services all", "services takes nothing behind it")]
        [DataRow("keys 1", "keys takes nothing behind it")]
        public void AWrongLineIsAnsweredWithWhatToDo(string line, string error)
        {
            Assert.AreEqual("{\"ok\":false,\"error\":\"" + error + "\"}", Idler().Execute(line));
        }

        [TestMethod]
        public void WhateverTheLineTheReplyIsOneLine()
        {
            string reply = Idler().Execute("x\n\"\\\u0001y");
            Assert.AreEqual(
                "{\"ok\":false,\"error\":\"unknown command x\\u000A\\\"\\\\\\u0001y; expected one of activate, deactivate, register, deregister, services, keys, help\"}",
                reply);
        }

        private static CommandConsole Idler()
        {
            Bench bench = new Bench(Idle, string.Empty);
            bench.PowerOn();
            return new CommandConsole(bench.Me);
        }
    }
}
