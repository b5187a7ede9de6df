using MbmsMe.Text;

namespace MbmsMe.Tests
{
    /// <summary>JSON documents as they are written: commas, nesting, escapes.</summary>
    [TestClass]
    public class JsonWriterTests
    {
        [TestMethod]
        public void ValuesAreSeparatedAndNamesAreNot()
        {
            Assert.AreEqual(
                "{\"a\":1,\"b\":[],\"c\":[true,\"x\",{}],\"d\":{\"e\":false,\"f\":-4294967296}}",
                new JsonWriter().OpenObject().Name("a").Value(1).Name("b").OpenList().CloseList()
                    .Name("c").OpenList().Value(true).Value("x").OpenObject().CloseObject().CloseList()
                    .Name("d").OpenObject().Name("e").Value(false).Name("f").Value(-4294967296L).CloseObject()
                    .CloseObject().ToString());
        }

        [TestMethod]
        public void NamesAndTextsAreEscaped()
        {
            Assert.AreEqual(
                "{\"a\\\"\":\"\\\\\\u000D\\u001F\u00e9\"}",
                new JsonWriter().OpenObject().Name("a\"").Value("\\\r\u001f\u00e9").CloseObject().ToString());
        }
    }
}
