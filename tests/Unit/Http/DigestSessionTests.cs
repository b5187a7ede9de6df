using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Http;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>Authorization of requests and the check of Authentication-Info (RFC 7616, RFC 3310).</summary>
    [TestClass]
    public class DigestSessionTests
    {
        private const string Cnonce = "000102030405060708090a0b0c0d0e0f";
        private const string UaRealm = "3GPP-bootstrapping@bmsc.example.org";
        private const string Uri = "/keymanagement?requesttype=msk-request";

        // Made by an independent program: as the values of protocol.md section 10, with a cnonce of 16 octets.
        private const string UbResponse = "6e260bb0c8ca20b747cd0ac68d453e7d";
        private const string UbAutsResponse = "49f11481386da48aef7129bb9d3ec0e0";
        private const string UaResponse = "cd8ef215c072e5553fdcb1263162be6e";
        private const string UaRspauth = "b33e16303c526a307cf9eba6262db06c";

        [TestMethod]
        public void TheFormulaGivesTheValuesOfTheReference()
        {
            byte[] mrk = Check.Ascii(Vectors.MrkBase64);
            Assert.AreEqual(
                "26d91881d4f34c67c3c171426686ad62",
                Formula(Vectors.Impi, Vectors.BsfFqdn, Check.Bytes(Vectors.Res), "GET", "/", "", Vectors.Nonce, "00000001", "0a4f113b"));
            Assert.AreEqual(
                "9a8bad61a1e6d2b158374c79d9e198ed",
                Formula(Vectors.Impi, Vectors.BsfFqdn, new byte[0], "GET", "/", "", Vectors.Nonce, "00000001", "0a4f113b"));
            Assert.AreEqual(
                "8efee40d68027069418f7817bdfe68b0",
                Formula(Vectors.Btid, UaRealm, mrk, "POST", Uri, "<x/>", "bm9uY2U=", "00000001", "0a4f113b"));
            Assert.AreEqual(
                "e3ac926cb7f0ae63ca3d8798ee31d16f",
                Formula(Vectors.Btid, UaRealm, mrk, "", Uri, "<ok/>", "bm9uY2U=", "00000001", "0a4f113b"));
        }

        [TestMethod]
        public void AuthorizationOfUb()
        {
            DigestSession session = Ub(Check.Bytes(Vectors.Res));
            Assert.AreEqual(
                "Digest username=\"" + Vectors.Impi + "\", realm=\"" + Vectors.BsfFqdn + "\", nonce=\"" + Vectors.Nonce
                + "\", uri=\"/\", response=\"" + UbResponse + "\", algorithm=AKAv1-MD5, qop=auth-int, nc=00000001, cnonce=\""
                + Cnonce + "\", opaque=\"op\"",
                session.Authorize("GET", "/", new byte[0], null));
        }

        [TestMethod]
        public void AuthorizationOfAResynchronisationHasAutsAndAnEmptyPassword()
        {
            string header = Ub(new byte[0]).Authorize("GET", "/", new byte[0], Vectors.AutsBase64);
            Assert.IsTrue(header.IndexOf("response=\"" + UbAutsResponse + "\"") > 0, header);
            Assert.IsTrue(header.EndsWith(", auts=\"" + Vectors.AutsBase64 + "\""), header);
        }

        [TestMethod]
        public void AuthorizationOfUa()
        {
            Assert.AreEqual(
                "Digest username=\"" + Vectors.Btid + "\", realm=\"" + UaRealm + "\", nonce=\"bm9uY2U=\", uri=\"" + Uri
                + "\", response=\"" + UaResponse + "\", algorithm=MD5, qop=auth-int, nc=00000001, cnonce=\"" + Cnonce + "\"",
                Ua().Authorize("POST", Uri, Check.Ascii("<x/>"), null));
        }

        [TestMethod]
        public void TheResponseCoversMethodUriAndBody()
        {
            string right = Parameter(Ua().Authorize("POST", Uri, Check.Ascii("<x/>"), null), "response");
            Assert.AreEqual(UaResponse, right);
            Assert.AreNotEqual(right, Parameter(Ua().Authorize("GET", Uri, Check.Ascii("<x/>"), null), "response"));
            Assert.AreNotEqual(right, Parameter(Ua().Authorize("POST", "/", Check.Ascii("<x/>"), null), "response"));
            Assert.AreNotEqual(right, Parameter(Ua().Authorize("POST", Uri, Check.Ascii("<x/> "), null), "response"));
        }

        [TestMethod]
        public void QuotesAndBackslashesAreEscapedInTheHeaderAndPlainInTheHash()
        {
            DigestChallenge challenge = DigestChallenge.Find(
                "Digest realm=\"a\\\"b\\\\c\", nonce=\"n\", qop=\"auth-int\", opaque=\"o\\\"\"", "MD5");
            DigestSession session = new DigestSession(challenge, "u\"v", Check.Ascii("p"), new CountingRandom());
            string header = session.Authorize("GET", "/", new byte[0], null);
            Assert.IsTrue(header.StartsWith("Digest username=\"u\\\"v\", realm=\"a\\\"b\\\\c\", nonce=\"n\""), header);
            Assert.IsTrue(header.EndsWith(", opaque=\"o\\\"\""), header);
            Assert.AreEqual(
                Formula("u\"v", "a\"b\\c", Check.Ascii("p"), "GET", "/", "", "n", "00000001", Cnonce), Parameter(header, "response"));
        }

        [TestMethod]
        public void NcCountsTheUsesOfANonceInHexadecimal()
        {
            DigestSession session = Ua();
            for (int use = 1; use <= 17; use++)
            {
                string header = session.Authorize("POST", Uri, Check.Ascii("<x/>"), null);
                string count = Octets.ToHex((uint)use, 4);
                Assert.AreEqual(count, Parameter(header, "nc"));
                Assert.AreEqual(
                    Formula(
                        Vectors.Btid,
                        UaRealm,
                        Check.Ascii(Vectors.MrkBase64),
                        "POST",
                        Uri,
                        "<x/>",
                        "bm9uY2U=",
                        count,
                        Parameter(header, "cnonce")),
                    Parameter(header, "response"));
            }
        }

        [TestMethod]
        public void EveryRequestHasAnotherCnonce()
        {
            DigestSession session = Ua();
            string first = Parameter(session.Authorize("POST", Uri, new byte[0], null), "cnonce");
            Assert.AreEqual(Cnonce, first);
            Assert.AreEqual(
                "101112131415161718191a1b1c1d1e1f", Parameter(session.Authorize("POST", Uri, new byte[0], null), "cnonce"));
        }

        [TestMethod]
        [DataRow("rspauth=\"b33e16303c526a307cf9eba6262db06c\"")]
        [DataRow("rspauth=b33e16303c526a307cf9eba6262db06c")]
        [DataRow("RSPAUTH = \"B33E16303C526A307CF9EBA6262DB06C\"")]
        [DataRow("qop=auth-int, rspauth=\"b33e16303c526a307cf9eba6262db06c\", nc=00000001")]
        [DataRow("cnonce=\"000102030405060708090a0b0c0d0e0f\",rspauth=\"b33e16303c526a307cf9eba6262db06c\",qop=\"auth-int\"")]
        [DataRow("other=\"a, rspauth=1\", rspauth=\"b33e16303c526a307cf9eba6262db06c\"")]
        public void TakesAResponseThatTheServerHasSigned(string info)
        {
            DigestSession session = Asked();
            Assert.IsTrue(session.Verify(info, Check.Ascii("<ok/>")));
            Assert.IsFalse(session.HasNextNonce);
        }

        [TestMethod]
        [DataRow("")]
        [DataRow("qop=auth-int, nc=00000001")]
        [DataRow("rspauth")]
        [DataRow("rspauth=")]
        [DataRow("rspauth=\"\"")]
        [DataRow("rspauth=\"b33e16303c526a307cf9eba6262db06d\"")]
        [DataRow("rspauth=\"b33e16303c526a307cf9eba6262db06\"")]
        [DataRow("rspauth=\"b33e16303c526a307cf9eba6262db06cc\"")]
        [DataRow("rspauth=\"b33e16303c526a307cf9eba6262db06c")]
        [DataRow("rspauth=\"b33e16303c526a307cf9eba6262db06c\", =")]
        [DataRow("rspauth=\"b33e16303c526a307cf9eba6262db06c\", rspauth=\"00\"")]
        [DataRow("rspauth=\"b33e16303c526a307cf9eba6262db06c\", nc=00000002")]
        [DataRow("rspauth=\"b33e16303c526a307cf9eba6262db06c\", nc=1")]
        [DataRow("rspauth=\"b33e16303c526a307cf9eba6262db06c\", qop=auth")]
        [DataRow("rspauth=\"b33e16303c526a307cf9eba6262db06c\", cnonce=\"0a4f113b\"")]
        [DataRow("rspauth=\"b33e16303c526a307cf9eba6262db06c\", cnonce=\"\"")]
        [DataRow("rspauth=\"b33e16303c526a307cf9eba6262db06c\", cnonce")]
        public void RefusesAResponseThatTheServerHasNotSigned(string info)
        {
            Assert.IsFalse(Asked().Verify(info, Check.Ascii("<ok/>")));
        }

        [TestMethod]
        public void RefusesAResponseWithoutAuthenticationInfo()
        {
            Assert.IsFalse(Asked().Verify(null, Check.Ascii("<ok/>")));
        }

        [TestMethod]
        public void RefusesAnotherBody()
        {
            string info = "rspauth=\"" + UaRspauth + "\"";
            Assert.IsFalse(Asked().Verify(info, Check.Ascii("<no/>")));
            Assert.IsFalse(Asked().Verify(info, new byte[0]));
            Assert.IsTrue(Asked().Verify(info, Check.Ascii("<ok/>")));
        }

        [TestMethod]
        public void RefusesTheAnswerToAnEarlierRequest()
        {
            DigestSession session = Asked();
            session.Authorize("POST", Uri, Check.Ascii("<x/>"), null);
            Assert.IsFalse(session.Verify("rspauth=\"" + UaRspauth + "\"", Check.Ascii("<ok/>")));
        }

        [TestMethod]
        public void RefusesTheResponseOfTheRequestAsRspauth()
        {
            Assert.IsFalse(Asked().Verify("rspauth=\"" + UaResponse + "\"", Check.Ascii("<x/>")));
        }

        [TestMethod]
        public void NextNonceStartsANewCount()
        {
            DigestSession session = Asked();
            Assert.IsTrue(session.Verify("rspauth=\"" + UaRspauth + "\", nextnonce=\"new, one\"", Check.Ascii("<ok/>")));
            Assert.IsTrue(session.HasNextNonce);

            string header = session.Authorize("POST", Uri, Check.Ascii("<x/>"), null);
            Assert.IsFalse(session.HasNextNonce);
            Assert.AreEqual("new, one", Parameter(header, "nonce"));
            Assert.AreEqual("00000001", Parameter(header, "nc"));
            Assert.AreEqual(
                Formula(
                    Vectors.Btid,
                    UaRealm,
                    Check.Ascii(Vectors.MrkBase64),
                    "POST",
                    Uri,
                    "<x/>",
                    "new, one",
                    "00000001",
                    Parameter(header, "cnonce")),
                Parameter(header, "response"));
        }

        [TestMethod]
        [DataRow("nextnonce=\"\"")]
        [DataRow("nextnonce")]
        public void AnEmptyNextNonceIsNone(string next)
        {
            DigestSession session = Asked();
            Assert.IsTrue(session.Verify("rspauth=\"" + UaRspauth + "\", " + next, Check.Ascii("<ok/>")));
            Assert.IsFalse(session.HasNextNonce);
            string header = session.Authorize("POST", Uri, Check.Ascii("<x/>"), null);
            Assert.AreEqual("bm9uY2U=", Parameter(header, "nonce"));
            Assert.AreEqual("00000002", Parameter(header, "nc"));
        }

        [TestMethod]
        public void NextNonceOfAnUnsignedResponseIsNotTaken()
        {
            DigestSession session = Asked();
            Assert.IsFalse(session.Verify("nextnonce=\"evil\"", Check.Ascii("<ok/>")));
            Assert.IsFalse(session.Verify("rspauth=\"00\", nextnonce=\"evil\"", Check.Ascii("<ok/>")));
            Assert.IsFalse(session.HasNextNonce);
            Assert.AreEqual("bm9uY2U=", Parameter(session.Authorize("POST", Uri, new byte[0], null), "nonce"));
        }

        [TestMethod]
        public void AfterWipeThePasswordIsGone()
        {
            DigestSession session = Ua();
            session.Wipe();
            Assert.AreNotEqual(UaResponse, Parameter(session.Authorize("POST", Uri, Check.Ascii("<x/>"), null), "response"));
        }

        [TestMethod]
        public void ThePasswordOfTheCallerIsLeftToTheCaller()
        {
            byte[] password = Check.Ascii(Vectors.MrkBase64);
            DigestSession session = new DigestSession(UaChallenge(), Vectors.Btid, password, new CountingRandom());
            Check.Hex(Check.Text(Check.Ascii(Vectors.MrkBase64), 0, 44), password);
            Octets.Wipe(password);
            Assert.AreEqual(UaResponse, Parameter(session.Authorize("POST", Uri, Check.Ascii("<x/>"), null), "response"));
        }

        [TestMethod]
        [DataRow("http://127.0.0.1:8070/", "/")]
        [DataRow("http://bsf.example.org", "/")]
        [DataRow("http://127.0.0.1:8080/keymanagement?requesttype=msk-request", "/keymanagement?requesttype=msk-request")]
        [DataRow("https://a/b/c", "/b/c")]
        [DataRow("http://bmsc.example.org?requesttype=msk-request", "/?requesttype=msk-request")]
        [DataRow("http://bmsc.example.org:8080?next=/a", "/?next=/a")]
        public void TheDigestUriIsPathAndQuery(string url, string uri)
        {
            Assert.AreEqual(uri, RequestTarget.Of(url));
        }

        private static DigestSession Ub(byte[] password)
        {
            DigestChallenge challenge = DigestChallenge.Find(
                "Digest realm=\"" + Vectors.BsfFqdn + "\", nonce=\"" + Vectors.Nonce
                + "\", qop=\"auth-int\", opaque=\"op\", algorithm=AKAv1-MD5",
                DigestChallenge.AkaV1Md5);
            return new DigestSession(challenge, Vectors.Impi, password, new CountingRandom());
        }

        private static DigestChallenge UaChallenge()
        {
            return DigestChallenge.Find(
                "Digest realm=\"" + UaRealm + "\", nonce=\"bm9uY2U=\", qop=\"auth-int\", algorithm=MD5", DigestChallenge.Md5);
        }

        private static DigestSession Ua()
        {
            return new DigestSession(UaChallenge(), Vectors.Btid, Check.Ascii(Vectors.MrkBase64), new CountingRandom());
        }

        private static DigestSession Asked()
        {
            DigestSession session = Ua();
            session.Authorize("POST", Uri, Check.Ascii("<x/>"), null);
            return session;
        }

        private static string Parameter(string header, string name)
        {
            AuthParameters parameters = new AuthParameters(header);
            while (parameters.Read())
            {
                if (parameters.Name == name)
                {
                    return parameters.Value;
                }
            }

            return null;
        }

        private static string Formula(
            string user, string realm, byte[] password, string method, string uri, string body, string nonce, string nc, string cnonce)
        {
            string ha1 = Hash(Check.Concat(Check.Ascii(user + ":" + realm + ":"), password));
            string ha2 = Hash(Check.Ascii(method + ":" + uri + ":" + Hash(Check.Ascii(body))));
            return Hash(Check.Ascii(ha1 + ":" + nonce + ":" + nc + ":" + cnonce + ":auth-int:" + ha2));
        }

        private static string Hash(byte[] data)
        {
            return Check.Text(new Md5().Compute(data), 0, 16);
        }

        private sealed class CountingRandom : IRandomSource
        {
            private int _next;

            public void Fill(byte[] buffer)
            {
                for (int i = 0; i < buffer.Length; i++)
                {
                    buffer[i] = (byte)_next++;
                }
            }
        }
    }
}
