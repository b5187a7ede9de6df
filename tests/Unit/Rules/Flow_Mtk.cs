using MbmsMe.Binary;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Mikey;

namespace MbmsMe.Tests
{
    /// <summary>MTK messages: what is taken, what is refused before any cryptography, and what a power cut leaves (TS 33.246 clause 6.3.3).</summary>
    [TestClass]
    public class Flow_Mtk
    {
        [TestMethod]
        [DataRow(false, "001000010001")]
        [DataRow(true, "00010001")]
        public void AnMtkGoesToTheTrafficPlane(bool draft2004, string mki)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage message = bench.Bmsc.Mtk(draft2004, Bench.Group, 1, 1);
            bench.Deliver(message);
            Assert.AreEqual(mki, bench.Traffic.Mkis);
            TrafficKey key = (TrafficKey)bench.Traffic.Keys[0];
            Check.Hex(Octets.ToHex(FakeBmsc.MtkValue(1)), key.Key);
            Assert.AreEqual(14, key.Salt.Length);
            Assert.AreEqual(Bench.Domain, key.Group.Domain);
            Assert.AreEqual(Bench.Group, key.Group.Group);
            Assert.AreEqual("mtk-accepted", bench.Events.Story());
            Assert.AreEqual("1", bench.Events.Last("mtk-accepted", "mtkId"));
            Assert.AreEqual(0, bench.Datagrams.Sent.Count, "an MTK message is never answered");
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(1)]
        public void AKeyWithoutSaltHasASaltOfZeros(int type)
        {
            Bench bench = Bench.Paired(false);
            FakeMessage message = bench.Bmsc.Mtk(false, Bench.Group, 1, 1);
            message.KeyData = FakeMessage.KeyDataOf(type, FakeBmsc.MtkValue(1), 0, 0, 0);
            bench.Deliver(message.Build());
            Check.Hex("0000000000000000000000000000", ((TrafficKey)bench.Traffic.Keys[0]).Salt);
        }

