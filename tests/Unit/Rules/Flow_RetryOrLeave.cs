using MbmsMe.Machine;
using MbmsMe.Services;

namespace MbmsMe.Tests
{
    /// <summary>
    /// What becomes of a request for an MSK: each group's response code, retries, and leaving the service when no MSK
    /// is to be had and no older one is there (TS 33.246 clause 6.3.2.2.1).
    /// </summary>
    [TestClass]
    public class Flow_RetryOrLeave
    {
        [TestMethod]
        [DataRow(403)]
        [DataRow(404)]
        public void ANoForGoodEndsTheServiceAtOnce(int code)
        {
            Bench bench = Start(Bench.News, "0010", code);
            Assert.AreEqual(1, bench.Events.Count("request-failed", "final", "true"));
            Assert.AreEqual("response code " + code, bench.Events.Last("request-failed", "reason"));
            Assert.AreEqual(1, bench.Events.Count("service-left", "service", "urn:example:news"));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
        }

        [TestMethod]
        [DataRow(503, "response code 503")]
        [DataRow(500, "response code 500")]
        [DataRow(0, "not answered")]
        public void ANoForNowIsTriedAgain(int code, string reason)
        {
            Bench bench = Start(Bench.News, "0010", code);
            Assert.AreEqual(1, bench.Events.Count("request-failed", "final", "false"));
            Assert.AreEqual(reason, bench.Events.Last("request-failed", "reason"));
            Assert.AreEqual("0010", bench.Events.Last("request-failed", "keyGroup"));
            Assert.AreEqual("2", bench.Events.Last("request-failed", "retryInSeconds"));
            Assert.AreEqual(0, bench.Events.Count("service-left"));
            bench.Network.Bmsc.Codes.Clear();
            bench.Complete(false, 1);
            Assert.AreEqual("1", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        public void RetriesComeLaterAndLaterAndEnd()
        {
            Bench bench = new Bench();
            bench.Random.Octet = 0;
            bench.Network.Bmsc.Codes["00f110/0010"] = 503;
            bench.PowerOn();
            bench.RunDue();
            string delays = string.Empty;
            while (bench.Me.NextDue != long.MaxValue)
            {
                delays += (bench.Me.NextDue - bench.Clock.UptimeMilliseconds) + " ";
                bench.RunNext();
                Assert.IsTrue(bench.Network.Bmsc.Requests.Count <= Bench.MaxAttempts, "no end");
            }

            Assert.AreEqual(Bench.MaxAttempts, bench.Network.Bmsc.Requests.Count);
            Assert.IsTrue(delays.StartsWith("2000 4000 8000 16000 32000 "), delays);
            Assert.AreEqual(1, bench.Events.Count("request-failed", "final", "true"));
            Assert.AreEqual(Bench.MaxAttempts - 1, bench.Events.Count("request-failed", "final", "false"));
            Assert.AreEqual(1, bench.Events.Count("service-left"));
        }

        [TestMethod]
        [DataRow(403)]
        [DataRow(503)]
        public void WithAnOlderMskTheServiceGoesOn(int code)
        {
            Bench bench = Bench.Paired(false);
            bench.Network.Bmsc.Codes["00f110/0010"] = code;
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.Complete(false, 2);
            Assert.AreEqual(1, bench.Events.Count("request-failed", "final", "true"));
            Assert.AreEqual(0, bench.Events.Count("service-left"));
            Assert.AreEqual(0, bench.Events.Count("msk-deleted"));
            Assert.AreEqual("1", bench.Numbers(Bench.Group));
            Assert.AreEqual(0, bench.Shared.Pulls.Count, "a pull that was given up is done with");
            bench.PowerOn();
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue, "given up, and asked for again after power-on");
        }

        [TestMethod]
        public void EachGroupHasItsOwnAnswer()
        {
            Bench bench = new Bench(Bench.News + "," + Bench.Sport, 0, 0);
            bench.Network.Bmsc.Codes["00f110/0010"] = 403;
            bench.Network.Bmsc.Codes["00f110/0012"] = 503;
            bench.PowerOn();
            bench.RunDue();
            bench.DeliverGranted(false, 1);
            Assert.AreEqual(1, bench.Events.Count("service-left"));
            Assert.AreEqual("1", bench.Numbers(0x11));
            bench.Network.Bmsc.Codes["00f110/0012"] = 200;
            bench.RunNext();
            Assert.AreEqual("00f110/0012", (string)bench.Network.Bmsc.Requests[1], "only the group that was refused for now");
        }

        [TestMethod]
        public void LeavingAServiceDeletesTheMsksThatOnlyItUsed()
        {
            // "more" shares group 0011 with "sport".
            Bench bench = new Bench(
                Bench.Sport + ",{\"id\":\"urn:example:more\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"0011\",\"0013\"]}", 0, 0);
            bench.Network.Bmsc.Codes["00f110/0012"] = 503;
            bench.PowerOn();
            bench.RunDue();
            bench.DeliverGranted(false, 1);
            bench.Deliver(bench.Bmsc.Msk(false, 0x14, 1));
            bench.Network.Bmsc.Codes["00f110/0012"] = 403;
            bench.RunNext();
            Assert.AreEqual(1, bench.Events.Count("service-left", "service", "urn:example:sport"));
            Assert.AreEqual(1, bench.Events.Count("service-left"));
            Assert.AreEqual("1", bench.Numbers(0x11), "the other service uses it");
            Assert.AreEqual("1", bench.Numbers(0x13));
            Assert.AreEqual("1", bench.Numbers(0x14), "no service uses it");

            bench.Network.Bmsc.Codes["00f110/0013"] = 403;
            bench.Deliver(bench.Bmsc.Pull(false, 0x13));
            bench.RunNext();
            Assert.AreEqual(1, bench.Events.Count("service-left"), "an older MSK of 0013 is there");
        }

        [TestMethod]
        public void AServiceIsLeftOnceHoweverManyOfItsGroupsAreRefused()
        {
            Bench bench = new Bench(Bench.Sport, 0, 0);
            bench.Network.Bmsc.Codes["00f110/0011"] = 403;
            bench.Network.Bmsc.Codes["00f110/0012"] = 403;
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual(1, bench.Events.Count("service-left"));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
        }

        [TestMethod]
        [DataRow(503)]
        [DataRow(200)]
        public void NothingMoreIsWantedForAServiceThatWasLeft(int otherCode)
        {
            Bench bench = new Bench(Bench.Sport, 0, 0);
            bench.Network.Bmsc.Codes["00f110/0011"] = 403;
            bench.Network.Bmsc.Codes["00f110/0012"] = otherCode;
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual(1, bench.Events.Count("service-left"));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
            Assert.AreEqual(0, bench.Events.Count("request-failed", "final", "false"), "a retry is announced that will never come");
        }

        [TestMethod]
        public void NothingIsAskedForAServiceThatIsLeftAtThatMoment()
        {
            Bench bench = new Bench(Bench.Sport, string.Empty);
            bench.PowerOn();
            bench.RunDue();
            bench.Deliver(bench.Bmsc.Msk(false, 0x11, 1));
            bench.Network.Bmsc.Granted.Clear();
            for (int request = 2; request <= Bench.MaxAttempts; request++)
            {
                bench.RunNext();
            }

            bench.Clock.Advance(Bench.AwaitMskMilliseconds);
            bench.Deliver(bench.Bmsc.Pull(false, 0x11));
            bench.Forget();
            bench.RunDue();
            Assert.AreEqual(1, bench.Events.Count("service-left", "reason", "no MSK message came"));
            Assert.AreEqual(0, bench.Network.Bmsc.Requests.Count, "for the Key Group that was pulled");
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
        }

        [TestMethod]
        public void APullForAllGroupsBringsAServiceBackThatWasLeft()
        {
            Bench bench = new Bench();
            bench.Network.Bmsc.Codes["00f110/0010"] = 403;
            bench.PowerOn();
            bench.RunDue();
            bench.Network.Bmsc.Codes.Clear();
            bench.Deliver(bench.Bmsc.Pull(false, KeyGroup.All));
            bench.Complete(false, 4);
            Assert.AreEqual("4", bench.Numbers(Bench.Group));
            Assert.AreEqual(ServiceState.Active, bench.Me.Services[0].State);
        }

        [TestMethod]
        public void APullBringsAServiceBackThatWasLeft()
        {
            Bench bench = Start(Bench.News, "0010", 403);
            bench.Network.Bmsc.Codes.Clear();
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.Complete(false, 4);
            Assert.AreEqual("4", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AnMskThatDoesNotComeAfterAYesIsAskedForAgain(bool draft2004)
        {
            Bench bench = new Bench();
            bench.PowerOn();
            bench.RunDue();
            bench.Network.Bmsc.Granted.Clear();
            Assert.AreEqual(bench.Clock.UptimeMilliseconds + Bench.AwaitMskMilliseconds, bench.Me.NextDue);
            bench.RunNext();
            Assert.AreEqual(2, bench.Network.Bmsc.Requests.Count);
            bench.DeliverGranted(draft2004, 1);
            Assert.AreEqual("1", bench.Numbers(Bench.Group));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
        }

        [TestMethod]
        public void AnMskThatNeverComesIsGivenUp()
        {
            Bench bench = new Bench();
            bench.PowerOn();
            for (int i = 0; i < 20 && bench.Me.NextDue != long.MaxValue; i++)
            {
                bench.RunNext();
            }

            Assert.AreEqual(Bench.MaxAttempts, bench.Network.Bmsc.Requests.Count);
            Assert.AreEqual(1, bench.Events.Count("request-failed", "reason", "no MSK message came"));
            Assert.AreEqual(1, bench.Events.Count("service-left"));
        }

        [TestMethod]
        public void AYesToTheLastRequestIsWaitedFor()
        {
            Bench bench = new Bench();
            bench.Network.Bmsc.Codes["00f110/0010"] = 503;
            bench.PowerOn();
            for (int i = 1; i < Bench.MaxAttempts; i++)
            {
                bench.RunNext();
            }

            bench.Network.Bmsc.Codes.Clear();
            bench.RunNext();
            Assert.AreEqual(Bench.MaxAttempts, bench.Network.Bmsc.Requests.Count);
            Assert.AreEqual(0, bench.Events.Count("service-left"), "left before the MSK could come");
            bench.DeliverGranted(false, 1);
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
            Assert.AreEqual(0, bench.Events.Count("service-left"));
        }

        [TestMethod]
        public void AnAnswerForAGroupThatWasNotAskedForIsPassedOver()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.Network.Bmsc.Body = "<mskResponse><MSK><keyDomainID>APEQ</keyDomainID><MSKID>ABEAAA==</MSKID><responseCode>403"
                + "</responseCode></MSK><MSK><keyDomainID>!</keyDomainID><MSKID></MSKID><responseCode>x</responseCode></MSK></mskResponse>";
            bench.RunNext();
            Assert.AreEqual("not answered", bench.Events.Last("request-failed", "reason"));
            Assert.AreEqual(1, bench.Events.Count("request-failed"));
        }

        private static Bench Start(string services, string group, int code)
        {
            Bench bench = new Bench(services, 0, 0);
            bench.Network.Bmsc.Codes["00f110/" + group] = code;
            bench.PowerOn();
            bench.RunDue();
            return bench;
        }
    }
}
