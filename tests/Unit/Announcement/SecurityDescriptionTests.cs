using System;
using System.Text;
using MbmsMe.Announcement;

namespace MbmsMe.Tests
{
    /// <summary>The security description of a service announcement: what is read, what is passed over, what is refused.</summary>
    [TestClass]
    public class SecurityDescriptionTests
    {
        private const string Full =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + "<securityDescription xmlns=\"urn:3GPP:metadata:2005:MBMS:securityDescription\" confidentialityProtection=\"true\"\n"
            + "  integrityProtection=\"false\" uiccKeyManagement=\"false\">\n"
            + "  <keyManagement waitTime=\"5\" maxBackOff=\"20\">\n"
            + "    <serverURI>ftp://a.example.org/</serverURI>\n"
            + "    <serverURI> https://bmsc.example.org/keymanagement?a=1&amp;b=2 </serverURI>\n"
            + "    <serverURI>http://bmsc2.example.org/</serverURI>\n"
            + "  </keyManagement>\n"
            + "  <keyId>\n"
            + "    <mediaFlow flowID=\"239.255.1.1:5004\"/>\n"
            + "    <mediaFlow flowID=\"239.255.1.1:5006\"></mediaFlow>\n"
            + "    <MSKID>ABAAAg==</MSKID>\n"
            + "    <keyDomainID>APEQ</keyDomainID>\n"
            + "  </keyId>\n"
            + "  <keyId><keyDomainID>APEg</keyDomainID><MSKID>ABEAAA==</MSKID><mediaFlow flowID=\"239.255.1.2:5004\"/></keyId>\n"
            + "  <fecProtection fecEncodingID=\"1\"/>\n"
            + "</securityDescription>\n";

        [TestMethod]
        public void TheWholeOfIt()
        {
            SecurityDescription read = Parse(Full);
            Assert.IsTrue(read.Confidentiality);
            Assert.IsFalse(read.Integrity);
            Assert.IsFalse(read.UiccKeyManagement);
            Assert.AreEqual(5, read.WaitSeconds);
            Assert.AreEqual(20, read.MaxBackoffSeconds);
            Assert.AreEqual("https://bmsc.example.org/keymanagement?a=1&b=2", read.ServerUri);
            Assert.AreEqual("00f110 0010: 239.255.1.1:5004 239.255.1.1:5006; 00f120 0011: 239.255.1.2:5004; ", Keys(read));
        }

        [TestMethod]
        public void WhatIsNotThereHasDefaults()
        {
            SecurityDescription read = Parse("<securityDescription/>");
            Assert.IsTrue(read.Confidentiality);
            Assert.IsTrue(read.Integrity);
            Assert.IsTrue(read.UiccKeyManagement);
            Assert.AreEqual(-1, read.WaitSeconds);
            Assert.AreEqual(-1, read.MaxBackoffSeconds);
            Assert.IsNull(read.ServerUri);
            Assert.AreEqual(0, read.Keys.Length);
        }

        [TestMethod]
        [DataRow("waitTime='5' maxBackOff='20'")]
        [DataRow("offsetTime='5' randomTimePeriod='20'")]
        [DataRow("randomTimePeriod=\"20\"\n  x:maxBackOff='7'\twaitTime = '&#53;'")]
        [DataRow("waitTime=' 5 ' offsetTime='9' maxBackOff='0020'")]
        public void BackoffHasTwoNames(string attributes)
        {
            SecurityDescription read = Parse("<s:securityDescription><s:keyManagement " + attributes + "/></s:securityDescription>");
            Assert.AreEqual(5, read.WaitSeconds);
            Assert.AreEqual(20, read.MaxBackoffSeconds);
        }

        [TestMethod]
        [DataRow("true", true)]
        [DataRow("1", true)]
        [DataRow("false", false)]
        [DataRow("0", false)]
        [DataRow(" false\n", false)]
        public void BooleansAreThoseOfXmlSchema(string value, bool expected)
        {
            Assert.AreEqual(expected, Parse("<securityDescription integrityProtection='" + value + "'/>").Integrity);
        }

        [TestMethod]
        public void UnknownElementsArePassedOverWithWhatTheyHold()
        {
            SecurityDescription read = Parse(
                "<securityDescription><x waitTime='1'><keyId/><keyManagement waitTime='x'/></x><keyManagement><y><serverURI>http://a/</serverURI></y>"
                + "<serverURI>http://b/<z>c</z></serverURI><serverURI>http://b/</serverURI></keyManagement><keyId><v><MSKID>x</MSKID></v>"
                + "<MSKID>ABAAAA==</MSKID><mediaFlow flowID='10.0.0.1:1'><w/></mediaFlow></keyId></securityDescription>");
            Assert.AreEqual("http://b/", read.ServerUri);
            Assert.AreEqual(-1, read.WaitSeconds);
            Assert.AreEqual("none 0010: 10.0.0.1:1; ", Keys(read));
        }

