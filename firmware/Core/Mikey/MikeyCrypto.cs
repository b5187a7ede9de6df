using System;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Machine;

namespace MbmsMe.Mikey
{
    /// <summary>
    /// Keys and computations of MIKEY messages under a pre-shared key: MUK for MSK messages, MSK for MTK messages.
    /// </summary>
    /// <remarks>
    /// The order of calls is <see cref="VerifyMac"/> (or <see cref="ComputeMac"/>) first: it derives the
    /// authentication key that <see cref="ComputeVerification"/> uses again for the same message.
    /// Cost in SHA-1 compressions with a RAND of 16 octets: 4 for the authentication key, 4 for pads and the
    /// outer hash of the MAC, and those of the message itself.
    /// </remarks>
    public sealed class MikeyCrypto
    {
        // RFC 3830 clause 4.1.4.
        private const uint EncryptionConstant = 0x150533E1;
        private const uint AuthenticationConstant = 0x2D22AC75;
        private const uint SaltConstant = 0x29B88916;

        private const int SaltLength = 14;
        private const int LabelPrefix = 9;

        private readonly ICryptoEngine _engine;
        private readonly IHmac _hmac;
        private readonly byte[] _label = new byte[LabelPrefix + 255];
        private readonly byte[] _digest = new byte[MikeyConstants.MacLength];
        private HmacKey _authenticationKey;

        /// <summary>Makes it.</summary>
        /// <param name="engine">Does AES-CM and HMAC-SHA-1.</param>
        public MikeyCrypto(ICryptoEngine engine)
        {
            _engine = engine;
            _hmac = engine.CreateHmacSha1();
        }

        /// <summary>Prepares a pre-shared key once for any number of messages: 2 compressions.</summary>
        /// <param name="preSharedKey">1 to 32 octets: one block of the PRF (RFC 3830 clause 4.1.2). A MUK has 32, an MSK 16.</param>
        /// <exception cref="ArgumentException">Another length.</exception>
        public HmacKey Prepare(byte[] preSharedKey)
        {
            if (preSharedKey.Length == 0 || preSharedKey.Length > 32)
            {
                throw new ArgumentException();
            }

            return _hmac.Prepare(preSharedKey);
        }

        /// <summary>Checks the MAC of a message that ends with KEMAC, in the same time wherever it differs.</summary>
        /// <param name="source">What its keys are derived from.</param>
        /// <param name="message">A message with KEMAC.</param>
        public bool VerifyMac(MikeyKeySource source, MikeyMessage message)
        {
            ComputeMac(source, message.Data, message.MacOffset, _digest);
            bool equal = Octets.FixedTimeEquals(_digest, 0, message.Data, message.MacOffset, MikeyConstants.MacLength);
            Octets.Wipe(_digest);
            return equal;
        }

        /// <summary>MAC of KEMAC (RFC 3830 clauses 5.2 and 6.2).</summary>
        /// <param name="source">What the message's keys are derived from.</param>
        /// <param name="message">The message.</param>
        /// <param name="length">Octets of it before the MAC.</param>
        /// <param name="mac">Receives 20 octets.</param>
        public void ComputeMac(MikeyKeySource source, byte[] message, int length, byte[] mac)
        {
            byte[] key = Derive(source, AuthenticationConstant, MikeyConstants.MacLength);
            _authenticationKey = _hmac.Prepare(key, _authenticationKey);
            Octets.Wipe(key);
            _hmac.Begin(_authenticationKey);
            _hmac.Update(message, 0, length);
            _hmac.Finish(mac, 0);
        }

        /// <summary>
        /// Ver data of a verification message (RFC 3830 clause 5.2) under the authentication key of the message
        /// whose MAC was computed last: over the message up to the ver data, IDi, IDr and the counter's 4 octets.
        /// </summary>
        /// <param name="verification">The verification message up to the ver data.</param>
        /// <param name="answered">The message it answers.</param>
        /// <param name="verData">Receives 20 octets.</param>
        public void ComputeVerification(byte[] verification, MskMessage answered, byte[] verData)
        {
            _hmac.Begin(_authenticationKey);
            _hmac.Update(verification, 0, verification.Length);
            Update(answered.Idi);
            Update(answered.Idr);
            Update(answered.Timestamp);
            _hmac.Finish(verData, 0);
        }

        /// <summary>Forgets the authentication key of the last message.</summary>
        public void Forget()
        {
            if (_authenticationKey != null)
            {
                _authenticationKey.Wipe();
            }
        }

        /// <summary>Encrypts or decrypts key data by AES-CM-128 (RFC 3830 clause 4.2.3), in place.</summary>
        /// <param name="source">What the message's keys are derived from.</param>
        /// <param name="counter">Counter of the message.</param>
        /// <param name="data">The key data.</param>
        public void Crypt(MikeyKeySource source, uint counter, byte[] data)
        {
            byte[] key = Derive(source, EncryptionConstant, Aes128.BlockSize);
            byte[] salt = Derive(source, SaltConstant, SaltLength);

            // IV = (S XOR (0x0000 || CSB ID || T)) || 0x0000, T padded with leading zeros to 64 bits.
            Octets.PutUInt32(salt, 2, Octets.GetUInt32(salt, 2) ^ source.CsbId);
            Octets.PutUInt32(salt, 10, Octets.GetUInt32(salt, 10) ^ counter);
            AesKey aes = _engine.PrepareAes(key);
            aes.Crypt(salt, data, 0, data.Length);
            aes.Wipe();
            Octets.Wipe(key);
            Octets.Wipe(salt);
        }

        /// <summary>Derives a key from a pre-shared key (RFC 3830 clauses 4.1.2 and 4.1.4).</summary>
        /// <param name="source">What from.</param>
        /// <param name="constant">Which key: the clause's 32-bit constant.</param>
        /// <param name="length">1 to 20 octets wanted: every key of MBMS fits one HMAC-SHA-1.</param>
        public byte[] Derive(MikeyKeySource source, uint constant, int length)
        {
            OctetRegion rand = source.Rand;
            Octets.PutUInt32(_label, 0, constant);
            _label[4] = 0xFF;
            Octets.PutUInt32(_label, 5, source.CsbId);
            Array.Copy(rand.Data, rand.Offset, _label, LabelPrefix, rand.Length);
            int labelLength = LabelPrefix + rand.Length;

            _hmac.Begin(source.PreSharedKey);
            _hmac.Update(_label, 0, labelLength);
            _hmac.Finish(_digest, 0);

            _hmac.Begin(source.PreSharedKey);
            _hmac.Update(_digest, 0, _digest.Length);
            _hmac.Update(_label, 0, labelLength);
            _hmac.Finish(_digest, 0);

            byte[] key = Octets.Slice(_digest, 0, length);
            Octets.Wipe(_digest);
            return key;
        }

        private void Update(OctetRegion region)
        {
            _hmac.Update(region.Data, region.Offset, region.Length);
        }
    }
}
