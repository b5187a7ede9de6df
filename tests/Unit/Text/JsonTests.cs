using System;
using System.Collections;
using System.Text;
using MbmsMe.Text;

namespace MbmsMe.Tests
{
    /// <summary>Reading of JSON (RFC 8259), and where it stops being that.</summary>
    [TestClass]
    public class JsonTests
    {
        [TestMethod]
        public void EveryTypeOfValue()
        {
            Hashtable read = (Hashtable)Json.Parse(
                " { \"text\" : \"t\" ,\r\n\t\"number\":-12, \"yes\":true,\"no\":false,\"nothing\":null,\"list\":[1,\"2\",[]],\"object\":{\"a\":{}} } ");
            Assert.AreEqual(7, read.Count);
            Assert.AreEqual("t", (string)read["text"]);
            Assert.AreEqual(-12L, (long)read["number"]);
            Assert.AreEqual(true, (bool)read["yes"]);
            Assert.AreEqual(false, (bool)read["no"]);
            Assert.IsTrue(read.Contains("nothing"));
            Assert.IsNull(read["nothing"]);
            ArrayList list = (ArrayList)read["list"];
            Assert.AreEqual(3, list.Count);
            Assert.AreEqual(1L, (long)list[0]);
            Assert.AreEqual("2", (string)list[1]);
            Assert.AreEqual(0, ((ArrayList)list[2]).Count);
            Assert.AreEqual(0, ((Hashtable)((Hashtable)read["object"])["a"]).Count);
        }

        [TestMethod]
        [DataRow("\"\"", "")]
        [DataRow("\"a b\"", "a b")]
        [DataRow("\"\\\"\\\\\\/\"", "\"\\/")]
        [DataRow("\"\\b\\f\\n\\r\\t\"", "\b\f\n\r\t")]
        [DataRow("\"\\u0041\\u00e9\\u20AC\"", "A\u00e9\u20ac")]
        [DataRow("\"\u00e9\u20ac\"", "\u00e9\u20ac")]
        [DataRow("\"{[,:]}\"", "{[,:]}")]
        [DataRow("\"\\ud83d\\ude00\"", "\ud83d\ude00")]
        public void Texts(string json, string text)
        {
            Assert.AreEqual(text, (string)Json.Parse(json));
        }

        [TestMethod]
        [DataRow("0", "0")]
        [DataRow("-0", "0")]
        [DataRow("7", "7")]
        [DataRow("-2147483649", "-2147483649")]
        [DataRow("999999999999999999", "999999999999999999")]
        public void WholeNumbers(string json, string number)
        {
            object read = Json.Parse(json);
            Assert.IsTrue(read is long);
            Assert.AreEqual(number, read.ToString());
        }

        [TestMethod]
        [DataRow("0.5", 1, 2)]
        [DataRow("-2.25", -9, 4)]
        [DataRow("1e2", 100, 1)]
        [DataRow("25E-2", 1, 4)]
        [DataRow("1.5e+1", 15, 1)]
        [DataRow("1000000000000000000", 0, 1)]
        public void OtherNumbersAreDoubles(string json, int numerator, int denominator)
        {
            object read = Json.Parse(json);
            Assert.IsTrue(read is double);
            Assert.AreEqual(numerator == 0 ? 1e18 : (double)numerator / denominator, (double)read);
        }

