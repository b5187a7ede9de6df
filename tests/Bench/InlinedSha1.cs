namespace MbmsMe.Bench
{
    /// <summary>SHA-1's compression as FIPS 180-4 clause 6.1.2 writes it: in one loop, without calls: the yardstick for the core's unrolled one.</summary>
    internal sealed class InlinedSha1
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
                uint word = _w[t - 3] ^ _w[t - 8] ^ _w[t - 14] ^ _w[t - 16];
                _w[t] = (word << 1) | (word >> 31);
            }

            uint a = _h[0];
            uint b = _h[1];
            uint c = _h[2];
            uint d = _h[3];
            uint e = _h[4];
            for (int t = 0; t < 80; t++)
            {
                uint f;
                if (t < 20)
                {
                    f = ((b & c) | (~b & d)) + 0x5a827999;
                }
                else if (t < 40)
                {
                    f = (b ^ c ^ d) + 0x6ed9eba1;
                }
                else if (t < 60)
                {
                    f = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
                }
                else
                {
                    f = (b ^ c ^ d) + 0xca62c1d6;
                }

                uint temp = ((a << 5) | (a >> 27)) + f + e + _w[t];
                e = d;
                d = c;
                c = (b << 30) | (b >> 2);
                b = a;
                a = temp;
            }

            _h[0] += a;
            _h[1] += b;
            _h[2] += c;
            _h[3] += d;
            _h[4] += e;
        }
    }
}
