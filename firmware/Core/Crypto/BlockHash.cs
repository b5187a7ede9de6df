using System;
using MbmsMe.Binary;

namespace MbmsMe.Crypto
{
    /// <summary>
    /// A hash over 64-octet blocks with the padding that MD5, SHA-1 and SHA-256 share
    /// (RFC 1321 clause 3.1, FIPS 180-4 clause 5.1.1). One instance hashes any number of messages, one after the other.
    /// </summary>
    public abstract class BlockHash
    {
        /// <summary>Octets in a block.</summary>
        public const int BlockSize = 64;

        private readonly byte[] _block = new byte[BlockSize];
        private readonly bool _bigEndian;
        private int _used;
        private uint _length;

        /// <summary>Makes a hash of that many 32-bit state words.</summary>
        protected BlockHash(int words, bool bigEndian)
        {
            State = new uint[words];
            _bigEndian = bigEndian;
        }

        /// <summary>Compressions done by all hashes since the start: what benchmarks and their tests count.</summary>
        public static uint Compressions { get; private set; }

        /// <summary>Octets in the hash value.</summary>
        public int Size
        {
            get { return State.Length * 4; }
        }

        /// <summary>The chaining value.</summary>
        protected uint[] State { get; }

        /// <summary>Starts a message.</summary>
        public void Reset()
        {
            LoadInitialState();
            _used = 0;
            _length = 0;
        }

        /// <summary>Goes on from a state after whole blocks, as <see cref="SaveState"/> gave it after the first block.</summary>
        public void LoadState(uint[] state)
        {
            Array.Copy(state, State, State.Length);
            _used = 0;
            _length = BlockSize;
        }

        /// <summary>Copies the chaining value; only defined after a whole number of blocks.</summary>
        public void SaveState(uint[] state)
        {
            Array.Copy(State, state, State.Length);
        }

        /// <summary>Takes the next octets of the message (at most 2^29 - 1 in all).</summary>
        public void Update(byte[] data, int offset, int count)
        {
            _length += (uint)count;
            while (count > 0)
            {
                int take = BlockSize - _used;
                if (take > count)
                {
                    take = count;
                }

                Array.Copy(data, offset, _block, _used, take);
                _used += take;
                offset += take;
                count -= take;
                if (_used == BlockSize)
                {
                    CompressBlock();
                }
            }
        }

        /// <summary>Takes the next octets of the message.</summary>
        public void Update(byte[] data)
        {
            Update(data, 0, data.Length);
        }

        /// <summary>Ends the message, writes <see cref="Size"/> octets and forgets the message.</summary>
        public void Finish(byte[] output, int offset)
        {
            _block[_used++] = 0x80;
            if (_used > BlockSize - 8)
            {
                Array.Clear(_block, _used, BlockSize - _used);
                CompressBlock();
            }

            Array.Clear(_block, _used, BlockSize - _used);
            uint bits = _length << 3;
            if (_bigEndian)
            {
                Octets.PutUInt32(_block, BlockSize - 4, bits);
            }
            else
            {
                PutLittleEndian(_block, BlockSize - 8, bits);
            }

            CompressBlock();
            for (int i = 0; i < State.Length; i++)
            {
                if (_bigEndian)
                {
                    Octets.PutUInt32(output, offset + (4 * i), State[i]);
                }
                else
                {
                    PutLittleEndian(output, offset + (4 * i), State[i]);
                }
            }

            Octets.Wipe(_block);
            Array.Clear(State, 0, State.Length);
        }

        /// <summary>The hash value of one message.</summary>
        public byte[] Compute(byte[] data)
        {
            byte[] value = new byte[Size];
            Reset();
            Update(data);
            Finish(value, 0);
            return value;
        }

        /// <summary>Puts the initial chaining value into <see cref="State"/>.</summary>
        protected abstract void LoadInitialState();

        /// <summary>Takes a block into <see cref="State"/>.</summary>
        /// <param name="block">64 octets from index 0 on: constant indices spare the interpreter an addition each.</param>
        protected abstract void Compress(byte[] block);

        private static void PutLittleEndian(byte[] buffer, int offset, uint value)
        {
            buffer[offset] = (byte)value;
            buffer[offset + 1] = (byte)(value >> 8);
            buffer[offset + 2] = (byte)(value >> 16);
            buffer[offset + 3] = (byte)(value >> 24);
        }

        private void CompressBlock()
        {
            Compressions++;
            Compress(_block);
            _used = 0;
        }
    }
}
