using MbmsMe.Configuration;
using MbmsMe.Services;

namespace MbmsMe.Tests
{
    /// <summary>
    /// Rule 9: solicited pulls and missed-key requests are rate limited and spread by random back-off, so that
    /// re-keying everybody does not make a burst at the BM-SC.
    /// </summary>
    [TestClass]
    public class Rule9_RequestsAreRareAndSpread
    {
        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void ARequestWaitsAtLeastTheOffset(bool draft2004)
        {
            Bench bench = Paired(draft2004, 7, 0);
            bench.Deliver(bench.Bmsc.Pull(draft2004, Bench.Group));
            Assert.AreEqual(bench.Clock.UptimeMilliseconds + 7000, bench.Me.NextDue);
            bench.Clock.Advance(6999);
            bench.RunDue();
            Assert.AreEqual(0, bench.Network.Calls.Count, "a millisecond too early");
            bench.Clock.Advance(1);
            bench.RunDue();
            Assert.AreEqual(1, bench.Network.Bmsc.Requests.Count);
        }

        [TestMethod]
        public void TheRandomPartReachesFromNothingToAllOfIt()
        {
            Assert.AreEqual(2000L, DelayWith(0, 2, 10), "random octets 00000000");
            Assert.AreEqual(2000L + (0xFFFFFFFFL % 10001L), DelayWith(255, 2, 10), "random octets ffffffff");
            long least = long.MaxValue;
            long most = 0;
            Bench bench = Paired(false, 2, 10);
            for (int i = 0; i < 60; i++)
            {
                // Power-on starts the back-off of the pending pull again.
                bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
                long delay = DelayOf(bench);
                Assert.IsTrue(delay >= 2000 && delay <= 12000, "delay " + delay);
                least = delay < least ? delay : least;
                most = delay > most ? delay : most;
                bench.PowerOn();
            }

            Assert.IsTrue(least < 4000 && most > 10000, "not spread: " + least + " to " + most);
        }

        [TestMethod]
        public void TheBackOffOfAPullThatAPowerCutInterruptedStartsOver()
        {
            Bench bench = Paired(false, 7, 0);
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.PowerOn();
            Assert.AreEqual(bench.Clock.UptimeMilliseconds + 7000, bench.Me.NextDue);
        }

        [TestMethod]
        public void SoDoesTheServicesOwnBackOffAndALeftServiceKeepsIt()
        {
            string service = Check.Replaced(Bench.News, "]}", "],\"backoff\":{\"offsetSeconds\":500,\"randomSeconds\":0}}");
            Bench bench = Bench.Paired(service, string.Empty);
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.PowerOn();
            Assert.AreEqual(bench.Clock.UptimeMilliseconds + 500000, bench.Me.NextDue);

            bench = new Bench(service, string.Empty);
            bench.Network.Bmsc.Codes["00f110/0010"] = 403;
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual(ServiceState.Left, bench.Me.Services[0].State);
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            Assert.AreEqual(bench.Clock.UptimeMilliseconds + 500000, bench.Me.NextDue);
        }

        [TestMethod]
        public void GroupsThatAreDueTogetherAreAskedForInOneRequest()
        {
            Bench bench = new Bench(Bench.News + "," + Bench.Sport, 5, 0);
            bench.Pair(false);
            bench.Deliver(bench.Bmsc.Pull(false, 0x10));
            bench.Deliver(bench.Bmsc.Pull(false, 0x12));
            bench.Deliver(bench.Bmsc.Pull(false, 0x10));
            bench.RunNext();
            Assert.AreEqual(1, bench.Network.Bmsc.Requests.Count);
            Assert.AreEqual("00f110/0010 00f110/0012", (string)bench.Network.Bmsc.Requests[0]);
            Assert.AreEqual("bmsc-401 bmsc-200", bench.Network.Story);
        }

        [TestMethod]
        public void GroupsThatAreNotDueYetAreNotAskedFor()
        {
            Bench bench = new Bench(Bench.News + "," + Bench.Sport, 5, 0);
            bench.Pair(false);
            bench.Deliver(bench.Bmsc.Pull(false, 0x10));
            bench.Clock.Advance(1000);
            bench.Deliver(bench.Bmsc.Pull(false, 0x12));
            bench.RunNext();
            Assert.AreEqual("00f110/0010", (string)bench.Network.Bmsc.Requests[0]);
        }

        [TestMethod]
        public void AFloodOfGenuinePullsMakesNoMoreRequestsThanAllowed()
        {
            Bench bench = Bench.Paired(false);
            bench.Clock.Advance(120000);
            long start = bench.Clock.UptimeMilliseconds;
            for (int minute = 0; minute < 2; minute++)
            {
                bench.Network.Bmsc.Requests.Clear();
                while (bench.Clock.UptimeMilliseconds < start + (60000 * (minute + 1)))
                {
                    bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
                    bench.RunDue();
                    bench.Network.Bmsc.Granted.Clear();
                    bench.Clock.Advance(1000);
                }

                Assert.AreEqual(RequestSettings.DefaultMaxPerMinute, bench.Network.Bmsc.Requests.Count, "requests in minute " + minute);
            }

            Assert.IsTrue(bench.Events.Count("pull-accepted") > 100, "the pulls were genuine");
        }

