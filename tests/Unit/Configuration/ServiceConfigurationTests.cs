using System.IO;
using System.Text;
using MbmsMe.Configuration;
using MbmsMe.Machine;
using MbmsMe.Services;

namespace MbmsMe.Tests
{
    /// <summary>What a service may have beside ID and Key Groups, the keys of the root that may be left out, and announcements.</summary>
    [TestClass]
    public class ServiceConfigurationTests
    {
        // Apostrophes stand for quotation marks.
        private const string Start =
            "{'uicc':{'kind':'soft','iccid':'8988201000000000019','imsi':'001010123456789','mncLength':2,"
            + "'k':'465b5ce8b199b49faa5f0a2ee238a6bc','opc':'cd63cb71954a9f4e48a5994e37a02baf'},"
            + "'bsf':{'url':'http://127.0.0.1:8070/'},'bmsc':{'url':'http://127.0.0.1:8080/keymanagement','fqdn':'bmsc.example.org'},"
            + "'mikey':{'listen':'127.0.0.1:2269'},'backoff':{'offsetSeconds':3,'randomSeconds':4},'storage':{'directory':'d'}";

        private const string News = "'id':'news','keyDomain':'00f110','keyGroups':['0010','0011']";
        private const string Announced = "'id':'news','announcement':'news.xml'";
        private const string Key10 =
            "<keyId><mediaFlow flowID='239.255.1.1:5004'/><MSKID>ABAAAQ==</MSKID><keyDomainID>APEQ</keyDomainID></keyId>";

        private const string Key11 =
            "<keyId><mediaFlow flowID='239.255.1.1:5006'/><MSKID>ABEAAA==</MSKID><keyDomainID>APEQ</keyDomainID></keyId>";

        [TestMethod]
        public void WithoutOptionalKeysThereAreDefaults()
        {
            MeConfiguration read = Read("{" + News + "}", "");
            ServiceSettings news = read.Services[0];
            Assert.IsNull(news.MtkGroup);
            Assert.AreEqual(0, news.Flows.Length);
            Assert.IsFalse(news.Registers);
            Assert.IsTrue(news.StartsActive);
            Assert.AreEqual(3, news.Backoff.OffsetSeconds);
            Assert.AreEqual(4, news.Backoff.RandomSeconds);
            Assert.AreEqual(1, read.Bmscs.Length);
            Assert.IsTrue(news.Bmsc == read.Bmscs[0]);
            Assert.AreEqual("http://127.0.0.1:8080/keymanagement", news.Bmsc.Url);
            Assert.AreEqual("bmsc.example.org", news.Bmsc.Fqdn);
            Assert.AreEqual(10, read.Requests.MaxAttempts);
            Assert.AreEqual(2, read.Requests.FirstRetrySeconds);
            Assert.AreEqual(60, read.Requests.LongestRetrySeconds);
            Assert.AreEqual(10, read.Requests.AwaitMskSeconds);
            Assert.AreEqual(10, read.Requests.MissedKeySeconds);
            Assert.AreEqual(6, read.Requests.MissedKeysPerMinute);
            Assert.IsFalse(read.Storage.DeletesAtPowerDown);
            Assert.IsNull(read.ControlSocket);
            Assert.AreEqual(0, read.Notices.Length);
        }

        [TestMethod]
        public void AStreamCannotComeToThePortThatMikeyTakesAtAllAddresses()
        {
            const string sessions = "{'id':'news','keyDomain':'00f110','keyGroups':['0010'],'sessions':[{'flow':'239.255.1.1:2269'}]}";
            Assert.AreEqual(1, Read(sessions, string.Empty).Services[0].Flows.Length, "beside mikey.listen at one address");
            string document = Check.Replaced(Document(sessions, string.Empty), "127.0.0.1:2269", "0.0.0.0:2269");
            Assert.AreEqual(
                "services[0].sessions: expected streams at other ports than 2269, which mikey.listen takes at all addresses",
                Throws(document, null));
        }

