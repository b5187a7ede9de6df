using MbmsMe.Binary;
using MbmsMe.Keys;

namespace MbmsMe.Tests
{
    /// <summary>MSK messages as the BM-SC pushes them, and what the ME is lenient about (TS 33.246 clause 6.3.2.3).</summary>
    [TestClass]
    public class Flow_MskPush
    {
        private const string Msk16 = "000102030405060708090a0b0c0d0e0f";

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void WithTheVFlagItIsStoredAndAcknowledged(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage msk = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            bench.Deliver(msk);
            Assert.AreEqual("msk-stored ack-sent", bench.Events.Story());
            Assert.AreEqual(msk.ExpectedAck(), bench.Datagrams.Last);
            Assert.AreEqual(1, bench.Datagrams.Sent.Count);
            Assert.AreEqual(1, bench.Images.Count - 3, "writes for one MSK, after three for pairing");
            Assert.AreEqual("00f110", bench.Events.Last("msk-stored", "keyDomain"));
            Assert.AreEqual(draft2004 ? "0002" : "00100002", bench.Events.Last("msk-stored", "mskId"));
            Assert.AreEqual(draft2004 ? "draft2004" : "release6", bench.Events.Last("msk-stored", "profile"));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void WithoutTheVFlagItIsStoredSilently(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage msk = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            msk.AckWanted = false;
            bench.Deliver(msk.Build());
            Assert.AreEqual("msk-stored", bench.Events.Story());
            Assert.AreEqual(0, bench.Datagrams.Sent.Count);
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void APullWithTheVFlagIsServedWithoutAnAck(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage pull = bench.Bmsc.Pull(draft2004, Bench.Group);
            pull.AckWanted = true;
            bench.Deliver(pull.Build());
            Assert.AreEqual(1, bench.Events.Count("pull-accepted"));
            Assert.AreEqual(0, bench.Datagrams.Sent.Count);
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AnEmptyIntervalDeletesTheMsk(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            bench.Deliver(bench.Bmsc.Msk(draft2004, Bench.Group, 2));
            FakeMessage deletion = Deletion(bench, draft2004, 1);
            bench.Deliver(deletion);
            Assert.AreEqual("2", bench.Numbers(Bench.Group));
            Assert.AreEqual(1, bench.Events.Count("msk-deleted", "reason", "deleted by the BM-SC"));
            Assert.AreEqual(1, bench.Events.Count("msk-stored"));
            Assert.AreEqual(deletion.ExpectedAck(), bench.Datagrams.Last);
            bench.PowerOn();
            Assert.AreEqual("2", bench.Numbers(Bench.Group), "after power-on");
        }

        [TestMethod]
        public void TheDeletionOfAnMskThatIsNotThereIsAcknowledgedToo()
        {
            Bench bench = Bench.Paired(false);
            FakeMessage deletion = Deletion(bench, false, 9);
            bench.Deliver(deletion);
            Assert.AreEqual("1", bench.Numbers(Bench.Group));
            Assert.AreEqual(0, bench.Events.Count("msk-deleted"));
            Assert.AreEqual(deletion.ExpectedAck(), bench.Datagrams.Last);
            Assert.AreEqual(deletion.Counter, bench.Shared.LastUsed.Counter);
        }

        [TestMethod]
        public void AnIntervalOfOneMtkIdIsNotEmpty()
        {
            Bench bench = Bench.Paired(false);
            FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 2);
            msk.KeyData = FakeMessage.KeyDataOf(0, FakeBmsc.MskValue(Bench.Group, 2), 7, 7, 2);
            bench.Deliver(msk.Build());
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void IdsMayBeUris(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage msk = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            msk.IdType = 1;
            Take(bench, msk);
        }

        [TestMethod]
        [DataRow("bmsc.example.org")]
        [DataRow("BMSC.Example.ORG")]
        public void IdiMayBeTheFqdnOrTheNafIdInAnyCase(string fqdn)
        {
            Bench bench = Bench.Paired(false);
            FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 2);
            msk.Idi = Octets.FromText(fqdn);
            Take(bench, msk);
            msk = bench.Bmsc.Msk(false, Bench.Group, 3);
            msk.Idi = Octets.FromHex(Octets.ToHex(Octets.FromText(fqdn)) + "0100000001");
            bench.Deliver(msk.Build());
            Assert.AreEqual("2 3", bench.Numbers(Bench.Group));
            Assert.AreEqual(msk.ExpectedAck(), bench.Datagrams.Last);
        }

        [TestMethod]
        [DataRow("0100000002")]
        [DataRow("01000000")]
        [DataRow("010000000100")]
        public void IdiWithAnotherProtocolThanMbmsIsNotTheBmsc(string protocol)
        {
            Bench bench = Bench.Paired(false);
            FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 2);
            msk.Idi = Octets.FromHex(Octets.ToHex(Octets.FromText(Bench.Fqdn)) + protocol);
            Frozen before = bench.Freeze();
            bench.Deliver(msk.Build());
            before.AssertUnchanged("NAF_Id with " + protocol);
            Assert.AreEqual("unknown-bmsc", bench.Events.Last("datagram-dropped", "reason"));
        }

        [TestMethod]
        [DataRow("ETRIDK")]
        [DataRow("TRIDEK")]
        [DataRow("RTEIDK")]
        [DataRow("IDRTEK")]
        [DataRow("IEDTRK")]
        [DataRow("ETRIDSK")]
        [DataRow("ESTSRIDK")]
        [DataRow("EVTRIDK")]
        [DataRow("VETRIDVK")]
        public void PayloadsMayComeInAnyOrderBeforeKemac(string order)
        {
            Bench bench = Bench.Paired(false);
            FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 2);
            msk.Order = order;
            msk.Policy = Octets.FromHex("000101010110");
            Take(bench, msk);
            bench = Bench.Paired(true);
            msk = bench.Bmsc.Msk(true, Bench.Group, 2);
            msk.Order = order;
            Take(bench, msk);
        }

