using System.Collections;
using System.Text;

namespace MbmsMe.Machine
{
    /// <summary>Something that happened in the ME, by name, with named values. Never holds key material.</summary>
    public sealed class MeEvent
    {
        private readonly ArrayList _pairs = new ArrayList(); // name, value, name, value ...

        /// <summary>Makes an event without values.</summary>
        /// <param name="name">The event's name as in docs/events.md.</param>
        public MeEvent(string name)
        {
            Name = name;
        }

        /// <summary>The event's name.</summary>
        public string Name { get; }

        /// <summary>Adds a value.</summary>
        public MeEvent With(string name, string value)
        {
            return Add(name, value);
        }

        /// <summary>Adds a value.</summary>
        public MeEvent With(string name, long value)
        {
            return Add(name, value);
        }

        /// <summary>Adds a value.</summary>
        public MeEvent With(string name, bool value)
        {
            return Add(name, value);
        }

        /// <summary>The value of that name, or null.</summary>
        public object this[string name]
        {
            get
            {
                for (int i = 0; i < Count; i++)
                {
                    if (NameAt(i) == name)
                    {
                        return ValueAt(i);
                    }
                }

                return null;
            }
        }

        /// <summary>How many values it has.</summary>
        public int Count
        {
            get { return _pairs.Count / 2; }
        }

        /// <summary>The name of a value, in the order they were added.</summary>
        public string NameAt(int index)
        {
            return (string)_pairs[2 * index];
        }

        /// <summary>A value, in the order they were added: a string, a long, a bool, or null.</summary>
        public object ValueAt(int index)
        {
            return _pairs[(2 * index) + 1];
        }

        /// <summary>The event for a person: name, then name=value pairs.</summary>
        public override string ToString()
        {
            StringBuilder line = new StringBuilder();
            line.Append(Name);
            for (int i = 0; i < Count; i++)
            {
                line.Append(' ').Append(NameAt(i)).Append('=').Append(Plain(ValueAt(i)));
            }

            return line.ToString();
        }

        private MeEvent Add(string name, object value)
        {
            _pairs.Add(name);
            _pairs.Add(value);
            return this;
        }

        private static string Plain(object value)
        {
            if (value is bool)
            {
                return (bool)value ? "true" : "false";
            }

            return value == null ? "null" : value.ToString();
        }
    }
}
