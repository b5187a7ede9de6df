using System.Collections;
using MbmsMe.Crypto;
using MbmsMe.Mikey;

namespace MbmsMe.Keys
{
    /// <summary>
    /// Everything the ME keeps over a power cut, and the record it is kept as: the UICC it belongs to, the current
    /// GBA context, the last successfully used MUK, the MSKs, and solicited pulls not yet served.
    /// </summary>
    public sealed class KeyState
    {
        /// <summary>MSKs kept at most: two for each of <see cref="MaxGroups"/>.</summary>
        public const int MaxMsks = 2 * MaxGroups;

        /// <summary>Key Groups that the services of one ME may use.</summary>
        public const int MaxGroups = 16;

        private const int MsksPerGroup = 2;

        /// <summary>Makes the empty state of a UICC.</summary>
        public KeyState(string iccid, string imsi)
        {
            Iccid = iccid;
            Imsi = imsi;
            Msks = new ArrayList();
            Pulls = new ArrayList();
        }

        /// <summary>ICCID of the UICC the keys belong to.</summary>
        public string Iccid { get; }

        /// <summary>IMSI of the UICC the keys belong to.</summary>
        public string Imsi { get; }

        /// <summary>The current GBA context, or null.</summary>
        public GbaContext Gba { get; private set; }

        /// <summary>The MUK that last authenticated a message, or null; often that of <see cref="Gba"/>.</summary>
        public Muk LastUsed { get; private set; }

        /// <summary>The MSKs (<see cref="Msk"/>), oldest first.</summary>
        public ArrayList Msks { get; }

        /// <summary>Key Groups (<see cref="KeyGroup"/>) of accepted solicited pulls whose MSK is not there yet.</summary>
        public ArrayList Pulls { get; }

        /// <summary>True when the keys belong to that UICC.</summary>
        public bool BelongsTo(string iccid, string imsi)
        {
            return Iccid == iccid && Imsi == imsi;
        }

        /// <summary>The MUK of that B-TID (region of a message), or null.</summary>
        public Muk FindMuk(byte[] data, int offset, int length)
        {
            if (Gba != null && Octets.Equals(data, offset, length, Gba.Muk.Btid))
            {
                return Gba.Muk;
            }

            return LastUsed != null && Octets.Equals(data, offset, length, LastUsed.Btid) ? LastUsed : null;
        }

        /// <summary>Takes a new GBA context; the last used MUK stays until the new one is used.</summary>
        public void Replace(GbaContext context)
        {
            if (Gba != null)
            {
                Gba.WipeMrk();
                if (Gba.Muk != LastUsed)
                {
                    Gba.Muk.Wipe();
                }
            }

            Gba = context;
        }

        /// <summary>Notes that a MUK authenticated a message.</summary>
        public void MarkUsed(Muk muk)
        {
            if (LastUsed != null && LastUsed != muk && (Gba == null || LastUsed != Gba.Muk))
            {
                LastUsed.Wipe();
            }

            LastUsed = muk;
        }

        /// <summary>The newest MSK of a Key Group, or null.</summary>
        public Msk NewestMsk(KeyGroup group)
        {
            for (int i = Msks.Count - 1; i >= 0; i--)
            {
                Msk msk = (Msk)Msks[i];
                if (msk.Group.Is(group))
                {
                    return msk;
                }
            }

            return null;
        }

        /// <summary>The MSK of that ID, or null.</summary>
        public Msk FindMsk(KeyGroup group, int number)
        {
            for (int i = 0; i < Msks.Count; i++)
            {
                Msk msk = (Msk)Msks[i];
                if (msk.Number == number && msk.Group.Is(group))
                {
                    return msk;
                }
            }

            return null;
        }

        /// <summary>
        /// Stores an MSK: in place of one with the same ID, else as the newest of its Key Group. The older of two
        /// in the group gives way (TS 33.246 clause 6.3.2.1); in a full store, the oldest that no service uses.
        /// </summary>
        /// <param name="msk">The MSK.</param>
        /// <param name="services">The services whose MSKs may not give way to another group's.</param>
        /// <param name="gone">The MSK of another ID that had to go, zeroed, or null.</param>
        /// <returns>False when the store is full of MSKs that services use.</returns>
        public bool TryPut(Msk msk, MeService[] services, out Msk gone)
        {
            gone = null;
            Msk same = FindMsk(msk.Group, msk.Number);
            if (same != null)
            {
                Msks[Msks.IndexOf(same)] = msk;
                same.Wipe();
                return true;
            }

            int held = 0;
            Msk unused = null;
            for (int i = 0; i < Msks.Count; i++)
            {
                Msk other = (Msk)Msks[i];
                if (other.Group.Is(msk.Group))
                {
                    gone = gone ?? other;
                    held++;
                }
                else if (unused == null && !MeService.AnyUses(services, other.Group))
                {
                    unused = other;
                }
            }

            if (held < MsksPerGroup)
            {
                gone = null;
                if (Msks.Count >= MaxMsks)
                {
                    gone = unused;
                    if (unused == null)
                    {
                        return false;
                    }
                }
            }

            if (gone != null)
            {
                Remove(gone);
            }

            Msks.Add(msk);
            return true;
        }

        /// <summary>Removes an MSK and zeroes its key.</summary>
        public void Remove(Msk msk)
        {
            Msks.Remove(msk);
            msk.Wipe();
        }