        [TestMethod]
        public void EveryOptionalKeyOfAServiceIsRead()
        {
            MeConfiguration read = Read(
                "{" + News + ",'mtk':{'group':'239.255.1.1:2269'},'bmsc':{'url':'https://b.example.org/k','fqdn':'B.example.org'},"
                + "'sessions':[{'flow':'239.255.1.1:5004','keyGroup':'0011','output':'127.0.0.1:6004'},"
                + "{'flow':'127.0.0.1:5006','keyGroup':'0010'}],'protection':{'integrity':false},"
                + "'backoff':{'offsetSeconds':5,'randomSeconds':6},'register':true,'active':false}",
                "");
            ServiceSettings news = read.Services[0];
            Assert.AreEqual("239.255.1.1", news.MtkGroup.Address);
            Assert.AreEqual(2269, news.MtkGroup.Port);
            Assert.AreEqual(2, read.Bmscs.Length);
            Assert.IsTrue(news.Bmsc == read.Bmscs[1]);
            Assert.AreEqual("https://b.example.org/k", news.Bmsc.Url);
            Assert.AreEqual("b.example.org", news.Bmsc.Fqdn);
            Assert.AreEqual("bmsc.example.org", read.Bmscs[0].Fqdn);
            Assert.AreEqual(
                "239.255.1.1:5004 00f110 0011 +c-i >127.0.0.1:6004, 127.0.0.1:5006 00f110 0010 +c-i", Flows(news));
            Assert.AreEqual(5, news.Backoff.OffsetSeconds);
            Assert.AreEqual(6, news.Backoff.RandomSeconds);
            Assert.IsTrue(news.Registers);
            Assert.IsFalse(news.StartsActive);
        }

        [TestMethod]
        public void EveryOptionalKeyOfTheRootIsRead()
        {
            MeConfiguration read = Read(
                "{" + News + "}",
                ",'retry':{'maxAttempts':3,'firstSeconds':5,'longestSeconds':5,'awaitMskSeconds':7},"
                + "'missedKey':{'minSeconds':8,'maxPerMinute':9},'control':{'socket':'me.sock'}");
            Assert.AreEqual(3, read.Requests.MaxAttempts);
            Assert.AreEqual(5, read.Requests.FirstRetrySeconds);
            Assert.AreEqual(5, read.Requests.LongestRetrySeconds);
            Assert.AreEqual(7, read.Requests.AwaitMskSeconds);
            Assert.AreEqual(8, read.Requests.MissedKeySeconds);
            Assert.AreEqual(9, read.Requests.MissedKeysPerMinute);
            Assert.AreEqual("me.sock", read.ControlSocket);
            Assert.AreEqual(3, Read("{" + News + "}", ",'retry':{'maxAttempts':3},'missedKey':{}").Requests.MaxAttempts);
        }

        [TestMethod]
        public void KeysStayAtPowerDownUnlessTheyAreToBeDeleted()
        {
            Assert.IsFalse(MeConfiguration.Parse(Json(AtPowerDown("keep"))).Storage.DeletesAtPowerDown);
            Assert.IsTrue(MeConfiguration.Parse(Json(AtPowerDown("delete"))).Storage.DeletesAtPowerDown);
            Assert.AreEqual("storage.atPowerDown: expected \"keep\" or \"delete\"", Throws(AtPowerDown("wipe"), null));
        }

