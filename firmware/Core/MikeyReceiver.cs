using System;
using System.IO;
using MbmsMe.Configuration;
using MbmsMe.Crypto;
using MbmsMe.Hal;
using MbmsMe.Keys;
using MbmsMe.Mikey;

namespace MbmsMe
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

        private readonly Machine _machine;
        private readonly MeService[] _services;
        private readonly KeyStore _store;
        private readonly KeyRequester _requester;
        private readonly DropLog _drops;
        private readonly MikeyMessage _message = new MikeyMessage();
        private readonly MikeyCrypto _crypto;
        private readonly byte[] _nafId;
        private readonly int _fqdnLength;

        /// <summary>Makes it.</summary>
        public MikeyReceiver(
            Machine machine, MeConfiguration configuration, KeyStore store, KeyRequester requester, DropLog drops)
        {
            _machine = machine;
            _services = configuration.Services;
            _store = store;
            _requester = requester;
            _drops = drops;
            _crypto = new MikeyCrypto(machine.Crypto);
            _nafId = Gba.GbaIdentity.NafId(configuration.BmscFqdn.ToLower());
            _fqdnLength = configuration.BmscFqdn.Length;
        }

        /// <summary>Takes one datagram.</summary>
        /// <param name="data">The datagram; not kept.</param>
        /// <param name="length">Octets of it.</param>
        /// <param name="peer">Its sender, for the ACK.</param>
        public void Receive(byte[] data, int length, object peer)
        {
            Muk muk;
            string reason = Check(data, length, out muk);
            if (reason == null)
            {
                if (muk.Prepared == null)
                {
                    muk.Prepared = _crypto.Prepare(muk.Key);
                }

                reason = _crypto.VerifyMac(muk.Prepared, _message, data, _message.RandOffset, _message.RandLength)
                    ? Accept(muk, peer)
                    : DropReason.WrongMac;
                _crypto.Forget();
            }

            if (reason != null)
            {
                _drops.Drop(reason, 1);
            }
        }

        /// <summary>All that can be said without cryptography; null lets the message go on.</summary>
        private string Check(byte[] data, int length, out Muk muk)
        {
            muk = null;
            if (length > MaxLength)
            {
                return DropReason.Oversized;
            }

            if (!_message.TryRead(data, length))
            {
                return DropReason.Malformed;
            }

            if (_message.DataType != MikeyDataType.PreSharedKey)
            {
                return DropReason.UnexpectedType;
            }

            if (_message.MtkIdOffset != 0)
            {
                return DropReason.NoTrafficPlane;
            }

            if (!IsMskMessage())
            {
                return DropReason.Malformed;
            }

            if (!IsFromBmsc())
            {
                return DropReason.UnknownBmsc;
            }

            if (_store.State == null)
            {
                return DropReason.NoUicc;
            }

            muk = _store.State.FindMuk(data, _message.IdrOffset, _message.IdrLength);
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
            get { return _message.MskIdLength == MikeyConstants.MskIdLengthDraft2004; }
        }

        private int KeyNumber
        {
            get
            {
                return Octets.GetUInt16(
                    _message.Data, _message.MskIdOffset + _message.MskIdLength - MikeyConstants.MskIdLengthDraft2004);
            }
        }

        /// <summary>
        /// Release 6 has Key Domain and Key Group in EXT; the 2004 text has them in IDi and in the low half of CSB ID.
        /// </summary>
        private KeyGroup Group
        {
            get
            {
                return IsDraft2004
                    ? new KeyGroup(Octets.GetUInt24(_message.Data, _message.IdiOffset), (int)(_message.CsbId & 0xFFFF))
                    : new KeyGroup(
                        Octets.GetUInt24(_message.Data, _message.KeyDomainOffset),
                        Octets.GetUInt16(_message.Data, _message.MskIdOffset));
            }
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

        /// <summary>IDi of Release 6 is the BM-SC's FQDN or its NAF_Id; that of the 2004 text names the network only.</summary>
        private bool IsFromBmsc()
        {
            if (IsDraft2004)
            {
                return true;
            }

            if (_message.IdiLength != _fqdnLength && _message.IdiLength != _nafId.Length)
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

                if (octet != _nafId[i])
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
            KeyGroup[] groups = group.Group == KeyGroup.All ? GroupsInUse(group.Domain) : new KeyGroup[] { group };
            if (!_store.State.TryAddPulls(groups))
            {
                return DropReason.StoreFull;
            }

            if (!TryCommit(muk))
            {
                return DropReason.StorageFailed;
            }

            _machine.Events.Report(Describe("pull-accepted", group).With("expired", muk.IsExpired(_machine.Clock))
                .With("counter", _message.Counter));
            for (int i = 0; i < groups.Length; i++)
            {
                _requester.Pull(groups[i]);
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

            // An empty interval is the BM-SC's way to delete the MSK.
            bool deletes = keyData.SeqLow > keyData.SeqHigh;
            KeyState state = _store.State;
            Msk gone;
            if (deletes)
            {
                gone = state.FindMsk(group, KeyNumber);
                Octets.Wipe(keyData.Key);
                if (gone != null)
                {
                    state.Remove(gone);
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
                    SeqLow = keyData.SeqLow,
                    SeqHigh = keyData.SeqHigh,
                };
                if (!state.TryPut(msk, _services, out gone))
                {
                    msk.Wipe();
                    return DropReason.StoreFull;
                }

                state.RemovePull(group);
            }

            if (!TryCommit(muk))
            {
                return DropReason.StorageFailed;
            }

            if (!deletes)
            {
                _machine.Events.Report(Describe("msk-stored", group).With("mskId", Msk.WireId(group, KeyNumber, IsDraft2004))
                    .With("seqLow", keyData.SeqLow).With("seqHigh", keyData.SeqHigh));
                _requester.Stored(group);
            }

            if (gone != null)
            {
                _machine.Events.Report(KeyEvents.Deleted(
                    gone, deletes ? "deleted by the BM-SC" : gone.Group.Is(group) ? "older of two" : "no service uses it, store full"));
            }

            return null;
        }

        private bool TryCommit(Muk muk)
        {
            muk.Counter = _message.Counter;
            muk.LastMac = Octets.Slice(_message.Data, _message.MacOffset, MikeyConstants.MacLength);
            _store.State.MarkUsed(muk);
            try
            {
                _store.Commit();
                return true;
            }
            catch (IOException failure)
            {
                _machine.Events.Report(KeyEvents.StorageFailed(failure));
                return false;
            }
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

        private KeyGroup[] GroupsInUse(int domain)
        {
            KeyGroup[] found = new KeyGroup[KeyState.MaxGroups];
            int count = 0;
            for (int i = 0; i < _services.Length; i++)
            {
                KeyGroup[] groups = _services[i].Groups;
                for (int j = 0; j < groups.Length; j++)
                {
                    if (groups[j].Domain == domain && !Contains(found, count, groups[j]))
                    {
                        found[count++] = groups[j];
                    }
                }
            }

            KeyGroup[] exact = new KeyGroup[count];
            Array.Copy(found, 0, exact, 0, count);
            return exact;
        }

        private static bool Contains(KeyGroup[] groups, int count, KeyGroup group)
        {
            for (int i = 0; i < count; i++)
            {
                if (groups[i].Is(group))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
