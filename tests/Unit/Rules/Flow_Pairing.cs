using MbmsMe.Binary;
using MbmsMe.Keys;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>From nothing to the MSKs of every service (TS 33.246 clauses 6.1, 6.3.2.2.1 and 6.3.2.2.2).</summary>
    [TestClass]
    public class Flow_Pairing
    {
        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void OneGbaRunAndOneRequestForAllGroupsOfAllServices(bool draft2004)
        {
            Bench bench = new Bench(Bench.News + "," + Bench.Sport, 0, 0);
            bench.PowerOn();
            Assert.AreEqual(0, bench.Network.Calls.Count, "HTTP during power-on");
            Assert.AreEqual(bench.Clock.UptimeMilliseconds, bench.Me.NextDue);
            bench.RunDue();
            Assert.AreEqual("bsf-401 bsf-200 bmsc-401 bmsc-200", bench.Network.Story);
            Assert.AreEqual(1, bench.Network.Bmsc.Requests.Count);
            Assert.AreEqual("00f110/0010 00f110/0011 00f110/0012", (string)bench.Network.Bmsc.Requests[0]);
            bench.DeliverGranted(draft2004, 1);
            Assert.AreEqual("1", bench.Numbers(0x10));
            Assert.AreEqual("1", bench.Numbers(0x11));
            Assert.AreEqual("1", bench.Numbers(0x12));
            Assert.AreEqual(3, bench.Events.Count("ack-sent"));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
            Assert.AreEqual(0, bench.Network.Bsf.Rejected + bench.Network.Bmsc.Rejected);
        }

        [TestMethod]
        public void AGroupOfTwoServicesIsAskedForOnce()
        {
            Bench bench = new Bench(Bench.News + ",{\"id\":\"urn:example:more\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"0010\"]}", 0, 0);
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual("00f110/0010", (string)bench.Network.Bmsc.Requests[0]);
        }

        [TestMethod]
        public void TheKeysAreThoseOfBothSides()
        {
            Bench bench = Bench.Paired(false);
            FakeGbaKey key = bench.Network.Key;
            Assert.AreEqual(key.Btid, Octets.ToText(bench.Shared.Gba.Muk.Btid));
            Assert.AreEqual(Octets.ToHex(key.Muk), Octets.ToHex(bench.Shared.Gba.Muk.Key));
            Assert.AreEqual(Octets.ToHex(key.Mrk), Octets.ToHex(bench.Shared.Gba.Mrk));
            Assert.AreEqual(key.ExpiresAt, bench.Shared.Gba.Muk.ExpiresAt);
            Assert.IsTrue(bench.Shared.LastUsed == bench.Shared.Gba.Muk, "the MUK that brought the MSK is the last one used");
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void TheMskIsStoredWithWhatMtkMessagesNeed(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            Msk msk = bench.Keys.NewestMsk(Bench.NewsGroup);
            Assert.AreEqual(Octets.ToHex(FakeBmsc.MskValue(Bench.Group, 1)), Octets.ToHex(msk.Key));
            Assert.AreEqual("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf", Octets.ToHex(msk.Rand));
            Assert.AreEqual(draft2004 ? 0x10u : 0x12345678u, msk.CsbId);
            Assert.AreEqual(1u, msk.Window.SeqLow);
            Assert.AreEqual(1000u, msk.Window.SeqHigh);
            Assert.AreEqual(draft2004 ? "0001" : "00100001", msk.IdText);
            string before = bench.State();
            bench.PowerOn();
            Assert.AreEqual(before, bench.State(), "after power-on");
        }

        [TestMethod]
        public void TheRequestsAreWhatTheSpecificationsWant()
        {
            Bench bench = new Bench();
            bench.PowerOn();
            bench.RunDue();
            HttpCall gba = (HttpCall)bench.Network.Calls[0];
            Assert.AreEqual("GET", gba.Method);
            Assert.AreEqual(
                "Digest username=\"001010123456789@ims.mnc001.mcc001.3gppnetwork.org\", realm=\"bsf.mnc001.mcc001.pub.3gppnetwork.org\", "
                + "nonce=\"\", uri=\"/\", response=\"\"",
                gba.Authorization);
            HttpCall first = (HttpCall)bench.Network.Calls[2];
            HttpCall second = (HttpCall)bench.Network.Calls[3];
            Assert.AreEqual("POST", first.Method);
            Assert.AreEqual(FakeKeyServer.Url + "?requesttype=msk-request", first.Url);
            Assert.AreEqual("application/mbms-msk+xml", first.ContentType);
            Assert.IsNull(first.Authorization);
            Assert.AreEqual(Octets.ToText(first.Body), Octets.ToText(second.Body));
            Assert.AreEqual(bench.Network.Key.Btid, FakeDigest.Field(second.Authorization, "username"));
            Assert.IsTrue(
                Octets.ToText(second.Body).IndexOf("<MSK><keyDomainID>APEQ</keyDomainID><MSKID>ABAAAA==</MSKID></MSK>") > 0,
                Octets.ToText(second.Body));
            for (int i = 0; i < 4; i++)
            {
                Assert.IsTrue(((HttpCall)bench.Network.Calls[i]).UserAgent.IndexOf("3gpp-gba") >= 0, "User-Agent of call " + i);
            }
        }

        [TestMethod]
        public void AfterPowerOnWithAllKeysNothingIsAskedFor()
        {
            Bench bench = Bench.Paired(false);
            bench.PowerOn();
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
            bench.RunDue();
            Assert.AreEqual(0, bench.Network.Calls.Count);
        }

        [TestMethod]
        public void AfterPowerOnOnlyMissingKeysAreAskedForUnderTheGbaKeyAtHand()
        {
            Bench bench = new Bench(Bench.News + "," + Bench.Sport, 0, 0);
            bench.PowerOn();
            bench.RunDue();
            bench.Deliver(bench.Bmsc.Msk(false, 0x11, 1));
            bench.Forget();
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual("00f110/0010 00f110/0012", (string)bench.Network.Bmsc.Requests[0]);
            Assert.AreEqual("bmsc-401 bmsc-200", bench.Network.Story);
        }

        [TestMethod]
        public void AnExpiredGbaKeyIsRenewedBeforeTheRequest()
        {
            Bench bench = new Bench();
            bench.PowerOn();
            bench.RunDue();
            bench.Forget();
            bench.Expire();
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual("bsf-401 bsf-200 bmsc-401 bmsc-200", bench.Network.Story);
        }
    }
}
