using System.Collections;
using MbmsMe.Binary;
using MbmsMe.Configuration;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Mikey;
using MbmsMe.Requests;
using MbmsMe.Services;

namespace MbmsMe.Receiving
{
    /// <summary>
    /// MGV-F of the ME: what a datagram at the MIKEY port may do (TS 33.246 clauses 6.3.2.2.4 and 6.3.2.3).
    /// </summary>
    /// <remarks>
    /// The checks go from cheap to costly: form, sender, B-TID, lifetime and counter come before any cryptography,
    /// and nothing changes and nothing is sent before the MAC has verified.
    /// </remarks>
    public sealed class MikeyReceiver
    {
        /// <summary>Octets of the longest message taken.</summary>
        public const int MaxLength = 1024;

        private readonly Peripherals _machine;
        private readonly BmscAddress[] _bmscs;
        private readonly byte[][] _nafIds;
        private readonly KeyStore _store;
        private readonly ServiceTable _services;
        private readonly KeyRequester _requester;
        private readonly DropLog _drops;
        private readonly MikeyMessage _message = new MikeyMessage();
        private readonly MikeyCrypto _crypto;
        private readonly MtkReceiver _mtks;

        // Of the message at hand: the BM-SC it is taken to come from, the keys shared with that one, and whether they verified it.
        private BmscAddress _sender;
        private BmscKeys _keys;
        private bool _isGenuine;

        /// <summary>Makes it.</summary>
        public MikeyReceiver(
            Peripherals machine, MeConfiguration configuration, KeyStore store, ServiceTable services, KeyRequester requester, DropLog drops)
        {
            _machine = machine;
            _bmscs = configuration.Bmscs;
            _store = store;
            _services = services;
            _requester = requester;
            _drops = drops;
            _crypto = new MikeyCrypto(machine.Crypto);
            _mtks = new MtkReceiver(machine, store, services, requester, drops, _crypto);
            _nafIds = new byte[_bmscs.Length][];
            for (int i = 0; i < _nafIds.Length; i++)
            {
                _nafIds[i] = Gba.GbaIdentity.NafId(_bmscs[i].Fqdn);
            }
        }

        /// <summary>Takes one datagram.</summary>
        /// <param name="data">The datagram; not kept.</param>
        /// <param name="length">Octets of it.</param>
        /// <param name="peer">Its sender, for the ACK.</param>
        public void Receive(byte[] data, int length, object peer)
        {
            string reason = CheckForm(data, length);
            if (reason == null)
            {
                reason = _message.MtkIdOffset != 0 ? _mtks.Receive(_message) : ReceiveMsk(peer);
            }

            if (reason != null)
            {
                _drops.Drop(reason, 1);
            }
        }

        private string CheckForm(byte[] data, int length)
        {
            if (length > MaxLength)
            {
                return DropReason.Oversized;
            }

            if (!_message.TryRead(data, length))
            {
                return DropReason.Malformed;
            }

            return _message.DataType == MikeyDataType.PreSharedKey ? null : DropReason.UnexpectedType;
        }

        private string ReceiveMsk(object peer)
        {
            if (!IsMskMessage())
            {
                return DropReason.Malformed;
            }

            if (_store.State == null)
            {
                return DropReason.NoUicc;
            }

            BmscAddress sender = IsDraft2004 ? OwnerOfGroup : FindSender();
            return sender != null ? ReceiveFrom(sender, peer)
                : IsDraft2004 ? ReceiveFromAny(peer)
                : DropReason.UnknownBmsc;
        }

        // IDi of the 2004 text names the network only. Where no service says which BM-SC has the Key Group, the MAC does.
        private string ReceiveFromAny(object peer)
        {
            string reason = DropReason.UnknownBtid;
            for (int i = 0; i < _bmscs.Length; i++)
            {
                string one = ReceiveFrom(_bmscs[i], peer);
                if (_isGenuine)
                {
                    return one;
                }

                reason = one == DropReason.UnknownBtid ? reason : one;
            }

            return reason;
        }

        private string ReceiveFrom(BmscAddress sender, object peer)
        {
            _isGenuine = false;
            _sender = sender;
            _keys = _store.State.Of(sender.Fqdn);
            Muk muk = _keys.FindMuk(_message.Data, _message.IdrOffset, _message.IdrLength);
            string reason = Check(muk);
            if (reason == null)
            {
                if (muk.Prepared == null)
                {
                    muk.Prepared = _crypto.Prepare(muk.Key);
                }

                _isGenuine = _crypto.VerifyMac(muk.Prepared, _message, _message.Data, _message.RandOffset, _message.RandLength);
                reason = _isGenuine ? Accept(muk, peer) : DropReason.WrongMac;
                _crypto.Forget();
            }

            return reason;
        }

