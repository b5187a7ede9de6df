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
    /// <para>
    /// While one slot refuses again and again, the other is written in place, which is better than no write at all; only then
    /// does a power cut within a write leave no more than what the refusing slot holds.
    /// </para>
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

        // A slot that could not be read may be ahead by as many writes as went to it alone.
        private const uint WritesUnseen = 0x10000;

        private readonly ISlotDrive _drive;
        private readonly Slot[] _slots = new Slot[] { new Slot(), new Slot() };
        private int _current = NoSlot;
        private uint _sequence;
        private IOException _refusal;

        /// <summary>Makes a store over two slots.</summary>
        public SlotStore(ISlotDrive drive)
        {
            _drive = drive;
        }

        /// <summary>True while a slot may hold what <see cref="Outdate"/> was called for.</summary>
        public bool HasOutdated
        {
            get { return _slots[0].IsOutdated || _slots[1].IsOutdated; }
        }

        private int Other
        {
            get { return _current == 0 ? 1 : 0; }
        }

        /// <summary>Reads both slots.</summary>
        public StoredRecords Load()
        {
            StoredRecords found = new StoredRecords();
            uint[] sequences = new uint[2];
            byte[] first = Open(0, found, out sequences[0]);
            byte[] second = Open(1, found, out sequences[1]);
            _current = NoSlot;
            if (first != null || second != null)
            {
                _current = second == null || (first != null && sequences[0] > sequences[1]) ? 0 : 1;
                _sequence = sequences[_current] + (found.Refusal == null ? 0 : WritesUnseen);
                found.Newest = _current == 0 ? first : second;
                found.Older = _current == 0 ? second : first;
            }

            return found;
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
            byte[] image = Seal(buffer, offset, count);
            try
            {
                if (!TrySave(image))
                {
                    throw _refusal;
                }
            }
            finally
            {
                Octets.Wipe(image);
            }
        }

        /// <summary>What the slots hold now must not stay: <see cref="Renew"/> writes over it.</summary>
        /// <param name="both">False for the older slot only.</param>
        public void Outdate(bool both)
        {
            for (int slot = 0; slot < _slots.Length; slot++)
            {
                _slots[slot].IsOutdated |= (both || slot != _current) && !_slots[slot].IsEmpty;
            }
        }

        /// <summary>Writes the record until a slot holds it and none is outdated: no write, one or two.</summary>
        /// <exception cref="IOException">The drive did not take a write. What was written stays, and the next call goes on from there.</exception>
        public void Renew(byte[] buffer, int offset, int count)
        {
            if (_current == NoSlot || _slots[_current].IsOutdated)
            {
                Save(buffer, offset, count);
            }

            if (_slots[Other].IsOutdated)
            {
                byte[] image = Seal(buffer, offset, count);
                bool written = TryWrite(Other, image);
                Octets.Wipe(image);
                if (!written)
                {
                    throw _refusal;
                }
            }
        }

        private bool TrySave(byte[] image)
        {
            int slot = Other;
            int fallback = 1 - slot;
            bool again = _slots[slot].IsDoubtful;
            if (_current == NoSlot && !(IsFree(slot) && IsFree(fallback)))
            {
                // What could not be read is not known to be worth less than this.
                return false;
            }

            if (IsRead(slot) && TryWrite(slot, image))
            {
                return true;
            }

            if (!again || !TryWrite(fallback, image))
            {
                return false;
            }

            // Whatever it holds, there is a newer record now.
            _slots[slot].IsUnread = false;
            return true;
        }

        // May be overwritten though the other slot holds no record.
        private bool IsFree(int slot)
        {
            return !_slots[slot].IsUnread || _slots[slot].IsOutdated;
        }

        private bool IsRead(int slot)
        {
            if (!_slots[slot].IsUnread)
            {
                return true;
            }

            try
            {
                Octets.Wipe(_drive.Read(slot));
                _slots[slot].IsUnread = false;
                return true;
            }
            catch (IOException failure)
            {
                _refusal = failure;
                return false;
            }
        }

        private bool TryWrite(int slot, byte[] image)
        {
            try
            {
                _drive.Write(slot, image);
                byte[] written = _drive.Read(slot);
                bool same = written != null && Octets.Equals(written, 0, written.Length, image);
                Octets.Wipe(written);
                if (same)
                {
                    _slots[slot] = new Slot();
                    _current = slot;
                    return true;
                }

                _refusal = new IOException("the drive does not hold what was written");
            }
            catch (IOException failure)
            {
                _refusal = failure;
            }

            _slots[slot].IsDoubtful = true;
            _slots[slot].IsEmpty &= IsNeverWritten(slot);
            return false;
        }

        // A refused write may have left some of it.
        private bool IsNeverWritten(int slot)
        {
            try
            {
                byte[] image = _drive.Read(slot);
                Octets.Wipe(image);
                return image == null;
            }
            catch (IOException)
            {
                return false;
            }
        }

        private byte[] Seal(byte[] buffer, int offset, int count)
        {
            // A refused write uses a number up: it may be there all the same.
            _sequence++;
            byte[] image = new byte[Overhead + count];
            Octets.PutUInt32(image, 0, Magic);
            image[4] = FormatVersion;
            Octets.PutUInt32(image, 5, _sequence);
            Octets.PutUInt32(image, 9, (uint)count);
            Array.Copy(buffer, offset, image, HeaderLength, count);
            Hash(image, image.Length - HashLength, image, image.Length - HashLength);
            return image;
        }

        private byte[] Open(int slot, StoredRecords found, out uint sequence)
        {
            sequence = 0;
            _slots[slot] = new Slot { IsDoubtful = _slots[slot].IsDoubtful };
            byte[] image = null;
            try
            {
                image = _drive.Read(slot);
                _slots[slot].IsEmpty = image == null;
            }
            catch (IOException failure)
            {
                found.Refusal = failure;
                _refusal = failure;
                _slots[slot].IsUnread = true;
                _slots[slot].IsDoubtful = true;
            }

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
                found.HasDamaged = true;
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

        private static void Hash(byte[] image, int length, byte[] output, int offset)
        {
            Sha1 sha1 = new Sha1();
            sha1.Reset();
            sha1.Update(image, 0, length);
            sha1.Finish(output, offset);
        }

        private sealed class Slot
        {
            // Neither written nor read since the start.
            public bool IsUnread;

            // Could not be read, or refused the last write.
            public bool IsDoubtful;

            // Never written.
            public bool IsEmpty;

            // Holds what must not stay.
            public bool IsOutdated;
        }
    }
}
