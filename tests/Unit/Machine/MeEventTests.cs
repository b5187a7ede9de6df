using System;
using MbmsMe.Machine;
using MbmsMe.Text;

namespace MbmsMe.Tests
{
    /// <summary>Events as a line of JSON and as a line for a person.</summary>
    [TestClass]
    public class MeEventTests
    {
        [TestMethod]
        public void AnEventWithoutValues()
        {
            Assert.AreEqual(
                "{\"event\":\"started\",\"time\":\"2026-11-23T20:59:07.045Z\"}",
                EventJson.Write(new MeEvent("started"), new DateTime(2026, 11, 23, 20, 59, 7, 45)));
        }

        [TestMethod]
        public void TimesHaveLeadingZerosAndMilliseconds()
        {
            Assert.AreEqual(
                "{\"event\":\"e\",\"time\":\"2026-01-02T03:04:05.000Z\"}",
                EventJson.Write(new MeEvent("e"), new DateTime(2026, 1, 2, 3, 4, 5)));
        }

        [TestMethod]
        public void ValuesKeepTheirTypeAndOrder()
        {
            Assert.AreEqual(
                Line("\"mskId\":\"00010001\",\"status\":401,\"expired\":true,\"first\":false,\"total\":4294967296,\"low\":-1"),
                Json(new MeEvent("e").With("mskId", "00010001").With("status", 401).With("expired", true).With("first", false)
                    .With("total", 4294967296L).With("low", -1)));
        }

        [TestMethod]
        public void NoTextIsNull()
        {
            Assert.AreEqual(Line("\"a\":null"), Json(new MeEvent("e").With("a", (string)null)));
            Assert.AreEqual(Line("\"a\":\"\""), Json(new MeEvent("e").With("a", "")));
        }

        [TestMethod]
        [DataRow("a\"b", "a\\\"b")]
        [DataRow("a\\b", "a\\\\b")]
        [DataRow("\\\"", "\\\\\\\"")]
        [DataRow("a\nb", "a\\u000Ab")]
        [DataRow("a\r\tb", "a\\u000D\\u0009b")]
        [DataRow("\u0001\u001f", "\\u0001\\u001F")]
        [DataRow("\u007f", "\u007f")]
        [DataRow("/<>&'", "/<>&'")]
        [DataRow("\u00e9\u20ac", "\u00e9\u20ac")]
        public void TextIsEscaped(string text, string escaped)
        {
            Assert.AreEqual(Line("\"a\":\"" + escaped + "\""), Json(new MeEvent("e").With("a", text)));
        }

        [TestMethod]
        public void NamesAreEscapedToo()
        {
            Assert.AreEqual(
                "{\"event\":\"x\\\"\",\"time\":\"2026-01-02T03:04:05.000Z\",\"y\\\\\":1}",
                Json(new MeEvent("x\"").With("y\\", 1)));
        }

        [TestMethod]
        public void EveryLineIsReadAgainAsJson()
        {
            string text = "quote \" backslash \\ newline \n tab \t bell \u0007 e \u00e9";
            System.Collections.Hashtable read = (System.Collections.Hashtable)Text.Json.Parse(
                Json(new MeEvent("e").With("a", text).With("b", 7).With("c", true)));
            Assert.AreEqual("e", (string)read["event"]);
            Assert.AreEqual(text, (string)read["a"]);
            Assert.AreEqual(7L, (long)read["b"]);
            Assert.AreEqual(true, (bool)read["c"]);
        }

        [TestMethod]
        public void ValuesCanBeAskedFor()
        {
            MeEvent meEvent = new MeEvent("http").With("status", 200).With("requesttype", "gba");
            Assert.AreEqual("http", meEvent.Name);
            Assert.AreEqual(200L, (long)meEvent["status"]);
            Assert.AreEqual("gba", (string)meEvent["requesttype"]);
            Assert.IsNull(meEvent["other"]);
        }

        [TestMethod]
        public void APersonReadsNameAndPairs()
        {
            Assert.AreEqual(
                "http requesttype=gba status=200 ok=true error=null",
                new MeEvent("http").With("requesttype", "gba").With("status", 200).With("ok", true).With("error", (string)null).ToString());
        }

        private static string Json(MeEvent meEvent)
        {
            return EventJson.Write(meEvent, new DateTime(2026, 1, 2, 3, 4, 5));
        }

        private static string Line(string values)
        {
            return "{\"event\":\"e\",\"time\":\"2026-01-02T03:04:05.000Z\"," + values + "}";
        }
    }
}
