using MbmsMe.Binary;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>Looks into the two slots of a drive from outside: magic, version, sequence number at octet 5.</summary>
    public sealed class SlotView
    {
        private readonly ISlotDrive _drive;

        /// <summary>Makes it.</summary>
        public SlotView(ISlotDrive drive)
        {
            _drive = drive;
        }

        /// <summary>The record in what was written to a slot, in hexadecimal: it stands between 13 octets of header and 20 of hash.</summary>
        public static string Record(byte[] image)
        {
            return image == null ? null : Octets.ToHex(Octets.Slice(image, 13, image.Length - 33));
        }

        /// <summary>The record that was written last, in hexadecimal, or null.</summary>
        public string NewestRecord
        {
            get { return Record(Newest()); }
        }

        /// <summary>True when the slot that was written last holds the octets.</summary>
        public bool NewestHolds(byte[] octets)
        {
            return Octets.ToHex(Newest()).IndexOf(Octets.ToHex(octets)) >= 0;
        }

        private byte[] Newest()
        {
            byte[] first = _drive.Read(0);
            byte[] second = _drive.Read(1);
            if (first == null || second == null)
            {
                return first ?? second;
            }

            return Octets.GetUInt32(first, 5) > Octets.GetUInt32(second, 5) ? first : second;
        }
    }
}
