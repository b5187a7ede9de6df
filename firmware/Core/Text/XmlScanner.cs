using System.Text;

namespace MbmsMe.Text
{
    /// <summary>
    /// Walks through the elements of a small XML document: enough for the bodies of TS 24.109 and TS 26.346.
    /// </summary>
    /// <remarks>
    /// Names come without prefix; comments, CDATA marks and processing instructions are passed over.
    /// A document type is refused: entities of its own are what XML bombs are made of.
    /// </remarks>
    public sealed class XmlScanner
    {
        private const int MaxDepth = 16;

        private readonly string _document;
        private readonly string[] _open = new string[MaxDepth];
        private readonly StringBuilder _text = new StringBuilder();
        private int _at;
        private int _depth;
        private bool _closePending;
        private int _attributes;

        /// <summary>Starts before the root element.</summary>
        public XmlScanner(string document)
        {
            _document = document;
        }

        /// <summary>Local name of the element that was just opened or closed.</summary>
        public string Name { get; private set; }

        /// <summary>True when an element was opened, false when it was closed.</summary>
        public bool IsStart { get; private set; }

        /// <summary>When an element is closed: its text since the last tag, trimmed.</summary>
        public string Text { get; private set; }

        /// <summary>True once the document turned out not to be well formed.</summary>
        public bool Broken { get; private set; }

        /// <summary>
        /// When an element was opened: the value of the attribute of that name (its prefix included), trimmed; null when it has
        /// none. A value that is not well formed leaves the document <see cref="Broken"/>.
        /// </summary>
        public string Attribute(string name)
        {
            int at = _attributes;
            while (IsStart && !Broken)
            {
                int start = PastSpaces(at);
                int end = start;
                while (_document[end] != '=' && !EndsName(_document[end]))
                {
                    end++;
                }

                if (start == _at - 1 || (start == _at - 2 && _document[start] == '/'))
                {
                    return null;
                }

                int quote = PastSpaces(end);
                quote = _document[quote] == '=' ? PastSpaces(quote + 1) : quote;
                char mark = _document[quote];
                int close = mark == '"' || mark == '\'' ? _document.IndexOf(mark, quote + 1, _at - quote - 1) : -1;
                if (end == start || close < 0)
                {
                    Fail();
                }
                else if (end - start == name.Length && _document.Substring(start, name.Length) == name)
                {
                    return Value(quote + 1, close);
                }

                at = close + 1;
            }

            return null;
        }

        /// <summary>Goes on to the next opened or closed element; false at the end or when <see cref="Broken"/>.</summary>
        public bool Read()
        {
            if (_closePending)
            {
                _closePending = false;
                return Close();
            }

            while (_at < _document.Length)
            {
                char c = _document[_at];
                if (c == '&')
                {
                    if (!TakeReference(ref _at))
                    {
                        return Fail();
                    }
                }
                else if (c != '<')
                {
                    _text.Append(c);
                    _at++;
                }
                else if (Starts("<!--"))
                {
                    if (Past("<!--", "-->") < 0)
                    {
                        return Fail();
                    }
                }
                else if (Starts("<![CDATA["))
                {
                    int start = _at + 9;
                    int end = Past("<![CDATA[", "]]>");
                    if (end < 0)
                    {
                        return Fail();
                    }

                    _text.Append(_document.Substring(start, end - start));
                }
                else if (Starts("<?"))
                {
                    if (Past("<?", "?>") < 0)
                    {
                        return Fail();
                    }
                }
                else
                {
                    return Tag();
                }
            }

            return _depth != 0 && Fail();
        }

        private static bool EndsName(char c)
        {
            return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '>' || c == '/';
        }

        private bool Fail()
        {
            Broken = true;
            _closePending = false;
            _at = _document.Length;
            _depth = 0;
            return false;
        }

        private bool Starts(string with)
        {
            return _document.Length - _at >= with.Length && _document.Substring(_at, with.Length) == with;
        }

        // Where the closing mark stands, or -1; the position goes behind it.
        private int Past(string opening, string closing)
        {
            int found = _document.IndexOf(closing, _at + opening.Length);
            _at = found < 0 ? _document.Length : found + closing.Length;
            return found;
        }

        private bool Tag()
        {
            bool closing = Starts("</");
            int start = _at + (closing ? 2 : 1);
            int end = start;
            while (end < _document.Length && !EndsName(_document[end]))
            {
                end++;
            }

            string name = _document.Substring(start, end - start);
            name = name.Substring(name.IndexOf(':') + 1);
            if (name.Length == 0 || name[0] == '!' || !SkipAttributes(end))
            {
                return Fail();
            }

            if (closing)
            {
                return _depth > 0 && _open[_depth - 1] == name ? Close() : Fail();
            }

            if (_depth == MaxDepth)
            {
                return Fail();
            }

            _closePending = _document[_at - 2] == '/';
            _attributes = end;
            _open[_depth++] = name;
            _text.Clear();
            Name = name;
            IsStart = true;
            return true;
        }

        // Leaves the position behind the '>'; one inside a quoted value does not end the tag.
        private bool SkipAttributes(int at)
        {
            char quote = '\0';
            for (; at < _document.Length; at++)
            {
                char c = _document[at];
                if (quote != '\0')
                {
                    quote = c == quote ? '\0' : quote;
                }
                else if (c == '"' || c == '\'')
                {
                    quote = c;
                }
                else if (c == '>')
                {
                    _at = at + 1;
                    return true;
                }
                else if (c == '<')
                {
                    return false;
                }
            }

            return false;
        }

        private bool Close()
        {
            Name = _open[--_depth];
            IsStart = false;
            Text = _text.ToString().Trim();
            _text.Clear();
            return true;
        }

        // The tag that was read last ends with '>', so this and the search for a name's end find their own end before it does.
        private int PastSpaces(int at)
        {
            while (_document[at] != '>' && _document[at] != '/' && EndsName(_document[at]))
            {
                at++;
            }

            return at;
        }

        private string Value(int at, int end)
        {
            while (at < end)
            {
                if (_document[at] != '&')
                {
                    _text.Append(_document[at++]);
                }
                else if (!TakeReference(ref at) || at > end)
                {
                    Fail();
                    return null;
                }
            }

            string value = _text.ToString().Trim();
            _text.Clear();
            return value;
        }

        private bool TakeReference(ref int at)
        {
            int end = _document.IndexOf(';', at);
            if (end < 0 || end - at > 10)
            {
                return false;
            }

            string name = _document.Substring(at + 1, end - at - 1);
            at = end + 1;
            switch (name)
            {
                case "amp":
                    _text.Append('&');
                    return true;
                case "lt":
                    _text.Append('<');
                    return true;
                case "gt":
                    _text.Append('>');
                    return true;
                case "quot":
                    _text.Append('"');
                    return true;
                case "apos":
                    _text.Append('\'');
                    return true;
                default:
                    return TakeCharacterReference(name);
            }
        }

        private bool TakeCharacterReference(string name)
        {
            bool hexadecimal = name.Length > 1 && name[1] == 'x';
            int start = hexadecimal ? 2 : 1;
            if (name.Length <= start || name[0] != '#')
            {
                return false;
            }

            int code = 0;
            for (int i = start; i < name.Length; i++)
            {
                int digit = Binary.Octets.HexDigit(name[i]);
                if (digit < 0 || (!hexadecimal && digit > 9) || code > 0xFFFF)
                {
                    return false;
                }

                code = (code * (hexadecimal ? 16 : 10)) + digit;
            }

            if (code == 0 || code > 0xFFFF)
            {
                return false;
            }

            _text.Append((char)code);
            return true;
        }
    }
}
