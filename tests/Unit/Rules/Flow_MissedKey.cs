namespace MbmsMe.Tests
{
    /// <summary>MTK messages that show that an MSK was missed: requests, and how few a forger can cause (TS 33.246 clause 6.3.2.2.3).</summary>
    [TestClass]
    public class Flow_MissedKey
    {
        private const string Limits = ",\"missedKey\":{\"minSeconds\":10,\"maxPerMinute\":3}";

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AnUnknownMskIsAskedForAtOnceAndOnce(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            bench.Deliver(bench.Bmsc.Mtk(draft2004, Bench.Group, 2, 1));
            Assert.AreEqual(1, bench.Events.Count("missed-key", "reason", "unknown-msk"));
            bench.Deliver(bench.Bmsc.Mtk(draft2004, Bench.Group, 2, 2));
            bench.RunDue();
            bench.Deliver(bench.Bmsc.Mtk(draft2004, Bench.Group, 2, 3));
            Assert.AreEqual(1, bench.Events.Count("missed-key"), "while one is outstanding there is no other");
            Assert.AreEqual("00f110/0010", (string)bench.Network.Bmsc.Requests[0]);
            bench.DeliverGranted(draft2004, 2);
            bench.Deliver(bench.Bmsc.Mtk(draft2004, Bench.Group, 2, 3));
            Assert.AreEqual(1, bench.Traffic.Keys.Count);
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
            Assert.AreEqual(1, bench.Network.Bmsc.Requests.Count);
            Assert.AreEqual(2, bench.Network.Calls.Count, "HTTP requests that a missed key costs: a challenge and the request");
        }

        [TestMethod]
        public void AnMtkIdAboveTheIntervalIsAMissedKeyToo()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1001));
            Assert.AreEqual(1, bench.Events.Count("missed-key", "reason", "mtk-id-out-of-range"));
            bench.RunDue();
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 1, 1, 2000));
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1001));
            Assert.AreEqual(1, bench.Traffic.Keys.Count, "under the updated interval");
        }

        [TestMethod]
        public void ForgedMessagesCauseFewerAndFewerRequests()
        {
            Bench bench = Bench.Paired(Bench.News, Limits);
            long start = bench.Clock.UptimeMilliseconds;
            string askedAt = string.Empty;
            for (int second = 0; second < 400; second++)
            {
                bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1000 + second, 1));
                int before = bench.Network.Bmsc.Requests.Count;
                bench.RunDue();
                bench.DeliverGranted(false, 1);
                if (bench.Network.Bmsc.Requests.Count > before)
                {
                    askedAt += second + " ";
                }

                bench.Clock.Advance(1000);
            }

            Assert.AreEqual("0 10 30 70 150 310 ", askedAt);
            Assert.AreEqual(400000L, bench.Clock.UptimeMilliseconds - start);
        }

        [TestMethod]
        [DataRow(false, 1)]
        [DataRow(true, Bench.MaxAttempts)]
        public void AYesWithoutAnMskIsAskedAgainOnlyWhereNoneIsHeld(bool usedUp, int requests)
        {
            Bench bench = Bench.Paired(Bench.News, Limits);
            if (usedUp)
            {
                bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 1, 1, 1));
                bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            }

            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 2, 1));
            while (bench.Me.NextDue != long.MaxValue)
            {
                bench.Clock.Advance(bench.Me.NextDue - bench.Clock.UptimeMilliseconds);
                bench.RunDue();
            }

            Assert.AreEqual(requests, bench.Network.Bmsc.Requests.Count);
            Assert.AreEqual(1, bench.Events.Count("request-failed", "reason", "no MSK message came"));
            Assert.AreEqual(usedUp ? 1 : 0, bench.Events.Count("service-left"));
        }

        [TestMethod]
        [DataRow(503)]
        [DataRow(0)]
        public void ABmscInTroubleIsNotAskedMoreOftenForForgedMessages(int code)
        {
            Bench bench = Bench.Paired(Bench.News, Limits);
            bench.Network.Bmsc.Codes["00f110/0010"] = code;
            string askedAt = string.Empty;
            for (int second = 0; second < 400; second++)
            {
                bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1000 + second, 1));
                int before = bench.Network.Bmsc.Requests.Count;
                bench.RunDue();
                askedAt += bench.Network.Bmsc.Requests.Count > before ? second + " " : string.Empty;
                bench.Clock.Advance(1000);
            }

            Assert.AreEqual("0 10 30 70 150 310 ", askedAt);
            Assert.AreEqual(0, bench.Events.Count("service-left"));
        }

        [TestMethod]
        public void ABmscThatIsDownKeepsNoMissedKeyOfAnotherFromBeingAsked()
        {
            const string other = "{\"id\":\"other\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"0020\"],\"bmsc\":{\"url\":\""
                + FakeNetwork.OtherUrl + "\",\"fqdn\":\"other.example.org\"}}";
            Bench bench = new Bench(Bench.News + "," + other, string.Empty);
            bench.PowerOn();
            bench.RunDue();
            bench.RunDue();
            bench.DeliverGranted(false, 1);
            bench.Deliver(bench.OtherMsk(0x20, 1));
            bench.Forget();
            bench.Network.Other.Status = 503;
            int asked = -1;
            for (int second = 0; second < 60 && asked < 0; second++)
            {
                bench.Deliver(bench.Bmsc.Mtk(false, 0x20, 2, 1));
                bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 2, 1));
                bench.RunDue();
                asked = bench.Network.Bmsc.Requests.Count > 0 ? second : asked;
                bench.Clock.Advance(1000);
            }

            Assert.AreEqual(1, asked, "the second at which it was asked");
        }

        [TestMethod]
        public void AfterANewMskTheNextRequestNeedNotWait()
        {
            Bench bench = Bench.Paired(Bench.News, Limits);
            for (int number = 2; number < 5; number++)
            {
                bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, number, 1));
                Assert.AreEqual(number - 1, bench.Events.Count("missed-key"));
                bench.RunDue();
                bench.DeliverGranted(false, number);
            }

            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 5, 1));
            Assert.AreEqual(3, bench.Events.Count("missed-key"), "the limit of a minute holds all the same");
        }

        [TestMethod]
        public void OnlyOneIsOutstandingOverAllGroupsAndFewInAMinute()
        {
            string services = Bench.News + "," + Bench.Sport + ",{\"id\":\"more\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"0013\",\"0014\"]}";
            Bench bench = Bench.Paired(services, Limits);
            for (int group = 0x10; group < 0x15; group++)
            {
                bench.Deliver(bench.Bmsc.Mtk(false, group, 9, 1));
            }

            Assert.AreEqual(1, bench.Events.Count("missed-key"), "one at a time");
            for (int group = 0x10; group < 0x15; group++)
            {
                bench.Deliver(bench.Bmsc.Mtk(false, group, 9, 1));
                bench.RunDue();
                bench.DeliverGranted(false, 1);
            }

            Assert.AreEqual(3, bench.Network.Bmsc.Requests.Count, "requests in this minute");
            bench.Clock.Advance(60000);
            bench.Deliver(bench.Bmsc.Mtk(false, 0x14, 9, 1));
            bench.RunDue();
            Assert.AreEqual(4, bench.Network.Bmsc.Requests.Count);
        }

        [TestMethod]
        public void TheServicesBackoffSpreadsTheRequests()
        {
            Bench bench = Bench.Paired(Check.Replaced(Bench.News, "]}", "],\"backoff\":{\"offsetSeconds\":5,\"randomSeconds\":10}}"), string.Empty);
            long now = bench.Clock.UptimeMilliseconds;
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 2, 1));
            Assert.IsTrue(bench.Me.NextDue >= now + 5000 && bench.Me.NextDue <= now + 15000, (bench.Me.NextDue - now).ToString());
        }

        [TestMethod]
        public void ANoToAMissedKeyLeavesTheServiceOnlyWithoutAValidMsk()
        {
            Bench bench = Bench.Paired(false);
            bench.Network.Bmsc.Codes["00f110/0010"] = 403;
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 2, 1));
            bench.RunDue();
            Assert.AreEqual(0, bench.Events.Count("service-left"), "the MSK held protects more MTKs");
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue, "a 403 is not retried");

            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 1, 1, 3));
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 3));
            bench.Clock.Advance(60000);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 2, 1));
            bench.RunDue();
            Assert.AreEqual(1, bench.Events.Count("service-left", "reason", "response code 403"));
            Assert.AreEqual(0, bench.Keys.Msks.Count);
            Assert.AreEqual("stop urn:example:news", (string)bench.Traffic.Told[bench.Traffic.Told.Count - 2]);
        }

        [TestMethod]
        public void ADeletedMskIsAMissedOne()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 1, 2, 1));
            Assert.AreEqual(0, bench.Keys.Msks.Count);
            bench.Forget();
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            Assert.AreEqual(1, bench.Events.Count("missed-key"), "the deleted MSK is asked for");
        }
    }
}
