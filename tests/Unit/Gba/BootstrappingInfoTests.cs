using System;
using MbmsMe.Binary;
using MbmsMe.Gba;

namespace MbmsMe.Tests
{
    /// <summary>The body of the BSF's 200 OK: B-TID, and the lifetime as xsd:dateTime.</summary>
    [TestClass]
    public class BootstrappingInfoTests
    {
        private const string Start = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><BootstrappingInfo xmlns=\"uri:3gpp-gba\">";
        private const string End = "</BootstrappingInfo>";
        private const string Time = "<lifetime>2020-10-28T23:36:26Z</lifetime>";

        [TestMethod]
        public void ReadsBtidAndLifetime()
        {
            BootstrappingInfo info = Read(Start + "<btid>" + Vectors.Btid + "</btid>" + Time + End);
            Assert.AreEqual(Vectors.Btid, info.Btid);
            Assert.AreEqual("2020-10-28T23:36:26Z", info.Lifetime);
            Assert.AreEqual(1603928186L, info.ExpiresAt);
        }

        [TestMethod]
        public void TakesPrefixesSpacesOtherElementsAndAnyOrder()
        {
            BootstrappingInfo info = Read(
                "<g:BootstrappingInfo xmlns:g=\"uri:3gpp-gba\">\r\n  <g:lifetime>\n 2020-10-28T23:36:26Z </g:lifetime>\n"
                + "  <x:more a='1'><b/>text</x:more><!-- btid --><g:btid> a@b\t</g:btid>\n</g:BootstrappingInfo>\n");
            Assert.AreEqual("a@b", info.Btid);
            Assert.AreEqual(1603928186L, info.ExpiresAt);
        }

        [TestMethod]
        [DataRow("<btid>a@b</btid>")]
        [DataRow("<lifetime>2020-10-28T23:36:26Z</lifetime>")]
        [DataRow("<btid></btid><lifetime>2020-10-28T23:36:26Z</lifetime>")]
        [DataRow("<btid/><lifetime>2020-10-28T23:36:26Z</lifetime>")]
        [DataRow("<btid>a b</btid><lifetime>2020-10-28T23:36:26Z</lifetime>")]
        [DataRow("<btid>a&#10;b</btid><lifetime>2020-10-28T23:36:26Z</lifetime>")]
        [DataRow("<btid>a@\u00e9</btid><lifetime>2020-10-28T23:36:26Z</lifetime>")]
        [DataRow("<btid>a@b</btid><lifetime>soon</lifetime>")]
        [DataRow("<btid>a@b</btid><lifetime/>")]
        [DataRow("<btid>a@b</btid><lifetime>2020-10-28T23:36:26Z</lifetime><open>")]
        [DataRow("<btid>a@b</btid><lifetime>2020-10-28T23:36:26Z")]
        public void IsNullWithoutBothValuesInWellFormedXml(string content)
        {
            Assert.IsNull(Read(Start + content + End));
        }

        [TestMethod]
        public void IsNullForNoXmlAtAll()
        {
            Assert.IsNull(Read(""));
            Assert.IsNull(Read("a@b 2020-10-28T23:36:26Z"));
            Assert.IsNull(BootstrappingInfo.Read(Check.Bytes("00ff80c3")));
        }

        [TestMethod]
        public void ABtidHasAtMost255Octets()
        {
            string btid = new string('b', 255);
            Assert.AreEqual(btid, Read(Start + "<btid>" + btid + "</btid>" + Time + End).Btid);
            Assert.IsNull(Read(Start + "<btid>" + btid + "b</btid>" + Time + End));
        }

        [TestMethod]
        [DataRow("1970-01-01T00:00:00Z", "0")]
        [DataRow("1970-01-01T00:00:01Z", "1")]
        [DataRow("2020-10-28T23:36:26Z", "1603928186")]
        [DataRow("2020-10-28T23:36:26", "1603928186")]
        [DataRow("2020-10-28T23:36:26.5Z", "1603928186")]
        [DataRow("2020-10-28T23:36:26.123456789Z", "1603928186")]
        [DataRow("2020-10-28T23:36:26.999", "1603928186")]
        [DataRow("2020-10-28T23:36:26+00:00", "1603928186")]
        [DataRow("2020-10-28T23:36:26-00:00", "1603928186")]
        [DataRow("2020-10-29T01:36:26+02:00", "1603928186")]
        [DataRow("2020-10-28T18:06:26-05:30", "1603928186")]
        [DataRow("2020-10-28T18:06:26.25-05:30", "1603928186")]
        [DataRow("2020-10-29T13:36:26+14:00", "1603928186")]
        [DataRow("1970-01-01T00:00:00+01:00", "-3600")]
        [DataRow("2000-02-29T12:00:00Z", "951825600")]
        [DataRow("2024-02-29T00:00:00Z", "1709164800")]
        [DataRow("2026-12-31T23:59:59Z", "1798761599")]
        [DataRow("2038-01-19T03:14:08Z", "2147483648")]
        [DataRow("2106-02-07T06:28:16Z", "4294967296")]
        [DataRow("2999-12-31T23:59:59Z", "32503679999")]
        [DataRow("3001-01-01T00:00:00Z", "32535216000")] // the calendar of nanoFramework ends before
        [DataRow("9999-12-31T23:59:59Z", "253402300799")]
        public void ReadsTimesWithZoneAndFraction(string text, string seconds)
        {
            long read;
            Assert.IsTrue(BootstrappingInfo.TryReadTime(text, out read));
            Assert.AreEqual(long.Parse(seconds), read);
        }

