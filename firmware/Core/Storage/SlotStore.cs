using System;
using System.IO;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Machine;

namespace MbmsMe.Storage
{
    /// <summary>
    /// One record in non-volatile memory that is replaced as a whole: two slots written in turn, so that a
    /// power cut at any octet leaves the old record or the new one.
    /// </summary>
    /// <remarks>
    /// A slot holds magic (4 octets), format version (1), sequence number (4), length of the record (4), the
    /// record, and the SHA-1 (20) of all before it. The valid slot with the higher sequence number counts.
    /// </remarks>
    public sealed class SlotStore
    {
        /// <summary>Octets that a slot holds besides the record.</summary>
        public const int Overhead = HeaderLength + HashLength;

        private const uint Magic = 0x4D424D53; // "MBMS"
        private const int FormatVersion = 1;
        private const int HeaderLength = 13;
        private const int HashLength = 20;
        private const int NoSlot = -1;

        private readonly ISlotDrive _drive;
        private readonly Sha1 _sha1 = new Sha1();
        private int _current = NoSlot;
        private uint _sequence;

        /// <summary>Makes a store over two slots.</summary>
        public SlotStore(ISlotDrive drive)
        {
            _drive = drive;
        }

        /// <summary>True when the last <see cref="Load"/> met a slot that is there and no valid record: torn, rotten, or of another format.</summary>
        public bool HasUnreadable { get; private set; }

        /// <summary>Reads the newest valid record, or null when there is none.</summary>
        /// <param name="older">The other slot's record, or null when that slot is not valid.</param>
        public byte[] Load(out byte[] older)
        {
            uint[] sequences = new uint[2];
            HasUnreadable = false;
            byte[] first = Open(_drive.Read(0), out sequences[0]);
            byte[] second = Open(_drive.Read(1), out sequences[1]);
            if (first == null && second == null)
            {
                _current = NoSlot;
                older = null;
                return null;
            }

            _current = second == null || (first != null && sequences[0] > sequences[1]) ? 0 : 1;
            _sequence = sequences[_current];
            older = _current == 0 ? second : first;
            return _current == 0 ? first : second;
        }

        /// <summary>Replaces the record: one write, read back. The caller's octets are not kept.</summary>
        /// <exception cref="IOException">The drive did not take it; the old record still counts.</exception>
        public void Save(byte[] record)
        {
            Save(record, 0, record.Length);
        }

        /// <summary>Replaces the record by the first octets of a buffer.</summary>
        /// <exception cref="IOException">The drive did not take it; the old record still counts.</exception>
        public void Save(byte[] buffer, int offset, int count)
        {
            byte[] image = new byte[Overhead + count];
            Octets.PutUInt32(image, 0, Magic);
            image[4] = FormatVersion;
            Octets.PutUInt32(image, 5, _sequence + 1);
            Octets.PutUInt32(image, 9, (uint)count);
            Array.Copy(buffer, offset, image, HeaderLength, count);
            Hash(image, image.Length - HashLength, image, image.Length - HashLength);

            int slot = _current == 0 ? 1 : 0;
            _drive.Write(slot, image);
            byte[] written = _drive.Read(slot);
            bool same = written != null && Octets.Equals(written, 0, written.Length, image);
            Octets.Wipe(written);
            Octets.Wipe(image);
            if (!same)
            {
                throw new IOException("the drive does not hold what was written");
            }

            _current = slot;
            _sequence++;
        }

        private byte[] Open(byte[] image, out uint sequence)
        {
            sequence = 0;
            if (image == null)
            {
                return null;
            }

            byte[] record = null;
            if (IsValid(image))
            {
                sequence = Octets.GetUInt32(image, 5);
                record = Octets.Slice(image, HeaderLength, image.Length - Overhead);
            }
            else
            {
                HasUnreadable = true;
            }

            Octets.Wipe(image);
            return record;
        }

        private bool IsValid(byte[] image)
        {
            if (image.Length < Overhead
                || Octets.GetUInt32(image, 0) != Magic
                || image[4] != FormatVersion
                || Octets.GetUInt32(image, 9) != (uint)(image.Length - Overhead))
            {
                return false;
            }

            byte[] hash = new byte[HashLength];
            Hash(image, image.Length - HashLength, hash, 0);
            return Octets.Equals(image, image.Length - HashLength, HashLength, hash);
        }

        private void Hash(byte[] image, int length, byte[] output, int offset)
        {
            _sha1.Reset();
            _sha1.Update(image, 0, length);
            _sha1.Finish(output, offset);
        }
    }
}