        [TestMethod]
        [DataRow("'retry':{'maxAttempts':0}", "retry.maxAttempts: expected a whole number from 1 to 100")]
        [DataRow("'retry':{'maxAttempts':101}", "retry.maxAttempts: expected a whole number from 1 to 100")]
        [DataRow("'retry':{'firstSeconds':0}", "retry.firstSeconds: expected a whole number from 1 to 3600")]
        [DataRow("'retry':{'longestSeconds':3601}", "retry.longestSeconds: expected a whole number from 1 to 3600")]
        [DataRow("'retry':{'longestSeconds':1}", "retry.longestSeconds: expected at least firstSeconds")]
        [DataRow("'retry':{'firstSeconds':61}", "retry.longestSeconds: missing; expected at least firstSeconds")]
        [DataRow("'retry':{'awaitMskSeconds':'1'}", "retry.awaitMskSeconds: expected a whole number from 1 to 3600")]
        [DataRow(
            "'retry':{'attempts':1}",
            "retry.attempts: unknown key; expected one of maxAttempts, firstSeconds, longestSeconds, awaitMskSeconds")]
        [DataRow("'retry':3", "retry: expected an object")]
        [DataRow("'missedKey':{'minSeconds':0}", "missedKey.minSeconds: expected a whole number from 1 to 3600")]
        [DataRow("'missedKey':{'maxPerMinute':1001}", "missedKey.maxPerMinute: expected a whole number from 1 to 1000")]
        [DataRow("'missedKey':{'x':1}", "missedKey.x: unknown key; expected one of minSeconds, maxPerMinute")]
        [DataRow("'control':{}", "control.socket: missing; expected the path of a Unix domain socket")]
        [DataRow("'control':{'socket':''}", "control.socket: expected the path of a Unix domain socket")]
        [DataRow("'control':{'socket':'s','mode':1}", "control.mode: unknown key; expected one of socket")]
        public void AWrongKeyOfTheRootIsNamed(string key, string message)
        {
            Assert.AreEqual(message, Throws(Document("{" + News + "}", "," + key), null));
        }

        [TestMethod]
        [DataRow("'mtk':{}", "mtk.group: missing; expected IPv4 multicast address and UDP port, such as \"239.255.1.1:2269\"")]
        [DataRow("'mtk':{'group':'10.0.0.1:2269'}", "mtk.group: expected IPv4 multicast address and UDP port, such as \"239.255.1.1:2269\"")]
        [DataRow("'mtk':{'group':'223.255.1.1:1'}", "mtk.group: expected IPv4 multicast address and UDP port, such as \"239.255.1.1:2269\"")]
        [DataRow("'mtk':{'group':'240.0.0.1:1'}", "mtk.group: expected IPv4 multicast address and UDP port, such as \"239.255.1.1:2269\"")]
        [DataRow("'mtk':{'group':'239.0.0.1:0'}", "mtk.group: expected IPv4 multicast address and UDP port, such as \"239.255.1.1:2269\"")]
        [DataRow("'mtk':{'group':'239.0.0.1:1','port':1}", "mtk.port: unknown key; expected one of group")]
        [DataRow("'bmsc':{'url':'http://b/'}", "bmsc.fqdn: missing; expected a fully qualified domain name, such as \"bmsc.example.org\"")]
        [DataRow("'bmsc':{'fqdn':'b'}", "bmsc.url: missing; expected an http:// or https:// URL")]
        [DataRow("'bmsc':{'url':'http://b/','fqdn':'BMSC.example.org'}", "bmsc.url: expected the same URL wherever this fqdn stands")]
        [DataRow("'sessions':[]", "sessions: expected a list of at least one object")]
        [DataRow("'sessions':[{'flow':'239.255.1.1'}]", "sessions[0].flow: expected IPv4 address and UDP port, such as \"239.255.1.1:5004\"")]
        [DataRow("'sessions':[{'flow':'239.255.1.1:0'}]", "sessions[0].flow: expected IPv4 address and UDP port, such as \"239.255.1.1:5004\"")]
        [DataRow("'sessions':[{'flow':'[::1]:1'}]", "sessions[0].flow: expected IPv4 address and UDP port, such as \"239.255.1.1:5004\"")]
        [DataRow(
            "'sessions':[{'flow':'239.255.1.1:1'}]",
            "sessions[0].keyGroup: missing; expected one of the service's Key Groups, because it has several")]
        [DataRow("'sessions':[{'flow':'239.255.1.1:1','keyGroup':'0012'}]", "sessions[0].keyGroup: expected one of the service's Key Groups")]
        [DataRow("'sessions':[{'flow':'239.255.1.1:1','keyGroup':'12'}]", "sessions[0].keyGroup: expected 4 hexadecimal digits (2 octets), not 0000")]
        [DataRow(
            "'sessions':[{'flow':'239.255.1.1:1','keyGroup':'0010'},{'flow':'239.255.001.1:01','keyGroup':'0011'}]",
            "sessions[1].flow: expected an address and port that no other session of the service has")]
        [DataRow(
            "'sessions':[{'flow':'239.255.1.1:1','keyGroup':'0010','output':'239.255.1.1:1'}]",
            "sessions[0].output: expected another address and port than the flow's")]
        [DataRow(
            "'sessions':[{'flow':'239.255.1.1:1','keyGroup':'0010','output':6004}]",
            "sessions[0].output: expected IPv4 address and UDP port, such as \"239.255.1.1:5004\"")]
        [DataRow(
            "'sessions':[{'flow':'239.255.1.1:1','keyGroup':'0010','out':1}]",
            "sessions[0].out: unknown key; expected one of flow, keyGroup, output")]
        [DataRow("'protection':{'integrity':'yes'}", "protection.integrity: expected true or false")]
        [DataRow("'protection':{'x':true}", "protection.x: unknown key; expected one of confidentiality, integrity")]
        [DataRow("'backoff':{'offsetSeconds':1}", "backoff.randomSeconds: missing; expected a whole number from 0 to 86400")]
        [DataRow("'register':1", "register: expected true or false")]
        [DataRow("'active':null", "active: expected true or false")]
        [DataRow("'announcement':''", "announcement: expected the path of a security description (XML)")]
        [DataRow("'announcement':'news.xml'", "announcement: expected none, because no file can be read here")]
        public void AWrongKeyOfAServiceIsNamed(string key, string message)
        {
            Assert.AreEqual("services[0]." + message, Throws(Document("{" + News + "," + key + "}", ""), null));
        }