        [TestMethod]
        [DataRow("TRIDK")]
        [DataRow("ERIDK")]
        [DataRow("ETIDK")]
        [DataRow("ETRIK")]
        [DataRow("ETRK")]
        [DataRow("EETRIDK")]
        [DataRow("ETTRIDK")]
        [DataRow("ETRRIDK")]
        [DataRow("ETRIDDK")]
        [DataRow("ETRIDKS")]
        [DataRow("KETRID")]
        public void AGenuineMessageWithAPayloadMissingDoubleOrBehindKemacIsMalformed(string order)
        {
            Bench bench = Bench.Paired(false);
            Frozen before = bench.Freeze();
            FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 2);
            msk.Order = order;
            bench.Deliver(msk.Build());
            before.AssertUnchanged(order);
            Assert.AreEqual("malformed", bench.Events.Last("datagram-dropped", "reason"));
        }

        [TestMethod]
        [DataRow(0, 1)]
        [DataRow(1, 2)]
        [DataRow(2, 3)]
        [DataRow(3, 4)]
        public void KeyDataOfEachTypeWithIntervalsOfEachLengthAreTaken(int type, int boundLength)
        {
            Bench bench = Bench.Paired(false);
            FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 2);
            msk.KeyData = FakeMessage.KeyDataOf(type, FakeBmsc.MskValue(Bench.Group, 2), 17, 0xFE, boundLength);
            Take(bench, msk);
            Msk stored = bench.Keys.FindMsk(Bench.NewsGroup, 2);
            Assert.AreEqual(Octets.ToHex(FakeBmsc.MskValue(Bench.Group, 2)), Octets.ToHex(stored.Key));
            Assert.AreEqual(17u, stored.Window.SeqLow);
            Assert.AreEqual(0xFEu, stored.Window.SeqHigh);
        }

        [TestMethod]
        public void BoundsOfFourOctetsAreUnsigned()
        {
            Bench bench = Bench.Paired(false);
            FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 2);
            msk.KeyData = FakeMessage.KeyDataOf(0, FakeBmsc.MskValue(Bench.Group, 2), 0x7FFFFFFF, 0xFFFFFFFE, 4);
            Take(bench, msk);
            Assert.AreEqual(0xFFFFFFFEu, bench.Keys.FindMsk(Bench.NewsGroup, 2).Window.SeqHigh);
        }

        [TestMethod]
        public void WithoutAnIntervalTheMskIsForAllMtkIds()
        {
            Bench bench = Bench.Paired(false);
            FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 2);
            msk.KeyData = FakeMessage.KeyDataOf(2, FakeBmsc.MskValue(Bench.Group, 2), 0, 0, 0);
            Take(bench, msk);
            Assert.AreEqual(0u, bench.Keys.FindMsk(Bench.NewsGroup, 2).Window.SeqLow);
            Assert.AreEqual(0xFFFFFFFFu, bench.Keys.FindMsk(Bench.NewsGroup, 2).Window.SeqHigh);
        }

        [TestMethod]
        [DataRow("00020010" + Msk16 + "0200010201", "bound cut off")]
        [DataRow("00020010" + Msk16 + "0002000103e8", "bound without octets")]
        [DataRow("00020010" + Msk16 + "05000000000105000000ffff", "bounds of 5 octets")]
        [DataRow("00020010" + Msk16 + "0200010203e800", "an octet too many")]
        [DataRow("0002000f000102030405060708090a0b0c0d0e0200010203e8", "key of 15 octets")]
        [DataRow("00020011" + Msk16 + "000200010203e8", "key of 17 octets")]
        [DataRow("00420010" + Msk16 + "0200010203e8", "type 4")]
        [DataRow("00030010" + Msk16 + "0200010203e8", "validity 3")]
        [DataRow("14020010" + Msk16 + "0200010203e8", "a second key announced")]
        [DataRow("00", "one octet")]
        public void AGenuineMessageWithBadKeyDataChangesNothing(string keyData, string what)
        {
            Bench bench = Bench.Paired(false);
            Frozen before = bench.Freeze();
            FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 2);
            msk.KeyData = Octets.FromHex(keyData);
            bench.Deliver(msk.Build());
            before.AssertUnchanged(what);
            Assert.AreEqual("bad-key-data", bench.Events.Last("datagram-dropped", "reason"), what);
        }

        [TestMethod]
        [DataRow(1)]
        [DataRow(17)]
        [DataRow(255)]
        public void RandMayHaveAnyLength(int length)
        {
            Bench bench = Bench.Paired(false);
            FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 2);
            msk.Rand = new byte[length];
            msk.Rand[length - 1] = 9;
            Take(bench, msk);
            bench.PowerOn();
            Assert.AreEqual(Octets.ToHex(msk.Rand), Octets.ToHex(bench.Keys.FindMsk(Bench.NewsGroup, 2).Rand));
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AnMskOfAGroupThatNoServiceUsesIsKept(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage msk = bench.Bmsc.Msk(draft2004, 0xFEDC, 0xFFFF);
            bench.Deliver(msk);
            Assert.AreEqual("65535", bench.Numbers(0xFEDC));
            Assert.AreEqual(msk.ExpectedAck(), bench.Datagrams.Last);
        }

        private static FakeMessage Deletion(Bench bench, bool draft2004, int number)
        {
            FakeMessage deletion = bench.Bmsc.Msk(draft2004, Bench.Group, number);
            deletion.KeyData = FakeMessage.KeyDataOf(0, new byte[16], 2, 1, 2);
            return deletion.Build();
        }

        private static void Take(Bench bench, FakeMessage msk)
        {
            bench.Deliver(msk.Build());
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group), "dropped: " + bench.Events.Last("datagram-dropped", "reason"));
            Assert.AreEqual(msk.ExpectedAck(), bench.Datagrams.Last);
        }
    }
}
