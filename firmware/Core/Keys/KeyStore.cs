using System.Collections;
using System.IO;
using MbmsMe.Binary;
using MbmsMe.Machine;
using MbmsMe.Storage;

namespace MbmsMe.Keys
{
    /// <summary>What <see cref="KeyStore.Bind"/> found in the store.</summary>
    public enum UiccCheck
    {
        /// <summary>The keys of this UICC.</summary>
        Same,

        /// <summary>Nothing: this is the first UICC.</summary>
        First,

        /// <summary>The keys of another UICC, which are gone now.</summary>
        Different,

        /// <summary>Something that cannot be read, damaged or of another version of this firmware; it is gone now.</summary>
        Unreadable,
    }

    /// <summary>
    /// The <see cref="KeyState"/> in non-volatile memory, bound to the UICC's identity (TS 33.246 clause 6.1).
    /// </summary>
    public sealed class KeyStore
    {
        private readonly SlotStore _slots;
        private readonly OctetWriter _record = new OctetWriter(512);
        private bool _bound;
        private bool _reloaded;

        /// <summary>Makes a store over a drive; <see cref="Bind"/> comes first.</summary>
        /// <param name="drive">The drive.</param>
        /// <param name="lasting">
        /// False when MRKs, MSKs and MTKs are not to outlast a power-down: they never get to the drive, for a power cut
        /// leaves no time to delete them.
        /// </param>
        public KeyStore(ISlotDrive drive, bool lasting)
        {
            _slots = new SlotStore(drive);
            IsLasting = lasting;
        }

        /// <summary>False when MRKs, MSKs and MTKs never get to the drive.</summary>
        public bool IsLasting { get; }

        /// <summary>The keys. Change them, then <see cref="Commit"/>.</summary>
        public KeyState State { get; private set; }

        /// <summary>True when the keys are this UICC's, and the drive holds no other's.</summary>
        public bool IsBoundTo(string iccid, string imsi)
        {
            return _bound && State.BelongsTo(iccid, imsi);
        }

        /// <summary>
        /// Loads the keys if they belong to this UICC; else leaves no octet of another UICC's keys in either slot.
        /// </summary>
        /// <param name="iccid">ICCID of the UICC.</param>
        /// <param name="imsi">IMSI of the UICC.</param>
        /// <param name="deleted">The MSKs (<see cref="Msk"/>, zeroed) of another UICC that are gone now.</param>
        /// <exception cref="IOException">
        /// The erase did not reach the drive. <see cref="State"/> is empty all the same, and the next call tries again.
        /// </exception>
        public UiccCheck Bind(string iccid, string imsi, out ArrayList deleted)
        {
            deleted = new ArrayList();
            _bound = false;
            if (State != null)
            {
                State.Wipe();
            }

            KeyState older;
            bool unreadable;
            bool volatileKeys;
            KeyState stored = Load(out older, out unreadable, out volatileKeys);
            if (stored != null && stored.BelongsTo(iccid, imsi))
            {
                bool foreign = unreadable || (older != null && !older.BelongsTo(iccid, imsi));
                Forget(older);
                State = stored;
                if (volatileKeys)
                {
                    // Both slots: they were written when keys were still kept.
                    Commit();
                    Commit();
                }
                else if (foreign)
                {
                    // A power cut stopped an erase after its first slot, or within its second, where former octets may
                    // still stand; or a newer firmware has left a slot that it could go back to. This write overwrites it.
                    Commit();
                }

                _bound = true;
                return UiccCheck.Same;
            }

            bool different = stored != null || older != null;
            if (stored != null)
            {
                deleted = (ArrayList)stored.Msks.Clone();
            }

            Forget(stored);
            Forget(older);
            State = new KeyState(iccid, imsi);
            Write();
            if (different || unreadable)
            {
                Write();
            }

            _bound = true;
            return different ? UiccCheck.Different : unreadable ? UiccCheck.Unreadable : UiccCheck.First;
        }

        /// <summary>Writes the keys, see <see cref="Commit"/>; false, and told as "storage-failed", when the drive refuses.</summary>
        public bool TryCommit(IEventSink events)
        {
            try
            {
                Commit();
                return true;
            }
            catch (IOException failure)
            {
                events.Report(KeyEvents.StorageFailed(failure));
                return false;
            }
        }

        /// <summary>Writes the keys: one slot. When the drive refuses, the state is again what the drive holds: nothing may count that a restart forgets.</summary>
        /// <exception cref="IOException">The drive did not take it.</exception>
        public void Commit()
        {
            try
            {
                Write();
            }
            catch (IOException)
            {
                KeyState older;
                bool unreadable;
                bool volatileKeys;
                KeyState stored = Load(out older, out unreadable, out volatileKeys);
                Forget(older);
                if (stored == null || !stored.BelongsTo(State.Iccid, State.Imsi))
                {
                    Forget(stored);
                    stored = new KeyState(State.Iccid, State.Imsi);
                }

                stored.Resume(State);
                State.Wipe();
                State = stored;
                _reloaded = true;
                throw;
            }
        }

        /// <summary>True once after a refused write has brought the state back to what the drive holds.</summary>
        public bool TakeReloaded()
        {
            bool reloaded = _reloaded;
            _reloaded = false;
            return reloaded;
        }

        /// <summary>Writes the keys if the drive is ahead of the truth, or behind it: before the machine is switched off.</summary>
        /// <exception cref="IOException">The drive did not take it.</exception>
        public void Settle()
        {
            bool unsettled = false;
            for (int i = 0; State != null && IsLasting && i < State.Msks.Count; i++)
            {
                unsettled |= ((Msk)State.Msks[i]).Settle();
            }

            if (unsettled)
            {
                Commit();
            }
        }

        private static void Forget(KeyState state)
        {
            if (state != null)
            {
                state.Wipe();
            }
        }

        private static KeyState Parse(byte[] record)
        {
            KeyState state = record == null ? null : KeyState.Read(record);
            Octets.Wipe(record);
            return state;
        }

        // What is not to last has not lasted, whatever an ME with another policy has left on the drive.
        private KeyState Load(out KeyState older, out bool unreadable, out bool volatileKeys)
        {
            byte[] olderRecord;
            byte[] record = _slots.Load(out olderRecord);
            KeyState state = Parse(record);
            older = Parse(olderRecord);
            unreadable = _slots.HasUnreadable || (record != null && state == null) || (olderRecord != null && older == null);
            volatileKeys = false;
            if (!IsLasting)
            {
                volatileKeys |= state != null && state.RemoveVolatile();
                volatileKeys |= older != null && older.RemoveVolatile();
            }

            return state;
        }

        private void Write()
        {
            State.Write(_record, IsLasting);
            try
            {
                _slots.Save(_record.Buffer, 0, _record.Length);
            }
            finally
            {
                _record.Wipe();
            }
        }
    }
}
