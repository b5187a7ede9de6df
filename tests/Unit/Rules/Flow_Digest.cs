using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>HTTP Digest with the BM-SC: re-authentication, renegotiation, and answers that cannot be trusted (TS 33.246 clause 6.2.1).</summary>
    [TestClass]
    public class Flow_Digest
    {
        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void RenegotiationRunsGbaOnceAndRetries(bool draft2004)
        {
            Bench bench = Pulled(draft2004);
            bench.Network.Bmsc.Renegotiations = 1;
            bench.RunNext();
            Assert.AreEqual("bmsc-401 bmsc-401 bsf-401 bsf-200 bmsc-401 bmsc-200", bench.Network.Story);
            Assert.AreEqual(bench.Network.Key.Btid, bench.Network.Bmsc.LastBtid);
            Assert.AreEqual(2, bench.Network.Bsf.Keys.Count);
            bench.DeliverGranted(draft2004, 2);
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        public void RenegotiationTwiceInARowIsGivenUpWithAnEvent()
        {
            Bench bench = Pulled(false);
            bench.Network.Bmsc.Renegotiations = 99;
            bench.RunNext();
            Assert.AreEqual("bmsc-401 bmsc-401 bsf-401 bsf-200 bmsc-401 bmsc-401", bench.Network.Story);
            Assert.AreEqual(1, bench.Events.Count("request-failed", "final", "true"));
            Assert.IsTrue(bench.Events.Last("request-failed", "reason").IndexOf("401") > 0, bench.Events.Last("request-failed", "reason"));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue, "not given up");
            Assert.AreEqual(0, bench.Events.Count("service-left"), "the older MSK still serves");
        }

        [TestMethod]
        public void WithoutAnMskTheServiceIsLeftThen()
        {
            Bench bench = new Bench();
            bench.Network.Bmsc.Renegotiations = 99;
            bench.PowerOn();
            bench.RunDue();
            Assert.AreEqual("bsf-401 bsf-200 bmsc-401 bmsc-401 bsf-401 bsf-200 bmsc-401 bmsc-401", bench.Network.Story);
            Assert.AreEqual(1, bench.Events.Count("service-left", "service", "urn:example:news"));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
        }

        [TestMethod]
        public void ABtidThatTheBmscHasForgottenIsRenegotiated()
        {
            Bench bench = Pulled(false);
            bench.Network.Bsf.Keys.Clear();
            bench.RunNext();
            Assert.AreEqual("bmsc-401 bmsc-401 bsf-401 bsf-200 bmsc-401 bmsc-200", bench.Network.Story);
            Assert.AreEqual(1, bench.Network.Bmsc.Rejected);
        }

        [TestMethod]
        public void AStaleNonceIsAnsweredWithoutGba()
        {
            Bench bench = Pulled(false);
            bench.Network.Bmsc.StaleNonces = 2;
            bench.RunNext();
            Assert.AreEqual("bmsc-401 bmsc-401 bmsc-401 bmsc-200", bench.Network.Story);
            Assert.AreEqual(0, bench.Network.Bmsc.Rejected);
        }

        [TestMethod]
        public void NoncesThatAreAlwaysStaleComeToAnEnd()
        {
            Bench bench = Pulled(false);
            bench.Network.Bmsc.StaleNonces = 999;
            bench.RunNext();
            Assert.IsTrue(bench.Network.Calls.Count < 20, bench.Network.Calls.Count + " calls in one request");
            Assert.AreEqual(1, bench.Events.Count("request-failed"));
        }

        [TestMethod]
        public void TheNextNonceSavesTheChallenge()
        {
            Bench bench = Pulled(false);
            bench.Network.Bmsc.NextNonce = true;
            bench.RunNext();
            for (int i = 0; i < 2; i++)
            {
                bench.Network.Story = string.Empty;
                bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
                bench.RunNext();
                Assert.AreEqual("bmsc-200", bench.Network.Story);
            }

            Assert.AreEqual(0, bench.Network.Bmsc.Rejected, "nc does not start over with the next nonce");
        }

        [TestMethod]
        public void ANextNonceThatHasGoneStaleIsReplacedWithoutGba()
        {
            Bench bench = Pulled(false);
            bench.Network.Bmsc.NextNonce = true;
            bench.RunNext();
            bench.Network.Story = string.Empty;
            bench.Network.Bmsc.StaleNonces = 1;
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.RunNext();
            Assert.AreEqual("bmsc-401 bmsc-200", bench.Network.Story);
        }

        [TestMethod]
        public void WithoutANextNonceEachRequestIsChallengedAnew()
        {
            Bench bench = Pulled(false);
            bench.RunNext();
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.RunNext();
            Assert.AreEqual("bmsc-401 bmsc-200 bmsc-401 bmsc-200", bench.Network.Story);
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AnAnswerWhoseRspauthIsWrongOrMissingIsAFailure(bool missing)
        {
            Bench bench = Pulled(false);
            bench.Network.Bmsc.RspAuth = missing ? RspAuth.Missing : RspAuth.Wrong;

            // Nor may its content be believed: "not authorised" would end the service.
            bench.Network.Bmsc.Codes["00f110/0010"] = 403;
            bench.RunNext();
            Assert.AreEqual("bmsc-401 bmsc-200", bench.Network.Story);
            Assert.AreEqual(1, bench.Events.Count("request-failed", "final", "false"));
            Assert.AreEqual(1, bench.Events.Count("request-failed"));
            bench.Network.Bmsc.RspAuth = RspAuth.Right;
            bench.Network.Bmsc.Codes.Clear();
            bench.Complete(false, 2);
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        [DataRow("3GPP-bootstrapping@bmsc.example.net")]
        [DataRow("bmsc.example.org")]
        [DataRow("3GPP-bootstrapping-uicc@bmsc.example.org")]
        [DataRow("3GPP-bootstrapping@bmsc.example.org.evil")]
        [DataRow("")]
        public void AChallengeWithAnotherRealmIsNotAnswered(string realm)
        {
            Bench bench = Pulled(false);
            bench.Network.Bmsc.Realm = realm;
            bench.RunNext();
            AssertNotAnswered(bench);
        }

        [TestMethod]
        public void TheRealmComparesWithoutCase()
        {
            Bench bench = Pulled(false);
            bench.Network.Bmsc.Realm = "3gpp-Bootstrapping@BMSC.example.ORG";
            bench.RunNext();
            Assert.AreEqual("bmsc-401 bmsc-200", bench.Network.Story);
            Assert.AreEqual(0, bench.Network.Bmsc.Rejected);
        }

        [TestMethod]
        [DataRow("MD5-sess", "auth-int")]
        [DataRow("SHA-256", "auth-int")]
        [DataRow("AKAv1-MD5", "auth-int")]
        [DataRow("MD5", "auth")]
        public void AChallengeThatIsNotMd5WithAuthIntIsNotAnswered(string algorithm, string qop)
        {
            Bench bench = Pulled(false);
            bench.Network.Bmsc.Algorithm = algorithm;
            bench.Network.Bmsc.Qop = qop;
            bench.RunNext();
            AssertNotAnswered(bench);
        }

        [TestMethod]
        [DataRow("Basic realm=\"a, Digest b\", ")]
        [DataRow("Digest realm=\"x\", nonce=\"y\", algorithm=MD5-sess, qop=\"auth-int\", ")]
        [DataRow("Digest realm=\"3GPP-bootstrapping@bmsc.example.org\", nonce=\"y\", qop=\"auth\",Negotiate abc==,")]
        [DataRow("NTLM,  ,")]
        public void TheRightOneOfSeveralChallengesIsAnswered(string others)
        {
            Bench bench = Pulled(false);
            bench.Network.Bmsc.ChallengePrefix = others;
            bench.RunNext();
            Assert.AreEqual("bmsc-401 bmsc-200", bench.Network.Story);
            Assert.AreEqual(0, bench.Network.Bmsc.Rejected);
        }

        [TestMethod]
        public void QopMayOfferMoreThanAuthInt()
        {
            Bench bench = Pulled(false);
            bench.Network.Bmsc.Qop = "auth, auth-int";
            bench.RunNext();
            Assert.AreEqual("bmsc-401 bmsc-200", bench.Network.Story);
        }

        [TestMethod]
        [DataRow(500)]
        [DataRow(503)]
        [DataRow(408)]
        [DataRow(429)]
        public void AServerInTroubleIsAskedAgain(int status)
        {
            Bench bench = Pulled(false);
            bench.Network.Bmsc.Status = status;
            bench.RunNext();
            Assert.AreEqual(1, bench.Events.Count("request-failed", "final", "false"));
            bench.Network.Bmsc.Status = 0;
            bench.Complete(false, 2);
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        [DataRow(302)]
        [DataRow(400)]
        [DataRow(403)]
        [DataRow(404)]
        public void AServerThatSaysNoIsNotAskedAgain(int status)
        {
            Bench bench = Pulled(false);
            bench.Network.Bmsc.Status = status;
            bench.RunNext();
            Assert.AreEqual(1, bench.Events.Count("request-failed", "final", "true"));
            Assert.AreEqual(long.MaxValue, bench.Me.NextDue);
            Assert.AreEqual(1, bench.Network.Calls.Count);
        }

        [TestMethod]
        public void AnAnswerThatNobodySignedIsAFailure()
        {
            Bench bench = Pulled(false);
            bench.Network.Bmsc.Status = 200;
            bench.RunNext();
            Assert.AreEqual(1, bench.Events.Count("request-failed", "final", "false"));
        }

        [TestMethod]
        [DataRow("")]
        [DataRow("<mskResponse><MSK>")]
        [DataRow("<html><body>hello</body></html>")]
        [DataRow("<!DOCTYPE x [<!ENTITY a \"b\">]><mskResponse/>")]
        [DataRow("no XML at all")]
        public void AnAnswerThatIsNoMskResponseIsAFailure(string body)
        {
            Bench bench = Pulled(false);
            bench.Network.Bmsc.Body = body;
            bench.RunNext();
            Assert.AreEqual(1, bench.Events.Count("request-failed", "final", "false"));
            bench.Network.Bmsc.Body = null;
            bench.Complete(false, 2);
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
        }

        [TestMethod]
        public void ABmscThatDoesNotAnswerIsAskedAgain()
        {
            Bench bench = Pulled(false);
            bench.Network.Bmsc.Failures = 3;
            bench.RunNext();
            Assert.AreEqual(1, bench.Events.Count("http", "status", "0"));
            Assert.AreEqual("no answer from the BM-SC", bench.Events.Last("request-failed", "reason"));
            bench.Complete(false, 2);
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
            Assert.AreEqual(3, bench.Events.Count("request-failed"));
            Assert.AreEqual(0, bench.Events.Count("gba-ok"));
        }

        private static Bench Pulled(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            bench.Deliver(bench.Bmsc.Pull(draft2004, Bench.Group));
            return bench;
        }

        private static void AssertNotAnswered(Bench bench)
        {
            Assert.AreEqual("bmsc-401", bench.Network.Story);
            Assert.IsNull(((HttpCall)bench.Network.Calls[0]).Authorization);
            Assert.AreEqual(1, bench.Events.Count("request-failed", "final", "false"));
            Assert.AreEqual(0, bench.Events.Count("gba-ok"));
        }
    }
}