        [TestMethod]
        public void TheOnlyKeyGroupNeedNotBeNamedBySessions()
        {
            MeConfiguration read = Read(
                "{'id':'a','keyDomain':'00f110','keyGroups':['0010','0010'],'sessions':[{'flow':'239.255.1.1:5004'}]}", "");
            Assert.AreEqual("239.255.1.1:5004 00f110 0010 +c+i", Flows(read.Services[0]));
        }

        [TestMethod]
        public void FourBmscsAndNoMore()
        {
            string services = "{" + Service("a", "0001", "a") + "},{" + Service("b", "0002", "b") + "},{" + Service("c", "0003", "c") + "}";
            MeConfiguration read = Read(services + ",{" + Service("d", "0004", "a") + "}", "");
            Assert.AreEqual(4, read.Bmscs.Length);
            Assert.IsTrue(read.Services[0].Bmsc == read.Services[3].Bmsc);
            Assert.AreEqual(
                "services[3].bmsc.fqdn: expected at most 4 different BM-SCs in all",
                Throws(Document(services + ",{" + Service("d", "0004", "d") + "}", ""), null));
        }

        [TestMethod]
        public void AKeyGroupBelongsToOneBmsc()
        {
            Read("{" + Service("a", "0001", "a") + "},{" + Service("b", "0001", "a") + "}", "");
            Assert.AreEqual(
                "services[1].bmsc: expected the BM-SC of services[0], which has the Key Group 00f110 0001 too",
                Throws(Document("{" + Service("a", "0001", "a") + "},{" + Service("b", "0001", "b") + "}", ""), null));
            Assert.AreEqual(
                "services[1].keyGroups: expected the BM-SC of services[0], which has the Key Group 00f110 0010 too",
                Throws(Document("{" + Service("a", "0010", "a") + "},{" + News + "}", ""), null));
        }

