using MbmsMe.Services;

namespace MbmsMe.Tests
{
    /// <summary>Activation, deactivation, registration and leaving of services (TS 33.246 clauses 6.3.2.1a and 6.3.2.2).</summary>
    [TestClass]
    public class Flow_Services
    {
        private const string Id = "urn:example:news";
        private const string Idle = "{\"id\":\"urn:example:news\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"0010\"],\"active\":false}";
        private const string Registering = "{\"id\":\"urn:example:news\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"0010\"],\"register\":true}";

        [TestMethod]
        public void AnInactiveServiceAsksForNothingUntilItIsActivated()
        {
            Bench bench = new Bench(Idle, string.Empty);
            bench.PowerOn();
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
            Assert.AreEqual("clear", (string)bench.Traffic.Told[0]);
            Assert.AreEqual(1, bench.Traffic.Told.Count);

            Assert.IsNull(bench.Me.Activate(Id));
            Assert.AreEqual("start " + Id, (string)bench.Traffic.Told[1]);
            bench.Complete(false, 1);
            Assert.AreEqual("1", bench.Numbers(Bench.Group));
            Assert.AreEqual(1, bench.Events.Count("service-activated", "service", Id));
            Assert.AreEqual(Id + " is active already", bench.Me.Activate(Id));
            Assert.AreEqual("no service x in the configuration", bench.Me.Activate("x"));
        }

        [TestMethod]
        public void DeactivationForgetsWhatOnlyThatServiceNeeded()
        {
            string more = "{\"id\":\"more\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"0011\",\"0013\"]}";
            Bench bench = Bench.Paired(Bench.Sport + "," + more, string.Empty);
            bench.Deliver(bench.Bmsc.Mtk(false, 0x12, 1, 1));
            Assert.IsNull(bench.Me.Deactivate("urn:example:sport"));
            Assert.AreEqual("1", bench.Numbers(0x11), "the other service uses it");
            Assert.AreEqual(string.Empty, bench.Numbers(0x12));
            Assert.AreEqual("1", bench.Numbers(0x13));
            Assert.AreEqual(string.Empty, bench.Traffic.Mkis, "the MTK under the MSK that is gone");
            Assert.AreEqual(1, bench.Events.Count("msk-deleted", "reason", "service deactivated"));
            Assert.AreEqual(1, bench.Events.Count("service-deactivated"));
            Assert.AreEqual("urn:example:sport is not active", bench.Me.Deactivate("urn:example:sport"));
            Assert.AreEqual("no service x in the configuration", bench.Me.Deactivate("x"));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
            Assert.IsFalse(bench.FlashHolds(FakeBmsc.MskValue(0x12, 1)), "in either slot");
        }

        [TestMethod]
        public void WhatACommandActivatedIsForgottenAfterAPowerCut()
        {
            Bench bench = new Bench(Idle, string.Empty);
            bench.PowerOn();
            bench.Me.Activate(Id);
            bench.Complete(false, 1);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            bench.PowerOn();
            Assert.AreEqual(ServiceState.Inactive, bench.Me.Services[0].State);
            Assert.AreEqual(0, bench.Keys.Msks.Count);
            Assert.AreEqual(0, bench.Traffic.Keys.Count);
            Assert.IsFalse(bench.FlashHolds(FakeBmsc.MskValue(Bench.Group, 1)));
        }

        [TestMethod]
        public void TheOlderSlotIsOverwrittenLaterWhenTheDriveRefuses()
        {
            Bench bench = Bench.Paired(false);
            bench.Drive.Plan(1, DriveFault.Full, 0);
            Assert.IsNull(bench.Me.Deactivate(Id));
            Assert.IsTrue(bench.FlashHolds(FakeBmsc.MskValue(Bench.Group, 1)));
            bench.RunNext();
            Assert.IsFalse(bench.FlashHolds(FakeBmsc.MskValue(Bench.Group, 1)));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
        }

        [TestMethod]
        public void DeactivationEndsWhatIsAskedFor()
        {
            Bench bench = new Bench();
            bench.PowerOn();
            Assert.IsNull(bench.Me.Deactivate(Id));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
            Assert.AreEqual(0, bench.Network.Calls.Count);
        }

        [TestMethod]
        [DataRow((int)DriveFault.Full)]
        [DataRow((int)DriveFault.Lost)]
        public void WhatTheDriveDoesNotLetGoIsDeletedLater(int fault)
        {
            Bench bench = Bench.Paired(false);
            bench.Drive.Plan(0, (DriveFault)fault, 0);
            Assert.IsNull(bench.Me.Deactivate(Id));
            Assert.AreEqual(1, bench.Events.Count("storage-failed"));
            Assert.AreEqual("1", bench.Numbers(Bench.Group), "as the drive has it");
            bench.RunNext();
            Assert.AreEqual(string.Empty, bench.Numbers(Bench.Group));
            Assert.AreEqual(1, bench.Events.Count("msk-deleted"));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
        }

        [TestMethod]
        public void ARegisteredServiceGetsItsMsksUnasked()
        {
            Bench bench = new Bench(Registering, string.Empty);
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual("register " + Id, (string)bench.Network.Bmsc.Requests[0]);
            Assert.AreEqual(1, bench.Events.Count("service-registered", "service", Id));
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 1));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
            Assert.AreEqual("bsf-401 bsf-200 bmsc-401 bmsc-200", bench.Network.Story);

