using System.Collections;
using System.IO;
using MbmsMe.Binary;
using MbmsMe.Machine;
using MbmsMe.Services;
using MbmsMe.Storage;

namespace MbmsMe.Keys
{
    /// <summary>
    /// The <see cref="KeyState"/> in non-volatile memory, bound to the UICC's identity (TS 33.246 clause 6.1).
    /// </summary>
    /// <remarks>
    /// The state is changed, then committed: one write. Where an MSK was deleted there is a second one at once, for the slot of
    /// before has it still; a drive that refuses that one is asked again until it is done, and only then is the MSK told as
    /// deleted. A drive that refuses the first write undoes the change: nothing may count that a restart forgets.
    /// </remarks>
    public sealed class KeyStore
    {
        private const int FirstRetryMilliseconds = 1000;
        private const int LongestRetryMilliseconds = 60000;

        private readonly Peripherals _machine;
        private readonly SlotStore _slots;
        private readonly ArrayList _leaving = new ArrayList(); // LeavingMsk: gone from the state, not committed
        private readonly ArrayList _untold = new ArrayList(); // MeEvent: committed, not gone from both slots
        private OctetWriter _committed = new OctetWriter(512); // the record that counts
        private bool _isBound;
        private bool _isErasing;
        private bool _isErased;
        private bool _isReloaded;
        private int _retryMilliseconds;

        /// <summary>Makes a store over the machine's drive; <see cref="Bind"/> comes first.</summary>
        /// <param name="machine">Its drive, clock, traffic plane and events are used.</param>
        /// <param name="lasting">
        /// False when MRKs, MSKs and MTKs are not to outlast a power-down: they never get to the drive, for a power cut
        /// leaves no time to delete them.
        /// </param>
        public KeyStore(Peripherals machine, bool lasting)
        {
            _machine = machine;
            _slots = new SlotStore(machine.Drive);
            IsLasting = lasting;
            NextDue = long.MaxValue;
        }

        /// <summary>False when MRKs, MSKs and MTKs never get to the drive.</summary>
        public bool IsLasting { get; }

        /// <summary>The keys. Change them, then <see cref="TryCommit"/>. Null while no UICC is bound.</summary>
        public KeyState State { get; private set; }

        /// <summary>Uptime in milliseconds at which <see cref="RunDue"/> has something to do; long.MaxValue for never.</summary>
        public long NextDue { get; private set; }

        /// <summary>True when the keys are this UICC's, and the drive holds no other's.</summary>
        public bool IsBoundTo(string iccid, string imsi)
        {
            return _isBound && State.BelongsTo(iccid, imsi);
        }

        /// <summary>
        /// Loads the keys if they belong to this UICC; else leaves no octet of another UICC's keys in either slot. Nothing is
        /// written over a slot that could not be read, unless the other holds this UICC's keys.
        /// </summary>
        /// <param name="iccid">ICCID of the UICC.</param>
        /// <param name="imsi">IMSI of the UICC.</param>
        public BindResult Bind(string iccid, string imsi)
        {
            string failure = _isErasing ? Erase() : null;
            Forget();
            if (failure != null)
            {
                return Unavailable(failure);
            }

            StoredRecords found = _slots.Load();
            KeyState newest = Parse(found.Newest);
            KeyState older = Parse(found.Older);
            bool damaged = found.HasDamaged || (found.Newest != null && newest == null) || (found.Older != null && older == null);

            // What is not to last has not lasted, whatever an ME with another policy has left on the drive.
            bool faded = !IsLasting && (RemoveVolatile(newest) | RemoveVolatile(older));
            bool same = newest != null && newest.BelongsTo(iccid, imsi);
            if (!same && found.Refusal != null)
            {
                Wipe(newest);
                Wipe(older);
                return Unavailable(found.Refusal.Message);
            }

            // A power cut stopped an erase after its first slot where the older one is another's.
            KeyState foreign = newest != null && !newest.IsNobodys && !same ? newest
                : older != null && !older.IsNobodys && !older.BelongsTo(iccid, imsi) ? older : null;
            ArrayList deleted = foreign == null ? new ArrayList() : (ArrayList)foreign.Msks.Clone();
            bool interrupted = same && foreign == null && older != null && older.HoldsMoreThan(newest);
            if (interrupted)
            {
                NoteInterrupted(older, newest);
            }

            State = same ? newest : new KeyState(iccid, imsi);
            State.Write(_committed, IsLasting);
            Wipe(older);
            Wipe(same ? null : newest);
            if (!same || faded)
            {
                _slots.Outdate(true);
            }
            else if (foreign != null || damaged || interrupted)
            {
                // Within a torn slot the former octets may still stand; a slot of a newer firmware is one it could go back to.
                _slots.Outdate(false);
            }

            failure = Renew();
            if (failure != null && !same && foreign == null)
            {
                // There is nothing to lose: a slot that refuses twice is done without.
                failure = Renew();
            }

            if (failure != null && (!same || foreign != null))
            {
                Forget();
                return Unavailable(failure);
            }

            _isBound = true;
            return new BindResult(
                foreign != null ? UiccCheck.Different : same ? UiccCheck.Same : damaged ? UiccCheck.Damaged : UiccCheck.First,
                deleted,
                failure);
        }

