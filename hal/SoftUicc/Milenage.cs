using System;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Machine;

namespace MbmsMe.Hal.SoftUicc
{
    /// <summary>The authentication and key generation functions of TS 35.206 for one subscriber.</summary>
    public sealed class Milenage
    {
        private const int BlockSize = Aes128.BlockSize;

        private readonly ICryptoEngine _engine;
        private readonly byte[] _k;
        private readonly byte[] _opc;

        /// <summary>Makes it.</summary>
        /// <param name="engine">Does the AES.</param>
        /// <param name="k">Subscriber key: 16 octets.</param>
        /// <param name="opc">OPc: 16 octets.</param>
        public Milenage(ICryptoEngine engine, byte[] k, byte[] opc)
        {
            _engine = engine;
            _k = k;
            _opc = opc;
        }

        /// <summary>f1 and f1*: MAC-A in the first 8 octets, MAC-S in the last 8.</summary>
        /// <param name="rand">16 octets.</param>
        /// <param name="sqn">6 octets.</param>
        /// <param name="amf">2 octets.</param>
        public byte[] F1(byte[] rand, byte[] sqn, byte[] amf)
        {
            byte[] input = new byte[BlockSize];
            for (int half = 0; half < BlockSize; half += 8)
            {
                Array.Copy(sqn, 0, input, half, 6);
                Array.Copy(amf, 0, input, half + 6, 2);
            }

            byte[] output = new byte[BlockSize];
            byte[] temp = Temp(rand);
            for (int i = 0; i < BlockSize; i++)
            {
                // r1 is 64 bits, c1 is 0.
                int rotated = (i + 8) & 15;
                output[i] = (byte)(temp[i] ^ input[rotated] ^ _opc[rotated]);
            }

            Octets.Wipe(temp);
            return Encrypt(output);
        }

        /// <summary>f5 in the first 6 octets (AK), f2 in the last 8 (RES).</summary>
        public byte[] F2F5(byte[] rand)
        {
            return Out(rand, 0, 1);
        }

        /// <summary>f3: CK, 16 octets.</summary>
        public byte[] F3(byte[] rand)
        {
            return Out(rand, 4, 2);
        }

        /// <summary>f4: IK, 16 octets.</summary>
        public byte[] F4(byte[] rand)
        {
            return Out(rand, 8, 4);
        }

        /// <summary>f5* in the first 6 octets: AK of a resynchronisation.</summary>
        public byte[] F5Star(byte[] rand)
        {
            return Out(rand, 12, 8);
        }

        // OUTn = E(rot(TEMP XOR OPc, rn) XOR cn) XOR OPc, clause 4.1.
        private byte[] Out(byte[] rand, int rotation, int constant)
        {
            byte[] temp = Temp(rand);
            byte[] output = new byte[BlockSize];
            for (int i = 0; i < BlockSize; i++)
            {
                int rotated = (i + rotation) & 15;
                output[i] = (byte)(temp[rotated] ^ _opc[rotated]);
            }

            output[BlockSize - 1] = (byte)(output[BlockSize - 1] ^ constant);
            Octets.Wipe(temp);
            return Encrypt(output);
        }

        private byte[] Temp(byte[] rand)
        {
            byte[] temp = Xor(rand, _opc);
            _engine.AesEncrypt(_k, temp);
            return temp;
        }

        private byte[] Encrypt(byte[] block)
        {
            _engine.AesEncrypt(_k, block);
            byte[] output = Xor(block, _opc);
            Octets.Wipe(block);
            return output;
        }

        private static byte[] Xor(byte[] a, byte[] b)
        {
            byte[] result = new byte[BlockSize];
            for (int i = 0; i < BlockSize; i++)
            {
                result[i] = (byte)(a[i] ^ b[i]);
            }

            return result;
        }
    }
}
