using System;
using MbmsMe.Machine;

namespace MbmsMe.Text
{
    /// <summary>Events as they are told to programs: one line of JSON each.</summary>
    public static class EventJson
    {
        /// <summary>"event", "time" (ISO 8601, UTC, milliseconds), then the values.</summary>
        /// <param name="meEvent">The event.</param>
        /// <param name="utc">When it happened.</param>
        public static string Write(MeEvent meEvent, DateTime utc)
        {
            JsonWriter json = new JsonWriter().OpenObject()
                .Name("event").Value(meEvent.Name)
                .Name("time").Value(utc.ToString("yyyy-MM-ddTHH:mm:ss.fff") + "Z");
            for (int i = 0; i < meEvent.Count; i++)
            {
                json.Name(meEvent.NameAt(i));
                object value = meEvent.ValueAt(i);
                if (value is bool)
                {
                    json.Value((bool)value);
                }
                else if (value is long)
                {
                    json.Value((long)value);
                }
                else
                {
                    json.Value((string)value);
                }
            }

            return json.CloseObject().ToString();
        }
    }
}
