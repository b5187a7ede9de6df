using MbmsMe.Keys;

namespace MbmsMe
{
    /// <summary>The ME's wish for the current MSK of one Key Group, until it has come or is given up.</summary>
    public sealed class KeyRequest
    {
        /// <summary>Makes it.</summary>
        public KeyRequest(KeyGroup group)
        {
            Group = group;
        }

        /// <summary>The Key Group.</summary>
        public KeyGroup Group { get; }

        /// <summary>Uptime in milliseconds at which to ask (again).</summary>
        public long DueAt { get; set; }

        /// <summary>How often it was asked for.</summary>
        public int Attempts { get; set; }
    }
}
