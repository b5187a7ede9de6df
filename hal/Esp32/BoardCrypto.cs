using System;
using System.Security.Cryptography;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Machine;
using nanoFramework.Runtime.Native;

namespace MbmsMe.Hal.Esp32
{
    /// <summary>
    /// AES-128 and HMAC-SHA-256 by the firmware (mbedTLS, with the ESP32's AES and SHA units). SHA-1, which the firmware has
    /// not, by the core.
    /// </summary>
    public sealed class BoardCrypto : ICryptoEngine
    {
        private const string Platform = "ESP32";

        // The one target of that platform whose stock firmware is built without System.Security.Cryptography.
        private const string TargetWithout = "AtomS3";

        private readonly object _lock = new object();
        private byte[] _counters = new byte[0];

        private BoardCrypto()
        {
        }

        /// <summary>
        /// The firmware's engine if it has one that computes two known answers; else the core's own, with the event
        /// "crypto-managed": the same results, slower.
        /// </summary>
        public static ICryptoEngine Create(IEventSink events)
        {
            string problem;
            if (IsInFirmware)
            {
                BoardCrypto native = new BoardCrypto();
                if (native.ComputesKnownAnswers())
                {
                    return native;
                }

                problem = "the firmware's AES or HMAC-SHA-256 computes wrong values";
            }
            else
            {
                problem = "firmware of " + SystemInfo.Platform + ", target " + SystemInfo.TargetName
                    + ", has no System.Security.Cryptography";
            }

            events.Report(new MeEvent("crypto-managed").With("reason", problem));
            return new ManagedCrypto();
        }

        // What the firmware says of itself, and no trial: a call of a native function that is not there throws, but leaves a
        // stack frame behind that the next compaction of the heap dies of. Firmware too old for the library's native half
        // does not get here, the CLR refuses the assembly.
        private static bool IsInFirmware
        {
            get { return SystemInfo.Platform == Platform && SystemInfo.TargetName != TargetWithout; }
        }

        /// <inheritdoc/>
        public void AesEncrypt(byte[] key, byte[] blocks)
        {
            Aes aes = new Aes(CipherMode.ECB) { Key = key };
            byte[] encrypted = aes.Encrypt(blocks);
            Array.Copy(encrypted, 0, blocks, 0, blocks.Length);
            Octets.Wipe(encrypted);
        }

        /// <inheritdoc/>
        public AesKey PrepareAes(byte[] key)
        {
            return new BoardAesKey(this, key);
        }

        /// <inheritdoc/>
        public IHmac CreateHmacSha1()
        {
            return new Hmac(new Sha1());
        }

        /// <inheritdoc/>
        public void HmacSha256(byte[] key, byte[] data, byte[] mac)
        {
            // Not an HMACSHA256 object: it keeps the caller's key, and zeroes it when it is disposed of.
            byte[] computed = HMACSHA256.HashData(key, data);
            Array.Copy(computed, 0, mac, 0, mac.Length);
            Octets.Wipe(computed);
        }

        // One native call for all blocks of a packet.
        private void Crypt(Aes aes, byte[] iv, byte[] data, int offset, int count)
        {
            byte[] stream;
            lock (_lock)
            {
                stream = aes.Encrypt(CounterBlocks(iv, (count + Aes128.BlockSize - 1) / Aes128.BlockSize));
            }

            for (int i = 0; i < count; i++)
            {
                data[offset] = (byte)(data[offset] ^ stream[i]);
                offset++;
            }

            Octets.Wipe(stream);
        }

        // The firmware leaves its input as it was, and the packets of a stream mostly have one length: then the counters are
        // there already.
        private byte[] CounterBlocks(byte[] iv, int blocks)
        {
            bool counted = _counters.Length == blocks * Aes128.BlockSize;
            if (!counted)
            {
                _counters = new byte[blocks * Aes128.BlockSize];
            }

            byte[] counters = _counters;
            int at = 0;
            for (int block = 0; block < blocks; block++)
            {
                Array.Copy(iv, 0, counters, at, AesKey.IvLength);
                if (!counted)
                {
                    counters[at + AesKey.IvLength] = (byte)(block >> 8);
                    counters[at + AesKey.IvLength + 1] = (byte)block;
                }

                at += Aes128.BlockSize;
            }

            return counters;
        }

        // FIPS 197 appendix C.1, RFC 4231 clause 4.3.
        private bool ComputesKnownAnswers()
        {
            byte[] block = Octets.FromHex("00112233445566778899aabbccddeeff");
            AesEncrypt(Octets.FromHex("000102030405060708090a0b0c0d0e0f"), block);
            byte[] mac = new byte[32];
            HmacSha256(Octets.FromText("Jefe"), Octets.FromText("what do ya want for nothing?"), mac);
            return Octets.ToHex(block) == "69c4e0d86a7b0430d8cdb78070b4c55a"
                && Octets.ToHex(mac) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        }

        private sealed class BoardAesKey : AesKey
        {
            private readonly BoardCrypto _engine;
            private readonly Aes _aes;

            public BoardAesKey(BoardCrypto engine, byte[] key)
            {
                _engine = engine;

                // The library keeps the array it is given: one of our own, which Wipe zeroes.
                _aes = new Aes(CipherMode.ECB) { Key = Octets.Slice(key, 0, key.Length) };
            }

            public override void Crypt(byte[] iv, byte[] data, int offset, int count)
            {
                if (count > 0)
                {
                    _engine.Crypt(_aes, iv, data, offset, count);
                }
            }

            public override void Wipe()
            {
                Octets.Wipe(_aes.Key);
            }
        }
    }
}
