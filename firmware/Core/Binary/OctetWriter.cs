using System;

namespace MbmsMe.Binary
{
    /// <summary>Octets written one after the other, most significant first, into a buffer that grows.</summary>
    public sealed class OctetWriter
    {
        private byte[] _buffer;

        /// <summary>Makes an empty writer.</summary>
        /// <param name="capacity">Octets to make room for; enough room means no second copy of a key is left behind.</param>
        public OctetWriter(int capacity)
        {
            _buffer = new byte[capacity];
        }

        /// <summary>Octets written so far.</summary>
        public int Length { get; private set; }

        /// <summary>What is written so far, in the first <see cref="Length"/> octets.</summary>
        public byte[] Buffer
        {
            get { return _buffer; }
        }

        /// <summary>Appends 1 octet.</summary>
        public OctetWriter Put8(int value)
        {
            Reserve(1);
            _buffer[Length++] = (byte)value;
            return this;
        }

        /// <summary>Appends 2 octets.</summary>
        public OctetWriter Put16(int value)
        {
            return Put8(value >> 8).Put8(value);
        }

        /// <summary>Appends 3 octets.</summary>
        public OctetWriter Put24(int value)
        {
            return Put8(value >> 16).Put16(value);
        }

        /// <summary>Appends 4 octets.</summary>
        public OctetWriter Put32(uint value)
        {
            Reserve(4);
            Octets.PutUInt32(_buffer, Length, value);
            Length += 4;
            return this;
        }

        /// <summary>Appends the octets.</summary>
        public OctetWriter Put(byte[] octets)
        {
            return Put(octets, 0, octets.Length);
        }

        /// <summary>Appends a region.</summary>
        public OctetWriter Put(byte[] octets, int offset, int count)
        {
            Reserve(count);
            Array.Copy(octets, offset, _buffer, Length, count);
            Length += count;
            return this;
        }

        /// <summary>Appends 1 octet of length and as many octets: at most 255.</summary>
        public OctetWriter PutVariable(byte[] octets)
        {
            return Put8(octets.Length).Put(octets);
        }

        /// <summary>All that was written.</summary>
        public byte[] ToArray()
        {
            return Octets.Slice(_buffer, 0, Length);
        }

        /// <summary>Zeroes all that was written and starts again.</summary>
        public void Wipe()
        {
            Octets.Wipe(_buffer);
            Length = 0;
        }

        private void Reserve(int count)
        {
            if (Length + count > _buffer.Length)
            {
                byte[] larger = new byte[(Length + count) * 2];
                Array.Copy(_buffer, 0, larger, 0, Length);
                Octets.Wipe(_buffer);
                _buffer = larger;
            }
        }
    }
}
