using MbmsMe.Crypto;
using MbmsMe.Mikey;

namespace MbmsMe.Keys
{
    /// <summary>An MBMS Service Key with what MTK messages under it need (TS 33.246 clause 6.3.2).</summary>
    public sealed class Msk
    {
        /// <summary>Key Domain and Key Group.</summary>
        public KeyGroup Group;

        /// <summary>Key Number part of the MSK ID: 16 bits, not 0.</summary>
        public int Number;

        /// <summary>True when it came in a draft2004 message: its MSK ID has 2 octets on the wire, not 4.</summary>
        public bool Draft2004;

        /// <summary>The key: 16 octets.</summary>
        public byte[] Key;

        /// <summary>RAND of the MSK message, 1 to 255 octets: MTK messages carry none and are derived with it.</summary>
        public byte[] Rand;

        /// <summary>CSB ID of the MSK message.</summary>
        public uint CsbId;

        /// <summary>SEQl: the lowest MTK ID it may protect.</summary>
        public uint SeqLow;

        /// <summary>SEQu: the highest MTK ID it may protect.</summary>
        public uint SeqHigh;

        /// <summary>The MSK ID in hexadecimal as it was on the wire.</summary>
        public string IdText
        {
            get { return WireId(Group, Number, Draft2004); }
        }

        /// <summary>An MSK ID in hexadecimal: Key Group and Key Number part (release6), or Key Number alone (draft2004).</summary>
        public static string WireId(KeyGroup group, int number, bool draft2004)
        {
            string text = Octets.ToHex((uint)number, MikeyConstants.MskIdLengthDraft2004);
            return draft2004 ? text : group.GroupText + text;
        }

        /// <summary>Zeroes the key.</summary>
        public void Wipe()
        {
            Octets.Wipe(Key);
        }
    }
}
