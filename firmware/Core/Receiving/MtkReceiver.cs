using MbmsMe.Binary;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Mikey;
using MbmsMe.Requests;
using MbmsMe.Services;

namespace MbmsMe.Receiving
{
    /// <summary>
    /// What an MTK message may do: hand an MTK to the traffic plane, or show that an MSK was missed (TS 33.246 clauses
    /// 6.3.2.2.3 and 6.3.3).
    /// </summary>
    /// <remarks>
    /// Sent to whole groups and repeated: most that come were there before, and are dropped for their MTK ID, before any
    /// cryptography and without allocation.
    /// </remarks>
    internal sealed class MtkReceiver
    {
        private readonly Peripherals _machine;
        private readonly KeyStore _store;
        private readonly ServiceTable _services;
        private readonly KeyRequester _requester;
        private readonly DropLog _drops;
        private readonly MikeyCrypto _crypto;
        private readonly MikeyKeySource _source = new MikeyKeySource();
        private readonly OctetRegion _rand = new OctetRegion();

        /// <summary>Makes it.</summary>
        public MtkReceiver(ReceivingContext context, MikeyCrypto crypto)
        {
            _machine = context.Machine;
            _store = context.Store;
            _services = context.Services;
            _requester = context.Requester;
            _drops = context.Drops;
            _crypto = crypto;
        }

        /// <summary>Takes an MTK message. Returns why it was dropped, or null.</summary>
        public string Receive(MtkMessage message)
        {
            if (_store.State == null)
            {
                return DropReason.NoUicc;
            }

            KeyGroup group = _services.FindInUse(message.KeyDomain, message.KeyGroupPart);
            if (group == null)
            {
                return DropReason.UnusedKeyGroup;
            }

            // In the 2004 text the Key Domain ID stands in IDi, which an MTK message need not have: then any will do whose MSK
            // it verifies under.
            string reason = null;
            for (int i = 0; i < _store.State.Msks.Count; i++)
            {
                Msk msk = (Msk)_store.State.Msks[i];
                if (Names(message, msk) && _services.Uses(msk.Group))
                {
                    reason = ReceiveUnder(msk, message);
                    if (reason == null)
                    {
                        return null;
                    }
                }
            }

            return reason ?? Missed(message, group, DropReason.UnknownMsk);
        }

        private static bool Names(MtkMessage message, Msk msk)
        {
            return msk.Number == message.KeyNumber
                && msk.Group.Group == message.KeyGroupPart
                && (message.KeyDomain < 0 || msk.Group.Domain == message.KeyDomain);
        }

        private string ReceiveUnder(Msk msk, MtkMessage message)
        {
            uint id = message.MtkId;

            // 2^32 - 1 stands for "no upper bound" and has no successor.
            if (id > msk.Window.SeqHigh || id == 0xFFFFFFFF)
            {
                return Missed(message, msk.Group, DropReason.MtkIdOutOfRange);
            }

            if (id < msk.Window.SeqLow)
            {
                return DropReason.MtkIdOutOfRange;
            }

            if (id < msk.Window.NextMtkId || message.Counter <= msk.Window.Counter)
            {
                return Replay(msk.Window, id);
            }

            return Verify(message, msk);
        }

        private string Missed(MtkMessage message, KeyGroup group, string reason)
        {
            if (_requester.Missed(group))
            {
                _machine.Events.Report(Describe("missed-key", message, group).With("reason", reason));
            }

            return reason;
        }

        // The BM-SC repeats each MTK message for those who join: one report of that is enough.
        private string Replay(MtkWindow window, uint id)
        {
            bool isLast = id + 1 == window.NextMtkId;
            if (isLast && window.RepeatReported)
            {
                _drops.CountQuietly(1);
                return null;
            }

            window.RepeatReported |= isLast;
            return DropReason.Replay;
        }

        private string Verify(MtkMessage message, Msk msk)
        {
            if (msk.Prepared == null)
            {
                msk.Prepared = _crypto.Prepare(msk.Key);
            }

            _rand.Set(msk.Rand, 0, msk.Rand.Length);
            _source.Set(msk.Prepared, message.CsbId, _rand);
            bool genuine = _crypto.VerifyMac(_source, message.Parsed);
            _crypto.Forget();
            if (!genuine)
            {
                return DropReason.WrongMac;
            }

            KeyData keyData = Decrypt(message);
            return keyData == null ? DropReason.BadKeyData : Accept(message, msk, new TrafficKey
            {
                Group = msk.Group,
                KeyNumber = msk.Number,
                Mki = message.ToMki(),
                Key = keyData.Key,
                Salt = keyData.Salt ?? new byte[MikeyConstants.SaltLength],
            });
        }

        // Null when it is no MTK.
        private KeyData Decrypt(MtkMessage message)
        {
            byte[] plain = message.Encrypted.ToArray();
            _crypto.Crypt(_source, message.Counter, plain);
            KeyData keyData = KeyData.Read(plain);
            Octets.Wipe(plain);
            if (keyData != null && keyData.Salt != null && keyData.Salt.Length != MikeyConstants.SaltLength)
            {
                keyData.Wipe();
                return null;
            }

            return keyData;
        }

        private string Accept(MtkMessage message, Msk msk, TrafficKey key)
        {
            bool writes = msk.Window.Accept(message.MtkId, message.Counter, key, _machine.Clock.UptimeMilliseconds);
            if (writes && _store.IsLasting && !_store.TryCommit())
            {
                return DropReason.StorageFailed;
            }

            _machine.Traffic.Install(key);
            _machine.Events.Report(Describe("mtk-accepted", message, msk.Group).With("counter", message.Counter));
            return null;
        }

        private static MeEvent Describe(string name, MtkMessage message, KeyGroup group)
        {
            return KeyEvents.About(name, group)
                .With("mskId", Msk.WireId(group, message.KeyNumber, message.IsDraft2004))
                .With("mtkId", message.MtkId)
                .With("profile", message.Profile);
        }
    }
}