        [TestMethod]
        public void AnAnnouncementAloneMakesAService()
        {
            MeConfiguration read = Read(
                "{" + Announced + "}",
                "",
                Xml(" confidentialityProtection='false' uiccKeyManagement='false'", "waitTime='7' maxBackOff='8'",
                    "<serverURI>http://127.0.0.1:8080/keymanagement</serverURI>", Key10 + Key11));
            ServiceSettings news = read.Services[0];
            Assert.AreEqual(2, news.Groups.Length);
            Assert.IsTrue(news.Uses(new KeyGroup(0x00F110, 0x0010)));
            Assert.IsTrue(news.Uses(new KeyGroup(0x00F110, 0x0011)));
            Assert.AreEqual("239.255.1.1:5004 00f110 0010 -c+i, 239.255.1.1:5006 00f110 0011 -c+i", Flows(news));
            Assert.AreEqual(7, news.Backoff.OffsetSeconds);
            Assert.AreEqual(8, news.Backoff.RandomSeconds);
            Assert.IsTrue(news.Bmsc == read.Bmscs[0]);
            Assert.AreEqual(0, read.Notices.Length);
        }

        [TestMethod]
        public void TheServicesOwnKeysWin()
        {
            MeConfiguration read = Read(
                "{" + Announced + ",'keyDomain':'00f120','keyGroups':['0010'],'bmsc':{'url':'http://b/','fqdn':'b'},"
                + "'protection':{'confidentiality':true},'backoff':{'offsetSeconds':1,'randomSeconds':2}}",
                "",
                Xml(" confidentialityProtection='false' integrityProtection='false'", "waitTime='7'", "<serverURI>http://c/</serverURI>",
                    "<keyId><mediaFlow flowID='239.255.1.1:5004'/><MSKID>ABAAAQ==</MSKID></keyId>" + Key11));
            ServiceSettings news = read.Services[0];
            Assert.AreEqual(1, news.Groups.Length);
            Assert.AreEqual("239.255.1.1:5004 00f120 0010 +c-i", Flows(news));
            Assert.AreEqual("b", news.Bmsc.Fqdn);
            Assert.AreEqual(2, read.Bmscs.Length);
            Assert.AreEqual(1, news.Backoff.OffsetSeconds);
            Assert.AreEqual(2, news.Backoff.RandomSeconds);
        }

        [TestMethod]
        public void ASessionMayAddToAnAnnouncedFlow()
        {
            MeConfiguration read = Read(
                "{" + Announced + ",'sessions':[{'flow':'239.255.1.1:5006','output':'127.0.0.1:6006'},"
                + "{'flow':'239.255.1.2:5008','keyGroup':'0011'}]}",
                "",
                Xml("", "", "", Key10 + Key11));
            Assert.AreEqual(
                "239.255.1.1:5006 00f110 0011 +c+i >127.0.0.1:6006, 239.255.1.2:5008 00f110 0011 +c+i, 239.255.1.1:5004 00f110 0010 +c+i",
                Flows(read.Services[0]));
        }

        [TestMethod]
        public void SeveralKeyDomains()
        {
            string both = Key10 + "<keyId><mediaFlow flowID='239.255.1.1:5006'/><MSKID>ABAAAA==</MSKID></keyId>";
            Assert.AreEqual(
                "services[0].keyDomain: missing; expected 6 hexadecimal digits (3 octets), because the announcement has a keyId without keyDomainID",
                Throws(Document("{" + Announced + "}", ""), Xml("", "", "", both)));
            ServiceSettings news = Read("{" + Announced + ",'keyDomain':'00f120'}", "", Xml("", "", "", both)).Services[0];
            Assert.AreEqual("239.255.1.1:5004 00f110 0010 +c+i, 239.255.1.1:5006 00f120 0010 +c+i", Flows(news));

            // keyGroup means that of the service's own Key Domain, where it has one of its own.
            string session = ",'sessions':[{'flow':'239.255.1.3:1','keyGroup':'0010'}]}";
            news = Read("{" + Announced + ",'keyDomain':'00f120'" + session, "", Xml("", "", "", both)).Services[0];
            Assert.AreEqual(0x00F120, news.Flows[0].Group.Domain);
            Assert.AreEqual(
                "services[0].sessions[0].keyGroup: expected a Key Group that the service has in one Key Domain only",
                Throws(Document("{" + Announced + session, ""), Xml("", "", "", Key10 + "<keyId><MSKID>ABAAAA==</MSKID><keyDomainID>APEg</keyDomainID></keyId>")));
        }

