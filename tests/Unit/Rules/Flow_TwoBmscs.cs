using MbmsMe.Binary;
using MbmsMe.Machine;
using MbmsMe.Services;

namespace MbmsMe.Tests
{
    /// <summary>Two BM-SCs at once: one B-TID, two MUKs, and IDi tells which (TS 33.246 clause 6.1).</summary>
    [TestClass]
    public class Flow_TwoBmscs
    {
        private const int OtherGroup = 0x20;
        private const string Other = "{\"id\":\"other\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"0020\"],\"bmsc\":{\"url\":\""
            + FakeNetwork.OtherUrl + "\",\"fqdn\":\"Other.Example.org\"}}";

        [TestMethod]
        public void OneGbaRunServesBoth()
        {
            Bench bench = Paired();
            Assert.AreEqual("bsf-401 bsf-200 bmsc-401 other-401 bmsc-200 other-200", bench.Network.Story);
            Assert.AreEqual("1", bench.Numbers(Bench.Group));
            Assert.AreEqual("1", bench.Numbers(OtherGroup));
            Assert.AreEqual(2, bench.Keys.Bmscs.Count);
            Assert.AreNotEqual(Octets.ToHex(bench.Network.Key.Muk), Octets.ToHex(bench.Network.OtherKey.Muk));
            Check.Hex(Octets.ToHex(bench.Network.OtherKey.Muk), bench.Keys.Of(FakeNetwork.OtherFqdn).LastUsed.Key);
            Check.Hex(Octets.ToHex(bench.Network.Key.Muk), bench.Shared.LastUsed.Key);
        }

        [TestMethod]
        public void EachHasItsOwnCounter()
        {
            Bench bench = Paired();
            for (int number = 2; number < 6; number++)
            {
                bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, number));
            }