        [TestMethod]
        public void WhileTheMinuteIsFullTheNextRequestWaitsForItsEnd()
        {
            Bench bench = Bench.Paired(false);
            long start = bench.Clock.UptimeMilliseconds;
            for (int i = 0; i < RequestSettings.DefaultMaxPerMinute; i++)
            {
                bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
                bench.RunDue();
            }

            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            Assert.IsTrue(bench.Me.NextDue > bench.Clock.UptimeMilliseconds && bench.Me.NextDue <= start + 60000, "held to the end");
            int requests = bench.Network.Bmsc.Requests.Count;
            bench.RunDue();
            Assert.AreEqual(requests, bench.Network.Bmsc.Requests.Count);
            bench.RunNext();
            Assert.AreEqual(requests + 1, bench.Network.Bmsc.Requests.Count, "held, not lost");
        }

        [TestMethod]
        public void TheLimitIsASetting()
        {
            Bench bench = new Bench(Bench.News, 0, 0, 2);
            bench.Pair(false);
            bench.Clock.Advance(120000);
            for (int i = 0; i < 10; i++)
            {
                bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
                bench.RunDue();
                bench.Clock.Advance(1000);
            }

            Assert.AreEqual(2, bench.Network.Bmsc.Requests.Count);
            bench.RunNext();
            Assert.AreEqual(3, bench.Network.Bmsc.Requests.Count, "held, not lost");
        }

        [TestMethod]
        public void NoSixtySecondsHoldMoreRequestsThanAllowedWhereverTheyBegin()
        {
            // One request, then silence, then pulls as fast as they go around the end of the first request's minute.
            Bench bench = Bench.Paired(false);
            bench.Clock.Advance(120000);
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.RunDue();
            bench.Clock.Advance(58000);
            bench.Network.Bmsc.Requests.Clear();
            for (int i = 0; i < 80; i++)
            {
                bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
                bench.RunDue();
                bench.Clock.Advance(50);
            }

            int requests = bench.Network.Bmsc.Requests.Count;
            Assert.IsTrue(requests <= RequestSettings.DefaultMaxPerMinute, requests + " requests within 4 seconds");
        }

        [TestMethod]
        public void AFloodOfForgeriesMakesNoRequest()
        {
            Bench bench = Bench.Paired(false);
            Frozen before = bench.Freeze();
            FakeMessage pull = bench.Bmsc.Pull(false, Bench.Group);
            for (int i = 0; i < 100; i++)
            {
                pull.Counter++;
                byte[] wire = (byte[])pull.Wire.Clone();
                wire[wire.Length - 1 - (i % 20)] ^= 0x10;
                bench.Deliver(wire);
                before.AssertStill("forgery " + i);
                bench.Clock.Advance(100);
                bench.RunDue();
            }

            before.AssertUnchanged("forgeries");
            Assert.AreEqual(100u, bench.Me.Drops.Count);
        }

        [TestMethod]
        public void PullsThatKeepComingDoNotPutTheRequestOffForEver()
        {
            // A BM-SC without an ACK to wait for may well repeat its pull with a new counter sooner than the back-off ends.
            Bench bench = Paired(false, 10, 0);
            for (int i = 0; i < 12; i++)
            {
                bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
                bench.Clock.Advance(5000);
                bench.RunDue();
            }

            Assert.IsTrue(bench.Network.Bmsc.Requests.Count > 0, "no request in a minute of pulls every 5 seconds, back-off 10 seconds");
        }

        [TestMethod]
        public void RetriesAreSpreadByAQuarterAtRandom()
        {
            long least = long.MaxValue;
            long most = 0;
            for (uint seed = 0; seed < 40; seed++)
            {
                Bench bench = new Bench();
                bench.Random.State = seed * 2654435761u;
                bench.Network.Bsf.Failures = 1;
                bench.PowerOn();
                bench.RunDue();
                long delay = DelayOf(bench);
                Assert.IsTrue(delay >= 2000 && delay <= 2500, "delay " + delay);
                least = delay < least ? delay : least;
                most = delay > most ? delay : most;
            }

            Assert.IsTrue(least < 2125 && most > 2375, "not spread: " + least + " to " + most);
        }

        [TestMethod]
        public void GroupsThatFailedTogetherAreAskedForTogetherAgain()
        {
            Bench bench = new Bench(Bench.News + "," + Bench.Sport, 0, 0);
            bench.Network.Bmsc.Status = 503;
            bench.PowerOn();
            bench.RunDue();
            bench.RunNext();
            bench.Network.Bmsc.Status = 0;
            bench.RunNext();
            Assert.AreEqual("00f110/0010 00f110/0011 00f110/0012", (string)bench.Network.Bmsc.Requests[0]);
        }

        private static Bench Paired(bool draft2004, int offset, int random)
        {
            Bench bench = new Bench(Bench.News, offset, random);
            bench.Pair(draft2004);
            return bench;
        }

        private static long DelayOf(Bench bench)
        {
            return bench.Me.NextDue - bench.Clock.UptimeMilliseconds;
        }

        private static long DelayWith(int octet, int offset, int random)
        {
            Bench bench = Paired(false, offset, random);
            bench.Random.Octet = octet;
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            return DelayOf(bench);
        }
    }
}