            Assert.IsNull(bench.Me.Deactivate(Id));
            bench.RunDue();
            Assert.AreEqual("deregister " + Id, (string)bench.Network.Bmsc.Requests[1]);
            Assert.AreEqual(1, bench.Events.Count("service-deregistered", "service", Id));
            Assert.AreEqual(0, bench.Keys.Msks.Count);
        }

        [TestMethod]
        public void MsksThatDoNotComeAfterRegistrationAreAskedFor()
        {
            Bench bench = new Bench(Registering, string.Empty);
            bench.PowerOn();
            bench.RunDue();
            long registered = bench.Clock.UptimeMilliseconds;
            bench.RunNext();
            Assert.AreEqual(registered + Bench.AwaitMskMilliseconds, bench.Clock.UptimeMilliseconds);
            Assert.AreEqual("00f110/0010", (string)bench.Network.Bmsc.Requests[1]);
        }

        [TestMethod]
        [DataRow(403)]
        [DataRow(404)]
        public void ARefusedRegistrationEndsTheService(int code)
        {
            Bench bench = new Bench(Registering, string.Empty);
            bench.Network.Bmsc.Codes[Id] = code;
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual(1, bench.Events.Count("service-left", "reason", "response code " + code));
            Assert.AreEqual("register", bench.Events.Last("request-failed", "requesttype"));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue, "retried");
            Assert.AreEqual(ServiceState.Left, bench.Me.Services[0].State);
        }

        [TestMethod]
        public void ARegistrationThatFailsForNowIsTriedAgain()
        {
            Bench bench = new Bench(Registering, ",\"retry\":{\"maxAttempts\":3,\"firstSeconds\":1,\"longestSeconds\":1}");
            bench.Network.Bmsc.Codes[Id] = 503;
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual("1", bench.Events.Last("request-failed", "retryInSeconds"));
            bench.RunNext();
            bench.RunNext();
            Assert.AreEqual(3, bench.Network.Bmsc.Requests.Count);
            Assert.AreEqual(1, bench.Events.Count("service-left"));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
        }

        [TestMethod]
        public void ADeregistrationOutlastsTheSameUiccAgain()
        {
            Bench bench = new Bench(Registering, string.Empty);
            bench.PowerOn();
            bench.RunDue();
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 1));
            bench.Network.Bmsc.Failures = 1;
            bench.Me.Deactivate(Id);
            bench.RunDue();
            bench.Me.InsertUicc(bench.Uicc.Identity);
            bench.RunNext();
            Assert.AreEqual("deregister " + Id, (string)bench.Network.Bmsc.Requests[1]);
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
        }

        [TestMethod]
        public void RegistrationByCommandBringsBackWhatARefusalEnded()
        {
            Bench bench = new Bench(Registering, string.Empty);
            bench.Network.Bmsc.Codes[Id] = 403;
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual(ServiceState.Left, bench.Me.Services[0].State);
            bench.Network.Bmsc.Codes.Clear();
            bench.Me.Register(Id);
            bench.RunDue();
            Assert.AreEqual(ServiceState.Active, bench.Me.Services[0].State);
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 1));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
            Assert.AreEqual(2, bench.Network.Bmsc.Requests.Count, "the refused registration and the other one");
        }

        [TestMethod]
        public void WhoIsRegisteredStillNeedNotRegisterAgain()
        {
            Bench bench = new Bench(Registering, string.Empty);
            bench.PowerOn();
            bench.RunDue();
            bench.Network.Bmsc.Codes["00f110/0010"] = 403;
            bench.RunNext();
            Assert.AreEqual(ServiceState.Left, bench.Me.Services[0].State);
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 1));
            Assert.AreEqual(ServiceState.Active, bench.Me.Services[0].State);
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
        }

        [TestMethod]
        public void EachServiceHasItsOwnAnswer()
        {
            string other = Check.Replaced(Check.Replaced(Registering, Id, "b & <b>"), "0010", "0011");
            Bench bench = new Bench(Registering + "," + other, string.Empty);
            bench.Network.Bmsc.Codes[Id] = 403;
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual("register urn:example:news b &amp; &lt;b&gt;", (string)bench.Network.Bmsc.Requests[0], "one POST");
            Assert.AreEqual(1, bench.Events.Count("service-left", "service", Id));
            Assert.AreEqual(1, bench.Events.Count("service-registered", "service", "b & <b>"));
        }

        [TestMethod]
        public void RegistrationByCommand()
        {
            Bench bench = Bench.Paired(false);
            Assert.IsNull(bench.Me.Register(Id));
            bench.RunDue();
            Assert.IsNull(bench.Me.Deregister(Id));
            bench.RunDue();
            Assert.AreEqual("register urn:example:news", (string)bench.Network.Bmsc.Requests[0]);
            Assert.AreEqual("deregister urn:example:news", (string)bench.Network.Bmsc.Requests[1]);
            Assert.AreEqual("1", bench.Numbers(Bench.Group), "a deregistered service keeps its keys while it is active");
            Assert.AreEqual("no service x in the configuration", bench.Me.Register("x"));
            Assert.AreEqual("no service x in the configuration", bench.Me.Deregister("x"));
        }

        [TestMethod]
        public void AnMskThatComesAfterAllBringsALeftServiceBack()
        {
            Bench bench = new Bench();
            bench.Network.Bmsc.Codes["00f110/0010"] = 403;
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual(ServiceState.Left, bench.Me.Services[0].State);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            Assert.AreEqual("unused-key-group", bench.Events.Last("datagram-dropped", "reason"));

            bench.Network.Bmsc.Codes.Clear();
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.Complete(false, 1);
            Assert.AreEqual(ServiceState.Active, bench.Me.Services[0].State);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            Assert.AreEqual(1, bench.Traffic.Keys.Count);
        }
    }
}
