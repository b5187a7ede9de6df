using MbmsMe.Http;

namespace MbmsMe.Tests
{
    /// <summary>Which Digest challenge of a WWW-Authenticate header is taken, and what is in it.</summary>
    [TestClass]
    public class DigestChallengeTests
    {
        private const string Ua =
            "Digest realm=\"3GPP-bootstrapping@bmsc.example.org\", nonce=\"bm9uY2U=\", opaque=\"5ccc\", qop=\"auth-int\", algorithm=MD5";

        [TestMethod]
        public void ChallengeOfABmsc()
        {
            DigestChallenge challenge = DigestChallenge.Find(Ua, "MD5");
            Assert.AreEqual("3GPP-bootstrapping@bmsc.example.org", challenge.Realm);
            Assert.AreEqual("bm9uY2U=", challenge.Nonce);
            Assert.AreEqual("5ccc", challenge.Opaque);
            Assert.AreEqual("MD5", challenge.Algorithm);
            Assert.IsFalse(challenge.Stale);
        }

        [TestMethod]
        public void ChallengeOfABsf()
        {
            DigestChallenge challenge = DigestChallenge.Find(
                "Digest realm=\"" + Vectors.BsfFqdn + "\", nonce=\"" + Vectors.Nonce + "\", qop=\"auth-int\", algorithm=AKAv1-MD5",
                DigestChallenge.AkaV1Md5);
            Assert.AreEqual(Vectors.BsfFqdn, challenge.Realm);
            Assert.AreEqual(Vectors.Nonce, challenge.Nonce);
            Assert.IsNull(challenge.Opaque);
            Assert.AreEqual("AKAv1-MD5", challenge.Algorithm);
        }

        [TestMethod]
        public void NoHeaderIsNoChallenge()
        {
            Assert.IsNull(DigestChallenge.Find(null, "MD5"));
            Assert.IsNull(DigestChallenge.Find("", "MD5"));
        }

        [TestMethod]
        [DataRow("digest realm=r, nonce=n, qop=auth-int")]
        [DataRow("DIGEST REALM=\"r\",NONCE=\"n\",QOP=\"AUTH-INT\",ALGORITHM=\"md5\"")]
        [DataRow("Digest\tqop = \"auth-int\" ,\r\n\tnonce =  \"n\" , realm= \"r\" ")]
        [DataRow(",, Digest ,realm=r,,nonce=n,qop=auth-int,")]
        [DataRow("Digest realm=\"r\", domain=\"/a /b\", nonce=\"n\", qop=\"auth-int\", charset=UTF-8, userhash=false")]
        public void CaseSpacingQuotesAndOtherParametersDoNotMatter(string header)
        {
            DigestChallenge challenge = DigestChallenge.Find(header, "MD5");
            Assert.AreEqual("r", challenge.Realm);
            Assert.AreEqual("n", challenge.Nonce);
        }

        [TestMethod]
        public void QuotedCommasAndQuotesBelongToTheValue()
        {
            DigestChallenge challenge = DigestChallenge.Find(
                "Digest realm=\"a, Digest \\\"b\\\", nonce=x\", nonce=\"n,m\", qop=\"auth,auth-int\"", "MD5");
            Assert.AreEqual("a, Digest \"b\", nonce=x", challenge.Realm);
            Assert.AreEqual("n,m", challenge.Nonce);
        }

        [TestMethod]
        [DataRow("\"auth-int\"", true)]
        [DataRow("auth-int", true)]
        [DataRow("\"auth,auth-int\"", true)]
        [DataRow("\" auth-int , auth \"", true)]
        [DataRow("\"auth\"", false)]
        [DataRow("\"\"", false)]
        [DataRow("\"auth-integrity\"", false)]
        [DataRow("\"xauth-int\"", false)]
        public void QopMustOfferAuthInt(string qop, bool taken)
        {
            Assert.AreEqual(taken, DigestChallenge.Find("Digest realm=r, nonce=n, qop=" + qop, "MD5") != null);
        }

