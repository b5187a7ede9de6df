using System;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Machine;

namespace MbmsMe.Srtp
{
    /// <summary>The computations of SRTP's default transforms: AES-CM-128 and HMAC-SHA-1-80 (RFC 3711 clause 5).</summary>
    /// <remarks>One at a time: its buffers serve one packet after the other.</remarks>
    public sealed class SrtpCrypto
    {
        /// <summary>Octets in an authentication tag.</summary>
        public const int TagLength = 10;

        private const int DigestLength = 20;

        // Clause 4.3.1: where the label lies in the 14 octets, and clause 4.3.2: the labels.
        private const int LabelOffset = 7;
        private const int AuthenticationLabel = 1;
        private const int SaltLabel = 2;

        private readonly ICryptoEngine _engine;
        private readonly IHmac _hmac;
        private readonly byte[] _digest = new byte[DigestLength];
        private readonly byte[] _rocOctets = new byte[4];
        private readonly byte[] _iv = new byte[AesKey.IvLength];

        /// <summary>Makes it.</summary>
        /// <param name="engine">Does AES-CM and HMAC-SHA-1.</param>
        public SrtpCrypto(ICryptoEngine engine)
        {
            _engine = engine;
            _hmac = engine.CreateHmacSha1();
        }

        /// <summary>Derives the session keys (clause 4.3), with a key derivation rate of 0.</summary>
        /// <param name="masterKey">16 octets.</param>
        /// <param name="masterSalt">14 octets.</param>
        /// <param name="key">Receives them.</param>
        public void Derive(byte[] masterKey, byte[] masterSalt, SrtpKey key)
        {
            // The encryption key and the salt take one block of the PRF, the authentication key's 20 octets take two.
            byte[] blocks = new byte[4 * Aes128.BlockSize];
            for (int offset = 0; offset < blocks.Length; offset += Aes128.BlockSize)
            {
                Array.Copy(masterSalt, 0, blocks, offset, SrtpKey.SaltLength);
            }

            int authentication = Aes128.BlockSize;
            int more = 2 * Aes128.BlockSize;
            int salt = 3 * Aes128.BlockSize;
            blocks[authentication + LabelOffset] = (byte)(blocks[authentication + LabelOffset] ^ AuthenticationLabel);
            blocks[more + LabelOffset] = (byte)(blocks[more + LabelOffset] ^ AuthenticationLabel);
            blocks[more + Aes128.BlockSize - 1] = 1;
            blocks[salt + LabelOffset] = (byte)(blocks[salt + LabelOffset] ^ SaltLabel);
            _engine.AesEncrypt(masterKey, blocks);

            byte[] encryptionKey = Octets.Slice(blocks, 0, SrtpKey.KeyLength);
            byte[] authenticationKey = Octets.Slice(blocks, authentication, DigestLength);
            key.Encryption = _engine.PrepareAes(encryptionKey);
            key.Authentication = _hmac.Prepare(authenticationKey);
            Array.Copy(blocks, salt, key.Salt, 0, SrtpKey.SaltLength);
            Octets.Wipe(encryptionKey);
            Octets.Wipe(authenticationKey);
            Octets.Wipe(blocks);
        }

        /// <summary>True when the tag is that of the packet (clause 4.2), found in the same time wherever it differs.</summary>
        /// <param name="key">The session keys.</param>
        /// <param name="roc">Rollover counter of the packet.</param>
        /// <param name="packet">Holds header and encrypted payload from its start, and the tag.</param>
        /// <param name="end">Octets of header and payload.</param>
        /// <param name="tagOffset">Where the 10 octets of the tag start.</param>
        public bool Verify(SrtpKey key, uint roc, byte[] packet, int end, int tagOffset)
        {
            Octets.PutUInt32(_rocOctets, 0, roc);
            _hmac.Begin(key.Authentication);
            _hmac.Update(packet, 0, end);
            _hmac.Update(_rocOctets, 0, _rocOctets.Length);
            _hmac.Finish(_digest, 0);
            return Octets.FixedTimeEquals(_digest, 0, packet, tagOffset, TagLength);
        }

        /// <summary>Encrypts or decrypts a payload by AES-CM (clause 4.1.1), in place.</summary>
        /// <param name="key">The session keys.</param>
        /// <param name="roc">Rollover counter of the packet.</param>
        /// <param name="packet">The packet: its header names SSRC and sequence number.</param>
        /// <param name="offset">Where the payload starts.</param>
        /// <param name="count">Octets of it: at most 2^20.</param>
        public void Crypt(SrtpKey key, uint roc, byte[] packet, int offset, int count)
        {
            // IV = (salt * 2^16) XOR (SSRC * 2^64) XOR (index * 2^16), index = ROC || SEQ.
            Array.Copy(key.Salt, 0, _iv, 0, SrtpKey.SaltLength);
            Octets.PutUInt32(_iv, 4, Octets.GetUInt32(_iv, 4) ^ Octets.GetUInt32(packet, 8));
            Octets.PutUInt32(_iv, 8, Octets.GetUInt32(_iv, 8) ^ roc);
            _iv[12] = (byte)(_iv[12] ^ packet[2]);
            _iv[13] = (byte)(_iv[13] ^ packet[3]);
            key.Encryption.Crypt(_iv, packet, offset, count);
        }
    }
}
