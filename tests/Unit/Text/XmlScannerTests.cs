using System.Text;
using MbmsMe.Text;

namespace MbmsMe.Tests
{
    /// <summary>Walking through small XML documents, and refusing what is none.</summary>
    [TestClass]
    public class XmlScannerTests
    {
        [TestMethod]
        [DataRow("<a></a>", "+a -a()")]
        [DataRow("<a/>", "+a -a()")]
        [DataRow("<a />", "+a -a()")]
        [DataRow("<a>x</a>", "+a -a(x)")]
        [DataRow("<a><b>x</b><c/></a>", "+a +b -b(x) +c -c() -a()")]
        [DataRow("<a> \r\n\t x y \n</a>\n", "+a -a(x y)")]
        [DataRow("<?xml version=\"1.0\"?>\n<a/>", "+a -a()")]
        [DataRow("<a\n></a\n>", "+a -a()")]
        public void ElementsAndTheirText(string document, string read)
        {
            Assert.AreEqual(read, Walk(document));
        }

        [TestMethod]
        [DataRow("<n:a xmlns:n=\"u\"><n:b>x</n:b></n:a>", "+a +b -b(x) -a()")]
        [DataRow("<n:a/>", "+a -a()")]
        public void NamesComeWithoutPrefix(string document, string read)
        {
            Assert.AreEqual(read, Walk(document));
        }

        [TestMethod]
        [DataRow("<a x=\"1\" y='2'>t</a>", "+a -a(t)")]
        [DataRow("<a x='>'>t</a>", "+a -a(t)")]
        [DataRow("<a x=\"/>\"/>", "+a -a()")]
        [DataRow("<a x=\"'\" y='\"'/>", "+a -a()")]
        [DataRow("<a x=\"/\">t</a>", "+a -a(t)")]
        public void AttributesArePassedOver(string document, string read)
        {
            Assert.AreEqual(read, Walk(document));
        }

        [TestMethod]
        [DataRow("<a x=\"1\"/>", "1")]
        [DataRow("<a x=''/>", "")]
        [DataRow("<a y='2' x='1'>", "1")]
        [DataRow("<a\n y = '2'\t x\n=\n'1' >", "1")]
        [DataRow("<a y='2'x='1'/>", "1")]
        [DataRow("<a y='x=\"3\"' x='1'/>", "1")]
        [DataRow("<a x=\" '1' \"/>", "'1'")]
        [DataRow("<a x='/>'>", "/>")]
        [DataRow("<a x='&lt;&#65;&amp;'/>", "<A&")]
        [DataRow("<a xx='3' p:x='4' x='1' x='2'/>", "1")]
        public void AnAttributeOfAnOpenedElement(string document, string value)
        {
            XmlScanner xml = new XmlScanner(document);
            Assert.IsTrue(xml.Read());
            Assert.AreEqual(value, xml.Attribute("x"));
            Assert.AreEqual(value, xml.Attribute("x"));
            Assert.IsFalse(xml.Broken);
        }

        [TestMethod]
        [DataRow("<a y='1'/>")]
        [DataRow("<a X='1'/>")]
        [DataRow("<a xmlns:x='1'/>")]
        [DataRow("<a >")]
        [DataRow("<x>")]
        public void AnAttributeThatIsNotThere(string document)
        {
            XmlScanner xml = new XmlScanner(document);
            Assert.IsTrue(xml.Read());
            Assert.IsNull(xml.Attribute("x"));
            Assert.IsFalse(xml.Broken);
        }

        [TestMethod]
        [DataRow("<a x=1/>")]
        [DataRow("<a x/>")]
        [DataRow("<a y x='1'/>")]
        [DataRow("<a ='1'/>")]
        [DataRow("<a x=>")]
        [DataRow("<a y\"='\" x='>1'/>")]
        [DataRow("<a x='&y;'/>")]
        [DataRow("<a x='&'>;</a>")]
        [DataRow("<a x='&amp'>;</a>")]
        public void AnAttributeThatIsNoneBreaksTheDocument(string document)
        {
            XmlScanner xml = new XmlScanner(document);
            Assert.IsTrue(xml.Read());
            Assert.IsNull(xml.Attribute("x"));
            Assert.IsTrue(xml.Broken);
            Assert.IsNull(xml.Attribute("x"));
            Assert.IsFalse(xml.Read());
        }

        [TestMethod]
        public void OnlyAnOpenedElementHasAttributesAndTextStaysText()
        {
            XmlScanner xml = new XmlScanner("<a x='1'>t<b x='2'/>u</a>");
            Assert.IsNull(xml.Attribute("x"));
            Assert.IsTrue(xml.Read());
            Assert.AreEqual("1", xml.Attribute("x"));
            Assert.IsTrue(xml.Read());
            Assert.AreEqual("2", xml.Attribute("x"));
            Assert.IsTrue(xml.Read());
            Assert.IsNull(xml.Attribute("x"));
            Assert.AreEqual("", xml.Text);
            Assert.IsTrue(xml.Read());
            Assert.AreEqual("u", xml.Text);
            Assert.IsFalse(xml.Read());
            Assert.IsNull(xml.Attribute("x"));
        }

        [TestMethod]
        [DataRow("<a>x<!-- <b> & -- \" -->y</a>", "+a -a(xy)")]
        [DataRow("<!----><a/>", "+a -a()")]
        [DataRow("<a><?pi <b> ?>x</a>", "+a -a(x)")]
        [DataRow("<a>1<![CDATA[<b>&amp;]] ]]>2</a>", "+a -a(1<b>&amp;]] 2)")]
        [DataRow("<a><![CDATA[]]></a>", "+a -a()")]
        public void CommentsInstructionsAndCdata(string document, string read)
        {
            Assert.AreEqual(read, Walk(document));
        }