        [TestMethod]
        [DataRow("Digest nonce=n, qop=auth-int")]
        [DataRow("Digest realm=r, qop=auth-int")]
        [DataRow("Digest realm=r, nonce=n")]
        [DataRow("Digest")]
        [DataRow("realm=r, nonce=n, qop=auth-int")]
        [DataRow("Basic realm=r, nonce=n, qop=auth-int")]
        [DataRow("Digest, realm=r, nonce=n Basic qop=auth-int")]
        public void WithoutRealmNonceOrQopItIsNoChallenge(string header)
        {
            Assert.IsNull(DigestChallenge.Find(header, "MD5"));
        }

        [TestMethod]
        [DataRow("MD5", "MD5", true)]
        [DataRow("md5", "MD5", true)]
        [DataRow("\"MD5\"", "MD5", true)]
        [DataRow("AKAv1-MD5", "AKAv1-MD5", true)]
        [DataRow("akav1-md5", "AKAv1-MD5", true)]
        [DataRow("MD5", "AKAv1-MD5", false)]
        [DataRow("AKAv1-MD5", "MD5", false)]
        [DataRow("SHA-256", "MD5", false)]
        [DataRow("MD5-sess", "MD5", false)]
        [DataRow("AKAv2-MD5", "AKAv1-MD5", false)]
        public void TheAlgorithmMustBeTheOneWanted(string algorithm, string wanted, bool taken)
        {
            DigestChallenge challenge = DigestChallenge.Find(
                "Digest realm=r, nonce=n, qop=auth-int, algorithm=" + algorithm, wanted);
            Assert.AreEqual(taken, challenge != null);
        }

        [TestMethod]
        public void WithoutAlgorithmItIsMd5()
        {
            Assert.IsNotNull(DigestChallenge.Find("Digest realm=r, nonce=n, qop=auth-int", "MD5"));
            Assert.IsNull(DigestChallenge.Find("Digest realm=r, nonce=n, qop=auth-int", "AKAv1-MD5"));
        }

        [TestMethod]
        [DataRow("true", true)]
        [DataRow("TRUE", true)]
        [DataRow("\"true\"", true)]
        [DataRow("false", false)]
        [DataRow("1", false)]
        [DataRow("\"\"", false)]
        public void Stale(string value, bool stale)
        {
            Assert.AreEqual(stale, DigestChallenge.Find(Ua + ", stale=" + value, "MD5").Stale);
        }

        [TestMethod]
        [DataRow("Basic realm=\"b\", Digest realm=r, nonce=n, qop=auth-int")]
        [DataRow("Digest realm=r, nonce=n, qop=auth-int, Basic realm=\"b\"")]
        [DataRow("Digest realm=x, nonce=y, qop=auth, Digest realm=r, nonce=n, qop=auth-int")]
        [DataRow("Digest realm=x, nonce=y, qop=auth-int, algorithm=SHA-256, Digest realm=r, nonce=n, qop=auth-int, algorithm=MD5")]
        [DataRow("Digest realm=r, nonce=n, qop=auth-int, Digest realm=x, nonce=y, qop=auth-int")]
        [DataRow("Negotiate, Digest realm=r, nonce=n, qop=auth-int")]
        [DataRow("Negotiate YWJj, Digest realm=r, nonce=n, qop=auth-int")]
        [DataRow("Negotiate YQ==, Digest realm=r, nonce=n, qop=auth-int")]
        public void TheFirstThatServesOfSeveral(string header)
        {
            DigestChallenge challenge = DigestChallenge.Find(header, "MD5");
            Assert.AreEqual("r", challenge.Realm);
            Assert.AreEqual("n", challenge.Nonce);
            Assert.IsNull(challenge.Opaque);
        }

        [TestMethod]
        [DataRow("Digest realm=r, nonce=n, qop=\"auth-int")]
        [DataRow("Digest realm=r, nonce=n, qop=auth-int, opaque=\"")]
        [DataRow("Digest realm=r, nonce=n, qop=auth-int, =")]
        public void ABrokenHeaderIsNoChallenge(string header)
        {
            Assert.IsNull(DigestChallenge.Find(header, "MD5"));
        }
    }
}