        [TestMethod]
        public void AFlowIsUnderOneKeyGroup()
        {
            Assert.AreEqual(
                "services[0].announcement: expected each mediaFlow under one Key Group only",
                Throws(Document("{" + Announced + "}", ""), Xml("", "", "", Key10 + Check.Replaced(Key11, "5006", "5004"))));

            // Another Key Number is no other Key Group.
            ServiceSettings news = Read("{" + Announced + "}", "", Xml("", "", "", Key10 + Check.Replaced(Key10, "ABAAAQ==", "ABAAAg=="))).Services[0];
            Assert.AreEqual("239.255.1.1:5004 00f110 0010 +c+i", Flows(news));
        }

        [TestMethod]
        public void WithoutKeyIdsTheServiceNeedsItsOwn()
        {
            string xml = Xml("", "waitTime='9'", "", "");
            Assert.AreEqual(
                "services[0].keyDomain: missing; expected 6 hexadecimal digits (3 octets)", Throws(Document("{" + Announced + "}", ""), xml));
            ServiceSettings news = Read("{" + News + ",'announcement':'news.xml'}", "", xml).Services[0];
            Assert.AreEqual(2, news.Groups.Length);
            Assert.AreEqual(9, news.Backoff.OffsetSeconds);
            Assert.AreEqual(4, news.Backoff.RandomSeconds);
        }

        [TestMethod]
        public void AnAnnouncedServerIsTheConfiguredOneOrItsHost()
        {
            // Of a later service.
            MeConfiguration read = Read(
                "{" + Announced + "},{" + Service("a", "0001", "a") + "}", "", Xml("", "", "<serverURI>http://a.bench/</serverURI>", Key10));
            Assert.IsTrue(read.Services[0].Bmsc == read.Services[1].Bmsc);
            Assert.AreEqual("a", read.Services[0].Bmsc.Fqdn);

            // Its name is configured: so is the way to it.
            read = Read("{" + Announced + "}", "", Xml("", "", "<serverURI>https://BMSC.example.org:99/x</serverURI>", Key10));
            Assert.IsTrue(read.Services[0].Bmsc == read.Bmscs[0]);

            read = Read("{" + Announced + "}", "", Xml("", "", "<serverURI>https://KMS.example.net:99/x</serverURI>", Key10));
            Assert.AreEqual("kms.example.net", read.Services[0].Bmsc.Fqdn);
            Assert.AreEqual("https://KMS.example.net:99/x", read.Services[0].Bmsc.Url);
            Assert.AreEqual(2, read.Bmscs.Length);
        }

        [TestMethod]
        [DataRow("http://192.0.2.1:8080/")]
        [DataRow("http://192.0.2.1")]
        [DataRow("http://[2001:db8::1]/")]
        [DataRow("http://bm_sc/")]
        public void AnAnnouncedServerWithoutNameIsAnError(string uri)
        {
            Assert.AreEqual(
                "services[0].announcement: expected a serverURI with a domain name as host; the FQDN cannot be had from this one: "
                    + "give the service a \"bmsc\"",
                Throws(Document("{" + Announced + "}", ""), Xml("", "", "<serverURI>" + uri + "</serverURI>", Key10)));
        }

