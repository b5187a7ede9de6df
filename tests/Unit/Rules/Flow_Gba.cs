using MbmsMe.Binary;

namespace MbmsMe.Tests
{
    /// <summary>Bootstrapping with the BSF (TS 33.220 clause 4.5.2, RFC 3310).</summary>
    [TestClass]
    public class Flow_Gba
    {
        [TestMethod]
        public void SuccessIsReportedWithBtidAndLifetimeOnly()
        {
            Bench bench = new Bench();
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual(bench.Network.Key.Btid, bench.Events.Last("gba-ok", "btid"));
            Assert.AreEqual("2026-01-01T01:00:00Z", bench.Events.Last("gba-ok", "lifetime"));
        }

        [TestMethod]
        public void ASequenceNumberOutOfRangeIsResynchronised()
        {
            Bench bench = Bench.Paired(false);
            long sqn = bench.Network.Bsf.Sqn;
            bench.Expire();
            bench.Network.Bsf.OldSqns = 1;
            bench.Network.Bsf.Sqn = 0;
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.RunNext();
            Assert.AreEqual("bsf-401 bsf-401 bsf-200 bmsc-401 bmsc-200", bench.Network.Story);
            Assert.AreEqual(1, bench.Network.Bsf.Resynchronisations);
            Assert.AreEqual(sqn + 1, bench.Network.Bsf.Sqn, "AUTS told the BSF the UICC's sequence number");
            Assert.AreEqual(0, bench.Network.Bsf.Rejected, "the digest with AUTS has an empty password");
        }

        [TestMethod]
        public void ResynchronisationIsTriedOnceInARun()
        {
            Bench bench = new Bench();
            bench.Network.Bsf.OldSqns = 2;
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual("bsf-401 bsf-401", bench.Network.Story);
            AssertFailedOnce(bench);
        }

        [TestMethod]
        public void AutnWithAWrongMacIsRejected()
        {
            Bench bench = new Bench();
            bench.Network.Bsf.WrongMac = true;
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual("bsf-401", bench.Network.Story, "a challenge that is not from the home network was answered");
            AssertFailedOnce(bench);
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AnAnswerWhoseRspauthIsWrongOrMissingIsAFailure(bool missing)
        {
            Bench bench = new Bench();
            bench.Network.Bsf.RspAuth = missing ? RspAuth.Missing : RspAuth.Wrong;
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual("bsf-401 bsf-200", bench.Network.Story);
            AssertFailedOnce(bench);
        }

        [TestMethod]
        [DataRow(401)]
        [DataRow(403)]
        [DataRow(500)]
        public void ARefusalIsAFailure(int status)
        {
            Bench bench = new Bench();
            bench.Network.Bsf.Status = status;
            bench.PowerOn();
            bench.RunDue();
            AssertFailedOnce(bench);
        }

        [TestMethod]
        [DataRow("<BootstrappingInfo><btid>a@b</btid></BootstrappingInfo>")]
        [DataRow("<BootstrappingInfo><lifetime>2026-01-01T01:00:00Z</lifetime></BootstrappingInfo>")]
        [DataRow("<BootstrappingInfo><btid></btid><lifetime>2026-01-01T01:00:00Z</lifetime></BootstrappingInfo>")]
        [DataRow("<BootstrappingInfo><btid>a b</btid><lifetime>2026-01-01T01:00:00Z</lifetime></BootstrappingInfo>")]
        [DataRow("<BootstrappingInfo><btid>a@b</btid><lifetime>soon</lifetime></BootstrappingInfo>")]
        [DataRow("<BootstrappingInfo><btid>a@b</btid><lifetime>2026-01-01T01:00:00Z</lifetime>")]
        public void AnAnswerWithoutBtidAndLifetimeIsAFailure(string body)
        {
            Bench bench = new Bench();
            bench.Network.Bsf.Body = body;
            bench.PowerOn();
            bench.RunDue();
            AssertFailedOnce(bench);
        }

        [TestMethod]
        public void ABtidIsOpaque()
        {
            Bench bench = new Bench();
            bench.Network.Bsf.Body = "<g:BootstrappingInfo xmlns:g=\"uri:3gpp-gba\"><g:lifetime>2026-01-01T02:00:00+01:00</g:lifetime>"
                + "<g:btid>&quot;odd\\&amp;B-TID&quot;</g:btid></g:BootstrappingInfo>";
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual("\"odd\\&B-TID\"", Octets.ToText(bench.Shared.Gba.Muk.Btid));
            Assert.AreEqual(FakeClock.Start + 3600, bench.Shared.Gba.Muk.ExpiresAt);
        }

        [TestMethod]
        public void TheRightOneOfSeveralChallengesIsAnswered()
        {
            Bench bench = new Bench();
            bench.Network.Bsf.ChallengePrefix = "Digest realm=\"bsf\", nonce=\"AAAA\", qop=\"auth-int\", algorithm=MD5, ";
            bench.Pair(false);
            Assert.AreEqual("1", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        [DataRow("MD5")]
        [DataRow("AKAv2-MD5")]
        public void AChallengeOfAnotherAlgorithmIsAFailure(string algorithm)
        {
            Bench bench = new Bench();
            bench.Network.Bsf.Algorithm = algorithm;
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual("bsf-401", bench.Network.Story);
            AssertFailedOnce(bench);
        }

        [TestMethod]
        public void AUiccOutOfOrderIsAFailure()
        {
            Bench bench = new Bench();
            bench.Uicc.Fails = true;
            bench.PowerOn();
            bench.RunDue();
            AssertFailedOnce(bench);
            bench.Uicc.Fails = false;
            bench.Complete(false, 1);
            Assert.AreEqual("1", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        public void AUiccThatCannotRememberItsSequenceNumberGivesNoKeys()
        {
            Bench bench = new Bench();
            bench.UiccMemory.Plan(0, DriveFault.Full, 0);
            bench.PowerOn();
            bench.RunDue();
            AssertFailedOnce(bench);
            bench.Complete(false, 1);
            Assert.AreEqual("1", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        public void AFailedRunKeepsTheKeysThatAreThere()
        {
            Bench bench = Bench.Paired(false);
            bench.Expire();
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            string state = bench.State();
            bench.Network.Bsf.RspAuth = RspAuth.Wrong;
            bench.RunNext();
            Assert.AreEqual(1, bench.Events.Count("gba-failed"));
            Assert.AreEqual(state, bench.State());
        }

        [TestMethod]
        public void EachRunHasKeysOfItsOwn()
        {
            Bench bench = Bench.Paired(false);
            string first = Octets.ToHex(bench.Shared.Gba.Muk.Key);
            bench.Expire();
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.RunNext();
            Assert.AreNotEqual(first, Octets.ToHex(bench.Shared.Gba.Muk.Key));
            Assert.AreEqual(Octets.ToHex(bench.Network.Key.Muk), Octets.ToHex(bench.Shared.Gba.Muk.Key));
            Assert.AreEqual(0u, bench.Shared.Gba.Muk.Counter);
        }

        private static void AssertFailedOnce(Bench bench)
        {
            Assert.AreEqual(1, bench.Events.Count("gba-failed"));
            Assert.AreEqual(0, bench.Events.Count("gba-ok"));
            Assert.IsNull(bench.Shared.Gba, "keys after a failed run");
            Assert.AreEqual(1, bench.Events.Count("request-failed", "final", "false"));
            Assert.IsTrue(bench.Network.Story.IndexOf("bmsc") < 0, "the BM-SC was asked without keys");
            Assert.AreNotEqual(long.MaxValue, bench.Me.NextDue, "not tried again");
        }
    }
}
