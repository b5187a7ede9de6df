using MbmsMe.Binary;

namespace MbmsMe.Crypto
{
    /// <summary>SHA-256 (FIPS 180-4).</summary>
    public sealed class Sha256 : BlockHash
    {
        private static readonly uint[] s_roots =
        {
            0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
            0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
            0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
            0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
            0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
            0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
            0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
            0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
        };

        private readonly uint[] _words = new uint[64];

        /// <summary>Makes the hash: 32 octets.</summary>
        public Sha256()
            : base(8, true)
        {
        }

        /// <inheritdoc/>
        protected override void LoadInitialState()
        {
            State[0] = 0x6a09e667;
            State[1] = 0xbb67ae85;
            State[2] = 0x3c6ef372;
            State[3] = 0xa54ff53a;
            State[4] = 0x510e527f;
            State[5] = 0x9b05688c;
            State[6] = 0x1f83d9ab;
            State[7] = 0x5be0cd19;
        }

        /// <inheritdoc/>
        protected override void Compress(byte[] block)
        {
            uint[] w = _words;
            for (int i = 0; i < 16; i++)
            {
                w[i] = Octets.GetUInt32(block, 4 * i);
            }

            for (int i = 16; i < 64; i++)
            {
                uint x = w[i - 15];
                uint y = w[i - 2];
                x = ((x >> 7) | (x << 25)) ^ ((x >> 18) | (x << 14)) ^ (x >> 3);
                y = ((y >> 17) | (y << 15)) ^ ((y >> 19) | (y << 13)) ^ (y >> 10);
                w[i] = w[i - 16] + x + w[i - 7] + y;
            }

            uint a = State[0];
            uint b = State[1];
            uint c = State[2];
            uint d = State[3];
            uint e = State[4];
            uint f = State[5];
            uint g = State[6];
            uint h = State[7];
            for (int i = 0; i < 64; i++)
            {
                uint t = h + s_roots[i] + w[i] + (g ^ (e & (f ^ g)));
                t += ((e >> 6) | (e << 26)) ^ ((e >> 11) | (e << 21)) ^ ((e >> 25) | (e << 7));
                uint u = ((a >> 2) | (a << 30)) ^ ((a >> 13) | (a << 19)) ^ ((a >> 22) | (a << 10));
                u += (a & b) | (c & (a | b));
                h = g;
                g = f;
                f = e;
                e = d + t;
                d = c;
                c = b;
                b = a;
                a = t + u;
            }

            State[0] += a;
            State[1] += b;
            State[2] += c;
            State[3] += d;
            State[4] += e;
            State[5] += f;
            State[6] += g;
            State[7] += h;
        }
    }
}
