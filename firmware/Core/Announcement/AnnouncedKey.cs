using MbmsMe.Machine;

namespace MbmsMe.Announcement
{
    /// <summary>The keyId of a security description: a Key Group and the flows under it.</summary>
    public sealed class AnnouncedKey
    {
        /// <summary>Makes it.</summary>
        /// <param name="keyDomain">Key Domain ID, 24 bits; -1 when the keyId has none.</param>
        /// <param name="keyGroup">Key Group part of the MSK ID: 16 bits, not 0.</param>
        /// <param name="flows">Where the media flows are sent to; may be empty.</param>
        public AnnouncedKey(int keyDomain, int keyGroup, UdpAddress[] flows)
        {
            KeyDomain = keyDomain;
            KeyGroup = keyGroup;
            Flows = flows;
        }

        /// <summary>Key Domain ID, 24 bits; -1 when the keyId has none.</summary>
        public int KeyDomain { get; }

        /// <summary>Key Group part of the MSK ID: 16 bits, not 0.</summary>
        public int KeyGroup { get; }

        /// <summary>Where the media flows are sent to; may be empty.</summary>
        public UdpAddress[] Flows { get; }
    }
}
