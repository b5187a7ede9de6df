using MbmsMe.Binary;

namespace MbmsMe.Machine
{
    /// <summary>An MTK for SRTP (TS 33.246 clause 6.6.2).</summary>
    public sealed class TrafficKey
    {
        /// <summary>The Key Group of its MSK.</summary>
        public KeyGroup Group;

        /// <summary>Key Number part of the MSK ID: 16 bits.</summary>
        public int KeyNumber;

        /// <summary>MKI: MSK ID || MTK ID as on the wire; 6 octets (release6) or 4 (draft2004).</summary>
        public byte[] Mki;

        /// <summary>SRTP master key: 16 octets.</summary>
        public byte[] Key;

        /// <summary>SRTP master salt: 14 octets.</summary>
        public byte[] Salt;

        /// <summary>Zeroes key and salt.</summary>
        public void Wipe()
        {
            Octets.Wipe(Key);
            Octets.Wipe(Salt);
        }
    }
}
