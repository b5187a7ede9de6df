using MbmsMe.Keys;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>What a store without room does.</summary>
    [TestClass]
    public class Flow_StoreFull
    {
        [TestMethod]
        public void TheOldestMskThatNoServiceUsesGivesWay()
        {
            Bench bench = Bench.Paired(false);
            Fill(bench, 0x100);
            Assert.AreEqual(KeyState.MaxMsks, bench.Keys.Msks.Count);
            bench.Forget();
            bench.Deliver(bench.Bmsc.Msk(false, 0x200, 1));
            Assert.AreEqual(KeyState.MaxMsks, bench.Keys.Msks.Count);
            Assert.AreEqual("1", bench.Numbers(0x200));
            Assert.AreEqual("2", bench.Numbers(0x100), "the oldest of those that no service uses");
            Assert.AreEqual("1", bench.Numbers(Bench.Group), "older, but a service uses it");
            Assert.AreEqual("01000001", bench.Events.Last("msk-deleted", "mskId"));
            bench.PowerOn();
            Assert.AreEqual(KeyState.MaxMsks, bench.Keys.Msks.Count, "after power-on");
        }

        [TestMethod]
        public void FullOfMsksThatServicesUseItTakesNoOtherButTheirs()
        {
            // 16 groups in use, two MSKs each.
            string groups = string.Empty;
            for (int i = 0; i < KeyState.MaxGroups; i++)
            {
                groups += (i == 0 ? "\"" : ",\"") + Binary.Octets.ToHex((uint)(0x100 + i), 2) + "\"";
            }

            Bench bench = new Bench("{\"id\":\"urn:all\",\"keyDomain\":\"00f110\",\"keyGroups\":[" + groups + "]}", 0, 0);
            bench.PowerOn();
            bench.RunDue();
            Fill(bench, 0x100);
            Assert.AreEqual(KeyState.MaxMsks, bench.Keys.Msks.Count);
            bench.Forget();
            FakeMessage foreign = bench.Bmsc.Msk(false, 0x200, 1);
            Frozen before = bench.Freeze();
            bench.Deliver(foreign);
            before.AssertUnchanged("an MSK without room");
            Assert.AreEqual("store-full", bench.Events.Last("datagram-dropped", "reason"));
            bench.Deliver(bench.Bmsc.Msk(false, 0x105, 3));
            Assert.AreEqual("2 3", bench.Numbers(0x105), "a third of a group in use replaces the older of its own");
            Assert.AreEqual(KeyState.MaxMsks, bench.Keys.Msks.Count);
        }

        [TestMethod]
        public void APullTooManyIsDropped()
        {
            Bench bench = Bench.Paired(false);
            for (int i = 0; i < KeyState.MaxGroups; i++)
            {
                bench.Deliver(bench.Bmsc.Pull(false, 0x100 + i));
            }

            Assert.AreEqual(KeyState.MaxGroups, bench.Shared.Pulls.Count);
            FakeMessage pull = bench.Bmsc.Pull(false, 0x200);
            Frozen before = bench.Freeze();
            bench.Deliver(pull);
            before.AssertStill("a pull without room");
            Assert.AreEqual("store-full", bench.Events.Last("datagram-dropped", "reason"));
            bench.Deliver(bench.Bmsc.Pull(false, 0x103));
            Assert.AreEqual(KeyState.MaxGroups + 1, bench.Events.Count("pull-accepted"), "one of those that are noted already");
        }

        [TestMethod]
        public void APullForSeveralGroupsThatDoNotAllFitLeavesNothingBehind()
        {
            Bench bench = new Bench(Bench.News + "," + Bench.Sport, 0, 0);
            bench.Pair(false);
            for (int i = 0; i < KeyState.MaxGroups - 1; i++)
            {
                bench.Deliver(bench.Bmsc.Pull(false, 0x100 + i));
            }

            string state = bench.State();
            bench.Deliver(bench.Bmsc.Pull(false, KeyGroup.All));
            Assert.AreEqual("store-full", bench.Events.Last("datagram-dropped", "reason"));
            Assert.AreEqual(state, bench.State(), "a dropped pull is half noted");
        }

        // Two MSKs for each group from the first on, until the store is full.
        private static void Fill(Bench bench, int first)
        {
            for (int i = 0; bench.Keys.Msks.Count < KeyState.MaxMsks; i++)
            {
                bench.Deliver(bench.Bmsc.Msk(false, first + (i / 2), 1 + (i % 2)));
                Assert.IsTrue(i < 2 * KeyState.MaxMsks, "never full");
            }
        }
    }
}