        [TestMethod]
        public void AnnouncedKeyGroupsCountToo()
        {
            StringBuilder keys = new StringBuilder();
            for (int i = 0; i < 17; i++)
            {
                keys.Append(Check.Replaced(Key10, "ABAAAQ==", "A" + (char)('B' + i) + "AAAA=="));
            }

            Assert.AreEqual(
                "services[0].announcement: expected at most 16 different Key Groups in all services",
                Throws(Document("{" + Announced + "}", ""), Xml("", "", "", keys.ToString())));
        }

        [TestMethod]
        public void KeyManagementInTheUiccIsTakenAndTold()
        {
            MeConfiguration read = Read("{" + Announced + "}", "", Xml("", "", "", Key10));
            Assert.AreEqual(1, read.Notices.Length);
            Assert.AreEqual("me-based-keys", read.Notices[0].Name);
            Assert.AreEqual("news", read.Notices[0]["service"]);
        }

        [TestMethod]
        public void AnAnnouncementThatIsNoneIsNamedWithItsFile()
        {
            Assert.AreEqual(
                "services[0].announcement: expected a security description (XML); in news.xml: expected securityDescription as the root element",
                Throws(Document("{" + Announced + "}", ""), "<a/>"));
            Assert.AreEqual(
                "services[0].announcement: expected a file that can be read: gone",
                Check.Throws(typeof(ConfigurationException), () => MeConfiguration.Parse(Json(Document("{" + Announced + "}", "")), Gone)));
        }

        private static byte[] Gone(string path)
        {
            throw new IOException("gone");
        }

        private static string AtPowerDown(string rule)
        {
            return Check.Replaced(Document("{" + News + "}", ""), "'directory':'d'", "'directory':'d','atPowerDown':'" + rule + "'");
        }

        private static string Service(string id, string group, string bmsc)
        {
            return "'id':'" + id + "','keyDomain':'00f110','keyGroups':['" + group + "'],'bmsc':{'url':'http://" + bmsc
                + ".bench/','fqdn':'" + bmsc + "'}";
        }

        private static string Xml(string attributes, string backoff, string servers, string keys)
        {
            return "<securityDescription xmlns='urn:3GPP:metadata:2005:MBMS:securityDescription'" + attributes + "><keyManagement " + backoff + ">"
                + servers + "</keyManagement>" + keys + "</securityDescription>";
        }

        private static string Flows(ServiceSettings service)
        {
            string text = "";
            for (int i = 0; i < service.Flows.Length; i++)
            {
                MediaFlow flow = service.Flows[i];
                KeyGroup group = flow.Group;
                text += (i == 0 ? "" : ", ") + flow.Address.Address + ":" + flow.Address.Port + " " + group.DomainText + " " + group.GroupText
                    + (flow.Confidentiality ? " +c" : " -c") + (flow.Integrity ? "+i" : "-i")
                    + (flow.Output == null ? "" : " >" + flow.Output.Address + ":" + flow.Output.Port);
            }

            return text;
        }

        private static string Document(string services, string more)
        {
            return Start + ",'services':[" + services + "]" + more + "}";
        }

        private static MeConfiguration Read(string services, string more)
        {
            return MeConfiguration.Parse(Json(Document(services, more)));
        }

        private static MeConfiguration Read(string services, string more, string announcement)
        {
            return MeConfiguration.Parse(Json(Document(services, more)), path => File("news.xml", path, announcement));
        }

        private static byte[] File(string expected, string path, string content)
        {
            Assert.AreEqual(expected, path);
            return Check.Ascii(content);
        }

        private static string Throws(string document, string announcement)
        {
            FileReader files = announcement == null ? (FileReader)null : path => Check.Ascii(announcement);
            return Check.Throws(typeof(ConfigurationException), () => MeConfiguration.Parse(Json(document), files));
        }

        private static string Json(string document)
        {
            char[] json = document.ToCharArray();
            for (int i = 0; i < json.Length; i++)
            {
                json[i] = json[i] == '\'' ? '"' : json[i];
            }

            return new string(json);
        }
    }
}
