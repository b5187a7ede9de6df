using System.Text;

namespace MbmsMe.Text
{
    /// <summary>Writes a JSON document without line breaks; the caller sees to it that what it opens it closes.</summary>
    public sealed class JsonWriter
    {
        private readonly StringBuilder _json = new StringBuilder();
        private bool _needsComma;

        /// <summary>Opens an object.</summary>
        public JsonWriter OpenObject()
        {
            return Open('{');
        }

        /// <summary>Closes the object that was opened last.</summary>
        public JsonWriter CloseObject()
        {
            return Close('}');
        }

        /// <summary>Opens a list.</summary>
        public JsonWriter OpenList()
        {
            return Open('[');
        }

        /// <summary>Closes the list that was opened last.</summary>
        public JsonWriter CloseList()
        {
            return Close(']');
        }

        /// <summary>The name of the value that follows.</summary>
        public JsonWriter Name(string name)
        {
            Value(name);
            _json.Append(':');
            _needsComma = false;
            return this;
        }

        /// <summary>A text, or null.</summary>
        public JsonWriter Value(string text)
        {
            Separate();
            if (text == null)
            {
                _json.Append("null");
            }
            else
            {
                AppendText(text);
            }

            return this;
        }

        /// <summary>A number.</summary>
        public JsonWriter Value(long number)
        {
            Separate();
            _json.Append(number.ToString());
            return this;
        }

        /// <summary>True or false.</summary>
        public JsonWriter Value(bool flag)
        {
            Separate();
            _json.Append(flag ? "true" : "false");
            return this;
        }

        /// <summary>The document so far.</summary>
        public override string ToString()
        {
            return _json.ToString();
        }

        // In quotation marks, with the escapes that JSON wants.
        private void AppendText(string text)
        {
            _json.Append('"');
            for (int i = 0; i < text.Length; i++)
            {
                char c = text[i];
                if (c == '"' || c == '\\')
                {
                    _json.Append('\\').Append(c);
                }
                else if (c < ' ')
                {
                    _json.Append("\\u00").Append(((byte)c).ToString("X2"));
                }
                else
                {
                    _json.Append(c);
                }
            }

            _json.Append('"');
        }

        private JsonWriter Open(char mark)
        {
            Separate();
            _json.Append(mark);
            _needsComma = false;
            return this;
        }

        private JsonWriter Close(char mark)
        {
            _json.Append(mark);
            _needsComma = true;
            return this;
        }

        private void Separate()
        {
            if (_needsComma)
            {
                _json.Append(',');
            }

            _needsComma = true;
        }
    }
}
