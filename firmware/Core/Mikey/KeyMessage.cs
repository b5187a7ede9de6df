using MbmsMe.Binary;

namespace MbmsMe.Mikey
{
    /// <summary>
    /// What MSK and MTK messages have in common: the MSK they name, T, and KEMAC (TS 33.246 clauses 6.4.4 and 6.4.5).
    /// </summary>
    /// <remarks>
    /// A view over the message that <see cref="MikeyMessage"/> read last, reused from datagram to datagram; taking one
    /// allocates nothing. After a TryTake that said true no property can fail until the next datagram is read; after one that
    /// said false none has a meaning.
    /// </remarks>
    public abstract class KeyMessage
    {
        private const int CsbIdLowHalf = 6;

        internal KeyMessage()
        {
        }

        /// <summary>True for the draft2004 profile, which the length of the MSK ID tells.</summary>
        public bool IsDraft2004 { get; private set; }

        /// <summary>The profile as events tell it: release6 or draft2004.</summary>
        public string Profile
        {
            get { return IsDraft2004 ? "draft2004" : "release6"; }
        }

        /// <summary>Key Domain ID, 24 bits: in EXT (release6), or the Network ID in IDi (draft2004); -1 where an MTK message has none.</summary>
        public int KeyDomain { get; private set; }

        /// <summary>Key Group part, 16 bits: of the MSK ID (release6), or the low half of CSB ID (draft2004).</summary>
        public int KeyGroupPart { get; private set; }

        /// <summary>Key Number part of the MSK ID, 16 bits; 0 in a solicited pull.</summary>
        public int KeyNumber { get; private set; }

        /// <summary>HDR CSB ID.</summary>
        public uint CsbId { get; private set; }

        /// <summary>The counter in T.</summary>
        public uint Counter { get; private set; }

        /// <summary>The 4 octets of the counter.</summary>
        public OctetRegion Timestamp { get; } = new OctetRegion();

        /// <summary>The encrypted key data of KEMAC.</summary>
        public OctetRegion Encrypted { get; } = new OctetRegion();

        /// <summary>The MAC of KEMAC: the message's last 20 octets.</summary>
        public OctetRegion Mac { get; } = new OctetRegion();

        /// <summary>The message.</summary>
        internal MikeyMessage Parsed { get; private set; }

        /// <summary>
        /// Takes a message that has the form both kinds share: of data type 0 and PRF MIKEY-1, with an MSK ID, a counter and
        /// KEMAC.
        /// </summary>
        private protected bool TryTakeShared(MikeyMessage message)
        {
            if (message.DataType != MikeyDataType.PreSharedKey
                || message.PrfFunction != MikeyConstants.PrfMikey1
                || message.MskIdOffset == 0
                || message.TimestampOffset == 0
                || message.TimestampType != MikeyConstants.CounterTimestamp
                || message.EncryptedOffset == 0)
            {
                return false;
            }

            byte[] data = message.Data;
            Parsed = message;
            CsbId = message.CsbId;
            Counter = message.Counter;
            Timestamp.Set(data, message.TimestampOffset, 4);
            Encrypted.Set(data, message.EncryptedOffset, message.EncryptedLength);
            Mac.Set(data, message.MacOffset, MikeyConstants.MacLength);
            IsDraft2004 = message.MskIdLength == MikeyConstants.MskIdLengthDraft2004;
            KeyDomain = FindKeyDomain(message);
            if (IsDraft2004)
            {
                KeyGroupPart = Octets.GetUInt16(data, CsbIdLowHalf);
                KeyNumber = Octets.GetUInt16(data, message.MskIdOffset);
            }
            else
            {
                KeyGroupPart = Octets.GetUInt16(data, message.MskIdOffset);
                KeyNumber = Octets.GetUInt16(data, message.MskIdOffset + 2);
            }

            return true;
        }

        private int FindKeyDomain(MikeyMessage message)
        {
            bool inIdi = IsDraft2004 && message.IdiLength == MikeyConstants.KeyDomainLength;
            return inIdi ? Octets.GetUInt24(message.Data, message.IdiOffset)
                : message.KeyDomainOffset != 0 ? Octets.GetUInt24(message.Data, message.KeyDomainOffset)
                : -1;
        }
    }
}
