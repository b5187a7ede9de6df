namespace MbmsMe.Mikey
{
    /// <summary>HDR data type (RFC 3830 clause 6.1).</summary>
    public enum MikeyDataType
    {
        /// <summary>Pre-shared key message: MSK, MTK and solicited pull messages.</summary>
        PreSharedKey = 0,

        /// <summary>Verification message of a pre-shared key message: the ACK.</summary>
        PreSharedKeyVerification = 1,

        /// <summary>Error message.</summary>
        Error = 6,
    }

    /// <summary>Next payload (RFC 3830 clause 6.1).</summary>
    public enum MikeyPayload
    {
        /// <summary>No payload follows.</summary>
        Last = 0,

        /// <summary>Key data transport.</summary>
        Kemac = 1,

        /// <summary>Timestamp.</summary>
        T = 5,

        /// <summary>Identity.</summary>
        Id = 6,

        /// <summary>Verification.</summary>
        V = 9,

        /// <summary>Security policy.</summary>
        Sp = 10,

        /// <summary>RAND.</summary>
        Rand = 11,

        /// <summary>Error.</summary>
        Err = 12,

        /// <summary>Key data sub-payload, inside KEMAC only.</summary>
        KeyData = 20,

        /// <summary>General extension.</summary>
        Ext = 21,
    }

    /// <summary>Numbers of RFC 3830, RFC 4563 and TS 33.246 that stand in messages.</summary>
    public static class MikeyConstants
    {
        /// <summary>UDP port registered for MIKEY.</summary>
        public const int Port = 2269;

        /// <summary>HDR version.</summary>
        public const int Version = 1;

        /// <summary>Octets of HDR before the CS ID map.</summary>
        public const int HeaderLength = 10;

        /// <summary>HDR PRF func MIKEY-1 (RFC 3830 clause 6.1).</summary>
        public const int PrfMikey1 = 0;

        /// <summary>CS ID map type SRTP-ID (RFC 3830 clause 6.1.1).</summary>
        public const int MapSrtp = 0;

        /// <summary>CS ID map type Empty map (RFC 4563 clause 5).</summary>
        public const int MapEmpty = 1;

        /// <summary>TS type COUNTER (RFC 3830 clause 6.6).</summary>
        public const int CounterTimestamp = 2;

        /// <summary>ID type NAI (RFC 3830 clause 6.7).</summary>
        public const int IdNai = 0;

        /// <summary>ID type URI (RFC 3830 clause 6.7).</summary>
        public const int IdUri = 1;

        /// <summary>Encr alg AES-CM-128 (RFC 3830 clause 6.2).</summary>
        public const int EncryptionAesCm = 1;

        /// <summary>MAC alg and auth alg HMAC-SHA-1-160 (RFC 3830 clauses 6.2 and 6.9).</summary>
        public const int MacHmacSha1 = 1;

        /// <summary>Octets of an HMAC-SHA-1-160.</summary>
        public const int MacLength = 20;

        /// <summary>General extension type Key ID (RFC 4563 clause 3).</summary>
        public const int ExtKeyId = 3;

        /// <summary>Key ID type MBMS Key Domain ID (RFC 4563 clause 4).</summary>
        public const int KeyDomainId = 0;

        /// <summary>Key ID type MBMS Service Key (MSK) ID (RFC 4563 clause 4).</summary>
        public const int MskId = 1;

        /// <summary>Key ID type MBMS Traffic Key (MTK) ID (RFC 4563 clause 4).</summary>
        public const int MtkId = 2;

        /// <summary>Octets of a Key Domain ID (2004 text: Network ID).</summary>
        public const int KeyDomainLength = 3;

        /// <summary>Octets of an MSK ID in the release6 profile: Key Group part and Key Number part.</summary>
        public const int MskIdLengthRelease6 = 4;

        /// <summary>Octets of an MSK ID in the draft2004 profile.</summary>
        public const int MskIdLengthDraft2004 = 2;

        /// <summary>Octets of an MSK and of an MTK.</summary>
        public const int KeyLength = 16;

        /// <summary>Octets of the SRTP master salt that comes with an MTK: 112 bits.</summary>
        public const int SaltLength = 14;

        /// <summary>Payloads read before a message counts as malformed; the longest real one has 9.</summary>
        public const int MaxPayloads = 24;
    }
}
