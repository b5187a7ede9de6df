using MbmsMe.Binary;
using MbmsMe.Machine;

namespace MbmsMe.Mikey
{
    /// <summary>An MSK message or a solicited pull, which is one without a key (TS 33.246 clauses 6.3.2.2.4 and 6.4.5.1).</summary>
    public sealed class MskMessage : KeyMessage
    {
        /// <summary>True for a solicited pull: Key Number 0 stands for "the current MSK".</summary>
        public bool IsSolicitedPull
        {
            get { return KeyNumber == 0; }
        }

        /// <summary>HDR V flag: the sender asks for a verification message.</summary>
        public bool VerificationWanted { get; private set; }

        /// <summary>RAND, 1 to 255 octets.</summary>
        public OctetRegion Rand { get; } = new OctetRegion();

        /// <summary>IDi: the BM-SC (release6), or the Network ID (draft2004).</summary>
        public OctetRegion Idi { get; } = new OctetRegion();

        /// <summary>IDr: the B-TID.</summary>
        public OctetRegion Idr { get; } = new OctetRegion();

        /// <summary>Takes a message if it has the form of this kind; else false.</summary>
        /// <param name="message">A message just read.</param>
        public bool TryTake(MikeyMessage message)
        {
            if (message.MtkIdOffset != 0
                || message.RandOffset == 0
                || message.IdrOffset == 0
                || !TryTakeShared(message))
            {
                return false;
            }

            if (IsDraft2004 ? message.IdiLength != MikeyConstants.KeyDomainLength : message.KeyDomainOffset == 0)
            {
                return false;
            }

            bool isEmpty = message.EncryptedLength == 0;
            if (isEmpty != IsSolicitedPull || (!isEmpty && message.EncryptionAlgorithm != MikeyConstants.EncryptionAesCm))
            {
                return false;
            }

            VerificationWanted = message.VerificationWanted;
            Rand.Set(message.Data, message.RandOffset, message.RandLength);
            Idi.Set(message.Data, message.IdiOffset, message.IdiLength);
            Idr.Set(message.Data, message.IdrOffset, message.IdrLength);
            return true;
        }

        /// <summary>The Key Group it is about; a new object, so not to be asked for before the message is genuine.</summary>
        public KeyGroup ToGroup()
        {
            return new KeyGroup(KeyDomain, KeyGroupPart);
        }
    }
}