        [TestMethod]
        public void EveryMonthOfFourCenturiesBeginsWhenTheCalendarSays()
        {
            for (int year = 1970; year <= 2370; year++)
            {
                for (int month = 1; month <= 12; month++)
                {
                    string text = year + (month < 10 ? "-0" : "-") + month + "-01T00:00:00Z";
                    long seconds;
                    Assert.IsTrue(BootstrappingInfo.TryReadTime(text, out seconds), text);
                    TimeSpan sinceEpoch = new DateTime(year, month, 1) - DateTime.UnixEpoch;
                    Assert.AreEqual(sinceEpoch.Ticks / TimeSpan.TicksPerSecond, seconds, text);
                }
            }
        }

        [TestMethod]
        [DataRow("")]
        [DataRow("2020-10-28")]
        [DataRow("2020-10-28T23:36Z")]
        [DataRow("2020-10-28T23:36:2")]
        [DataRow("2020-10-28 23:36:26Z")]
        [DataRow("2020-10-28t23:36:26Z")]
        [DataRow("2020/10/28T23:36:26Z")]
        [DataRow("2020-10-28T23.36.26Z")]
        [DataRow("20201028T233626Z00000")]
        [DataRow(" 2020-10-28T23:36:26Z")]
        [DataRow("2020-10-28T23:36:26Z ")]
        [DataRow("2020-10-28T23:36:26z")]
        [DataRow("2020-10-28T23:36:26X")]
        [DataRow("2020-10-28T23:36:26ZZ")]
        [DataRow("2020-10-28T23:36:26Z+01:00")]
        [DataRow("2020-10-28T23:36:26+0100")]
        [DataRow("2020-10-28T23:36:26+1:00")]
        [DataRow("2020-10-28T23:36:26+01")]
        [DataRow("2020-10-28T23:36:26+01:0")]
        [DataRow("2020-10-28T23:36:26+aa:00")]
        [DataRow("2020-10-28T23:36:26+01:bb")]
        [DataRow("2020-10-28T23:36:26*01:00")]
        [DataRow("1969-12-31T23:59:59Z")]
        [DataRow("0000-10-28T23:36:26Z")]
        [DataRow("2020-00-28T23:36:26Z")]
        [DataRow("2020-13-28T23:36:26Z")]
        [DataRow("2020-10-00T23:36:26Z")]
        [DataRow("2020-10-32T23:36:26Z")]
        [DataRow("2021-02-29T23:36:26Z")]
        [DataRow("2100-02-29T23:36:26Z")]
        [DataRow("2020-04-31T23:36:26Z")]
        [DataRow("2020-10-28T24:36:26Z")]
        [DataRow("2020-10-28T23:60:26Z")]
        [DataRow("2020-10-28T23:36:60Z")]
        [DataRow("2020-1a-28T23:36:26Z")]
        [DataRow("-020-10-28T23:36:26Z")]
        [DataRow("2020-10-28T-1:36:26Z")]
        public void RefusesAnythingElse(string text)
        {
            Assert.IsFalse(BootstrappingInfo.TryReadTime(text, out _));
        }

        [TestMethod]
        [DataRow("2020-10-28T23:36:261Z")]
        [DataRow("2020-10-28T23:36:26.Z")]
        [DataRow("2020-10-28T23:36:26.1.2Z")]
        [DataRow("2020-10-28T23:36:26..Z")]
        public void AFractionIsAPointAndDigits(string text)
        {
            Assert.IsFalse(BootstrappingInfo.TryReadTime(text, out _));
        }

        [TestMethod]
        [DataRow("2020-10-28T23:36:26+99:00")]
        [DataRow("2020-10-28T23:36:26-15:00")]
        [DataRow("2020-10-28T23:36:26+14:01")]
        [DataRow("2020-10-28T23:36:26+01:60")]
        public void AZoneIsAtMostFourteenHoursAway(string text)
        {
            Assert.IsFalse(BootstrappingInfo.TryReadTime(text, out _));
        }

        [TestMethod]
        public void NoTextIsNoTime()
        {
            Assert.IsFalse(BootstrappingInfo.TryReadTime(null, out _));
        }

        private static BootstrappingInfo Read(string body)
        {
            return BootstrappingInfo.Read(Octets.FromText(body));
        }
    }
}
