using System;
using System.Collections;
using System.Text;

namespace MbmsMe.Text
{
    /// <summary>
    /// Reads JSON (RFC 8259) into Hashtable, ArrayList, string, long, double, bool and null. Here because the
    /// board and the PC must find the same error at the same place, and no JSON library runs on both.
    /// </summary>
    public sealed class Json
    {
        private const int MaxDepth = 8;

        private readonly string _text;
        private int _at;

        private Json(string text)
        {
            _text = text;
        }

        /// <summary>Reads a document.</summary>
        /// <exception cref="FormatException">Not JSON; the message names line and column.</exception>
        public static object Parse(string text)
        {
            Json json = new Json(text);
            if (text.Length > 0 && text[0] == '\uFEFF')
            {
                json._at = 1;
            }

            object value = json.Value(0);
            json.SkipSpaces();
            if (json._at < text.Length)
            {
                throw json.Error("the end");
            }

            return value;
        }

        private object Value(int depth)
        {
            SkipSpaces();
            if (depth > MaxDepth)
            {
                throw Error("less nesting");
            }

            char c = Peek();
            switch (c)
            {
                case '{':
                    return ObjectValue(depth);
                case '[':
                    return ListValue(depth);
                case '"':
                    return Text();
                case 't':
                    Word("true");
                    return true;
                case 'f':
                    Word("false");
                    return false;
                case 'n':
                    Word("null");
                    return null;
                default:
                    return Number();
            }
        }

        private Hashtable ObjectValue(int depth)
        {
            Hashtable values = new Hashtable();
            _at++;
            SkipSpaces();
            if (Peek() == '}')
            {
                _at++;
                return values;
            }

            while (true)
            {
                SkipSpaces();
                if (Peek() != '"')
                {
                    throw Error("a key in quotes");
                }

                string key = Text();
                if (values.Contains(key))
                {
                    throw Error("each key once, not \"" + key + "\" again");
                }

                SkipSpaces();
                Expect(':');
                values.Add(key, Value(depth + 1));
                SkipSpaces();
                if (Peek() == '}')
                {
                    _at++;
                    return values;
                }

                Expect(',');
            }
        }

        private ArrayList ListValue(int depth)
        {
            ArrayList values = new ArrayList();
            _at++;
            SkipSpaces();
            if (Peek() == ']')
            {
                _at++;
                return values;
            }

            while (true)
            {
                values.Add(Value(depth + 1));
                SkipSpaces();
                if (Peek() == ']')
                {
                    _at++;
                    return values;
                }

                Expect(',');
            }
        }

        private string Text()
        {
            StringBuilder text = new StringBuilder();
            for (_at++; _at < _text.Length && _text[_at] >= ' '; _at++)
            {
                char c = _text[_at];
                if (c == '"')
                {
                    _at++;
                    return text.ToString();
                }

                text.Append(c == '\\' ? Escape() : c);
            }

            throw Error("the closing quote");
        }

        private char Escape()
        {
            _at++;
            int known = "\"\\/bfnrt".IndexOf(Peek());
            if (known >= 0)
            {
                return "\"\\/\b\f\n\r\t"[known];
            }

            int code = 0;
            if (Peek() != 'u' || _at + 4 >= _text.Length)
            {
                throw Error("an escape that JSON knows");
            }

            for (int i = 0; i < 4; i++)
            {
                int digit = Binary.Octets.HexDigit(_text[++_at]);
                if (digit < 0)
                {
                    throw Error("4 hexadecimal digits");
                }

                code = (code << 4) | digit;
            }

            // Strings end at NUL on nanoFramework: a text that goes on behind one would be read differently there.
            if (code == 0)
            {
                throw Error("no NUL");
            }

            return (char)code;
        }

        private object Number()
        {
            int start = _at;
            if (Peek() == '-')
            {
                _at++;
            }

            int first = _at;
            int digits = Digits();
            if (digits == 0 || (digits > 1 && _text[first] == '0'))
            {
                _at = start;
                throw Error("a value");
            }

            bool whole = true;
            if (Peek() == '.')
            {
                whole = false;
                _at++;
                if (Digits() == 0)
                {
                    throw Error("a digit");
                }
            }

            if (Peek() == 'e' || Peek() == 'E')
            {
                whole = false;
                _at++;
                if (Peek() == '+' || Peek() == '-')
                {
                    _at++;
                }

                if (Digits() == 0)
                {
                    throw Error("a digit");
                }
            }

            string number = _text.Substring(start, _at - start);
            if (whole && digits <= 18)
            {
                return long.Parse(number);
            }

            return double.Parse(number);
        }

        private int Digits()
        {
            int start = _at;
            while (Peek() >= '0' && Peek() <= '9')
            {
                _at++;
            }

            return _at - start;
        }

        private void Word(string word)
        {
            if (_text.Length - _at < word.Length || _text.Substring(_at, word.Length) != word)
            {
                throw Error("a value");
            }

            _at += word.Length;
        }

        private void Expect(char c)
        {
            if (Peek() != c)
            {
                throw Error("'" + c + "'");
            }

            _at++;
        }

        private char Peek()
        {
            return _at < _text.Length ? _text[_at] : '\0';
        }

        private void SkipSpaces()
        {
            while (Peek() == ' ' || Peek() == '\t' || Peek() == '\r' || Peek() == '\n')
            {
                _at++;
            }
        }

        private FormatException Error(string expected)
        {
            int line = 1;
            int column = 1;
            for (int i = 0; i < _at && i < _text.Length; i++)
            {
                column = _text[i] == '\n' ? 1 : column + 1;
                line += _text[i] == '\n' ? 1 : 0;
            }

            return new FormatException("line " + line + ", column " + column + ": expected " + expected);
        }
    }
}
