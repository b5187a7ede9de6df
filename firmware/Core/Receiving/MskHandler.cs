using MbmsMe.Binary;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Mikey;
using MbmsMe.Requests;
using MbmsMe.Services;

namespace MbmsMe.Receiving
{
    /// <summary>What a genuine MSK message does: an MSK is stored, updated or deleted (TS 33.246 clauses 6.3.2.1 and 6.5.3).</summary>
    internal sealed class MskHandler
    {
        private readonly Peripherals _machine;
        private readonly KeyStore _store;
        private readonly ServiceTable _services;
        private readonly KeyRequester _requester;
        private readonly MikeyCrypto _crypto;

        /// <summary>Makes it.</summary>
        public MskHandler(ReceivingContext context, MikeyCrypto crypto)
        {
            _machine = context.Machine;
            _store = context.Store;
            _services = context.Services;
            _requester = context.Requester;
            _crypto = crypto;
        }

        /// <summary>Takes a message that is no repeat. Returns why it was dropped, or null.</summary>
        public string Handle(VerifiedMessage verified)
        {
            KeyData keyData = Decrypt(verified);
            if (keyData == null)
            {
                return DropReason.BadKeyData;
            }

            // It is the MTKs that have a salt.
            Octets.Wipe(keyData.Salt);

            // An empty interval is the BM-SC's way to delete the MSK.
            return keyData.SeqLow > keyData.SeqHigh ? Delete(verified, keyData) : Store(verified, keyData);
        }

        private KeyData Decrypt(VerifiedMessage verified)
        {
            byte[] plain = verified.Message.Encrypted.ToArray();
            _crypto.Crypt(verified.KeySource, verified.Message.Counter, plain);
            KeyData keyData = KeyData.Read(plain);
            Octets.Wipe(plain);
            return keyData;
        }

        private string Delete(VerifiedMessage verified, KeyData keyData)
        {
            Octets.Wipe(keyData.Key);
            Msk gone = _store.State.FindMsk(verified.Group, verified.Message.KeyNumber);
            if (gone != null)
            {
                _store.Delete(gone, "deleted by the BM-SC");
            }

            verified.Count();
            return _store.TryCommit() ? null : DropReason.StorageFailed;
        }

        private string Store(VerifiedMessage verified, KeyData keyData)
        {
            Msk msk = MskOf(verified, keyData);
            bool isNew = _store.State.FindMsk(msk.Group, msk.Number) == null;
            if (!_store.TryPut(msk, _services))
            {
                msk.Wipe();
                return DropReason.StoreFull;
            }

            verified.Keys.RemovePull(msk.Group);
            verified.Count();
            if (!_store.TryCommit())
            {
                return DropReason.StorageFailed;
            }

            _machine.Events.Report(verified.Describe("msk-stored").With("mskId", msk.IdText)
                .With("seqLow", keyData.SeqLow).With("seqHigh", keyData.SeqHigh));
            _requester.Stored(verified.Sender, msk.Group, isNew);
            return null;
        }

        private static Msk MskOf(VerifiedMessage verified, KeyData keyData)
        {
            return new Msk
            {
                Group = verified.Group,
                Number = verified.Message.KeyNumber,
                Draft2004 = verified.Message.IsDraft2004,
                Key = keyData.Key,
                Rand = verified.Message.Rand.ToArray(),
                CsbId = verified.Message.CsbId,
                Window = new MtkWindow(keyData.SeqLow, keyData.SeqHigh),
            };
        }
    }
}
