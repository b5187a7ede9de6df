using MbmsMe.Binary;
using MbmsMe.Machine;
using MbmsMe.Requests;

namespace MbmsMe.Tests
{
    /// <summary>The bodies of the MSK request and its response (protocol.md section 9).</summary>
    [TestClass]
    public class MskRequestTests
    {
        private const string Start = "<mskResponse xmlns=\"urn:3GPP:metadata:2005:MBMS:mskResponse\">";
        private const string End = "</mskResponse>";

        [TestMethod]
        public void AsksForTheCurrentMskOfEachGroup()
        {
            // 00f110 is APEQ; 00010000 is AAEAAA==, abcd0000 is q80AAA==.
            Assert.AreEqual(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><mskRequest xmlns=\"urn:3GPP:metadata:2005:MBMS:mskRequest\">"
                + "<MSK><keyDomainID>APEQ</keyDomainID><MSKID>AAEAAA==</MSKID></MSK>"
                + "<MSK><keyDomainID>////</keyDomainID><MSKID>q80AAA==</MSKID></MSK></mskRequest>",
                Octets.ToText(MskRequest.Write(new KeyGroup[] { new KeyGroup(0x00F110, 1), new KeyGroup(0xFFFFFF, 0xABCD) })));
        }

        [TestMethod]
        public void AsksForNothingWithAnEmptyList()
        {
            Assert.AreEqual(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><mskRequest xmlns=\"urn:3GPP:metadata:2005:MBMS:mskRequest\"></mskRequest>",
                Octets.ToText(MskRequest.Write(new KeyGroup[0])));
        }

        [TestMethod]
        public void ReadsTheResponseCodeOfEachGroup()
        {
            int[] codes = new int[3];
            Assert.IsTrue(Read(
                "<?xml version=\"1.0\"?>" + Start + Msk("APEQ", "q80AAA==", "404") + Msk("APEQ", "AAEAAA==", "200")
                + Msk("////", "AAEAAA==", "403") + End,
                codes));
            AreCodes(codes, 200, 404, 403);
        }

        [TestMethod]
        public void ACodeMayComeForTheMskItself()
        {
            int[] codes = new int[3];
            Assert.IsTrue(Read(Start + Msk("APEQ", "AAEAAQ==", "200") + Msk("APEQ", "q80=", "503") + End, codes));
            AreCodes(codes, 200, 503, 0);
        }

        [TestMethod]
        public void OrderPrefixSpacesAndOtherElementsDoNotMatter()
        {
            int[] codes = new int[3];
            Assert.IsTrue(Read(
                "<m:mskResponse xmlns:m=\"u\">\n <m:MSK a='1'>\n  <m:responseCode> 200 </m:responseCode>\n  <m:more><m:x/></m:more>\n"
                + "  <m:MSKID>\nAAEAAA==\n</m:MSKID><m:keyDomainID> APEQ </m:keyDomainID>\n </m:MSK>\n</m:mskResponse>",
                codes));
            AreCodes(codes, 200, 0, 0);
        }

        [TestMethod]
        [DataRow("<MSK><MSKID>AAEAAA==</MSKID><responseCode>200</responseCode></MSK>")]
        [DataRow("<MSK><keyDomainID>APEQ</keyDomainID><responseCode>200</responseCode></MSK>")]
        [DataRow("<MSK><keyDomainID>APEQ</keyDomainID><MSKID>AAEAAA==</MSKID></MSK>")]
        [DataRow("<MSK><keyDomainID>APEQ</keyDomainID><MSKID>AAEAAA==</MSKID><responseCode>ok</responseCode></MSK>")]
        [DataRow("<MSK><keyDomainID>APEQ</keyDomainID><MSKID>AAEAAA==</MSKID><responseCode/></MSK>")]
        [DataRow("<MSK><keyDomainID>00f110</keyDomainID><MSKID>AAEAAA==</MSKID><responseCode>200</responseCode></MSK>")]
        [DataRow("<MSK><keyDomainID>APEQAA==</keyDomainID><MSKID>AAEAAA==</MSKID><responseCode>200</responseCode></MSK>")]
        [DataRow("<MSK><keyDomainID>APEQ</keyDomainID><MSKID>AA==</MSKID><responseCode>200</responseCode></MSK>")]
        [DataRow("<MSK><keyDomainID>APEQ</keyDomainID><MSKID>AAIAAA==</MSKID><responseCode>200</responseCode></MSK>")]
        [DataRow("<MSK/>")]
        [DataRow("")]
        public void AGroupThatIsNotAnsweredHasCodeZero(string msk)
        {
            int[] codes = new int[3];
            Assert.IsTrue(Read(Start + msk + End, codes));
            AreCodes(codes, 0, 0, 0);
        }

        [TestMethod]
        public void ValuesOfOneMskAreNotTakenForTheNext()
        {
            int[] codes = new int[3];
            Assert.IsTrue(Read(
                Start + "<MSK><keyDomainID>APEQ</keyDomainID><MSKID>AAIAAA==</MSKID><responseCode>200</responseCode></MSK>"
                + "<MSK><MSKID>AAEAAA==</MSKID></MSK><MSK><keyDomainID>APEQ</keyDomainID><MSKID>q80AAA==</MSKID></MSK>" + End,
                codes));
            AreCodes(codes, 0, 0, 0);
        }

        [TestMethod]
        [DataRow("")]
        [DataRow("not XML")]
        [DataRow("<other/>")]
        [DataRow("<mskRequest></mskRequest>")]
        [DataRow("<mskResponse>")]
        [DataRow("<mskResponse></mskresponse>")]
        [DataRow("<!DOCTYPE mskResponse><mskResponse/>")]
        public void AnythingElseIsNoResponse(string body)
        {
            Assert.IsFalse(Read(body, new int[3]));
        }

        private static string Msk(string domain, string mskId, string code)
        {
            return "<MSK><keyDomainID>" + domain + "</keyDomainID><MSKID>" + mskId + "</MSKID><responseCode>" + code
                + "</responseCode></MSK>";
        }

        private static bool Read(string body, int[] codes)
        {
            KeyGroup[] groups =
            {
                new KeyGroup(0x00F110, 1), new KeyGroup(0x00F110, 0xABCD), new KeyGroup(0xFFFFFF, 1),
            };
            return MskRequest.TryReadResponse(Octets.FromText(body), groups, codes);
        }

        private static void AreCodes(int[] codes, int first, int second, int third)
        {
            Assert.AreEqual(first, codes[0]);
            Assert.AreEqual(second, codes[1]);
            Assert.AreEqual(third, codes[2]);
        }
    }
}