        [TestMethod]
        [DataRow("", "expected a well-formed XML document without document type")]
        [DataRow("news", "expected a well-formed XML document without document type")]
        [DataRow("<securityDescription>", "expected a well-formed XML document without document type")]
        [DataRow("<securityDescription/><a/>", "expected a well-formed XML document without document type")]
        [DataRow("<securityDescription></keyId>", "expected a well-formed XML document without document type")]
        [DataRow("<!DOCTYPE a><securityDescription/>", "expected a well-formed XML document without document type")]
        [DataRow("<securityDescription integrityProtection=true/>", "expected a well-formed XML document without document type")]
        [DataRow("<securityDescription integrityProtection='&x;'/>", "expected a well-formed XML document without document type")]
        [DataRow("<mskResponse/>", "expected securityDescription as the root element")]
        [DataRow("<securityDescription integrityProtection='yes'/>", "expected integrityProtection to be true or false")]
        [DataRow("<securityDescription confidentialityProtection=''/>", "expected confidentialityProtection to be true or false")]
        public void ADocumentThatIsNoneIsRefused(string document, string message)
        {
            Assert.AreEqual(message, Throws(document));
        }

        [TestMethod]
        [DataRow("<keyManagement waitTime='-1'/>", "expected waitTime or offsetTime to be a whole number from 0 to 86400")]
        [DataRow("<keyManagement offsetTime='86401'/>", "expected waitTime or offsetTime to be a whole number from 0 to 86400")]
        [DataRow("<keyManagement maxBackOff='1.5'/>", "expected maxBackOff or randomTimePeriod to be a whole number from 0 to 86400")]
        [DataRow("<keyManagement maxBackOff='99999999999'/>", "expected maxBackOff or randomTimePeriod to be a whole number from 0 to 86400")]
        [DataRow("<keyId/>", "expected in every keyId an MSKID with a Key Group that is not 0")]
        [DataRow("<keyId><MSKID>AAAAAQ==</MSKID></keyId>", "expected in every keyId an MSKID with a Key Group that is not 0")]
        [DataRow("<keyId><MSKID>ABA=</MSKID></keyId>", "expected in MSKID the Base64 text of 4 octets")]
        [DataRow("<keyId><MSKID></MSKID></keyId>", "expected in MSKID the Base64 text of 4 octets")]
        [DataRow("<keyId><MSKID>00100001</MSKID></keyId>", "expected in MSKID the Base64 text of 4 octets")]
        [DataRow("<keyId><keyDomainID>00f110</keyDomainID></keyId>", "expected in keyDomainID the Base64 text of 3 octets")]
        [DataRow("<keyId><mediaFlow/></keyId>", "expected in every mediaFlow a flowID of IPv4 address and port, such as \"239.255.1.1:5004\"")]
        [DataRow("<keyId><mediaFlow flowID='[ff3e::1]:5004'/></keyId>", "expected in every mediaFlow a flowID of IPv4 address and port, such as \"239.255.1.1:5004\"")]
        [DataRow("<keyId><mediaFlow flowID='239.255.1.1:0'/></keyId>", "expected in every mediaFlow a flowID of IPv4 address and port, such as \"239.255.1.1:5004\"")]
        public void AWrongValueIsNamed(string content, string message)
        {
            Assert.AreEqual(message, Throws("<securityDescription>" + content + "</securityDescription>"));
        }

        [TestMethod]
        public void ALongDocumentIsRefusedUnread()
        {
            string message = Check.Throws(typeof(FormatException), () => SecurityDescription.Parse(Check.Repeat(' ', SecurityDescription.MaxLength + 1)));
            Assert.AreEqual("expected at most 16384 octets", message);
        }

        [TestMethod]
        public void NulIsRefusedWhereverItStands()
        {
            byte[] document = Check.Ascii(Full + " ");
            document[document.Length - 1] = 0;
            Assert.AreEqual(
                "expected a well-formed XML document without document type",
                Check.Throws(typeof(FormatException), () => SecurityDescription.Parse(document)));
        }

        [TestMethod]
        public void EveryTruncationIsRefused()
        {
            int end = Full.LastIndexOf('>');
            for (int length = 0; length <= end; length += 3)
            {
                Throws(Full.Substring(0, length));
            }
        }

        [TestMethod]
        public void AFlippedBitIsReadOrRefusedAndNothingElse()
        {
            byte[] document = Check.Ascii(Full);
            int refused = 0;
            for (int bit = 0; bit < document.Length * 8; bit += 13)
            {
                try
                {
                    Assert.IsTrue(SecurityDescription.Parse(Check.Flip(document, bit)).Keys.Length <= 2);
                }
                catch (FormatException)
                {
                    refused++;
                }
            }

            Assert.IsTrue(refused > 0);
        }

        private static string Keys(SecurityDescription read)
        {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < read.Keys.Length; i++)
            {
                AnnouncedKey key = read.Keys[i];
                text.Append(key.KeyDomain < 0 ? "none" : Hex(key.KeyDomain, 3)).Append(' ').Append(Hex(key.KeyGroup, 2)).Append(':');
                for (int j = 0; j < key.Flows.Length; j++)
                {
                    text.Append(' ').Append(key.Flows[j].Address).Append(':').Append(key.Flows[j].Port);
                }

                text.Append("; ");
            }

            return text.ToString();
        }

        private static string Hex(int value, int octets)
        {
            byte[] all = { (byte)(value >> 16), (byte)(value >> 8), (byte)value };
            return Check.Text(all, 3 - octets, octets);
        }

        private static SecurityDescription Parse(string document)
        {
            return SecurityDescription.Parse(Check.Ascii(document));
        }

        private static string Throws(string document)
        {
            return Check.Throws(typeof(FormatException), () => SecurityDescription.Parse(Check.Ascii(document)));
        }
    }
}
