using MbmsMe.Binary;

namespace MbmsMe.Mikey
{
    /// <summary>An MTK message (TS 33.246 clause 6.4.5.3).</summary>
    public sealed class MtkMessage : KeyMessage
    {
        private readonly OctetRegion _mskId = new OctetRegion();
        private readonly OctetRegion _mtkId = new OctetRegion();

        /// <summary>MTK ID, of 1 to 4 octets on the wire.</summary>
        public uint MtkId { get; private set; }

        /// <summary>Takes a message if it has the form of this kind; else false.</summary>
        /// <param name="message">A message just read.</param>
        public bool TryTake(MikeyMessage message)
        {
            if (message.MtkIdOffset == 0
                || message.EncryptedLength == 0
                || message.EncryptionAlgorithm != MikeyConstants.EncryptionAesCm
                || !TryTakeShared(message)
                || KeyNumber == 0)
            {
                return false;
            }

            // The 2004 text has the Key Domain ID in IDi, which an MTK message need not carry.
            if (!IsDraft2004 && message.KeyDomainOffset == 0)
            {
                return false;
            }

            _mskId.Set(message.Data, message.MskIdOffset, message.MskIdLength);
            _mtkId.Set(message.Data, message.MtkIdOffset, message.MtkIdLength);
            uint id = 0;
            for (int i = 0; i < _mtkId.Length; i++)
            {
                id = (id << 8) | _mtkId.Data[_mtkId.Offset + i];
            }

            MtkId = id;
            return true;
        }

        /// <summary>The MKI of packets under its MTK, MSK ID || MTK ID as on the wire (TS 33.246 clause 6.6.2.1): 3 to 8 octets.</summary>
        public byte[] ToMki()
        {
            return new OctetWriter(_mskId.Length + _mtkId.Length)
                .Put(_mskId.Data, _mskId.Offset, _mskId.Length)
                .Put(_mtkId.Data, _mtkId.Offset, _mtkId.Length)
                .ToArray();
        }
    }
}
