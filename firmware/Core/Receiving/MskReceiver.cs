using MbmsMe.Binary;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Mikey;
using MbmsMe.Services;

namespace MbmsMe.Receiving
{
    /// <summary>
    /// MGV-F of the ME for what a MUK protects: who sent an MSK message or a solicited pull, and whether it is genuine and
    /// new (TS 33.246 clauses 6.3.2.2.4, 6.3.2.3 and 6.5.3).
    /// </summary>
    /// <remarks>Sender, B-TID, lifetime and counter come before any cryptography.</remarks>
    internal sealed class MskReceiver
    {
        private readonly IClock _clock;
        private readonly BmscAddress[] _bmscs;
        private readonly KnownSenders _senders;
        private readonly KeyStore _store;
        private readonly ServiceTable _services;
        private readonly MikeyCrypto _crypto;
        private readonly MikeyKeySource _source = new MikeyKeySource();
        private readonly PullHandler _pulls;
        private readonly MskHandler _msks;
        private readonly Acknowledgement _acknowledgement;

        /// <summary>Makes it.</summary>
        public MskReceiver(ReceivingContext context, MikeyCrypto crypto)
        {
            _clock = context.Machine.Clock;
            _bmscs = context.Bmscs;
            _senders = new KnownSenders(context.Bmscs);
            _store = context.Store;
            _services = context.Services;
            _crypto = crypto;
            _pulls = new PullHandler(context);
            _msks = new MskHandler(context, crypto);
            _acknowledgement = new Acknowledgement(context, crypto);
        }

        /// <summary>Takes a message. Returns why it was dropped, or null.</summary>
        /// <param name="message">The message.</param>
        /// <param name="peer">Its sender, for the ACK.</param>
        public string Receive(MskMessage message, object peer)
        {
            if (_store.State == null)
            {
                return DropReason.NoUicc;
            }

            VerifiedMessage verified;
            string reason = Authenticate(message, peer, out verified);
            if (verified != null)
            {
                reason = Handle(verified);
                _crypto.Forget();
            }

            return reason;
        }

        private string Authenticate(MskMessage message, object peer, out VerifiedMessage verified)
        {
            BmscAddress sender = message.IsDraft2004 ? OwnerOfGroup(message) : _senders.Find(message.Idi);
            if (sender != null)
            {
                return AuthenticateFrom(sender, message, peer, out verified);
            }

            if (message.IsDraft2004)
            {
                return AuthenticateFromAny(message, peer, out verified);
            }

            verified = null;
            return DropReason.UnknownBmsc;
        }

        // IDi of the 2004 text names the network only. Where no service says which BM-SC has the Key Group, the MAC does.
        private string AuthenticateFromAny(MskMessage message, object peer, out VerifiedMessage verified)
        {
            verified = null;
            string reason = DropReason.UnknownBtid;
            for (int i = 0; i < _bmscs.Length && verified == null; i++)
            {
                string one = AuthenticateFrom(_bmscs[i], message, peer, out verified);
                reason = one == DropReason.UnknownBtid ? reason : one;
            }

            return reason;
        }

        private string AuthenticateFrom(BmscAddress sender, MskMessage message, object peer, out VerifiedMessage verified)
        {
            verified = null;
            BmscKeys keys = _store.State.Of(sender.Fqdn);
            Muk muk = keys.FindMuk(message.Idr.Data, message.Idr.Offset, message.Idr.Length);
            string reason = CheckMuk(message, muk);
            if (reason != null)
            {
                return reason;
            }

            if (muk.Prepared == null)
            {
                muk.Prepared = _crypto.Prepare(muk.Key);
            }

            _source.Set(muk.Prepared, message.CsbId, message.Rand);
            if (!_crypto.VerifyMac(_source, message.Parsed))
            {
                _crypto.Forget();
                return DropReason.WrongMac;
            }

            verified = new VerifiedMessage(message, sender, keys, muk, peer);
            return null;
        }

        /// <summary>All that can be said of a MUK without cryptography; null lets the message go on.</summary>
        private string CheckMuk(MskMessage message, Muk muk)
        {
            if (muk == null)
            {
                return DropReason.UnknownBtid;
            }

            // The one exception of clause 6.1: the solicited pull is authenticated by the last MUK, expired or not.
            if (!message.IsSolicitedPull && muk.IsExpired(_clock))
            {
                return _clock.IsSet ? DropReason.MukExpired : DropReason.NoValidTime;
            }

            uint counter = message.Counter;
            return counter > muk.Counter || (counter == muk.Counter && HasLastMac(message, muk)) ? null : DropReason.Replay;
        }

        private static bool HasLastMac(MskMessage message, Muk muk)
        {
            return muk.LastMac != null
                && Octets.FixedTimeEquals(muk.LastMac, 0, message.Mac.Data, message.Mac.Offset, MikeyConstants.MacLength);
        }

        /// <summary>What a genuine message does; a reason when it does nothing.</summary>
        private string Handle(VerifiedMessage verified)
        {
            BmscAddress owner = OwnerOfGroup(verified.Message);
            if (owner != null && owner != verified.Sender)
            {
                return DropReason.ForeignKeyGroup;
            }

            if (verified.Message.IsSolicitedPull)
            {
                // It has no ACK that may have been lost, and one call is enough.
                return verified.IsRepeat ? DropReason.Replay : _pulls.Handle(verified);
            }

            string reason = verified.IsRepeat ? null : _msks.Handle(verified);
            if (reason == null && verified.Message.VerificationWanted)
            {
                _acknowledgement.Send(verified);
            }

            return reason;
        }

        // The BM-SC that services name for the Key Group, or null.
        private BmscAddress OwnerOfGroup(MskMessage message)
        {
            Service user = _services.UserOf(message.KeyDomain, message.KeyGroupPart);
            return user == null ? null : user.Bmsc;
        }
    }
}
