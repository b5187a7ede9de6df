using System.Text;
using MbmsMe.Http;

namespace MbmsMe.Tests
{
    /// <summary>Reading of WWW-Authenticate and Authentication-Info piece by piece (RFC 7235 clause 2.1).</summary>
    [TestClass]
    public class AuthParametersTests
    {
        [TestMethod]
        [DataRow("", "")]
        [DataRow(" , ,\t,", "")]
        [DataRow("Digest", "[digest]")]
        [DataRow("Digest realm=\"r\"", "[digest] realm=r;")]
        [DataRow("DIGEST REALM=\"R\"", "[digest] realm=R;")]
        [DataRow("Digest realm=r,nonce=n", "[digest] realm=r; nonce=n;")]
        [DataRow("Digest\trealm = \"r\" ,\r\n nonce  =n  ", "[digest] realm=r; nonce=n;")]
        [DataRow("  ,Digest realm=\"r\",,, nonce=n,", "[digest] realm=r; nonce=n;")]
        [DataRow("qop=auth-int, nc=00000001", "qop=auth-int; nc=00000001;")]
        public void SchemesAndParametersWithAnySpacing(string header, string read)
        {
            Assert.AreEqual(read, Walk(header));
        }

        [TestMethod]
        [DataRow("a=\"x,y\", b=\"z\"", "a=x,y; b=z;")]
        [DataRow("a=\"x=y\"", "a=x=y;")]
        [DataRow("a=\" x \"", "a= x ;")]
        [DataRow("a=\"\", b=1", "a=; b=1;")]
        [DataRow("a=\"Digest realm=1\", b=2", "a=Digest realm=1; b=2;")]
        [DataRow("a=\"\\\"x\\\"\"", "a=\"x\";")]
        [DataRow("a=\"x\\\\\", b=\"y\"", "a=x\\; b=y;")]
        [DataRow("a=\"\\x\\,\"", "a=x,;")]
        public void QuotedValues(string header, string read)
        {
            Assert.AreEqual(read, Walk(header));
        }

        [TestMethod]
        [DataRow("a=\"x")]
        [DataRow("a=\"")]
        [DataRow("a=\"x\\\"")]
        [DataRow("a=\"x\\")]
        [DataRow("b=1, a=\"x, c=2")]
        public void AnUnterminatedQuoteIsBroken(string header)
        {
            string read = Walk(header);
            Assert.IsTrue(read.EndsWith("!"), read);
        }

        [TestMethod]
        [DataRow("=x")]
        [DataRow("\"x\"")]
        [DataRow("Digest \"x\"")]
        [DataRow("a=1, =2")]
        public void AMissingNameIsBroken(string header)
        {
            string read = Walk(header);
            Assert.IsTrue(read.EndsWith("!"), read);
        }

        [TestMethod]
        [DataRow("a=bm9uY2U=", "a=bm9uY2U=;")]
        [DataRow("a=bm9uYw==, b=1", "a=bm9uYw==; b=1;")]
        [DataRow("a=, b=1", "a=; b=1;")]
        [DataRow("a=", "a=;")]
        public void ABareValueMayHoldEqualsSigns(string header, string read)
        {
            Assert.AreEqual(read, Walk(header));
        }

        [TestMethod]
        [DataRow("Basic realm=\"b\", Digest realm=\"d\"", "[basic] realm=b; [digest] realm=d;")]
        [DataRow("Negotiate, Digest realm=\"d\"", "[negotiate] [digest] realm=d;")]
        [DataRow("Digest realm=\"d\", NTLM", "[digest] realm=d; [ntlm]")]
        public void SeveralSchemes(string header, string read)
        {
            Assert.AreEqual(read, Walk(header));
        }

        [TestMethod]
        [DataRow("Negotiate YWJj, Digest realm=d")]
        [DataRow("Negotiate YWI=, Digest realm=d")]
        [DataRow("Negotiate YQ==, Digest realm=d")]
        public void Token68DoesNotHideTheNextScheme(string header)
        {
            string read = Walk(header);
            Assert.IsTrue(read.EndsWith("[digest] realm=d;"), read);
        }

        [TestMethod]
        public void NoPartOfAHeaderMakesItRunForEver()
        {
            string header = "Digest realm=\"a\\\"b, c\", nonce = bm9uY2U= ,, Basic YQ==, x";
            for (int start = 0; start < header.Length; start++)
            {
                for (int length = 0; length <= header.Length - start; length++)
                {
                    AuthParameters parameters = new AuthParameters(header.Substring(start, length));
                    int steps = 0;
                    while (parameters.Read())
                    {
                        steps++;
                    }

                    Assert.IsTrue(steps <= length, header.Substring(start, length));
                }
            }
        }

        private static string Walk(string header)
        {
            StringBuilder read = new StringBuilder();
            AuthParameters parameters = new AuthParameters(header);
            while (parameters.Read())
            {
                if (read.Length > 0)
                {
                    read.Append(' ');
                }

                if (parameters.IsScheme)
                {
                    Assert.IsNull(parameters.Value);
                    read.Append('[').Append(parameters.Name).Append(']');
                }
                else
                {
                    read.Append(parameters.Name).Append('=').Append(parameters.Value).Append(';');
                }
            }

            return parameters.Broken ? read.Append('!').ToString() : read.ToString();
        }
    }
}
