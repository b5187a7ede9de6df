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
        private readonly Hmac _hmac = new Hmac(new Sha1());
        private readonly byte[] _digest = new byte[DigestLength];
        private readonly byte[] _rocOctets = new byte[4];
        private readonly byte[] _start = new byte[SrtpKey.SaltLength];
        private byte[] _stream = new byte[0];

        /// <summary>Makes it.</summary>
        /// <param name="engine">Encrypts the counter blocks of AES-CM.</param>
        public SrtpCrypto(ICryptoEngine engine)
        {
            _engine = engine;
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

            Array.Copy(blocks, 0, key.EncryptionKey, 0, SrtpKey.KeyLength);
            Array.Copy(blocks, salt, key.Salt, 0, SrtpKey.SaltLength);
            byte[] authenticationKey = Octets.Slice(blocks, authentication, DigestLength);
            _hmac.Prepare(authenticationKey, key.AuthenticationKey);
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
            _hmac.Begin(key.AuthenticationKey);
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
            int length = (count + Aes128.BlockSize - 1) / Aes128.BlockSize * Aes128.BlockSize;

            // The packets of a stream mostly have one length.
            if (_stream.Length != length)
            {
                _stream = new byte[length];
            }

            // IV = (salt * 2^16) XOR (SSRC * 2^64) XOR (index * 2^16), index = ROC || SEQ.
            Array.Copy(key.Salt, 0, _start, 0, SrtpKey.SaltLength);
            Octets.PutUInt32(_start, 4, Octets.GetUInt32(_start, 4) ^ Octets.GetUInt32(packet, 8));
            Octets.PutUInt32(_start, 8, Octets.GetUInt32(_start, 8) ^ roc);
            _start[12] = (byte)(_start[12] ^ packet[2]);
            _start[13] = (byte)(_start[13] ^ packet[3]);
            for (int block = 0, at = 0; at < length; block++, at += Aes128.BlockSize)
            {
                Array.Copy(_start, 0, _stream, at, SrtpKey.SaltLength);
                _stream[at + SrtpKey.SaltLength] = (byte)(block >> 8);
                _stream[at + SrtpKey.SaltLength + 1] = (byte)block;
            }

            _engine.AesEncrypt(key.EncryptionKey, _stream);
            byte[] stream = _stream;
            for (int i = 0; i < count; i++)
            {
                packet[offset + i] = (byte)(packet[offset + i] ^ stream[i]);
            }
        }
    }
}