        /// <summary>
        /// Notes solicited pulls to be served: all of them, or, when there is no room for all, none and false.
        /// </summary>
        public bool TryAddPulls(KeyGroup[] groups)
        {
            int before = Pulls.Count;
            for (int i = 0; i < groups.Length; i++)
            {
                if (IndexOfPull(groups[i]) < 0)
                {
                    Pulls.Add(groups[i]);
                }
            }

            if (Pulls.Count <= MaxGroups)
            {
                return true;
            }

            while (Pulls.Count > before)
            {
                Pulls.RemoveAt(Pulls.Count - 1);
            }

            return false;
        }

        /// <summary>Notes that a solicited pull is done with; false when none was noted.</summary>
        public bool RemovePull(KeyGroup group)
        {
            int at = IndexOfPull(group);
            if (at < 0)
            {
                return false;
            }

            Pulls.RemoveAt(at);
            return true;
        }

        /// <summary>Zeroes every key.</summary>
        public void Wipe()
        {
            Replace(null);
            if (LastUsed != null)
            {
                LastUsed.Wipe();
                LastUsed = null;
            }

            for (int i = 0; i < Msks.Count; i++)
            {
                ((Msk)Msks[i]).Wipe();
            }

            Msks.Clear();
            Pulls.Clear();
        }

        /// <summary>Appends the record.</summary>
        public void Write(OctetWriter to)
        {
            PutVariable(to, Octets.FromText(Iccid));
            PutVariable(to, Octets.FromText(Imsi));
            to.Put8(Gba == null ? 0 : 1);
            if (Gba != null)
            {
                WriteMuk(to, Gba.Muk);
                to.Put(Gba.Mrk);
            }

            bool separate = LastUsed != null && (Gba == null || LastUsed != Gba.Muk);
            to.Put8(LastUsed == null ? 0 : separate ? 2 : 1);
            if (separate)
            {
                WriteMuk(to, LastUsed);
            }

            to.Put8(Msks.Count);
            for (int i = 0; i < Msks.Count; i++)
            {
                Msk msk = (Msk)Msks[i];
                WriteGroup(to, msk.Group);
                to.Put16(msk.Number).Put8(msk.Draft2004 ? 1 : 0).Put(msk.Key).Put32(msk.CsbId)
                    .Put32(msk.SeqLow).Put32(msk.SeqHigh);
                PutVariable(to, msk.Rand);
            }

            to.Put8(Pulls.Count);
            for (int i = 0; i < Pulls.Count; i++)
            {
                WriteGroup(to, (KeyGroup)Pulls[i]);
            }
        }

        /// <summary>Reads a record, or null when it is not one.</summary>
        public static KeyState Read(byte[] record)
        {
            OctetReader from = new OctetReader(record);
            string iccid = Octets.ToText(GetVariable(from));
            KeyState state = new KeyState(iccid, Octets.ToText(GetVariable(from)));
            if (from.Get8() == 1)
            {
                Muk muk = ReadMuk(from);
                state.Gba = new GbaContext { Muk = muk, Mrk = from.Get(GbaContext.MrkLength) };
            }

            int lastUsed = from.Get8();
            if (lastUsed == 1 && state.Gba != null)
            {
                state.LastUsed = state.Gba.Muk;
            }
            else if (lastUsed == 2)
            {
                state.LastUsed = ReadMuk(from);
            }

            for (int count = from.Get8(); count > 0 && from.Ok; count--)
            {
                Msk msk = new Msk { Group = ReadGroup(from) };
                msk.Number = from.Get16();
                msk.Draft2004 = from.Get8() == 1;
                msk.Key = from.Get(MikeyConstants.KeyLength);
                msk.CsbId = from.Get32();
                msk.SeqLow = from.Get32();
                msk.SeqHigh = from.Get32();
                msk.Rand = GetVariable(from);
                state.Msks.Add(msk);
            }

            for (int count = from.Get8(); count > 0 && from.Ok; count--)
            {
                state.Pulls.Add(ReadGroup(from));
            }

            return from.AtEnd ? state : null;
        }

        private static void WriteMuk(OctetWriter to, Muk muk)
        {
            PutVariable(to, muk.Btid);
            to.Put(muk.Key).Put32((uint)(muk.ExpiresAt >> 32)).Put32((uint)muk.ExpiresAt).Put32(muk.Counter);
            to.Put8(muk.LastMac == null ? 0 : 1);
            if (muk.LastMac != null)
            {
                to.Put(muk.LastMac);
            }
        }

        private static Muk ReadMuk(OctetReader from)
        {
            Muk muk = new Muk { Btid = GetVariable(from), Key = from.Get(Muk.Length) };
            long high = from.Get32();
            muk.ExpiresAt = (high << 32) | from.Get32();
            muk.Counter = from.Get32();
            muk.LastMac = from.Get8() == 1 ? from.Get(MikeyConstants.MacLength) : null;
            return muk;
        }

        private static void WriteGroup(OctetWriter to, KeyGroup group)
        {
            to.Put24(group.Domain).Put16(group.Group);
        }

        private static KeyGroup ReadGroup(OctetReader from)
        {
            int domain = from.Get24();
            return new KeyGroup(domain, from.Get16());
        }

        private static void PutVariable(OctetWriter to, byte[] octets)
        {
            to.Put8(octets.Length).Put(octets);
        }

        private static byte[] GetVariable(OctetReader from)
        {
            return from.Get(from.Get8());
        }

        private int IndexOfPull(KeyGroup group)
        {
            for (int i = 0; i < Pulls.Count; i++)
            {
                if (((KeyGroup)Pulls[i]).Is(group))
                {
                    return i;
                }
            }

            return -1;
        }
    }
}
