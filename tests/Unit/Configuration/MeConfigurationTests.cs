using System.Text;
using MbmsMe.Configuration;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>The configuration of an ME: the sample, and for every key the one line that names what is wrong with it.</summary>
    [TestClass]
    public class MeConfigurationTests
    {
        // Apostrophes stand for quotation marks. As the issue has it, spaces and line ends included.
        private const string Sample =
            "{\n"
            + "  'uicc':     { 'kind': 'soft', 'iccid': '8988201000000000019', 'imsi': '001010123456789', 'mncLength': 2,\n"
            + "                'k': '465b5ce8b199b49faa5f0a2ee238a6bc', 'opc': 'cd63cb71954a9f4e48a5994e37a02baf' },\n"
            + "  'bsf':      { 'url': 'http://127.0.0.1:8070/' },\n"
            + "  'bmsc':     { 'url': 'http://127.0.0.1:8080/keymanagement', 'fqdn': 'bmsc.example.org' },\n"
            + "  'mikey':    { 'listen': '127.0.0.1:2269' },\n"
            + "  'services': [ { 'id': 'urn:example:news', 'keyDomain': '00f110', 'keyGroups': ['0010'] } ],\n"
            + "  'backoff':  { 'offsetSeconds': 0, 'randomSeconds': 0 },\n"
            + "  'storage':  { 'directory': './me-state' }\n"
            + "}\n";

        [TestMethod]
        public void TheSampleIsRead()
        {
            MeConfiguration read = MeConfiguration.Parse(Json(Sample));
            Assert.AreEqual("8988201000000000019", read.Uicc.Iccid);
            Assert.AreEqual("001010123456789", read.Uicc.Imsi);
            Assert.AreEqual(2, read.Uicc.MncLength);
            Check.Hex(Vectors.K, read.Uicc.K);
            Check.Hex(Vectors.Opc, read.Uicc.Opc);
            Assert.AreEqual("http://127.0.0.1:8070/", read.BsfUrl);
            Assert.AreEqual("http://127.0.0.1:8080/keymanagement", read.Bmscs[0].Url);
            Assert.AreEqual("bmsc.example.org", read.Bmscs[0].Fqdn);
            Assert.AreEqual("127.0.0.1", read.Listen.Address);
            Assert.AreEqual(2269, read.Listen.Port);
            Assert.AreEqual(1, read.Services.Length);
            Assert.AreEqual("urn:example:news", read.Services[0].Id);
            Assert.AreEqual(1, read.Services[0].Groups.Length);
            Assert.IsTrue(read.Services[0].Groups[0].Is(new KeyGroup(0x00F110, 0x0010)));
            Assert.AreEqual(0, read.Backoff.OffsetSeconds);
            Assert.AreEqual(0, read.Backoff.RandomSeconds);
            Assert.AreEqual(RequestSettings.DefaultMaxPerMinute, read.Requests.MaxPerMinute);
            Assert.AreEqual("./me-state", read.Storage.Directory);
            Assert.IsNull(read.Wifi);
        }

        [TestMethod]
        public void AByteOrderMarkIsPassedOver()
        {
            Assert.AreEqual("001010123456789", MeConfiguration.Parse("\ufeff" + Json(Sample)).Uicc.Imsi);
        }

        [TestMethod]
        [DataRow("'kind': 'soft', ", "uicc.kind: missing; expected \"soft\"")]
        [DataRow("'iccid': '8988201000000000019', ", "uicc.iccid: missing; expected 18 to 20 digits")]
        [DataRow("'imsi': '001010123456789', ", "uicc.imsi: missing; expected 6 to 15 digits")]
        [DataRow("'mncLength': 2,", "uicc.mncLength: missing; expected a whole number from 2 to 3")]
        [DataRow("'k': '465b5ce8b199b49faa5f0a2ee238a6bc', ", "uicc.k: missing; expected 32 hexadecimal digits (128 bits)")]
        [DataRow(", 'opc': 'cd63cb71954a9f4e48a5994e37a02baf'", "uicc.opc: missing; expected 32 hexadecimal digits (128 bits)")]
        [DataRow("'url': 'http://127.0.0.1:8070/'", "bsf.url: missing; expected an http:// or https:// URL")]
        [DataRow("'url': 'http://127.0.0.1:8080/keymanagement', ", "bmsc.url: missing; expected an http:// or https:// URL")]
        [DataRow(", 'fqdn': 'bmsc.example.org'", "bmsc.fqdn: missing; expected a fully qualified domain name, such as \"bmsc.example.org\"")]
        [DataRow("'listen': '127.0.0.1:2269'", "mikey.listen: missing; expected IPv4 address and UDP port, such as \"127.0.0.1:2269\"")]
        [DataRow("'id': 'urn:example:news', ", "services[0].id: missing; expected the service's ID")]
        [DataRow("'keyDomain': '00f110', ", "services[0].keyDomain: missing; expected 6 hexadecimal digits (3 octets)")]
        [DataRow(
            ", 'keyGroups': ['0010']",
            "services[0].keyGroups: missing; expected a list of at least one text: 4 hexadecimal digits (2 octets), not 0000")]
        [DataRow("'offsetSeconds': 0, ", "backoff.offsetSeconds: missing; expected a whole number from 0 to 86400")]
        [DataRow(", 'randomSeconds': 0", "backoff.randomSeconds: missing; expected a whole number from 0 to 86400")]
        [DataRow("'directory': './me-state'", "storage.directory: missing; expected the path of a directory")]
        public void AMissingKeyIsNamedWithWhatIsExpected(string key, string message)
        {
            Assert.AreEqual(message, Message(key, ""));
        }

        [TestMethod]
        [DataRow("uicc", "uicc: missing; expected an object")]
        [DataRow("bsf", "bsf: missing; expected an object")]
        [DataRow("bmsc", "bmsc: missing; expected an object")]
        [DataRow("mikey", "mikey: missing; expected an object")]
        [DataRow("services", "services: missing; expected a list of at least one object")]
        [DataRow("backoff", "backoff: missing; expected an object")]
        [DataRow("storage", "storage: missing; expected an object")]
        public void AMissingSectionIsNamed(string section, string message)
        {
            Assert.AreEqual(message, Message("'" + section + "': ", "'other" + section + "': "));
        }

        [TestMethod]
        [DataRow("'soft'", "7", "uicc.kind: expected \"soft\"")]
        [DataRow("'8988201000000000019'", "8988201000000000019", "uicc.iccid: expected 18 to 20 digits")]
        [DataRow("'001010123456789'", "1010123456789", "uicc.imsi: expected 6 to 15 digits")]
        [DataRow("'mncLength': 2", "'mncLength': '2'", "uicc.mncLength: expected a whole number from 2 to 3")]
        [DataRow("'mncLength': 2", "'mncLength': 2.0", "uicc.mncLength: expected a whole number from 2 to 3")]
        [DataRow("'mncLength': 2", "'mncLength': null", "uicc.mncLength: expected a whole number from 2 to 3")]
        [DataRow("'465b5ce8b199b49faa5f0a2ee238a6bc'", "null", "uicc.k: expected 32 hexadecimal digits (128 bits)")]
        [DataRow("'cd63cb71954a9f4e48a5994e37a02baf'", "[]", "uicc.opc: expected 32 hexadecimal digits (128 bits)")]
        [DataRow("'http://127.0.0.1:8070/'", "{}", "bsf.url: expected an http:// or https:// URL")]
        [DataRow("'http://127.0.0.1:8080/keymanagement'", "true", "bmsc.url: expected an http:// or https:// URL")]
        [DataRow("'bmsc.example.org'", "1", "bmsc.fqdn: expected a fully qualified domain name, such as \"bmsc.example.org\"")]
        [DataRow("'127.0.0.1:2269'", "2269", "mikey.listen: expected IPv4 address and UDP port, such as \"127.0.0.1:2269\"")]
        [DataRow("'urn:example:news'", "1", "services[0].id: expected the service's ID")]
        [DataRow("'00f110'", "110", "services[0].keyDomain: expected 6 hexadecimal digits (3 octets)")]
        [DataRow(
            "['0010']",
            "'0010'",
            "services[0].keyGroups: expected a list of at least one text: 4 hexadecimal digits (2 octets), not 0000")]
        [DataRow(
            "['0010']", "[]", "services[0].keyGroups: expected a list of at least one text: 4 hexadecimal digits (2 octets), not 0000")]
        [DataRow("['0010']", "['0011', 10]", "services[0].keyGroups[1]: expected 4 hexadecimal digits (2 octets), not 0000")]
        [DataRow("'offsetSeconds': 0", "'offsetSeconds': '0'", "backoff.offsetSeconds: expected a whole number from 0 to 86400")]
        [DataRow("'randomSeconds': 0", "'randomSeconds': false", "backoff.randomSeconds: expected a whole number from 0 to 86400")]
        [DataRow("'./me-state'", "0", "storage.directory: expected the path of a directory")]
        [DataRow("{ 'url': 'http://127.0.0.1:8070/' }", "'http://127.0.0.1:8070/'", "bsf: expected an object")]
        [DataRow("{ 'listen': '127.0.0.1:2269' }", "[]", "mikey: expected an object")]
        [DataRow("{ 'directory': './me-state' }", "null", "storage: expected an object")]
        [DataRow("[ {", "[ 1, {", "services[0]: expected an object")]
        [DataRow("} ],", "}, null ],", "services[1]: expected an object")]
        public void AValueOfAnotherTypeIsNamed(string value, string by, string message)
        {
            Assert.AreEqual(message, Message(value, by));
        }

        [TestMethod]
        public void ServicesMustBeAListOfAtLeastOne()
        {
            string service = "[ { 'id': 'urn:example:news', 'keyDomain': '00f110', 'keyGroups': ['0010'] } ]";
            Assert.AreEqual("services: expected a list of at least one object", Message(service, "[]"));
            Assert.AreEqual("services: expected a list of at least one object", Message(service, "{}"));
            Assert.AreEqual("services: expected a list of at least one object", Message(service, "null"));
        }

        [TestMethod]
        [DataRow("'soft'", "'Soft'", "uicc.kind")]
        [DataRow("'8988201000000000019'", "'89882010000000000'", "uicc.iccid")] // 17 digits
        [DataRow("'8988201000000000019'", "'898820100000000001901'", "uicc.iccid")] // 21
        [DataRow("'8988201000000000019'", "'898820100000000001F'", "uicc.iccid")]
        [DataRow("'8988201000000000019'", "''", "uicc.iccid")]
        [DataRow("'001010123456789'", "'00101'", "uicc.imsi")]
        [DataRow("'001010123456789'", "'0010101234567890'", "uicc.imsi")]
        [DataRow("'001010123456789'", "'00101012345678 '", "uicc.imsi")]
        [DataRow("'mncLength': 2", "'mncLength': 1", "uicc.mncLength")]
        [DataRow("'mncLength': 2", "'mncLength': 4", "uicc.mncLength")]
        [DataRow("'mncLength': 2", "'mncLength': -2", "uicc.mncLength")]
        [DataRow("'mncLength': 2", "'mncLength': 4294967298", "uicc.mncLength")]
        [DataRow("'465b5ce8b199b49faa5f0a2ee238a6bc'", "'465b5ce8b199b49faa5f0a2ee238a6b'", "uicc.k")]
        [DataRow("'465b5ce8b199b49faa5f0a2ee238a6bc'", "'465b5ce8b199b49faa5f0a2ee238a6'", "uicc.k")]
        [DataRow("'465b5ce8b199b49faa5f0a2ee238a6bc'", "'465b5ce8b199b49faa5f0a2ee238a6bcbc'", "uicc.k")]
        [DataRow("'465b5ce8b199b49faa5f0a2ee238a6bc'", "'465b5ce8b199b49faa5f0a2ee238a6bg'", "uicc.k")]
        [DataRow("'cd63cb71954a9f4e48a5994e37a02baf'", "'0xcd63cb71954a9f4e48a5994e37a02b'", "uicc.opc")]
        [DataRow("'http://127.0.0.1:8070/'", "'127.0.0.1:8070/'", "bsf.url")]
        [DataRow("'http://127.0.0.1:8070/'", "''", "bsf.url")]
        [DataRow("'http://127.0.0.1:8070/'", "'http://'", "bsf.url")]
        [DataRow("'http://127.0.0.1:8070/'", "'http:///x'", "bsf.url")]
        [DataRow("'http://127.0.0.1:8070/'", "'http://:80/'", "bsf.url")]
        [DataRow("'http://127.0.0.1:8070/'", "'ftp://127.0.0.1/'", "bsf.url")]
        [DataRow("'http://127.0.0.1:8070/'", "'http://127.0.0.1:0/'", "bsf.url")]
        [DataRow("'http://127.0.0.1:8070/'", "'http://127.0.0.1:65536/'", "bsf.url")]
        [DataRow("'http://127.0.0.1:8070/'", "'http://127.0.0.1:/'", "bsf.url")]
        [DataRow("'http://127.0.0.1:8070/'", "'http://127.0.0.1:80a/'", "bsf.url")]
        [DataRow("'http://127.0.0.1:8070/'", "'http://127.0.0.1/a b'", "bsf.url")]
        [DataRow("'http://127.0.0.1:8070/'", "'http://127.0.0.1/#x'", "bsf.url")]
        [DataRow("'http://127.0.0.1:8070/'", "'http://127.0.0.1/\\n'", "bsf.url")]
        [DataRow("'http://127.0.0.1:8070/'", "'http://127.0.0.1/\u00e9'", "bsf.url")]
        [DataRow("'http://127.0.0.1:8080/keymanagement'", "'bmsc'", "bmsc.url")]
        [DataRow("'bmsc.example.org'", "''", "bmsc.fqdn")]
        [DataRow("'bmsc.example.org'", "'bmsc..org'", "bmsc.fqdn")]
        [DataRow("'bmsc.example.org'", "'.org'", "bmsc.fqdn")]
        [DataRow("'bmsc.example.org'", "'bmsc.example.org:80'", "bmsc.fqdn")]
        [DataRow("'bmsc.example.org'", "'bmsc example'", "bmsc.fqdn")]
        [DataRow("'bmsc.example.org'", "'bmsc_1.org'", "bmsc.fqdn")]
        [DataRow("'bmsc.example.org'", "'b\u00fccher.org'", "bmsc.fqdn")]
        [DataRow("'127.0.0.1:2269'", "'127.0.0.1'", "mikey.listen")]
        [DataRow("'127.0.0.1:2269'", "':2269'", "mikey.listen")]
        [DataRow("'127.0.0.1:2269'", "'127.0.0.1:'", "mikey.listen")]
        [DataRow("'127.0.0.1:2269'", "'127.0.0.1:65536'", "mikey.listen")]
        [DataRow("'127.0.0.1:2269'", "'127.0.0.1:100000'", "mikey.listen")]
        [DataRow("'127.0.0.1:2269'", "'127.0.0.1:-1'", "mikey.listen")]
        [DataRow("'127.0.0.1:2269'", "'127.0.0.256:2269'", "mikey.listen")]
        [DataRow("'127.0.0.1:2269'", "'127.0.1:2269'", "mikey.listen")]
        [DataRow("'127.0.0.1:2269'", "'127.0.0.1.1:2269'", "mikey.listen")]
        [DataRow("'127.0.0.1:2269'", "'127.0..1:2269'", "mikey.listen")]
        [DataRow("'127.0.0.1:2269'", "'localhost:2269'", "mikey.listen")]
        [DataRow("'127.0.0.1:2269'", "'[::1]:2269'", "mikey.listen")]
        [DataRow("'urn:example:news'", "''", "services[0].id")]
        [DataRow("'00f110'", "'0f110'", "services[0].keyDomain")]
        [DataRow("'00f110'", "'00f1100'", "services[0].keyDomain")]
        [DataRow("'00f110'", "'00f11g'", "services[0].keyDomain")]
        [DataRow("['0010']", "['010']", "services[0].keyGroups[0]")]
        [DataRow("['0010']", "['00010']", "services[0].keyGroups[0]")]
        [DataRow("['0010']", "['001g']", "services[0].keyGroups[0]")]
        [DataRow("['0010']", "['0000']", "services[0].keyGroups[0]")]
        [DataRow("['0010']", "['0011', '0012', '']", "services[0].keyGroups[2]")]
        [DataRow("'offsetSeconds': 0", "'offsetSeconds': -1", "backoff.offsetSeconds")]
        [DataRow("'offsetSeconds': 0", "'offsetSeconds': 86401", "backoff.offsetSeconds")]
        [DataRow("'randomSeconds': 0", "'randomSeconds': 86401", "backoff.randomSeconds")]
        [DataRow("'randomSeconds': 0", "'randomSeconds': 0, 'maxRequestsPerMinute': 0", "backoff.maxRequestsPerMinute")]
        [DataRow("'randomSeconds': 0", "'randomSeconds': 0, 'maxRequestsPerMinute': '9'", "backoff.maxRequestsPerMinute")]
        [DataRow("'./me-state'", "''", "storage.directory")]
        public void AValueInAnotherFormatIsNamedAndNotShown(string value, string by, string key)
        {
            string message = Message(value, by);
            Assert.IsTrue(message.StartsWith(key + ": expected "), message);
            Assert.IsTrue(message.IndexOf('\n') < 0, message);
        }

        [TestMethod]
        [DataRow("http://?x")]
        [DataRow("http://[::1/")]
        [DataRow("http://a:1:2/")]
        public void AUrlNeedsAHost(string url)
        {
            string message = Message("'http://127.0.0.1:8070/'", "'" + url + "'");
            Assert.IsTrue(message.StartsWith("bsf.url: expected "), message);
        }

        [TestMethod]
        [DataRow("1e999")]
        [DataRow("-1e999")]
        [DataRow("1e-999")]
        [DataRow("123456789012345678901234567890")]
        [DataRow("9223372036854775808")]
        public void ANumberBeyondEveryRangeIsNamed(string number)
        {
            Assert.AreEqual(
                "uicc.mncLength: expected a whole number from 2 to 3", Message("'mncLength': 2", "'mncLength': " + number));
        }

        [TestMethod]
        public void NoMessageShowsAKey()
        {
            string message = Message("'465b5ce8b199b49faa5f0a2ee238a6bc'", "'465b5ce8b199b49faa5f0a2ee238a6bcff'");
            Assert.IsTrue(message.IndexOf("465b") < 0, message);
        }

        [TestMethod]
        [DataRow("'kind': 'soft'", "'kind': 'soft', 'pin': '1234'", "uicc.pin: unknown key; expected one of kind, iccid, imsi, mncLength, k, opc")]
        [DataRow("'http://127.0.0.1:8070/'", "'http://127.0.0.1:8070/', 'URL': 1", "bsf.URL: unknown key; expected one of url")]
        [DataRow("'fqdn':", "'name': 1, 'fqdn':", "bmsc.name: unknown key; expected one of url, fqdn")]
        [DataRow("'listen':", "'port': 1, 'listen':", "mikey.port: unknown key; expected one of listen")]
        [DataRow("'id':", "'name': 1, 'id':", "services[0].name: unknown key; expected one of bmsc, id, announcement, keyDomain, keyGroups, mtk, sessions, protection, register, active, backoff")]
        [DataRow("'directory':", "'path': 1, 'directory':", "storage.path: unknown key; expected one of directory, atPowerDown")]
        [DataRow(
            "'bsf': ",
            "'extra': {}, 'bsf': ",
            "extra: unknown key; expected one of uicc, bsf, bmsc, mikey, backoff, services, storage, retry, missedKey, control, wifi")]
        public void AnUnknownKeyIsNamedWithThoseThatAreKnown(string part, string by, string message)
        {
            Assert.AreEqual(message, Message(part, by));
        }

        [TestMethod]
        public void AnUnknownKeyOfBackoffIsNamed()
        {
            string message = Message("'offsetSeconds':", "'maximum': 1, 'offsetSeconds':");
            Assert.IsTrue(message.StartsWith("backoff.maximum: unknown key; expected one of offsetSeconds, randomSeconds, maxRequestsPerMinute"), message);
        }

        [TestMethod]
        [DataRow("'imsi':", "'iccid': '1', 'imsi':", "iccid")]
        [DataRow("'mikey': ", "'bsf': {}, 'mikey': ", "bsf")]
        [DataRow("'keyGroups':", "'id': '', 'keyGroups':", "id")]
        public void AKeyTwiceIsNamed(string part, string by, string key)
        {
            string message = Message(part, by);
            Assert.IsTrue(message.StartsWith("(file): not JSON; line "), message);
            Assert.IsTrue(message.IndexOf("\"" + key + "\"") > 0, message);
        }

        [TestMethod]
        [DataRow("")]
        [DataRow("{")]
        [DataRow("{'uicc': }")]
        [DataRow("[[[[[[[[[[[[]]]]]]]]]]]]")]
        [DataRow("{'uicc': '\\u0000'}")]
        public void NoJsonIsSaidOfTheFile(string json)
        {
            string message = Throws(json);
            Assert.IsTrue(message.StartsWith("(file): not JSON; line 1, column "), message);
        }

        [TestMethod]
        [DataRow("[]")]
        [DataRow("null")]
        [DataRow("'text'")]
        [DataRow("7")]
        public void AnotherDocumentIsSaidOfTheFile(string json)
        {
            Assert.AreEqual("(file): expected a JSON object", Throws(json));
        }

        [TestMethod]
        public void EveryTruncationOfTheSampleIsRefused()
        {
            int end = Sample.LastIndexOf('}');
            for (int length = 0; length <= end; length += 7)
            {
                string message = Throws(Sample.Substring(0, length));
                Assert.IsTrue(message.StartsWith("(file): not JSON; "), message);
            }
        }

        [TestMethod]
        [DataRow("'8988201000000000019'", "'898820100000000001'")]
        [DataRow("'8988201000000000019'", "'89882010000000000190'")]
        [DataRow("'001010123456789'", "'001010'")]
        [DataRow("'mncLength': 2", "'mncLength': 3")]
        [DataRow("'465b5ce8b199b49faa5f0a2ee238a6bc'", "'465B5CE8B199B49FAA5F0A2EE238A6BC'")]
        [DataRow("'http://127.0.0.1:8070/'", "'https://bsf.example.org'")]
        [DataRow("'http://127.0.0.1:8070/'", "'http://bsf.example.org:65535/a?b=c&d=%20'")]
        [DataRow("'http://127.0.0.1:8070/'", "'http://[::1]:8070/'")]
        [DataRow("'http://127.0.0.1:8070/'", "'http://[::1]/'")]
        [DataRow("'bmsc.example.org'", "'BM-SC1.Example.ORG'")]
        [DataRow("'127.0.0.1:2269'", "'0.0.0.0:0'")]
        [DataRow("'127.0.0.1:2269'", "'255.255.255.255:65535'")]
        [DataRow("'00f110'", "'00F110'")]
        [DataRow("['0010']", "['FFFF', '0001']")]
        [DataRow("'offsetSeconds': 0", "'offsetSeconds': 86400")]
        public void TheLimitsAreWithin(string value, string by)
        {
            Assert.IsNotNull(MeConfiguration.Parse(Json(Check.Replaced(Sample, value, by))));
        }

        [TestMethod]
        public void BackoffAndRequestLimitAreRead()
        {
            MeConfiguration read = MeConfiguration.Parse(Json(Check.Replaced(
                Sample, "'offsetSeconds': 0, 'randomSeconds': 0", "'offsetSeconds': 10, 'randomSeconds': 3600, 'maxRequestsPerMinute': 5")));
            Assert.AreEqual(10, read.Backoff.OffsetSeconds);
            Assert.AreEqual(3600, read.Backoff.RandomSeconds);
            Assert.AreEqual(5, read.Requests.MaxPerMinute);
        }

        [TestMethod]
        public void SeveralServicesWithSeveralGroups()
        {
            MeConfiguration read = MeConfiguration.Parse(Json(Check.Replaced(
                Sample, "['0010'] }", "['0010', 'abcd'] }, { 'id': 'b', 'keyDomain': 'FFFFFF', 'keyGroups': ['0010'] }")));
            Assert.AreEqual(2, read.Services.Length);
            Assert.IsTrue(read.Services[0].Uses(new KeyGroup(0x00F110, 0xABCD)));
            Assert.IsFalse(read.Services[0].Uses(new KeyGroup(0xFFFFFF, 0x0010)));
            Assert.IsTrue(read.Services[1].Uses(new KeyGroup(0xFFFFFF, 0x0010)));
        }

        [TestMethod]
        public void TwoServicesMayNotHaveTheSameId()
        {
            Assert.AreEqual(
                "services[1].id: expected an ID that no other service has",
                Message("['0010'] }", "['0010'] }, { 'id': 'urn:example:news', 'keyDomain': '00f110', 'keyGroups': ['0011'] }"));
        }

        [TestMethod]
        public void SixteenKeyGroupsAndNoMore()
        {
            MeConfiguration read = MeConfiguration.Parse(Json(Check.Replaced(Sample, "['0010'] }", Groups(16) + " }")));
            Assert.AreEqual(16, read.Services[0].Groups.Length);

            // A group that two services share counts once.
            MeConfiguration.Parse(Json(Check.Replaced(
                Sample, "['0010'] }", Groups(16) + " }, { 'id': 'b', 'keyDomain': '00f110', 'keyGroups': ['1003'] }")));
            Assert.AreEqual(
                "services[0].keyGroups: expected at most 16 different Key Groups in all services", Message("['0010'] }", Groups(17) + " }"));
            Assert.AreEqual(
                "services[1].keyGroups: expected at most 16 different Key Groups in all services",
                Message("['0010'] }", Groups(16) + " }, { 'id': 'b', 'keyDomain': '00f120', 'keyGroups': ['1003'] }"));
        }

        [TestMethod]
        public void WifiMayBeThere()
        {
            MeConfiguration read = MeConfiguration.Parse(Json(With("'wifi': { 'ssid': 'lab', 'password': '12345678' }")));
            Assert.AreEqual("lab", read.Wifi.Ssid);
            Assert.AreEqual("12345678", read.Wifi.Password);
            Assert.AreEqual("", MeConfiguration.Parse(Json(With("'wifi': { 'ssid': 'lab', 'password': '' }"))).Wifi.Password);
        }

        [TestMethod]
        [DataRow("'wifi': {}", "wifi.ssid: missing; expected 1 to 32 characters")]
        [DataRow("'wifi': 7", "wifi: expected an object")]
        [DataRow("'wifi': { 'ssid': '', 'password': '' }", "wifi.ssid: expected 1 to 32 characters")]
        [DataRow(
            "'wifi': { 'ssid': '123456789012345678901234567890123', 'password': '' }", "wifi.ssid: expected 1 to 32 characters")]
        [DataRow("'wifi': { 'ssid': 'a' }", "wifi.password: missing; expected 8 to 63 characters, or none for an open network")]
        [DataRow(
            "'wifi': { 'ssid': 'a', 'password': '1234567' }", "wifi.password: expected 8 to 63 characters, or none for an open network")]
        [DataRow("'wifi': { 'ssid': 'a', 'password': '', 'x': 1 }", "wifi.x: unknown key; expected one of ssid, password")]
        public void AWrongWifiIsNamed(string wifi, string message)
        {
            Assert.AreEqual(message, Throws(With(wifi)));
        }

        private static string With(string section)
        {
            return Check.Replaced(Sample, "'storage': ", section + ", 'storage': ");
        }

        private static string Groups(int count)
        {
            StringBuilder groups = new StringBuilder("[");
            for (int i = 0; i < count; i++)
            {
                groups.Append(i == 0 ? "'10" : ", '10").Append(i < 10 ? "0" : "").Append(i).Append('\'');
            }

            return groups.Append(']').ToString();
        }

        private static string Message(string part, string by)
        {
            return Throws(Check.Replaced(Sample, part, by));
        }

        private static string Throws(string sample)
        {
            return Check.Throws(typeof(ConfigurationException), () => MeConfiguration.Parse(Json(sample)));
        }

        private static string Json(string sample)
        {
            char[] json = sample.ToCharArray();
            for (int i = 0; i < json.Length; i++)
            {
                json[i] = json[i] == '\'' ? '"' : json[i];
            }

            return new string(json);
        }
    }
}
