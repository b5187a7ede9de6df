using MbmsMe.Control;
using MbmsMe.Machine;
using MbmsMe.Services;

namespace MbmsMe.Tests
{
    /// <summary>BSF, BM-SC and UICC may hang: everything else goes on, and what is decided ends at once what was begun for less.</summary>
    [TestClass]
    public class Flow_NothingWaits
    {
        private const string Id = "urn:example:news";
        private const int OtherGroup = 0x20;
        private const string Other = "{\"id\":\"other\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"0020\"],\"bmsc\":{\"url\":\""
            + FakeNetwork.OtherUrl + "\",\"fqdn\":\"other.example.org\"}}";

        [TestMethod]
        public void WhileTheBmscHangsMessagesAreTakenAndCommandsAnswered()
        {
            Bench bench = Asking();
            FakeMessage push = bench.Bmsc.Msk(false, Bench.Group, 2);
            bench.Deliver(push);
            Assert.AreEqual(1, bench.Events.Count("ack-sent"));
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 2, 1));
            Assert.AreEqual(1, bench.Events.Count("mtk-accepted"));
            Assert.IsTrue(new CommandConsole(bench.Me).Execute("services").IndexOf("\"mskIds\":[\"00100001\",\"00100002\"]") > 0);
            Assert.AreEqual(1, bench.Network.Pending.Count);
        }

        [TestMethod]
        public void WhileTheBsfHangsMessagesAreTaken()
        {
            Bench bench = Bench.Paired(false);
            bench.Network.Hangs = true;
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.Expire();
            bench.RunNext();
            Assert.IsTrue(((HttpCall)bench.Network.Pending[0]).Url.StartsWith(FakeBsf.Url));
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            Assert.AreEqual(1, bench.Events.Count("mtk-accepted"));
        }

        [TestMethod]
        public void WhileTheUiccThinksMessagesAreTaken()
        {
            Bench bench = Bench.Paired(false);
            bench.Expire();
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.Me.RunDue();
            bench.Network.Work(bench.Me);
            Assert.IsTrue(bench.Uicc.HasWork);
            Assert.AreEqual(0, bench.Network.Pending.Count);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            Assert.AreEqual(1, bench.Events.Count("mtk-accepted"));
            bench.Settle();
            bench.Complete(false, 2);
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        public void AnotherUiccEndsTheRequestAndItsAnswerComesToNothing()
        {
            Bench bench = Asking();
            HttpCall former = (HttpCall)bench.Network.Pending[0];
            bench.Swap("8988201000000000027", Bench.Imsi);
            Assert.AreEqual(1, bench.Network.Cancelled);
            Assert.AreEqual(string.Empty, bench.Traffic.Mkis);
            string state = bench.State();
            bench.Events.Clear();
            bench.Me.TakeReply(former, new HttpReply { Status = 200, Body = new byte[0] });
            bench.Me.TakeFailure(former, "late");
            Assert.AreEqual(string.Empty, bench.Events.Story());
            Assert.AreEqual(state, bench.State());
            bench.Network.Hangs = false;
            bench.Complete(false, 1);
            Assert.AreEqual("1", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        public void AnotherUiccEndsWhatTheFormerOneWasAsked()
        {
            Bench bench = Bench.Paired(false);
            bench.Expire();
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.Me.RunDue();
            bench.Network.Work(bench.Me);
            FakeUicc former = bench.Uicc;
            Assert.IsTrue(former.HasWork);
            bench.Uicc = new FakeUicc("8988201000000000027", Bench.Imsi, bench.UiccMemory);
            FakeUicc inserted = bench.Uicc;
            bench.Uicc = former;
            bench.Me.InsertUicc(inserted.Identity);
            Assert.IsFalse(former.HasWork, "the challenge is not waited for");
            Assert.IsNull(bench.Shared.Gba);
        }

        [TestMethod]
        public void AKeyThatComesLateFromTheUiccIsWipedAndNotUsed()
        {
            Bench bench = Bench.Paired(false);
            bench.Expire();
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.Me.RunDue();
            bench.Network.Work(bench.Me);
            AkaResult late = new AkaResult { Outcome = AkaOutcome.Success, Res = Check.Repeat(1, 8), Ck = Check.Repeat(2, 16), Ik = Check.Repeat(3, 16) };
            bench.Me.TakeReply(new AkaCall(new byte[16], new byte[16]), late);
            Check.Hex(new string('0', 32), late.Ck);
            Check.Hex(new string('0', 32), late.Ik);
            Check.Hex(new string('0', 16), late.Res);
            Assert.AreEqual(0, bench.Events.Count("gba-ok"));
        }

        [TestMethod]
        public void DeactivationEndsTheRequestForThatServiceAlone()
        {
            Bench bench = new Bench(Bench.News + "," + Bench.Sport, string.Empty);
            bench.Network.Hangs = true;
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual(1, bench.Network.Pending.Count, "the BSF");
            Assert.IsNull(bench.Me.Deactivate("urn:example:sport"));
            Assert.AreEqual(0, bench.Network.Cancelled, "the other service's MSKs are asked for with it");
            Assert.IsNull(bench.Me.Deactivate(Id));
            Assert.AreEqual(1, bench.Network.Cancelled);
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
            Assert.IsNull(bench.Me.Activate(Id));
            bench.Network.Hangs = false;
            bench.Complete(false, 1);
            Assert.AreEqual("1", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        public void WhatWasCancelledUsesUpNoAttempt()
        {
            Bench bench = new Bench(Bench.News, ",\"retry\":{\"maxAttempts\":1}");
            bench.Network.Hangs = true;
            bench.PowerOn();
            for (int i = 0; i < 5; i++)
            {
                bench.RunDue();
                Assert.IsNull(bench.Me.Deactivate(Id));
                Assert.IsNull(bench.Me.Activate(Id));
            }

            Assert.AreEqual(5, bench.Network.Cancelled);
            Assert.AreEqual(0, bench.Events.Count("request-failed"));
            bench.Network.Hangs = false;
            bench.Complete(false, 1);
            Assert.AreEqual("1", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        public void ADeregistrationEndsTheRegistrationUnderWay()
        {
            Bench bench = new Bench(
                "{\"id\":\"urn:example:news\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"0010\"],\"register\":true}", string.Empty);
            bench.PowerOn();
            bench.Network.Bmsc.Failures = 1;
            bench.RunDue();
            bench.Network.Hangs = true;
            bench.RunNext();
            Assert.IsTrue(((HttpCall)bench.Network.Pending[0]).Url.EndsWith("requesttype=register"));
            Assert.IsNull(bench.Me.Deregister(Id));
            Assert.AreEqual(1, bench.Network.Cancelled);
            bench.Network.Hangs = false;
            bench.RunDue();
            Assert.AreEqual(1, bench.Events.Count("service-deregistered"));
            Assert.AreEqual(0, bench.Events.Count("service-registered"));
        }

        [TestMethod]
        public void PowerDownEndsWhatIsUnderWay()
        {
            Bench bench = Asking();
            bench.Me.PowerDown();
            Assert.AreEqual(1, bench.Network.Cancelled);
            Assert.AreEqual(0, bench.Network.Pending.Count);
            Assert.AreEqual(0, bench.Events.Count("request-failed"));
            bench.Network.Hangs = false;
            bench.PowerOn();
            bench.Complete(false, 2);
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group), "the pull is not used up");
        }

        [TestMethod]
        public void AnMskThatComesWhileItIsAskedForIsWhatWasWanted()
        {
            Bench bench = Asking();
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 2));
            Assert.AreEqual(0, bench.Network.Cancelled, "the exchange goes on to its end");
            bench.Network.Hangs = false;
            bench.Settle();
            Assert.AreEqual("msk-request-200", bench.Events.Last("http", "requesttype") + "-" + bench.Events.Last("http", "status"));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue, "nothing is waited for");
        }

        [TestMethod]
        public void APullThatComesWhileItIsAskedForIsServedAfterwards()
        {
            Bench bench = Asking();
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            Assert.AreEqual(2, bench.Events.Count("pull-accepted"));
            bench.Network.Hangs = false;
            bench.Settle();
            Assert.AreEqual(1, bench.Network.Bmsc.Requests.Count);
            bench.RunNext();
            Assert.AreEqual(2, bench.Network.Bmsc.Requests.Count);
        }

        [TestMethod]
        public void ADeadBmscDoesNotHoldUpTheOther()
        {
            Bench bench = new Bench(Bench.News + "," + Other, string.Empty);
            bench.PowerOn();
            bench.Me.RunDue();
            while (bench.Network.Story.IndexOf("bsf-200") < 0)
            {
                if (bench.Uicc.HasWork)
                {
                    bench.Uicc.Work(bench.Me);
                }
                else
                {
                    bench.Network.Work(bench.Me);
                }
            }

            Assert.AreEqual(2, bench.Network.Pending.Count);
            HttpCall dead = (HttpCall)bench.Network.Pending[0];
            bench.Network.Pending.RemoveAt(0);
            bench.Settle();
            Assert.AreEqual(1, bench.Network.Other.Granted.Count);
            bench.Deliver(bench.OtherMsk(OtherGroup, 1));
            Assert.AreEqual("1", bench.Numbers(OtherGroup));
            bench.Me.TakeFailure(dead, "no answer");
            Assert.AreEqual(1, bench.Events.Count("request-failed", "reason", "no answer"));
        }

        [TestMethod]
        public void OneGbaRunAtATimeServesAllThatWaitForIt()
        {
            Bench bench = new Bench(Bench.News + "," + Other, string.Empty);
            bench.Network.Hangs = true;
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual(1, bench.Network.Pending.Count, "one request to the BSF, none to the BM-SCs");
            Assert.IsNull(bench.Me.Deactivate(Id));
            Assert.AreEqual(0, bench.Network.Cancelled, "the other BM-SC waits for it");
            bench.Network.Hangs = false;
            bench.Settle();
            Assert.AreEqual(1, bench.Events.Count("gba-ok"));
            Assert.AreEqual(0, bench.Network.Bmsc.Requests.Count);
            Assert.AreEqual(1, bench.Network.Other.Requests.Count);
        }

        [TestMethod]
        public void AnotherAddressIsRegistered()
        {
            Bench bench = new Bench(
                "{\"id\":\"urn:example:news\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"0010\"],\"register\":true}", string.Empty);
            bench.PowerOn();
            bench.RunDue();
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 1));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
            bench.Me.ChangeAddress();
            bench.RunNext();
            Assert.AreEqual(2, bench.Events.Count("service-registered"));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue, "the MSK is there");
        }

        [TestMethod]
        public void AnotherAddressIsNoNewsWhereNothingRegistered()
        {
            Bench bench = Bench.Paired(false);
            bench.Me.ChangeAddress();
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
        }

        [TestMethod]
        public void ATimeThatIsSetBringsBackWhatWasLeft()
        {
            Bench bench = new Bench();
            bench.Network.Bmsc.Codes["00f110/0010"] = 404;
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual(ServiceState.Left, bench.Me.Services[0].State);
            bench.Network.Bmsc.Codes.Clear();
            bench.Me.ChangeTime();
            bench.Complete(false, 1);
            Assert.AreEqual(ServiceState.Active, bench.Me.Services[0].State);
            Assert.AreEqual("1", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        public void WhileContentFlowsAMissedKeyCountsForLittle()
        {
            Bench bench = Bench.Paired(false);
            bench.Me.TakeReport(new TrafficReport(Bench.NewsGroup, 20));
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 7, 1));
            bench.RunNext();
            bench.Complete(false, 1);
            Assert.AreEqual(1, bench.Network.Bmsc.Requests.Count);
            bench.Clock.Advance(100000);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 8, 1));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue, "the first wait is the longest: 16 times 10 s");
            bench.Clock.Advance(60000);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 9, 1));
            bench.RunNext();
            Assert.AreEqual(2, bench.Network.Bmsc.Requests.Count);
        }

        [TestMethod]
        public void AReportWithoutContentIsNone()
        {
            Bench bench = Bench.Paired(false);
            bench.Me.TakeReport(new TrafficReport(Bench.NewsGroup, 0));
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 7, 1));
            bench.Complete(false, 1);
            bench.Clock.Advance(20000);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 8, 1));
            Assert.AreNotEqual(long.MaxValue, bench.Me.NextDue);
        }

        // An ME that holds MSK 1 and asks a BM-SC that hangs for another.
        private static Bench Asking()
        {
            Bench bench = Bench.Paired(false);
            bench.Network.Hangs = true;
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.RunNext();
            Assert.AreEqual(1, bench.Network.Pending.Count);
            return bench;
        }
    }
}
