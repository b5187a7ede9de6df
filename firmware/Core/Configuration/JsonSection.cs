using System.Collections;
using MbmsMe.Text;

namespace MbmsMe.Configuration
{
    /// <summary>Says whether a text is what a key expects.</summary>
    internal delegate bool TextCheck(string text);

    /// <summary>
    /// An object of the configuration: takes its keys one by one, and in the end refuses those nobody asked for, so that
    /// a misspelt key is an error and not a silent default.
    /// </summary>
    internal sealed class JsonSection
    {
        private readonly Hashtable _values;
        private readonly string _path;
        private readonly ArrayList _known = new ArrayList();

        /// <summary>Makes it.</summary>
        /// <param name="values">The object as <see cref="Json"/> read it.</param>
        /// <param name="path">Its keys' path, empty for the whole document.</param>
        public JsonSection(Hashtable values, string path)
        {
            _values = values;
            _path = path;
        }

        /// <summary>True when the key is there. It is a known one then, also where it is not.</summary>
        public bool Has(string key)
        {
            Know(key);
            return _values.Contains(key);
        }

        /// <summary>An object within.</summary>
        public JsonSection Section(string key)
        {
            Hashtable values = Take(key) as Hashtable;
            if (values == null)
            {
                throw Wrong(key, "an object");
            }

            return new JsonSection(values, Path(key));
        }

        /// <summary>A list of objects, at least one.</summary>
        public JsonSection[] Sections(string key)
        {
            ArrayList values = List(key, "a list of at least one object");
            JsonSection[] sections = new JsonSection[values.Count];
            for (int i = 0; i < sections.Length; i++)
            {
                string element = key + "[" + i + "]";
                Hashtable section = values[i] as Hashtable;
                if (section == null)
                {
                    throw Wrong(element, "an object");
                }

                sections[i] = new JsonSection(section, Path(element));
            }

            return sections;
        }

        /// <summary>A text.</summary>
        public string Text(string key, string expected, TextCheck check)
        {
            string text = Take(key) as string;
            if (text == null || !check(text))
            {
                throw Wrong(key, expected);
            }

            return text;
        }

        /// <summary>A list of texts, at least one.</summary>
        public string[] Texts(string key, string expected, TextCheck check)
        {
            ArrayList values = List(key, "a list of at least one text: " + expected);
            string[] texts = new string[values.Count];
            for (int i = 0; i < texts.Length; i++)
            {
                texts[i] = values[i] as string;
                if (texts[i] == null || !check(texts[i]))
                {
                    throw Wrong(key + "[" + i + "]", expected);
                }
            }

            return texts;
        }

        /// <summary>A whole number.</summary>
        public int Number(string key, int min, int max)
        {
            object value = Take(key);
            if (!(value is long) || (long)value < min || (long)value > max)
            {
                throw Wrong(key, "a whole number from " + min + " to " + max);
            }

            return (int)(long)value;
        }

        /// <summary>A whole number, or what it is when the key is not there.</summary>
        public int Number(string key, int min, int max, int otherwise)
        {
            return Has(key) ? Number(key, min, max) : otherwise;
        }

        /// <summary>True or false.</summary>
        public bool Flag(string key)
        {
            object value = Take(key);
            if (!(value is bool))
            {
                throw Wrong(key, "true or false");
            }

            return (bool)value;
        }

        /// <summary>True or false, or what it is when the key is not there.</summary>
        public bool Flag(string key, bool otherwise)
        {
            return Has(key) ? Flag(key) : otherwise;
        }

        /// <summary>Refuses every key that nobody asked for.</summary>
        public void RefuseOthers()
        {
            foreach (object key in _values.Keys)
            {
                if (!_known.Contains(key))
                {
                    string known = (string)_known[0];
                    for (int i = 1; i < _known.Count; i++)
                    {
                        known += ", " + _known[i];
                    }

                    throw new ConfigurationException(Path((string)key), "unknown key; expected one of " + known);
                }
            }
        }

        /// <summary>The error to throw for a key that holds something else, or is not there.</summary>
        public ConfigurationException Wrong(string key, string expected)
        {
            bool missing = key.IndexOf('[') < 0 && !_values.Contains(key);
            return new ConfigurationException(Path(key), (missing ? "missing; expected " : "expected ") + expected);
        }

        private string Path(string key)
        {
            return _path.Length == 0 ? key : _path + "." + key;
        }

        private object Take(string key)
        {
            Know(key);
            return _values[key];
        }

        private void Know(string key)
        {
            if (!_known.Contains(key))
            {
                _known.Add(key);
            }
        }

        private ArrayList List(string key, string expected)
        {
            ArrayList values = Take(key) as ArrayList;
            if (values == null || values.Count == 0)
            {
                throw Wrong(key, expected);
            }

            return values;
        }
    }
}
