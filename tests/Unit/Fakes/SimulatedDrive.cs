using System;
using System.IO;
using MbmsMe.Crypto;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>What can go wrong with a write to the drive.</summary>
    /// <remarks>
    /// The board's drive is littlefs below nanoFramework's FileStream. Opening a file that is there changes nothing,
    /// opening a new one commits it as an empty file, and only closing commits what was written: the former content
    /// or the new one, never a part. The PC's file systems promise less, and flash less still.
    /// </remarks>
    public enum DriveFault
    {
        /// <summary>It is committed.</summary>
        None,

        /// <summary>Power fails before it: the slot keeps its content.</summary>
        CutBefore,

        /// <summary>Power fails within it: the slot holds the first octets of the new content and no more. A PC's file, truncated when opened.</summary>
        Torn,

        /// <summary>Power fails within it: the first octets are new, those behind them the former ones. A PC's file, pages of which were not yet written; bare flash.</summary>
        TornOver,

        /// <summary>Power fails before the file is closed: the slot keeps its content; one that was never written is an empty file. littlefs.</summary>
        CloseLost,

        /// <summary>Power fails right after it: it is committed, but the writer never learns.</summary>
        CutAfter,

        /// <summary>The write is reported as done, and the slot is as after <see cref="CloseLost"/>: littlefs on a drive that is full when the file is closed, of which nanoFramework says nothing.</summary>
        Lost,

        /// <summary>The drive is full and says so: the write is refused, the slot keeps its content.</summary>
        Full,

        /// <summary>Committed and read back; after the next power-on the former content is back. littlefs goes back to a metadata block's last commit whose checksum holds.</summary>
        OldBack,

        /// <summary>Committed and read back; after the next power-on one bit is wrong. littlefs has checksums for its metadata, none for a file's blocks.</summary>
        BitRot,

        /// <summary>Committed and read back; after the next power-on there is no such file. littlefs formatted by the firmware, a file deleted by hand.</summary>
        Missing,

        /// <summary>Committed and read back; after the next power-on it is of a format version to come, otherwise intact: a newer firmware ran in between.</summary>
        NewerFormat,
    }

    /// <summary>The power is gone; the program under test must not catch this.</summary>
    public sealed class PowerCutException : Exception
    {
    }

    /// <summary>Two slots in RAM with one planned fault, and slots that refuse to be read or written for a while or for good.</summary>
    public sealed class SimulatedDrive : ISlotDrive
    {
        /// <summary>For <see cref="FailReads"/> and <see cref="RefuseWrites"/>: until they are called again.</summary>
        public const int Always = int.MaxValue;

        /// <summary>For <see cref="FailReads"/>: until the slot is written, as a file with a bad block is.</summary>
        public const int UntilWritten = int.MaxValue - 1;

        private const int NoSlot = -1;
        private const int VersionOffset = 4;
        private const int HashLength = 20;

        private readonly byte[][] _slots = new byte[2][];
        private readonly int[] _failingReads = new int[2];
        private readonly int[] _refusedWrites = new int[2];
        private DriveFault _fault;
        private int _faultAtWrite;
        private int _octets;
        private int _struckSlot = NoSlot;
        private byte[] _former;

        /// <summary>Writes since the start.</summary>
        public int Writes { get; private set; }

        /// <summary>Octets of the last write.</summary>
        public int LastWriteLength { get; private set; }

        /// <summary>Plans a fault.</summary>
        /// <param name="write">At which write from now on: 0 is the next one.</param>
        /// <param name="fault">The fault.</param>
        /// <param name="octets">
        /// With <see cref="DriveFault.Torn"/> and <see cref="DriveFault.TornOver"/>: octets that reach the slot. With
        /// <see cref="DriveFault.BitRot"/>: the octet it strikes.
        /// </param>
        public void Plan(int write, DriveFault fault, int octets)
        {
            _faultAtWrite = Writes + write;
            _fault = fault;
            _octets = octets;
        }

        /// <summary>The next reads of a slot fail; what it holds stays.</summary>
        /// <param name="slot">0 or 1.</param>
        /// <param name="times">How many, <see cref="Always"/> or <see cref="UntilWritten"/>; 0 for none any more.</param>
        public void FailReads(int slot, int times)
        {
            _failingReads[slot] = times;
        }

        /// <summary>The next writes of a slot are refused; what it holds stays.</summary>
        /// <param name="slot">0 or 1.</param>
        /// <param name="times">How many, or <see cref="Always"/>; 0 for none any more.</param>
        public void RefuseWrites(int slot, int times)
        {
            _refusedWrites[slot] = times;
        }

        /// <summary>What a slot holds, however it refuses; null when it was never written.</summary>
        public byte[] Peek(int slot)
        {
            return _slots[slot] == null ? null : (byte[])_slots[slot].Clone();
        }

        /// <summary>The slot is as if it had never been written.</summary>
        public void Lose(int slot)
        {
            _slots[slot] = null;
        }

        /// <summary>Power fails: faults that show after the next power-on are there from now on.</summary>
        public void LosePower()
        {
            if (_struckSlot == NoSlot)
            {
                return;
            }

            byte[] image = _slots[_struckSlot];
            switch (_fault)
            {
                case DriveFault.OldBack:
                    _slots[_struckSlot] = _former;
                    break;
                case DriveFault.BitRot:
                    image[_octets] ^= (byte)(1 << (_octets & 7));
                    break;
                case DriveFault.Missing:
                    _slots[_struckSlot] = null;
                    break;
                default:
                    image[VersionOffset]++;
                    Sha1 sha1 = new Sha1();
                    sha1.Update(image, 0, image.Length - HashLength);
                    sha1.Finish(image, image.Length - HashLength);
                    break;
            }

            _struckSlot = NoSlot;
        }

        /// <inheritdoc/>
        public byte[] Read(int slot)
        {
            if (IsDue(_failingReads, slot))
            {
                throw new IOException("the drive cannot be read");
            }

            return Peek(slot);
        }

        /// <inheritdoc/>
        public void Write(int slot, byte[] image)
        {
            DriveFault fault = Writes == _faultAtWrite ? _fault : DriveFault.None;
            Writes++;
            LastWriteLength = image.Length;
            if (IsDue(_refusedWrites, slot))
            {
                throw new IOException("the drive refuses the slot");
            }

            switch (fault)
            {
                case DriveFault.Full:
                    throw new IOException("the drive is full");
                case DriveFault.CutBefore:
                    throw new PowerCutException();
                case DriveFault.Lost:
                    _slots[slot] = _slots[slot] ?? new byte[0];
                    return;
                case DriveFault.CloseLost:
                    _slots[slot] = _slots[slot] ?? new byte[0];
                    throw new PowerCutException();
                case DriveFault.Torn:
                case DriveFault.TornOver:
                    _slots[slot] = Torn(image, fault == DriveFault.Torn ? null : _slots[slot]);
                    throw new PowerCutException();
            }

            bool shows = fault != DriveFault.None && fault != DriveFault.CutAfter;
            if (shows || slot == _struckSlot)
            {
                _struckSlot = shows ? slot : NoSlot;
                _former = _slots[slot];
            }

            _slots[slot] = (byte[])image.Clone();
            _failingReads[slot] = _failingReads[slot] == UntilWritten ? 0 : _failingReads[slot];
            if (fault == DriveFault.CutAfter)
            {
                throw new PowerCutException();
            }
        }

        private static bool IsDue(int[] left, int slot)
        {
            if (left[slot] > 0 && left[slot] < UntilWritten)
            {
                left[slot]--;
                return true;
            }

            return left[slot] >= UntilWritten;
        }

        private byte[] Torn(byte[] image, byte[] former)
        {
            int reached = _octets < image.Length ? _octets : image.Length;
            int length = former == null || former.Length < reached ? reached : former.Length;
            byte[] torn = new byte[length];
            if (former != null)
            {
                Array.Copy(former, torn, former.Length < length ? former.Length : length);
            }

            Array.Copy(image, torn, reached);
            return torn;
        }
    }
}