        /// <summary>All that can be said of a MUK without cryptography; null lets the message go on.</summary>
        private string Check(Muk muk)
        {
            if (muk == null)
            {
                return DropReason.UnknownBtid;
            }

            // The one exception of clause 6.1: the solicited pull is authenticated by the last MUK, expired or not.
            if (!IsSolicitedPull && muk.IsExpired(_machine.Clock))
            {
                return _machine.Clock.IsSet ? DropReason.MukExpired : DropReason.NoValidTime;
            }

            uint counter = _message.Counter;
            return counter > muk.Counter || (counter == muk.Counter && HasLastMac(muk)) ? null : DropReason.Replay;
        }

        private bool IsSolicitedPull
        {
            get { return KeyNumber == 0; }
        }

        private bool IsDraft2004
        {
            get { return _message.IsDraft2004; }
        }

        private int KeyNumber
        {
            get { return _message.KeyNumber; }
        }

        // The BM-SC that services name for the Key Group, or null.
        private BmscAddress OwnerOfGroup
        {
            get
            {
                Service user = _services.UserOf(_message.KeyDomain, _message.KeyGroupPart);
                return user == null ? null : user.Bmsc;
            }
        }

        private KeyGroup Group
        {
            get { return new KeyGroup(_message.KeyDomain, _message.KeyGroupPart); }
        }

        private bool IsMskMessage()
        {
            if (_message.MskIdOffset == 0
                || _message.TimestampOffset == 0
                || _message.TimestampType != MikeyConstants.CounterTimestamp
                || _message.RandOffset == 0
                || _message.IdrOffset == 0
                || _message.EncryptedOffset == 0
                || _message.MacOffset == 0
                || _message.PrfFunction != 0)
            {
                return false;
            }

            if (IsDraft2004 ? _message.IdiLength != MikeyConstants.KeyDomainLength : _message.KeyDomainOffset == 0)
            {
                return false;
            }

            bool empty = _message.EncryptedLength == 0;
            return empty == IsSolicitedPull && (empty || _message.EncryptionAlgorithm == MikeyConstants.EncryptionAesCm);
        }

        // IDi of Release 6 is the BM-SC's FQDN or its NAF_Id.
        private BmscAddress FindSender()
        {
            for (int i = 0; i < _bmscs.Length; i++)
            {
                if (IsIdi(_nafIds[i], _bmscs[i].Fqdn.Length))
                {
                    return _bmscs[i];
                }
            }

            return null;
        }

        private bool IsIdi(byte[] nafId, int fqdnLength)
        {
            if (_message.IdiLength != fqdnLength && _message.IdiLength != nafId.Length)
            {
                return false;
            }

            for (int i = 0; i < _message.IdiLength; i++)
            {
                int octet = _message.Data[_message.IdiOffset + i];
                if (octet >= 'A' && octet <= 'Z')
                {
                    octet += 'a' - 'A';
                }

                if (octet != nafId[i])
                {
                    return false;
                }
            }

            return true;
        }

        private bool HasLastMac(Muk muk)
        {
            return muk.LastMac != null
                && Octets.FixedTimeEquals(muk.LastMac, 0, _message.Data, _message.MacOffset, MikeyConstants.MacLength);
        }

        /// <summary>What a genuine message does; a reason when it does nothing.</summary>
        private string Accept(Muk muk, object peer)
        {
            BmscAddress owner = OwnerOfGroup;
            if (owner != null && owner != _sender)
            {
                return DropReason.ForeignKeyGroup;
            }

            bool repeated = _message.Counter == muk.Counter;
            if (repeated)
            {
                // The ACK may have been lost. A pull has none, and one call is enough.
                if (IsSolicitedPull)
                {
                    return DropReason.Replay;
                }
            }
            else
            {
                string reason = IsSolicitedPull ? AcceptPull(muk) : AcceptMsk(muk);
                if (reason != null)
                {
                    return reason;
                }
            }

            if (_message.VerificationWanted && !IsSolicitedPull)
            {
                Acknowledge(peer, repeated);
            }

            return null;
        }

