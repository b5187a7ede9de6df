using System;
using MbmsMe.Binary;
using MbmsMe.Machine;

namespace MbmsMe.Crypto
{
    /// <summary>AES-128 encryption of single blocks (FIPS 197); every mode the ME uses needs only that direction.</summary>
    public sealed class Aes128 : AesKey
    {
        /// <summary>Octets in a block and in a key.</summary>
        public const int BlockSize = 16;

        private const int Rounds = 10;

        // Made at first use: a machine whose AES is in hardware never pays for the tables.
        private static byte[] s_box;
        private static uint[] s_mixedBox;

        private readonly uint[] _schedule = new uint[4 * (Rounds + 1)];
        private readonly byte[] _counter = new byte[BlockSize];

        /// <summary>Expands a key (clause 5.2).</summary>
        /// <param name="key">16 octets.</param>
        /// <exception cref="ArgumentException">Another length.</exception>
        public Aes128(byte[] key)
        {
            if (key.Length != BlockSize)
            {
                throw new ArgumentException();
            }

            if (s_box == null)
            {
                MakeTables();
            }

            for (int i = 0; i < 4; i++)
            {
                _schedule[i] = Octets.GetUInt32(key, 4 * i);
            }

            uint roundConstant = 1;
            for (int i = 4; i < _schedule.Length; i++)
            {
                uint word = _schedule[i - 1];
                if ((i & 3) == 0)
                {
                    word = Substitute((word << 8) | (word >> 24)) ^ (roundConstant << 24);
                    roundConstant = (roundConstant << 1) ^ ((roundConstant >> 7) * 0x11b);
                }

                _schedule[i] = _schedule[i - 4] ^ word;
            }
        }

        /// <summary>Encrypts one block in place.</summary>
        public void Encrypt(byte[] buffer, int offset)
        {
            uint[] key = _schedule;
            uint[] mixed = s_mixedBox;
            uint a = Octets.GetUInt32(buffer, offset) ^ key[0];
            uint b = Octets.GetUInt32(buffer, offset + 4) ^ key[1];
            uint c = Octets.GetUInt32(buffer, offset + 8) ^ key[2];
            uint d = Octets.GetUInt32(buffer, offset + 12) ^ key[3];
            for (int k = 4; k < 4 * Rounds; k += 4)
            {
                uint e = MixColumn(mixed, a, b, c, d) ^ key[k];
                uint f = MixColumn(mixed, b, c, d, a) ^ key[k + 1];
                uint g = MixColumn(mixed, c, d, a, b) ^ key[k + 2];
                d = MixColumn(mixed, d, a, b, c) ^ key[k + 3];
                a = e;
                b = f;
                c = g;
            }

            Octets.PutUInt32(buffer, offset, LastColumn(a, b, c, d) ^ key[40]);
            Octets.PutUInt32(buffer, offset + 4, LastColumn(b, c, d, a) ^ key[41]);
            Octets.PutUInt32(buffer, offset + 8, LastColumn(c, d, a, b) ^ key[42]);
            Octets.PutUInt32(buffer, offset + 12, LastColumn(d, a, b, c) ^ key[43]);
        }

        /// <inheritdoc/>
        public override void Crypt(byte[] iv, byte[] data, int offset, int count)
        {
            byte[] counter = _counter;
            for (int block = 0; count > 0; block++)
            {
                Array.Copy(iv, 0, counter, 0, IvLength);
                counter[IvLength] = (byte)(block >> 8);
                counter[IvLength + 1] = (byte)block;
                Encrypt(counter, 0);
                int take = count < BlockSize ? count : BlockSize;
                for (int i = 0; i < take; i++)
                {
                    data[offset] = (byte)(data[offset] ^ counter[i]);
                    offset++;
                }

                count -= take;
            }

            Octets.Wipe(counter);
        }

        /// <inheritdoc/>
        public override void Wipe()
        {
            Array.Clear(_schedule, 0, _schedule.Length);
        }

        private static uint MixColumn(uint[] mixed, uint a, uint b, uint c, uint d)
        {
            uint s = mixed[(int)(a >> 24)];
            uint t = mixed[(int)((b >> 16) & 255)];
            uint u = mixed[(int)((c >> 8) & 255)];
            uint v = mixed[(int)(d & 255)];
            return s ^ ((t >> 8) | (t << 24)) ^ ((u >> 16) | (u << 16)) ^ ((v >> 24) | (v << 8));
        }

        private static uint LastColumn(uint a, uint b, uint c, uint d)
        {
            return ((uint)s_box[(int)(a >> 24)] << 24)
                | ((uint)s_box[(int)((b >> 16) & 255)] << 16)
                | ((uint)s_box[(int)((c >> 8) & 255)] << 8)
                | s_box[(int)(d & 255)];
        }

        private static uint Substitute(uint word)
        {
            return LastColumn(word, word, word, word);
        }

        // Clause 5.1.1: the inverse in GF(2^8) by powers of the generator 3, then the affine transformation.
        private static void MakeTables()
        {
            byte[] box = new byte[256];
            uint[] mixed = new uint[256];
            int power = 1;
            int inverse = 1;
            do
            {
                power ^= (power << 1) ^ ((power >> 7) * 0x11b);
                inverse ^= inverse << 1;
                inverse ^= inverse << 2;
                inverse ^= inverse << 4;
                inverse &= 255;
                inverse ^= (inverse >> 7) * 9;
                int rotated = inverse | (inverse << 8);
                box[power & 255] = (byte)(inverse ^ (rotated >> 7) ^ (rotated >> 6) ^ (rotated >> 5) ^ (rotated >> 4) ^ 0x63);
            }
            while ((power & 255) != 1);

            box[0] = 0x63;
            for (int i = 0; i < 256; i++)
            {
                uint once = box[i];
                uint twice = (once << 1) ^ ((once >> 7) * 0x11b);
                mixed[i] = (twice << 24) | (once << 16) | (once << 8) | (twice ^ once);
            }

            // The one that is looked at comes last, in case two threads make their first key together.
            s_mixedBox = mixed;
            s_box = box;
        }
    }
}
