using MbmsMe.Binary;

namespace MbmsMe.Mikey
{
    /// <summary>
    /// Writes a MIKEY message payload by payload; each method takes the payload's own fields and sets the
    /// next-payload octet of the one before it. The mirror of <see cref="MikeyMessage"/>.
    /// </summary>
    public sealed class MikeyWriter
    {
        private readonly OctetWriter _out;
        private int _nextAt;

        /// <summary>Starts with HDR (RFC 3830 clause 6.1) and an Empty map (RFC 4563 clause 5).</summary>
        public MikeyWriter(MikeyDataType dataType, bool verificationWanted, uint csbId)
        {
            _out = new OctetWriter(256);
            _nextAt = 2;
            _out.Put8(MikeyConstants.Version).Put8((int)dataType).Put8((int)MikeyPayload.Last)
                .Put8(verificationWanted ? 0x80 : 0).Put32(csbId).Put8(0).Put8(MikeyConstants.MapEmpty);
        }

        /// <summary>EXT with key IDs (RFC 4563 clause 4); null leaves one out.</summary>
        /// <param name="keyDomain">3 octets, or null (draft2004: it stands in IDi).</param>
        /// <param name="mskId">4 (release6) or 2 (draft2004) octets.</param>
        /// <param name="mtkId">2 octets in an MTK message, else null.</param>
        public MikeyWriter KeyIds(byte[] keyDomain, byte[] mskId, byte[] mtkId)
        {
            Next(MikeyPayload.Ext);
            _out.Put8(MikeyConstants.ExtKeyId).Put16(KeyIdLength(keyDomain) + KeyIdLength(mskId) + KeyIdLength(mtkId));
            KeyId(MikeyConstants.KeyDomainId, keyDomain);
            KeyId(MikeyConstants.MskId, mskId);
            KeyId(MikeyConstants.MtkId, mtkId);
            return this;
        }

        /// <summary>T of type COUNTER (RFC 3830 clause 6.6).</summary>
        public MikeyWriter Counter(uint value)
        {
            Next(MikeyPayload.T);
            _out.Put8(MikeyConstants.CounterTimestamp).Put32(value);
            return this;
        }

        /// <summary>RAND (RFC 3830 clause 6.11), 1 to 255 octets.</summary>
        public MikeyWriter Rand(byte[] rand)
        {
            Next(MikeyPayload.Rand);
            _out.Put8(rand.Length).Put(rand);
            return this;
        }

        /// <summary>ID (RFC 3830 clause 6.7).</summary>
        /// <param name="type">0 NAI, 1 URI.</param>
        /// <param name="data">Holds the identity.</param>
        /// <param name="offset">Where it starts.</param>
        /// <param name="length">Octets of it.</param>
        public MikeyWriter Id(int type, byte[] data, int offset, int length)
        {
            Next(MikeyPayload.Id);
            _out.Put8(type).Put16(length).Put(data, offset, length);
            return this;
        }

        /// <summary>SP for SRTP (RFC 3830 clause 6.10).</summary>
        /// <param name="policy">Policy number.</param>
        /// <param name="parameters">Type, length, value of each parameter.</param>
        public MikeyWriter SecurityPolicy(int policy, byte[] parameters)
        {
            Next(MikeyPayload.Sp);
            _out.Put8(policy).Put8(0).Put16(parameters.Length).Put(parameters);
            return this;
        }

        /// <summary>ERR (RFC 3830 clause 6.12).</summary>
        public MikeyWriter Error(int number)
        {
            Next(MikeyPayload.Err);
            _out.Put8(number).Put16(0);
            return this;
        }

        /// <summary>KEMAC without its MAC (RFC 3830 clause 6.2), AES-CM-128 and HMAC-SHA-1-160.</summary>
        /// <param name="encrypted">The encrypted key data; empty in a solicited pull.</param>
        public MikeyWriter Kemac(byte[] encrypted)
        {
            Next(MikeyPayload.Kemac);
            _out.Put8(MikeyConstants.EncryptionAesCm).Put16(encrypted.Length).Put(encrypted).Put8(MikeyConstants.MacHmacSha1);
            return this;
        }

        /// <summary>V without its ver data (RFC 3830 clause 6.9), HMAC-SHA-1-160.</summary>
        public MikeyWriter V()
        {
            Next(MikeyPayload.V);
            _out.Put8(MikeyConstants.MacHmacSha1);
            return this;
        }

        /// <summary>The message so far; after <see cref="Kemac"/> or <see cref="V"/> what the MAC is computed over.</summary>
        public byte[] ToArray()
        {
            return _out.ToArray();
        }

        /// <summary>The whole message.</summary>
        /// <param name="mac">20 octets: the MAC of KEMAC, or the ver data of V.</param>
        public byte[] ToArray(byte[] mac)
        {
            _out.Put(mac);
            return _out.ToArray();
        }

        private static int KeyIdLength(byte[] id)
        {
            return id == null ? 0 : 2 + id.Length;
        }

        private void KeyId(int type, byte[] id)
        {
            if (id != null)
            {
                _out.Put8(type).Put8(id.Length).Put(id);
            }
        }

        private void Next(MikeyPayload payload)
        {
            _out.Buffer[_nextAt] = (byte)payload;
            _nextAt = _out.Length;
            _out.Put8((int)MikeyPayload.Last);
        }
    }
}
