using MbmsMe.Binary;

namespace MbmsMe.Mikey
{
    /// <summary>
    /// A MIKEY message (RFC 3830, with the extensions of RFC 4563) as read from a datagram: where each field is.
    /// </summary>
    /// <remarks>
    /// One object reads any number of datagrams and keeps no copy: offsets point into the octets last read.
    /// Reading allocates nothing, consumes at least 2 octets per payload and stops at
    /// <see cref="MikeyConstants.MaxPayloads"/>. Payloads may come in any order between HDR and KEMAC or V.
    /// </remarks>
    public sealed class MikeyMessage
    {
        private int _at;

        /// <summary>The octets last read.</summary>
        public byte[] Data { get; private set; }

        /// <summary>How many of <see cref="Data"/> are the message.</summary>
        public int Length { get; private set; }

        /// <summary>HDR data type.</summary>
        public MikeyDataType DataType { get; private set; }

        /// <summary>HDR V flag: the sender asks for a verification message.</summary>
        public bool VerificationWanted { get; private set; }

        /// <summary>HDR PRF func: 0 is MIKEY-1.</summary>
        public int PrfFunction { get; private set; }

        /// <summary>HDR CSB ID.</summary>
        public uint CsbId { get; private set; }

        /// <summary>HDR number of crypto sessions.</summary>
        public int CryptoSessions { get; private set; }

        /// <summary>HDR CS ID map type.</summary>
        public int MapType { get; private set; }

        /// <summary>Offset of the 3 octets of the Key Domain ID in EXT, or 0 when absent.</summary>
        public int KeyDomainOffset { get; private set; }

        /// <summary>Offset of the MSK ID in EXT, or 0 when absent.</summary>
        public int MskIdOffset { get; private set; }

        /// <summary>Octets of the MSK ID: 4 (release6) or 2 (draft2004).</summary>
        public int MskIdLength { get; private set; }

        /// <summary>Offset of the MTK ID in EXT, or 0 when absent.</summary>
        public int MtkIdOffset { get; private set; }

        /// <summary>Octets of the MTK ID.</summary>
        public int MtkIdLength { get; private set; }

        /// <summary>Offset of the TS value in T, or 0 when absent.</summary>
        public int TimestampOffset { get; private set; }

        /// <summary>TS type in T.</summary>
        public int TimestampType { get; private set; }

        /// <summary>Offset of the RAND, or 0 when absent.</summary>
        public int RandOffset { get; private set; }

        /// <summary>Octets of the RAND.</summary>
        public int RandLength { get; private set; }

        /// <summary>Offset of the data of the first ID payload (IDi; IDr in a verification message), or 0 when absent.</summary>
        public int IdiOffset { get; private set; }

        /// <summary>Octets of IDi.</summary>
        public int IdiLength { get; private set; }

        /// <summary>Offset of the data of the second ID payload (IDr), or 0 when absent.</summary>
        public int IdrOffset { get; private set; }

        /// <summary>Octets of IDr.</summary>
        public int IdrLength { get; private set; }

        /// <summary>KEMAC encr alg.</summary>
        public int EncryptionAlgorithm { get; private set; }

        /// <summary>Offset of the encr data in KEMAC, or 0 when there is no KEMAC.</summary>
        public int EncryptedOffset { get; private set; }

        /// <summary>Octets of the encr data; 0 in a solicited pull.</summary>
        public int EncryptedLength { get; private set; }

        /// <summary>MAC alg of KEMAC, or auth alg of V.</summary>
        public int MacAlgorithm { get; private set; }

        /// <summary>Offset of the MAC (KEMAC) or the ver data (V), the last 20 octets; 0 when absent.</summary>
        public int MacOffset { get; private set; }

        /// <summary>Error number in ERR, or -1 when absent.</summary>
        public int ErrorNumber { get; private set; }

        /// <summary>Security policy payloads met.</summary>
        public int SecurityPolicies { get; private set; }

        /// <summary>TS value where T is there and of type COUNTER.</summary>
        public uint Counter
        {
            get { return Octets.GetUInt32(Data, TimestampOffset); }
        }

        /// <summary>
        /// Reads a message. False when it is not well formed: truncated, with octets left over, a payload
        /// twice that may stand once, KEMAC or V not last, an unknown payload, an impossible length.
        /// </summary>
        /// <param name="data">The datagram; it must not change while this object is in use.</param>
        /// <param name="length">Octets of it.</param>
        public bool TryRead(byte[] data, int length)
        {
            Data = data;
            Length = length;
            KeyDomainOffset = MskIdOffset = MskIdLength = MtkIdOffset = MtkIdLength = 0;
            TimestampOffset = TimestampType = RandOffset = RandLength = 0;
            IdiOffset = IdiLength = IdrOffset = IdrLength = 0;
            EncryptionAlgorithm = EncryptedOffset = EncryptedLength = MacAlgorithm = MacOffset = 0;
            SecurityPolicies = 0;
            ErrorNumber = -1;

            if (length < MikeyConstants.HeaderLength || data[0] != MikeyConstants.Version)
            {
                return false;
            }

            DataType = (MikeyDataType)data[1];
            int next = data[2];
            VerificationWanted = (data[3] & 0x80) != 0;
            PrfFunction = data[3] & 0x7F;
            CsbId = Octets.GetUInt32(data, 4);
            CryptoSessions = data[8];
            MapType = data[9];
            _at = PayloadLength.OfHeader(data, length);
            if (_at < 0)
            {
                return false;
            }

            for (int payloads = 0; next != (int)MikeyPayload.Last; payloads++)
            {
                // KEMAC and V end with the MAC over all before them: nothing may follow.
                int octets = PayloadLength.Of((MikeyPayload)next, data, _at, length);
                if (MacOffset != 0 || payloads == MikeyConstants.MaxPayloads || octets < 0
                    || !TryReadPayload((MikeyPayload)next, _at + octets))
                {
                    return false;
                }

                next = data[_at];
                _at += octets;
            }

            return _at == length;
        }

