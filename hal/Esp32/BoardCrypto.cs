using System;
using System.Security.Cryptography;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Machine;

namespace MbmsMe.Hal.Esp32
{
    /// <summary>AES-128 and HMAC-SHA-256 by the firmware (mbedTLS, with the ESP32's AES and SHA units).</summary>
    public sealed class BoardCrypto : ICryptoEngine
    {
        private BoardCrypto()
        {
        }

        /// <summary>
        /// The firmware's engine if it is there and computes two known answers; else the core's own, with the event
        /// "crypto-managed": slower by far, the same results.
        /// </summary>
        public static ICryptoEngine Create(IEventSink events)
        {
            string problem;
            try
            {
                BoardCrypto native = new BoardCrypto();
                if (native.ComputesKnownAnswers())
                {
                    return native;
                }

                problem = "the firmware's AES or HMAC-SHA-256 computes wrong values";
            }
            catch (NotSupportedException)
            {
                problem = "this firmware has no System.Security.Cryptography";
            }

            events.Report(new MeEvent("crypto-managed").With("reason", problem));
            return new ManagedCrypto();
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
        public void HmacSha256(byte[] key, byte[] data, byte[] mac)
        {
            // Not an HMACSHA256 object: it keeps the caller's key, and zeroes it when it is disposed of.
            byte[] computed = HMACSHA256.HashData(key, data);
            Array.Copy(computed, 0, mac, 0, mac.Length);
            Octets.Wipe(computed);
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
    }
}