        [TestMethod]
        [DataRow(4, 5u, 10u, "mtk-id-out-of-range", 0)]
        [DataRow(11, 5u, 10u, "mtk-id-out-of-range", 1)]
        public void AnMtkIdOutsideTheIntervalIsRefusedBeforeTheMac(int id, uint low, uint high, string reason, int missed)
        {
            Bench bench = new Bench();
            bench.Pair(false);
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 2, low, high));
            bench.Forget();
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 2, id));
            Assert.AreEqual(reason, bench.Events.Last("datagram-dropped", "reason"));
            Assert.AreEqual(missed, bench.Events.Count("missed-key"));
            Assert.AreEqual(string.Empty, bench.Traffic.Mkis);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 2, (int)low));
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 2, (int)high));
            Assert.AreEqual("001000020005 00100002000a", bench.Traffic.Mkis, "both bounds belong to the interval");
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AnOlderOrRepeatedMtkIdIsAReplayEvenUnderAWrongMac(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage first = bench.Bmsc.Mtk(draft2004, Bench.Group, 1, 1);
            FakeMessage third = bench.Bmsc.Mtk(draft2004, Bench.Group, 1, 3);
            bench.Deliver(third);
            string state = bench.State();
            bench.Forget();
            bench.Deliver(first);
            bench.Deliver(third);
            bench.Deliver(bench.Bmsc.Mtk(draft2004, Bench.Group, 1, 2));
            byte[] forged = bench.Bmsc.Mtk(draft2004, Bench.Group, 1, 2).Wire;
            forged[forged.Length - 1] ^= 1;
            bench.Deliver(forged);
            Assert.AreEqual(4, bench.Events.Count("datagram-dropped", "reason", "replay"));
            Assert.AreEqual(state, bench.State());
            Assert.AreEqual(1, bench.Traffic.Keys.Count);
        }

        [TestMethod]
        public void AStaleCounterIsAReplay()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 5));
            FakeMessage stale = bench.Bmsc.Mtk(false, Bench.Group, 1, 6);
            stale.Counter = 5;
            bench.Deliver(stale.Build());
            Assert.AreEqual("replay", bench.Events.Last("datagram-dropped", "reason"));
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 6));
            Assert.AreEqual(2, bench.Traffic.Keys.Count);
        }

        [TestMethod]
        public void TheRepeatsOfTheLastMessageAreReportedOnce()
        {
            Bench bench = Bench.Paired(false);
            FakeMessage message = bench.Bmsc.Mtk(false, Bench.Group, 1, 1);
            for (int i = 0; i < 10; i++)
            {
                bench.Deliver(message);
            }

            Assert.AreEqual(1, bench.Events.Count("datagram-dropped"));
            Assert.AreEqual(9u, bench.Me.Drops.Count, "all are counted");
            Assert.AreEqual(1, bench.Traffic.Keys.Count);
        }

        [TestMethod]
        [DataRow("wrong-mac")]
        [DataRow("bad-key-data")]
        public void AForgedOrUselessMessageChangesNothing(string reason)
        {
            Bench bench = Bench.Paired(false);
            Frozen before = bench.Freeze();
            FakeMessage message = bench.Bmsc.Mtk(false, Bench.Group, 1, 1);
            if (reason == "wrong-mac")
            {
                message.Wire[message.Wire.Length - 1] ^= 1;
            }
            else
            {
                message.KeyData = FakeMessage.KeyDataOf(3, new byte[15], 0, 0, 0);
                message.Build();
            }

            bench.Deliver(message);
            before.AssertUnchanged(reason);
            Assert.AreEqual(reason, bench.Events.Last("datagram-dropped", "reason"));
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            Assert.AreEqual(1, bench.Traffic.Keys.Count, "the genuine one after it");
        }

        [TestMethod]
        public void TheKeyOfAnMtkWithASaltOfAnotherLengthDiesToo()
        {
            KeyData keyData = KeyData.Read(Octets.FromHex("00300010101112131415161718191a1b1c1d1e1f0002aabb"));
            byte[] key = keyData.Key;
            byte[] salt = keyData.Salt;
            keyData.Wipe();
            Check.Wiped(key);
            Check.Wiped(salt);
            Bench bench = Bench.Paired(false);
            FakeMessage message = bench.Bmsc.Mtk(false, Bench.Group, 1, 1);
            message.KeyData = Octets.FromHex("00300010101112131415161718191a1b1c1d1e1f0002aabb");
            bench.Deliver(message.Build());
            Assert.AreEqual("bad-key-data", bench.Events.Last("datagram-dropped", "reason"));
        }

        [TestMethod]
        public void OneWriteCoversABlockOfMtks()
        {
            Bench bench = Bench.Paired(false);
            int before = bench.Drive.Writes;
            for (int id = 1; id <= 64; id++)
            {
                bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, id));
            }

            Assert.AreEqual(64, bench.Traffic.Keys.Count);
            Assert.AreEqual(1 + (64 / MtkWindow.BlockLength), bench.Drive.Writes - before, "one that cannot know how many will follow, then blocks");
        }

        [TestMethod]
        [DataRow(600, 40, 40, 1)]
        [DataRow(40, 160, 41, 4)]
        [DataRow(10, 160, 11, 16)]
        public void ABlockLastsAsLongHoweverSeldomMtksCome(int seconds, int last, int writes, int refused)
        {
            Bench bench = Bench.Paired(false);
            int before = bench.Drive.Writes;
            for (int id = 1; id <= last; id++)
            {
                bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, id));
                bench.Clock.Advance(1000 * seconds);
            }

            Assert.AreEqual(writes, bench.Drive.Writes - before);
            bench.PowerOn();
            int held = bench.Traffic.Keys.Count;
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, last));
            Assert.AreEqual(held, bench.Traffic.Keys.Count, "an old MTK was taken");
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, last + refused));
            Assert.AreEqual(held + 1, bench.Traffic.Keys.Count, "no more is refused than comes in the time of a block");
        }

        [TestMethod]
        [DataRow(1)]
        [DataRow(5)]
        [DataRow(16)]
        [DataRow(17)]
        public void AfterAPowerCutNoAcceptedMtkIsTakenAgain(int last)
        {
            Bench bench = Bench.Paired(false);
            for (int id = 1; id <= last; id++)
            {
                bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, id));
            }

            bench.PowerOn();
            int held = bench.Traffic.Keys.Count;
            Assert.AreEqual(1, held, "the MTK that the drive holds");
            for (int id = 1; id <= last; id++)
            {
                bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, id));
            }

            Assert.AreEqual(held, bench.Traffic.Keys.Count, "an old MTK was taken");
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, last + MtkWindow.BlockLength));
            Assert.AreEqual(held + 1, bench.Traffic.Keys.Count, "no more than a block is refused");
        }

        [TestMethod]
        [DataRow(0xFFFFFFFEu)]
        [DataRow(0xFFFFFFF8u)]
        [DataRow(0xFFFFFFEEu)]
        public void TheHighestMtkIdsAreNotTakenAgainEither(uint id)
        {
            MtkWindow window = new MtkWindow(1, 0xFFFFFFFF);
            Assert.IsTrue(window.Accept(id - 1, 1, new TrafficKey(), 0));
            Assert.IsTrue(window.Accept(id, 2, new TrafficKey(), 0));
            Assert.IsTrue(window.ReservedMtkId > id && window.ReservedMtkId >= window.NextMtkId, window.ReservedMtkId.ToString());
        }

        [TestMethod]
        [DataRow(1)]
        [DataRow(2)]
        [DataRow(5)]
        [DataRow(17)]
        [DataRow(18)]
        public void AfterAPowerDownMtksGoOnWhereTheyWere(int last)
        {
            Bench bench = Bench.Paired(false);
            for (int id = 1; id <= last; id++)
            {
                bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, id));
            }

            bench.Me.PowerDown();
            bench.PowerOn();
            Assert.AreEqual("00100001" + Octets.ToHex((uint)last, 2), bench.Traffic.Mkis, "the current MTK");
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, last));
            Assert.AreEqual(1, bench.Traffic.Keys.Count, "the current MTK again");
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, last + 1));
            Assert.AreEqual(2, bench.Traffic.Keys.Count, "the next one");
        }

        [TestMethod]
        public void AnMtkThatTheDriveRefusesIsNotUsed()
        {
            Bench bench = Bench.Paired(false);
            bench.Drive.Plan(0, DriveFault.Full, 0);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            Assert.AreEqual(0, bench.Traffic.Keys.Count);
            Assert.AreEqual("storage-failed", bench.Events.Last("datagram-dropped", "reason"));
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            Assert.AreEqual(1, bench.Traffic.Keys.Count, "its repeat");
        }

        [TestMethod]
        public void AWriteThatIsRefusedForAnotherReasonCostsNoMtk()
        {
            Bench bench = Bench.Paired(false);
            for (int id = 1; id <= 3; id++)
            {
                bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, id));
            }

            bench.Drive.Plan(0, DriveFault.Full, 0);
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            Assert.AreEqual("storage-failed", bench.Events.Last("datagram-dropped", "reason"));
            Assert.AreEqual("001000010003", bench.Traffic.Mkis, "the MTK in force");
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 3));
            Assert.AreEqual(1, bench.Traffic.Keys.Count, "an old MTK was taken");
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 4));
            Assert.AreEqual(2, bench.Traffic.Keys.Count, "the next one");
        }

        [TestMethod]
        public void TheSameUiccAgainLeavesTheMtksAsTheyAre()
        {
            Bench bench = Bench.Paired(false);
            for (int id = 1; id <= 3; id++)
            {
                bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, id));
            }

            string before = bench.Traffic.Mkis;
            int writes = bench.Drive.Writes;
            bench.Me.InsertUicc(bench.Uicc.Identity);
            Assert.AreEqual(before, bench.Traffic.Mkis);
            Assert.AreEqual(writes, bench.Drive.Writes);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 4));
            Assert.AreEqual(4, bench.Traffic.Keys.Count);
        }

        [TestMethod]
        public void MtksOfGroupsThatNoActiveServiceUsesAreIgnored()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Msk(false, 0x14, 1));
            Frozen before = bench.Freeze();
            bench.Deliver(bench.Bmsc.Mtk(false, 0x14, 1, 1));
            bench.Deliver(bench.Bmsc.Mtk(false, 0x15, 1, 1));
            before.AssertUnchanged("MTK messages of other groups");
            Assert.AreEqual(2, bench.Events.Count("datagram-dropped", "reason", "unused-key-group"));
        }

        [TestMethod]
        public void WithItsMskTheMtksGo()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            byte[] held = ((Msk)bench.Keys.Msks[0]).Window.Mtk.Key;
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 1, 2, 1));
            Assert.AreEqual(string.Empty, bench.Traffic.Mkis);
            Check.Wiped(held);
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AnMtkOfTheOtherProfileGoesWithItsMskToo(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            bench.Deliver(bench.Bmsc.Mtk(!draft2004, Bench.Group, 1, 1));
            Assert.AreEqual(1, bench.Traffic.Keys.Count);
            bench.Deliver(bench.Bmsc.Msk(draft2004, Bench.Group, 1, 2, 1));
            Assert.AreEqual(0, bench.Traffic.Keys.Count);
        }

        [TestMethod]
        public void AnotherUiccEndsTheMtks()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            Assert.IsTrue(bench.FlashHolds(FakeBmsc.MtkValue(1)));
            bench.Traffic.Told.Clear();
            bench.Swap("8988201000000000027", "001010999999999");
            Assert.AreEqual("clear", (string)bench.Traffic.Told[0], "before anything that may take time");
            Assert.AreEqual(string.Empty, bench.Traffic.Mkis);
            Assert.IsFalse(bench.FlashHolds(FakeBmsc.MtkValue(1)));
        }

        [TestMethod]
        public void TwoKeyDomainsDoNotDisturbEachOther()
        {
            Bench bench = Bench.Paired(Bench.News + ",{\"id\":\"abroad\",\"keyDomain\":\"00f120\",\"keyGroups\":[\"0010\"]}", string.Empty);
            FakeMessage mtk = bench.Bmsc.Mtk(false, Bench.Group, 1, 7);
            mtk.Domain = 0x00f120;
            bench.Deliver(mtk.Build());
            bench.Deliver(bench.Bmsc.Mtk(false, Bench.Group, 1, 1));
            Assert.AreEqual(2, bench.Traffic.Keys.Count, "the lower MTK ID belongs to the other Key Domain");
            Assert.AreEqual(0x00f120, ((TrafficKey)bench.Traffic.Keys[0]).Group.Domain);
        }

        [TestMethod]
        [DataRow(2, 0x00f120, "abroad only")]
        [DataRow(1, 0x00f120, "in both")]
        [DataRow(3, 0, "nowhere")]
        public void WithoutKeyDomainAnMtkFindsTheMskThatVerifiesIt(int number, int domain, string story)
        {
            Bench bench = Bench.Paired(Bench.News + ",{\"id\":\"abroad\",\"keyDomain\":\"00f120\",\"keyGroups\":[\"0010\"]}", string.Empty);
            byte[] abroad = Octets.FromHex("ab0ad000000000000000000000000000");
            for (int held = 1; held <= 2; held++)
            {
                FakeMessage msk = bench.Bmsc.Msk(true, Bench.Group, held);
                msk.Idi = Octets.FromHex("00f120");
                msk.KeyData = FakeMessage.KeyDataOf(0, abroad, 1, 1000, 2);
                bench.Deliver(msk.Build());
            }

            FakeMessage mtk = bench.Bmsc.Mtk(true, Bench.Group, number, 7);
            mtk.Key = new FakeGbaKey { Muk = abroad };
            bench.Deliver(mtk.Build());
            Assert.AreEqual(domain == 0 ? 0 : 1, bench.Traffic.Keys.Count, story);
            Assert.AreEqual(domain == 0 ? 1 : 0, bench.Events.Count("missed-key", "reason", "unknown-msk"), story);
            if (domain != 0)
            {
                Assert.AreEqual(domain, ((TrafficKey)bench.Traffic.Keys[0]).Group.Domain);
            }
        }
    }
}