        /// <summary>
        /// The UICC was taken out: every key is gone from RAM and the traffic plane at once, and from both slots. False, and told
        /// as "storage-failed", when the drive refuses: then it has to be called again.
        /// </summary>
        public bool TryErase()
        {
            string failure = Erase();
            Tell(failure);
            return failure == null;
        }

        /// <summary>
        /// Stores an MSK, see <see cref="KeyState.TryPut"/>: what had to go is deleted, or, where it had the same ID, replaced.
        /// Counts once it is committed.
        /// </summary>
        /// <param name="msk">The MSK.</param>
        /// <param name="services">The services whose MSKs may not give way to another group's.</param>
        /// <returns>False when the store is full of MSKs that services use.</returns>
        public bool TryPut(Msk msk, ServiceTable services)
        {
            Msk gone;
            if (!State.TryPut(msk, services, out gone))
            {
                return false;
            }

            if (gone != null)
            {
                bool ofGroup = gone.Group.Is(msk.Group);
                bool replaced = ofGroup && gone.Number == msk.Number;
                Leave(gone, replaced ? null : ofGroup ? "older of two" : "no service uses it, store full");
            }

            return true;
        }

        /// <summary>
        /// Deletes an MSK: its key is zeroed and its MTKs are gone from the traffic plane at once, it is gone from both slots and
        /// told as "msk-deleted" once that is committed.
        /// </summary>
        public void Delete(Msk msk, string reason)
        {
            State.Remove(msk);
            Leave(msk, reason);
        }

        /// <summary>
        /// Writes the keys: one slot, and the other one as well where an MSK was deleted. False, and told as "storage-failed",
        /// when the drive refuses: the state is again what was committed last.
        /// </summary>
        public bool TryCommit()
        {
            try
            {
                Write();
            }
            catch (IOException failure)
            {
                Tell(failure.Message);
                RollBack();
                return false;
            }

            bool deletes = false;
            for (int i = 0; i < _leaving.Count; i++)
            {
                LeavingMsk leaving = (LeavingMsk)_leaving[i];
                leaving.Msk.Wipe();
                if (leaving.Deletion != null)
                {
                    _untold.Add(leaving.Deletion);
                    deletes = true;
                }
            }

            _leaving.Clear();
            if (deletes && IsLasting)
            {
                _slots.Outdate(false);
                Tell(Renew());
            }
            else if (!_slots.HasOutdated)
            {
                Finish();
            }

            return true;
        }

        /// <summary>True once after a refused write has brought the state back to what was committed last.</summary>
        public bool TakeReloaded()
        {
            bool reloaded = _isReloaded;
            _isReloaded = false;
            return reloaded;
        }

        /// <summary>
        /// Writes the keys if the drive is ahead of the truth, or behind it, or holds a deleted MSK still: before the machine is
        /// switched off. What the drive refuses is told as "storage-failed".
        /// </summary>
        public void Settle()
        {
            bool unsettled = false;
            for (int i = 0; State != null && IsLasting && i < State.Msks.Count; i++)
            {
                unsettled |= ((Msk)State.Msks[i]).Window.Settle();
            }

            if (unsettled)
            {
                TryCommit();
            }

            if (NextDue != long.MaxValue)
            {
                Tell(Renew());
            }
        }

        /// <summary>Writes the slot that the drive refused before.</summary>
        public void RunDue()
        {
            if (NextDue <= _machine.Clock.UptimeMilliseconds)
            {
                Tell(Renew());
            }
        }

        private static bool RemoveVolatile(KeyState state)
        {
            return state != null && state.RemoveVolatile();
        }

        private static void Wipe(KeyState state)
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