        private string AcceptPull(Muk muk)
        {
            KeyGroup group = Group;
            ArrayList groups = new ArrayList();
            if (group.Group == KeyGroup.All)
            {
                groups = _services.GroupsWanted(_sender, group.Domain);
            }
            else
            {
                groups.Add(group);
            }

            if (!_keys.TryAddPulls(groups))
            {
                return DropReason.StoreFull;
            }

            if (!TryCommit(muk))
            {
                return DropReason.StorageFailed;
            }

            _machine.Events.Report(Describe("pull-accepted", group).With("expired", muk.IsExpired(_machine.Clock))
                .With("counter", _message.Counter));
            BmscAddress bmsc = _sender;
            for (int i = 0; i < groups.Count; i++)
            {
                _requester.Pull(bmsc, (KeyGroup)groups[i]);
            }

            return null;
        }

        private string AcceptMsk(Muk muk)
        {
            KeyGroup group = Group;
            byte[] plain = Octets.Slice(_message.Data, _message.EncryptedOffset, _message.EncryptedLength);
            _crypto.Crypt(
                muk.Prepared, _message.CsbId, _message.Counter, _message.Data, _message.RandOffset, _message.RandLength, plain);
            KeyData keyData = KeyData.Read(plain);
            Octets.Wipe(plain);
            if (keyData == null)
            {
                return DropReason.BadKeyData;
            }

            // It is the MTKs that have a salt.
            Octets.Wipe(keyData.Salt);

            // An empty interval is the BM-SC's way to delete the MSK.
            bool deletes = keyData.SeqLow > keyData.SeqHigh;
            KeyState state = _store.State;
            bool isNew = state.FindMsk(group, KeyNumber) == null;
            if (deletes)
            {
                Msk deleted = state.FindMsk(group, KeyNumber);
                Octets.Wipe(keyData.Key);
                if (deleted != null)
                {
                    _store.Delete(deleted, "deleted by the BM-SC");
                }
            }
            else
            {
                Msk msk = new Msk
                {
                    Group = group,
                    Number = KeyNumber,
                    Draft2004 = IsDraft2004,
                    Key = keyData.Key,
                    Rand = Octets.Slice(_message.Data, _message.RandOffset, _message.RandLength),
                    CsbId = _message.CsbId,
                    Window = new MtkWindow(keyData.SeqLow, keyData.SeqHigh),
                };
                if (!_store.TryPut(msk, _services))
                {
                    msk.Wipe();
                    return DropReason.StoreFull;
                }

                _keys.RemovePull(group);
            }

            if (!TryCommit(muk))
            {
                return DropReason.StorageFailed;
            }

            if (!deletes)
            {
                _machine.Events.Report(Describe("msk-stored", group).With("mskId", Msk.WireId(group, KeyNumber, IsDraft2004))
                    .With("seqLow", keyData.SeqLow).With("seqHigh", keyData.SeqHigh));
                _requester.Stored(_sender, group, isNew);
            }

            return null;
        }

        private bool TryCommit(Muk muk)
        {
            muk.Counter = _message.Counter;
            muk.LastMac = Octets.Slice(_message.Data, _message.MacOffset, MikeyConstants.MacLength);
            _keys.MarkUsed(muk);
            return _store.TryCommit();
        }

        // RFC 3830 clause 3.1: HDR, T, IDr, V.
        private void Acknowledge(object peer, bool repeated)
        {
            MikeyWriter writer = new MikeyWriter(MikeyDataType.PreSharedKeyVerification, false, _message.CsbId)
                .Counter(_message.Counter)
                .Id(MikeyConstants.IdNai, _message.Data, _message.IdrOffset, _message.IdrLength)
                .V();
            byte[] verData = new byte[MikeyConstants.MacLength];
            _crypto.ComputeVerification(writer.ToArray(), _message, verData);
            bool sent = _machine.Datagrams.Send(peer, writer.ToArray(verData));

            // Whoever has heard a message can repeat it: the ACK goes out, but a flood of repeats is no flood of events.
            if (!repeated || _drops.MayReport())
            {
                _machine.Events.Report(Describe(sent ? "ack-sent" : "ack-failed", Group)
                    .With("mskId", Msk.WireId(Group, KeyNumber, IsDraft2004)).With("counter", _message.Counter).With("repeated", repeated));
            }
        }

        private MeEvent Describe(string name, KeyGroup group)
        {
            return KeyEvents.About(name, group).With("profile", IsDraft2004 ? "draft2004" : "release6");
        }
    }
}