        [TestMethod]
        [DataRow("")]
        [DataRow(" ")]
        [DataRow("{")]
        [DataRow("}")]
        [DataRow("[")]
        [DataRow("[1")]
        [DataRow("[1,")]
        [DataRow("[1,]")]
        [DataRow("[,1]")]
        [DataRow("[1 2]")]
        [DataRow("{\"a\"")]
        [DataRow("{\"a\":")]
        [DataRow("{\"a\":1")]
        [DataRow("{\"a\":1,")]
        [DataRow("{\"a\":1,}")]
        [DataRow("{\"a\" 1}")]
        [DataRow("{a:1}")]
        [DataRow("{1:1}")]
        [DataRow("{'a':1}")]
        [DataRow("{\"a\":1]")]
        [DataRow("[1}")]
        [DataRow("1 2")]
        [DataRow("{} x")]
        [DataRow("tru")]
        [DataRow("TRUE")]
        [DataRow("truex")]
        [DataRow("nul")]
        [DataRow("undefined")]
        [DataRow("01")]
        [DataRow("-")]
        [DataRow("-01")]
        [DataRow("+1")]
        [DataRow(".5")]
        [DataRow("1.")]
        [DataRow("1.e1")]
        [DataRow("1e")]
        [DataRow("1e+")]
        [DataRow("0x1")]
        [DataRow("1_0")]
        [DataRow("NaN")]
        [DataRow("\"")]
        [DataRow("\"a")]
        [DataRow("\"a\\\"")]
        [DataRow("\"\\")]
        [DataRow("\"\\x41\"")]
        [DataRow("\"\\u\"")]
        [DataRow("\"\\u004\"")]
        [DataRow("\"\\u00g0\"")]
        [DataRow("\"\\u0041")]
        [DataRow("\"a\nb\"")]
        [DataRow("\"a\tb\"")]
        [DataRow("// comment\n1")]
        [DataRow("/* */ 1")]
        public void AnythingElseIsNoJson(string json)
        {
            string message = Check.Throws(typeof(FormatException), () => Json.Parse(json));
            Assert.IsTrue(message.StartsWith("line "), message);
        }

        [TestMethod]
        public void AnEscapedNulIsRefused()
        {
            string message = Check.Throws(typeof(FormatException), () => Json.Parse("\"a\\u0000b\""));
            Assert.IsTrue(message.EndsWith("no NUL"), message);
        }

        [TestMethod]
        public void TheMessageNamesLineAndColumn()
        {
            Assert.AreEqual(
                "line 3, column 8: expected a value", Check.Throws(typeof(FormatException), () => Json.Parse("{\n\"a\":1,\n  \"b\": x}")));
            Assert.AreEqual("line 1, column 1: expected a value", Check.Throws(typeof(FormatException), () => Json.Parse("x")));
        }

        [TestMethod]
        public void AKeyTwiceIsNamed()
        {
            string message = Check.Throws(typeof(FormatException), () => Json.Parse("{\"k\":1,\"l\":2,\"k\":3}"));
            Assert.IsTrue(message.IndexOf("\"k\"") > 0, message);
            Assert.AreEqual(1L, (long)((Hashtable)((Hashtable)Json.Parse("{\"k\":{\"k\":1}}"))["k"])["k"]);
        }

        [TestMethod]
        public void AByteOrderMarkIsPassedOverAtTheStartOnly()
        {
            Assert.AreEqual(1L, (long)Json.Parse("\ufeff1"));
            Check.Throws(typeof(FormatException), () => Json.Parse("1\ufeff"));
            Check.Throws(typeof(FormatException), () => Json.Parse("\ufeff\ufeff1"));
            Check.Throws(typeof(FormatException), () => Json.Parse("\ufeff"));
        }

        [TestMethod]
        public void NestingHasALimit()
        {
            Assert.IsTrue(Json.Parse(Nested(9)) is ArrayList);
            string message = Check.Throws(typeof(FormatException), () => Json.Parse(Nested(10)));
            Assert.IsTrue(message.EndsWith("less nesting"), message);
            Check.Throws(typeof(FormatException), () => Json.Parse(Nested(2000)));
        }

        [TestMethod]
        public void EveryTruncationOfADocumentIsRefused()
        {
            string document = "{\"a\":[true,null,-1.5e1,\"\\u0041\"],\"b\":{\"c\":0}}";
            Assert.IsNotNull(Json.Parse(document));
            for (int length = 0; length < document.Length; length++)
            {
                string start = document.Substring(0, length);
                Check.Throws(typeof(FormatException), () => Json.Parse(start));
            }
        }

        private static string Nested(int depth)
        {
            return new StringBuilder().Append('[', depth).Append(']', depth).ToString();
        }
    }
}
