namespace MbmsMe.Bench
{
    /// <summary>
    /// SHA-1's compression as FIPS 180-4 writes it, with its functions ROTL (clause 2.2.2), f and K (clauses 4.1.1 and
    /// 4.2.1) and its array W (clause 6.1.2): the yardstick for the core's unrolled one.
    /// </summary>
    internal sealed class TextbookSha1
    {
        private readonly uint[] _w = new uint[80];
        private readonly uint[] _h = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };

        public uint[] State
        {
            get { return _h; }
        }

        public void Compress(byte[] data)
        {
            for (int t = 0; t < 16; t++)
            {
                _w[t] = ((uint)data[4 * t] << 24) | ((uint)data[(4 * t) + 1] << 16)
                    | ((uint)data[(4 * t) + 2] << 8) | data[(4 * t) + 3];
            }

            for (int t = 16; t < 80; t++)
            {
                _w[t] = RotateLeft(_w[t - 3] ^ _w[t - 8] ^ _w[t - 14] ^ _w[t - 16], 1);
            }

            uint a = _h[0];
            uint b = _h[1];
            uint c = _h[2];
            uint d = _h[3];
            uint e = _h[4];
            for (int t = 0; t < 80; t++)
            {
                uint temp = RotateLeft(a, 5) + F(t, b, c, d) + e + K(t) + _w[t];
                e = d;
                d = c;
                c = RotateLeft(b, 30);
                b = a;
                a = temp;
            }

            _h[0] += a;
            _h[1] += b;
            _h[2] += c;
            _h[3] += d;
            _h[4] += e;
        }

        private static uint RotateLeft(uint x, int n)
        {
            return (x << n) | (x >> (32 - n));
        }

        private static uint F(int t, uint b, uint c, uint d)
        {
            if (t < 20)
            {
                return (b & c) ^ (~b & d);
            }

            return t >= 40 && t < 60 ? (b & c) ^ (b & d) ^ (c & d) : b ^ c ^ d;
        }

        private static uint K(int t)
        {
            return t < 20 ? 0x5a827999 : t < 40 ? 0x6ed9eba1 : t < 60 ? 0x8f1bbcdc : 0xca62c1d6;
        }
    }
}