        [TestMethod]
        [DataRow("<a>&lt;&gt;&amp;&quot;&apos;</a>", "+a -a(<>&\"')")]
        [DataRow("<a>&#65;&#x42;&#x6a;&#0067;</a>", "+a -a(ABjC)")]
        [DataRow("<a>&#x20AC;</a>", "+a -a(\u20ac)")]
        [DataRow("<a>&#xFFFD;</a>", "+a -a(\ufffd)")]
        [DataRow("<a>&amp;lt;</a>", "+a -a(&lt;)")]
        public void References(string document, string read)
        {
            Assert.AreEqual(read, Walk(document));
        }

        [TestMethod]
        [DataRow("<a>&</a>")]
        [DataRow("<a>&amp</a>")]
        [DataRow("<a>&;</a>")]
        [DataRow("<a>&nbsp;</a>")]
        [DataRow("<a>&AMP;</a>")]
        [DataRow("<a>&#;</a>")]
        [DataRow("<a>&#x;</a>")]
        [DataRow("<a>&#0;</a>")]
        [DataRow("<a>&#x0;</a>")]
        [DataRow("<a>&#6a;</a>")]
        [DataRow("<a>&#xg;</a>")]
        [DataRow("<a>&#X41;</a>")]
        [DataRow("<a>&#-1;</a>")]
        [DataRow("<a>&#99999999;</a>")]
        [DataRow("<a>&#x7fffffff;</a>")]
        [DataRow("<a>& amp;</a>")]
        [DataRow("<a>&verylongname;</a>")]
        public void UnknownReferencesAreBroken(string document)
        {
            IsBroken(document);
        }

        [TestMethod]
        [DataRow("<")]
        [DataRow("<a")]
        [DataRow("<a>")]
        [DataRow("<a>x")]
        [DataRow("<a></b>")]
        [DataRow("<a></A>")]
        [DataRow("<a><b></a></b>")]
        [DataRow("</a>")]
        [DataRow("<a/></a>")]
        [DataRow("<>x</>")]
        [DataRow("<a></>")]
        [DataRow("< a/>")]
        [DataRow("<a x=\"1>t</a>")]
        [DataRow("<a <b/>></a>")]
        [DataRow("<a><!-- </a>")]
        [DataRow("<a><![CDATA[ </a>")]
        [DataRow("<a><?pi </a>")]
        [DataRow("<a:/>")]
        public void NotWellFormedIsBroken(string document)
        {
            IsBroken(document);
        }

        [TestMethod]
        [DataRow("<a><!-->x</a>")]
        [DataRow("<a><!--->x</a>")]
        [DataRow("<a><?>x</a>")]
        public void TheStartOfACommentOrInstructionDoesNotEndIt(string document)
        {
            IsBroken(document);
        }

        [TestMethod]
        [DataRow("<!DOCTYPE a><a/>")]
        [DataRow("<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>")]
        [DataRow("<?xml version=\"1.0\"?><!DOCTYPE a SYSTEM \"file:///\"><a/>")]
        public void ADocumentTypeIsRefused(string document)
        {
            Assert.AreEqual("!", Walk(document));
        }

        [TestMethod]
        public void ElementsNestSixteenDeepAndNoDeeper()
        {
            Assert.AreEqual(16, Count(Walk(Nested(16)), '+'));
            Assert.IsFalse(Walk(Nested(16)).EndsWith("!"));
            IsBroken(Nested(17));
        }

        [TestMethod]
        public void AnEmptyDocumentHasNoElement()
        {
            Assert.AreEqual("", Walk(""));
            Assert.AreEqual("", Walk(" \n"));
        }

        [TestMethod]
        public void OnceBrokenItStaysAtTheEnd()
        {
            XmlScanner xml = new XmlScanner("<a>&x;</a><b/>");
            Assert.IsTrue(xml.Read());
            Assert.IsFalse(xml.Read());
            Assert.IsTrue(xml.Broken);
            Assert.IsFalse(xml.Read());
            Assert.IsTrue(xml.Broken);
        }

        [TestMethod]
        public void EveryTruncationOfADocumentIsBroken()
        {
            string document = "<n:a x='1>'><!-- c --><b>&lt;1&#65;</b><![CDATA[d]]><c/></n:a>";
            Assert.AreEqual("+a +b -b(<1A) +c -c() -a()", Walk(document));
            for (int length = 1; length < document.Length; length++)
            {
                IsBroken(document.Substring(0, length));
            }
        }

        private static void IsBroken(string document)
        {
            string read = Walk(document);
            Assert.IsTrue(read.EndsWith("!"), document + " was read as " + read);
        }

        private static string Nested(int depth)
        {
            StringBuilder document = new StringBuilder();
            for (int i = 0; i < depth; i++)
            {
                document.Append("<a>");
            }

            for (int i = 0; i < depth; i++)
            {
                document.Append("</a>");
            }

            return document.ToString();
        }

        private static int Count(string text, char c)
        {
            int count = 0;
            for (int i = 0; i < text.Length; i++)
            {
                count += text[i] == c ? 1 : 0;
            }

            return count;
        }

        private static string Walk(string document)
        {
            StringBuilder read = new StringBuilder();
            XmlScanner xml = new XmlScanner(document);
            while (xml.Read())
            {
                if (read.Length > 0)
                {
                    read.Append(' ');
                }

                read.Append(xml.IsStart ? '+' : '-').Append(xml.Name);
                if (!xml.IsStart)
                {
                    read.Append('(').Append(xml.Text).Append(')');
                }
            }

            return xml.Broken ? read.Append('!').ToString() : read.ToString();
        }
    }
}
