using System;
using System.Collections;
using System.Text;
using MbmsMe.Text;

namespace MbmsMe.Machine
{
    /// <summary>Something that happened in the ME, by name, with named values. Never holds key material.</summary>
    public sealed class MeEvent
    {
        private readonly ArrayList _names = new ArrayList();
        private readonly ArrayList _values = new ArrayList();

        /// <summary>Makes an event without values.</summary>
        /// <param name="name">The event's name as in the README's table of events.</param>
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
                int at = _names.IndexOf(name);
                return at < 0 ? null : _values[at];
            }
        }

        /// <summary>The event as one line of JSON: "event", "time" (ISO 8601, UTC, milliseconds), then the values.</summary>
        public string ToJson(DateTime utc)
        {
            StringBuilder json = new StringBuilder();
            json.Append("{\"event\":");
            JsonWriter.AppendText(json, Name);
            json.Append(",\"time\":\"").Append(utc.ToString("yyyy-MM-ddTHH:mm:ss.fff")).Append("Z\"");
            for (int i = 0; i < _names.Count; i++)
            {
                json.Append(',');
                JsonWriter.AppendText(json, (string)_names[i]);
                json.Append(':');
                string text = _values[i] as string;
                if (text != null)
                {
                    JsonWriter.AppendText(json, text);
                }
                else
                {
                    json.Append(Plain(_values[i]));
                }
            }

            return json.Append('}').ToString();
        }

        /// <summary>The event for a person: name, then name=value pairs.</summary>
        public override string ToString()
        {
            StringBuilder line = new StringBuilder();
            line.Append(Name);
            for (int i = 0; i < _names.Count; i++)
            {
                line.Append(' ').Append((string)_names[i]).Append('=').Append(Plain(_values[i]));
            }

            return line.ToString();
        }

        private MeEvent Add(string name, object value)
        {
            _names.Add(name);
            _values.Add(value);
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