        private BindResult Unavailable(string failure)
        {
            return new BindResult(UiccCheck.Unavailable, new ArrayList(), failure);
        }

        // A power cut came between the two writes of a deletion, or an ME went before the drive let it finish.
        private void NoteInterrupted(KeyState older, KeyState newest)
        {
            bool known = _untold.Count > 0;
            for (int i = 0; i < older.Msks.Count && !known; i++)
            {
                Msk msk = (Msk)older.Msks[i];
                if (newest.FindMsk(msk.Group, msk.Number) == null)
                {
                    _untold.Add(KeyEvents.Deleted(msk, "deletion that was interrupted"));
                }
            }
        }

        private void Leave(Msk msk, string reason)
        {
            _machine.Traffic.Remove(msk.Group, msk.Number);
            _leaving.Add(new LeavingMsk { Msk = msk, Deletion = reason == null ? null : KeyEvents.Deleted(msk, reason) });
        }

        private void Write()
        {
            // Made for each write: half a kilobyte that a board has no need of in between.
            OctetWriter unwanted = new OctetWriter(_committed.Buffer.Length);
            State.Write(unwanted, IsLasting);
            try
            {
                _slots.Save(unwanted.Buffer, 0, unwanted.Length);
                OctetWriter former = _committed;
                _committed = unwanted;
                unwanted = former;
            }
            finally
            {
                unwanted.Wipe();
            }
        }

        private void RollBack()
        {
            KeyState committed = Parse(_committed.ToArray());
            committed.Resume(State);
            for (int i = 0; i < _leaving.Count; i++)
            {
                Msk gone = ((LeavingMsk)_leaving[i]).Msk;
                Msk back = committed.FindMsk(gone.Group, gone.Number);
                if (back != null)
                {
                    back.Window.Resume(gone.Window);
                }
            }

            WipeLeaving();
            State.Wipe();
            State = committed;
            _isReloaded = true;
        }

        // Null, or why the drive refused; then it will be asked again.
        private string Renew()
        {
            try
            {
                _slots.Renew(_committed.Buffer, 0, _committed.Length);
                Finish();
                return null;
            }
            catch (IOException failure)
            {
                _retryMilliseconds = _retryMilliseconds == 0 ? FirstRetryMilliseconds : 2 * _retryMilliseconds;
                if (_retryMilliseconds > LongestRetryMilliseconds)
                {
                    _retryMilliseconds = LongestRetryMilliseconds;
                }

                NextDue = _machine.Clock.UptimeMilliseconds + _retryMilliseconds;
                return failure.Message;
            }
        }

        private void Finish()
        {
            StopRetrying();
            for (int i = 0; i < _untold.Count; i++)
            {
                _machine.Events.Report((MeEvent)_untold[i]);
            }

            _untold.Clear();
        }

        private void Tell(string failure)
        {
            if (failure != null)
            {
                _machine.Events.Report(KeyEvents.StorageFailed(failure));
            }
        }

        // Null, or why the drive refused.
        private string Erase()
        {
            if (_isErased)
            {
                return null;
            }

            _isErasing = true;
            _machine.Traffic.Clear();
            if (State == null)
            {
                _slots.Load().Wipe();
            }

            for (int i = 0; State != null && i < State.Msks.Count; i++)
            {
                _untold.Add(KeyEvents.Deleted((Msk)State.Msks[i], "UICC taken out"));
            }

            Forget();
            new KeyState(string.Empty, string.Empty).Write(_committed, false);
            _slots.Outdate(true);
            string failure = Renew();
            _isErased = failure == null;
            _isErasing = !_isErased;
            StopRetrying();
            return failure;
        }

        // No key is left in RAM.
        private void Forget()
        {
            Wipe(State);
            State = null;
            WipeLeaving();
            _committed.Wipe();
            StopRetrying();
            _isBound = false;
            _isErased = false;
            _isReloaded = false;
        }

        private void StopRetrying()
        {
            NextDue = long.MaxValue;
            _retryMilliseconds = 0;
        }

        private void WipeLeaving()
        {
            for (int i = 0; i < _leaving.Count; i++)
            {
                ((LeavingMsk)_leaving[i]).Msk.Wipe();
            }

            _leaving.Clear();
        }

        // An MSK that is gone from the state. Its MTK lives until that is committed, for until then it may have to come back.
        private sealed class LeavingMsk
        {
            public Msk Msk;
            public MeEvent Deletion; // null for one that was replaced under its ID
        }
    }
}
