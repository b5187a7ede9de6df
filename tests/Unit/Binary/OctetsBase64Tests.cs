using MbmsMe.Binary;

namespace MbmsMe.Tests
{
    /// <summary>Base64 (RFC 4648 clause 10 and every digit), both ways.</summary>
    [TestClass]
    public class OctetsBase64Tests
    {
        [TestMethod]
        [DataRow("f", "Zg==")]
        [DataRow("fo", "Zm8=")]
        [DataRow("foo", "Zm9v")]
        [DataRow("foob", "Zm9vYg==")]
        [DataRow("fooba", "Zm9vYmE=")]
        [DataRow("foobar", "Zm9vYmFy")]
        public void ExamplesOfTheRfc(string text, string base64)
        {
            Check.Hex(Ascii(base64), Octets.ToBase64(Check.Ascii(text)));
            Check.Hex(Ascii(text), Octets.FromBase64(base64));
        }

        [TestMethod]
        public void EveryDigit()
        {
            string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
            string octets = "00108310518720928b30d38f41149351559761969b71d79f8218a39259a7a29aabb2dbafc31cb3d35db7e39ebbf3dfbf";
            Check.Hex(Ascii(digits), Octets.ToBase64(Check.Bytes(octets)));
            Check.Hex(octets, Octets.FromBase64(digits));
        }

        [TestMethod]
        public void EveryOctetAtEveryPlaceOfAGroup()
        {
            for (int octet = 0; octet < 256; octet += 5)
            {
                for (int length = 1; length <= 4; length++)
                {
                    byte[] octets = Check.Repeat(octet, length);
                    byte[] text = Octets.ToBase64(octets);
                    Assert.AreEqual(length > 3 ? 8 : 4, text.Length);
                    Check.Hex(Check.Text(octets, 0, length), Octets.FromBase64(Octets.ToText(text)));
                }
            }
        }

        [TestMethod]
        public void TheMrkAsTheDigestPassword()
        {
            Check.Hex(Ascii(Vectors.MrkBase64), Octets.ToBase64(Check.Bytes(Vectors.Mrk)));
        }

        [TestMethod]
        public void TheNonceOfUbIsRandAndAutn()
        {
            Check.Hex(Vectors.Rand + Vectors.Autn, Octets.FromBase64(Vectors.Nonce));
        }

        [TestMethod]
        public void NothingIsWrittenAsNothing()
        {
            Assert.AreEqual(0, Octets.ToBase64(new byte[0]).Length);
        }

        [TestMethod]
        [DataRow("")]
        [DataRow("Z")]
        [DataRow("Zg")]
        [DataRow("Zg=")]
        [DataRow("Zg===")]
        [DataRow("====")]
        [DataRow("Z===")]
        [DataRow("=Zg=")]
        [DataRow("Zg=v")]
        [DataRow("Zg==Zg==")]
        [DataRow("Zm9v=mFy")]
        [DataRow("Zm 9")]
        [DataRow("Zm9\n")]
        [DataRow("Zm9-")]
        [DataRow("Zm9_")]
        [DataRow("Zm9.")]
        [DataRow("Zm9v ")]
        [DataRow(" Zm9v")]
        [DataRow("Zm9v    ")]
        public void IsNullForAnythingElse(string text)
        {
            Assert.IsNull(Octets.FromBase64(text));
        }

        private static string Ascii(string text)
        {
            return Check.Text(Check.Ascii(text), 0, text.Length);
        }
    }
}
