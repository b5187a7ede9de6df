namespace MbmsMe.Bench
{
    /// <summary>AES-128 encryption octet by octet as FIPS 197 writes it: the yardstick for the core's table-driven one.</summary>
    internal sealed class TextbookAes
    {
        private readonly byte[] _box = new byte[256];
        private readonly byte[] _key = new byte[176];
        private readonly byte[] _row = new byte[16];

        public TextbookAes(byte[] key)
        {
            MakeBox();
            for (int i = 0; i < 16; i++)
            {
                _key[i] = key[i];
            }

            int constant = 1;
            for (int i = 16; i < 176; i += 4)
            {
                bool first = (i & 15) == 0;
                for (int j = 0; j < 4; j++)
                {
                    int previous = first ? _box[_key[i - 4 + ((j + 1) & 3)]] : _key[i - 4 + j];
                    _key[i + j] = (byte)(_key[i - 16 + j] ^ previous ^ (first && j == 0 ? constant : 0));
                }

                constant = first ? Twice(constant) : constant;
            }
        }

        public void Encrypt(byte[] state)
        {
            AddRoundKey(state, 0);
            for (int round = 1; round <= 10; round++)
            {
                SubBytesAndShiftRows(state);
                if (round < 10)
                {
                    MixColumns(state);
                }

                AddRoundKey(state, round * 16);
            }
        }

        private static int Twice(int x)
        {
            return ((x << 1) ^ ((x >> 7) * 0x11b)) & 255;
        }

        private static int Times(int x, int y)
        {
            int product = 0;
            for (; y > 0; y >>= 1)
            {
                product ^= (y & 1) != 0 ? x : 0;
                x = Twice(x);
            }

            return product;
        }

        private static void MixColumns(byte[] state)
        {
            for (int c = 0; c < 16; c += 4)
            {
                int a = state[c];
                int b = state[c + 1];
                int d = state[c + 2];
                int e = state[c + 3];
                state[c] = (byte)(Twice(a) ^ Twice(b) ^ b ^ d ^ e);
                state[c + 1] = (byte)(a ^ Twice(b) ^ Twice(d) ^ d ^ e);
                state[c + 2] = (byte)(a ^ b ^ Twice(d) ^ Twice(e) ^ e);
                state[c + 3] = (byte)(Twice(a) ^ a ^ b ^ d ^ Twice(e));
            }
        }

        private void MakeBox()
        {
            for (int x = 0; x < 256; x++)
            {
                // The inverse in GF(2^8) is the 254th power.
                int inverse = 1;
                for (int bit = 7; bit >= 0; bit--)
                {
                    inverse = Times(inverse, inverse);
                    inverse = bit > 0 ? Times(inverse, x) : inverse;
                }

                int doubled = inverse | (inverse << 8);
                _box[x] = (byte)(doubled ^ (doubled >> 4) ^ (doubled >> 5) ^ (doubled >> 6) ^ (doubled >> 7) ^ 0x63);
            }
        }

        private void AddRoundKey(byte[] state, int offset)
        {
            for (int i = 0; i < 16; i++)
            {
                state[i] = (byte)(state[i] ^ _key[offset + i]);
            }
        }

        private void SubBytesAndShiftRows(byte[] state)
        {
            for (int i = 0; i < 16; i++)
            {
                _row[i] = _box[state[(i + (4 * (i & 3))) & 15]];
            }

            for (int i = 0; i < 16; i++)
            {
                state[i] = _row[i];
            }
        }
    }
}