            bench.Deliver(bench.OtherMsk(OtherGroup, 2));
            Assert.AreEqual("1 2", bench.Numbers(OtherGroup));
            bench.PowerOn();
            bench.Deliver(bench.OtherMsk(OtherGroup, 3));
            Assert.AreEqual("2 3", bench.Numbers(OtherGroup));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
        }

        [TestMethod]
        public void TheKeyOfOneAuthenticatesNothingOfTheOther()
        {
            Bench bench = Paired();
            FakeMessage forged = bench.Bmsc.Msk(false, OtherGroup, 7);
            forged.Idi = Octets.FromText(FakeNetwork.OtherFqdn);
            forged.Counter = 100;
            bench.Deliver(forged.Build());
            Assert.AreEqual("wrong-mac", bench.Events.Last("datagram-dropped", "reason"));
            bench.Deliver(bench.Bmsc.Msk(false, OtherGroup, 7));
            Assert.AreEqual("foreign-key-group", bench.Events.Last("datagram-dropped", "reason"), "the other one's Key Group");
            bench.Deliver(bench.Bmsc.Pull(false, OtherGroup));
            Assert.AreEqual(2, bench.Events.Count("datagram-dropped", "reason", "foreign-key-group"));
            Assert.AreEqual("1", bench.Numbers(OtherGroup));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void APullGoesBackToWhereItCameFrom(bool expired)
        {
            Bench bench = Paired();
            if (expired)
            {
                bench.Expire();
            }

            bench.Forget();
            FakeMessage pull = bench.OtherMsk(OtherGroup, 1);
            pull.Number = 0;
            pull.AckWanted = false;
            pull.KeyData = new byte[0];
            bench.Deliver(pull.Build());
            bench.RunDue();
            Assert.AreEqual(expired ? "bsf-401 bsf-200 other-401 other-200" : "other-401 other-200", bench.Network.Story);
            bench.Deliver(bench.OtherMsk(OtherGroup, 2));
            Assert.AreEqual("1 2", bench.Numbers(OtherGroup));

            // The run for the other BM-SC renewed this one's key as well: it had expired too.
            bench.Forget();
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.RunDue();
            Assert.AreEqual("bmsc-401 bmsc-200", bench.Network.Story);
        }

        [TestMethod]
        public void RenewalForOneLeavesTheValidKeyOfTheOther()
        {
            Bench bench = Paired();
            string btid = Octets.ToText(bench.Shared.Gba.Muk.Btid);
            bench.Network.Other.Renegotiations = 1;
            bench.Forget();
            FakeMessage pull = bench.OtherMsk(OtherGroup, 1);
            pull.Number = 0;
            pull.AckWanted = false;
            pull.KeyData = new byte[0];
            bench.Deliver(pull.Build());
            bench.RunDue();
            Assert.AreEqual("other-401 other-401 bsf-401 bsf-200 other-401 other-200", bench.Network.Story);
            Assert.AreEqual(btid, Octets.ToText(bench.Shared.Gba.Muk.Btid));
            Assert.AreEqual("1", bench.Numbers(OtherGroup), "the older MSK is valid meanwhile");
        }

        [TestMethod]
        public void TheDraft2004MessageFindsItsBmscByTheKeyGroup()
        {
            Bench bench = Paired();
            FakeMessage msk = bench.OtherMsk(OtherGroup, 2);
            msk.Draft2004 = true;
            msk.CsbId = OtherGroup;
            msk.Idi = Octets.FromHex("00f110");
            bench.Deliver(msk.Build());
            Assert.AreEqual("1 2", bench.Numbers(OtherGroup));
        }

        [TestMethod]
        [DataRow(OtherGroup, "of a service that was left")]
        [DataRow(0x77, "of no service")]
        [DataRow(KeyGroup.All, "of all")]
        public void TheDraft2004PullFindsItsBmscByTheMacWhereNoServiceTells(int group, string story)
        {
            Bench bench = new Bench(Bench.News + "," + Other, string.Empty);
            bench.Network.Other.Codes["00f110/0020"] = 403;
            bench.PowerOn();
            bench.RunDue();
            bench.RunDue();
            bench.DeliverGranted(false, 1);
            Assert.AreEqual(ServiceState.Left, bench.Me.Services[1].State);
            bench.Network.Other.Codes.Clear();
            FakeMessage pull = bench.OtherMsk(group, 0);
            pull.Draft2004 = true;
            pull.CsbId = (uint)group;
            pull.Idi = Octets.FromHex("00f110");
            pull.AckWanted = false;
            pull.KeyData = new byte[0];
            bench.Deliver(pull.Build());
            Assert.AreEqual(1, bench.Events.Count("pull-accepted"), story + " " + bench.Events.Last("datagram-dropped", "reason"));
            bench.RunDue();
            Assert.AreEqual(1, bench.Network.Other.Requests.Count - 1, "the pull's request");
            Assert.AreEqual(pull.Counter, bench.Keys.Of(FakeNetwork.OtherFqdn).LastUsed.Counter);

            pull.Wire[pull.Wire.Length - 1] ^= 1;
            pull.Wire[24] ^= 1;
            bench.Deliver(pull.Wire);
            Assert.AreEqual(1, bench.Events.Count("pull-accepted"), "under no MAC");
        }

        [TestMethod]
        public void TheBmscThatIsTriedFirstIsFoundByTheMacAsWell()
        {
            Bench bench = Paired();
            FakeMessage pull = bench.Bmsc.Pull(true, 0x77);
            bench.Deliver(pull);
            Assert.AreEqual(1, bench.Events.Count("pull-accepted"), bench.Events.Last("datagram-dropped", "reason"));
            Assert.AreEqual(pull.Counter, bench.Shared.LastUsed.Counter);
            Assert.AreEqual(0, bench.Events.Count("datagram-dropped"));
        }

        [TestMethod]
        public void EachIsAskedForAGroupThatNoServiceUses()
        {
            Bench bench = Paired();
            bench.Forget();
            bench.Network.Other.Requests.Clear();
            FakeMessage pull = bench.OtherMsk(0x77, 0);
            pull.AckWanted = false;
            pull.KeyData = new byte[0];
            bench.Deliver(bench.Bmsc.Pull(false, 0x77));
            bench.Deliver(pull.Build());
            Assert.AreEqual(2, bench.Events.Count("pull-accepted"));
            bench.RunDue();
            bench.RunDue();
            Assert.AreEqual("00f110/0077", (string)bench.Network.Bmsc.Requests[0]);
            Assert.AreEqual("00f110/0077", (string)bench.Network.Other.Requests[0]);
        }

        private static Bench Paired()
        {
            Bench bench = new Bench(Bench.News + "," + Other, string.Empty);
            bench.PowerOn();
            bench.RunDue();
            bench.RunDue();
            bench.DeliverGranted(false, 1);
            bench.Deliver(bench.OtherMsk(OtherGroup, 1));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue, "the ME is not content after pairing");
            return bench;
        }
    }
}
