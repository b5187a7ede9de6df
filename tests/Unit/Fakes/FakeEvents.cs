using System.Collections;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>Keeps every event.</summary>
    public sealed class FakeEvents : IEventSink
    {
        /// <summary>Drops a second that are told.</summary>
        public int MaxDropsPerSecond { get; set; } = int.MaxValue;

        /// <summary>The events (<see cref="MeEvent"/>), oldest first.</summary>
        public readonly ArrayList All = new ArrayList();

        /// <inheritdoc/>
        public void Report(MeEvent meEvent)
        {
            All.Add(meEvent);
        }

        /// <summary>How many events have that name.</summary>
        public int Count(string name)
        {
            int count = 0;
            for (int i = 0; i < All.Count; i++)
            {
                count += ((MeEvent)All[i]).Name == name ? 1 : 0;
            }

            return count;
        }

        /// <summary>How many events have that name and that value, as text.</summary>
        public int Count(string name, string key, string value)
        {
            int count = 0;
            for (int i = 0; i < All.Count; i++)
            {
                MeEvent meEvent = (MeEvent)All[i];
                count += meEvent.Name == name && Text(meEvent, key) == value ? 1 : 0;
            }

            return count;
        }

        /// <summary>A value of the last event of that name as text, or null.</summary>
        public string Last(string name, string key)
        {
            for (int i = All.Count - 1; i >= 0; i--)
            {
                MeEvent meEvent = (MeEvent)All[i];
                if (meEvent.Name == name)
                {
                    return Text(meEvent, key);
                }
            }

            return null;
        }

        /// <summary>The names in order, separated by spaces; "http" with request type and status.</summary>
        public string Story()
        {
            string story = string.Empty;
            for (int i = 0; i < All.Count; i++)
            {
                MeEvent meEvent = (MeEvent)All[i];
                story += (i == 0 ? string.Empty : " ") + meEvent.Name;
                if (meEvent.Name == "http")
                {
                    story += "-" + Text(meEvent, "requesttype") + "-" + Text(meEvent, "status");
                }
            }

            return story;
        }

        /// <summary>Forgets all of them.</summary>
        public void Clear()
        {
            All.Clear();
        }

        private static string Text(MeEvent meEvent, string key)
        {
            object value = meEvent[key];
            if (value is bool)
            {
                return (bool)value ? "true" : "false";
            }

            return value == null ? null : value.ToString();
        }
    }
}
