using System;
using System.IO;
using MbmsMe.Hal;

namespace MbmsMe.Sim
{
    /// <summary>What a write to the simulated drive does.</summary>
    public enum DriveFault
    {
        /// <summary>It is committed.</summary>
        None,

        /// <summary>Power fails before it: the slot keeps its content.</summary>
        CutBefore,

        /// <summary>Power fails within it: the slot holds the first octets of the new content.</summary>
        Torn,

        /// <summary>Power fails right after it: it is committed, but the writer never learns.</summary>
        CutAfter,

        /// <summary>The drive is full: the write is refused, the slot keeps its content.</summary>
        Full,
    }

    /// <summary>The power is gone; the program under test must not catch this.</summary>
    public sealed class PowerCutException : Exception
    {
    }

    /// <summary>Two slots in RAM with one planned fault.</summary>
    public sealed class SimulatedDrive : ISlotDrive
    {
        private readonly byte[][] _slots = new byte[2][];
        private DriveFault _fault;
        private int _faultAtWrite;
        private int _tornOctets;

        /// <summary>Writes since the start.</summary>
        public int Writes { get; private set; }

        /// <summary>Octets of the last write.</summary>
        public int LastWriteLength { get; private set; }

        /// <summary>Plans a fault.</summary>
        /// <param name="write">At which write from now on: 0 is the next one.</param>
        /// <param name="fault">The fault.</param>
        /// <param name="tornOctets">With <see cref="DriveFault.Torn"/>: octets that reach the slot.</param>
        public void Plan(int write, DriveFault fault, int tornOctets)
        {
            _faultAtWrite = Writes + write;
            _fault = fault;
            _tornOctets = tornOctets;
        }

        /// <inheritdoc/>
        public byte[] Read(int slot)
        {
            return _slots[slot] == null ? null : (byte[])_slots[slot].Clone();
        }

        /// <inheritdoc/>
        public void Write(int slot, byte[] image)
        {
            DriveFault fault = Writes == _faultAtWrite ? _fault : DriveFault.None;
            Writes++;
            LastWriteLength = image.Length;
            switch (fault)
            {
                case DriveFault.Full:
                    throw new IOException("the drive is full");
                case DriveFault.CutBefore:
                    throw new PowerCutException();
                case DriveFault.Torn:
                    byte[] torn = new byte[_tornOctets < image.Length ? _tornOctets : image.Length];
                    Array.Copy(image, torn, torn.Length);
                    _slots[slot] = torn;
                    throw new PowerCutException();
            }

            _slots[slot] = (byte[])image.Clone();
            if (fault == DriveFault.CutAfter)
            {
                throw new PowerCutException();
            }
        }
    }
}