        // Every field of a payload lies before its end, which lies within the message.
        private bool TryReadPayload(MikeyPayload payload, int end)
        {
            switch (payload)
            {
                case MikeyPayload.Kemac:
                    return TryReadKemac(end);
                case MikeyPayload.T:
                    return TryReadTimestamp();
                case MikeyPayload.Id:
                    return TryReadId();
                case MikeyPayload.V:
                    return TryReadMac(end);
                case MikeyPayload.Sp:
                    return TryReadSecurityPolicy(end);
                case MikeyPayload.Rand:
                    return TryReadRand();
                case MikeyPayload.Err:
                    ErrorNumber = Data[_at + 1];
                    return true;
                default:
                    return TryReadExtension(end);
            }
        }

        // RFC 3830 clause 6.2.
        private bool TryReadKemac(int end)
        {
            EncryptionAlgorithm = Data[_at + 1];
            EncryptedLength = Octets.GetUInt16(Data, _at + 2);
            EncryptedOffset = _at + 4;
            return TryReadMac(end);
        }

        // The algorithm and the 20 octets of it at the end of KEMAC and V.
        private bool TryReadMac(int end)
        {
            MacOffset = end - MikeyConstants.MacLength;
            MacAlgorithm = Data[MacOffset - 1];
            return MacAlgorithm == MikeyConstants.MacHmacSha1;
        }

        // RFC 3830 clause 6.6.
        private bool TryReadTimestamp()
        {
            bool first = TimestampOffset == 0;
            TimestampType = Data[_at + 1];
            TimestampOffset = _at + 2;
            return first;
        }

        // RFC 3830 clause 6.11.
        private bool TryReadRand()
        {
            bool first = RandOffset == 0;
            RandOffset = _at + 2;
            RandLength = Data[_at + 1];
            return first && RandLength > 0;
        }

        // RFC 3830 clause 6.7.
        private bool TryReadId()
        {
            if (Data[_at + 1] > MikeyConstants.IdUri)
            {
                return false;
            }

            int offset = _at + 4;
            int length = Octets.GetUInt16(Data, _at + 2);
            if (IdiOffset == 0)
            {
                IdiOffset = offset;
                IdiLength = length;
                return true;
            }

            bool second = IdrOffset == 0;
            IdrOffset = offset;
            IdrLength = length;
            return second;
        }

        // RFC 3830 clause 6.10: policy parameters are type, length, value.
        private bool TryReadSecurityPolicy(int end)
        {
            SecurityPolicies++;
            int parameter = _at + 5;
            while (parameter + 2 <= end)
            {
                parameter += 2 + Data[parameter + 1];
            }

            return parameter == end;
        }

        // RFC 3830 clause 6.15; the Key ID extension of RFC 4563 clause 4 is taken, others are passed over.
        private bool TryReadExtension(int end)
        {
            if (Data[_at + 1] != MikeyConstants.ExtKeyId)
            {
                return true;
            }

            int keyId = _at + 4;
            while (keyId + 2 <= end)
            {
                int type = Data[keyId];
                int length = Data[keyId + 1];
                keyId += 2;
                if (keyId + length > end || !TryTakeKeyId(type, keyId, length))
                {
                    return false;
                }

                keyId += length;
            }

            return keyId == end;
        }

        private bool TryTakeKeyId(int type, int offset, int length)
        {
            switch (type)
            {
                case MikeyConstants.KeyDomainId:
                    bool first = KeyDomainOffset == 0;
                    KeyDomainOffset = offset;
                    return first && length == MikeyConstants.KeyDomainLength;
                case MikeyConstants.MskId:
                    first = MskIdOffset == 0;
                    MskIdOffset = offset;
                    MskIdLength = length;
                    return first
                        && (length == MikeyConstants.MskIdLengthRelease6 || length == MikeyConstants.MskIdLengthDraft2004);
                case MikeyConstants.MtkId:
                    first = MtkIdOffset == 0;
                    MtkIdOffset = offset;
                    MtkIdLength = length;
                    return first && length >= 1 && length <= 4;
                default:
                    return true;
            }
        }
    }
}
