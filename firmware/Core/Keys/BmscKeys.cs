using System.Collections;
using MbmsMe.Binary;
using MbmsMe.Machine;

namespace MbmsMe.Keys
{
    /// <summary>
    /// What the ME shares with one BM-SC: the current GBA context, the last successfully used MUK, and solicited
    /// pulls not yet served (TS 33.246 clause 6.1).
    /// </summary>
    public sealed class BmscKeys
    {
        /// <summary>Makes it, without keys.</summary>
        /// <param name="fqdn">The BM-SC's FQDN in lower case.</param>
        public BmscKeys(string fqdn)
        {
            Fqdn = fqdn;
            Pulls = new ArrayList();
        }

        /// <summary>The BM-SC's FQDN in lower case.</summary>
        public string Fqdn { get; }

        /// <summary>The current GBA context, or null.</summary>
        public GbaContext Gba { get; private set; }

        /// <summary>The MUK that last authenticated a message, or null; often that of <see cref="Gba"/>.</summary>
        public Muk LastUsed { get; private set; }

        /// <summary>Key Groups (<see cref="KeyGroup"/>) of accepted solicited pulls whose MSK is not there yet.</summary>
        public ArrayList Pulls { get; }

        /// <summary>True when there is nothing to keep.</summary>
        public bool IsEmpty
        {
            get { return Gba == null && LastUsed == null && Pulls.Count == 0; }
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

        /// <summary>
        /// Notes solicited pulls to be served: all of them, or, when there is no room for all, none and false.
        /// </summary>
        public bool TryAddPulls(ArrayList groups)
        {
            int before = Pulls.Count;
            for (int i = 0; i < groups.Count; i++)
            {
                KeyGroup group = (KeyGroup)groups[i];
                if (!group.IsIn(Pulls))
                {
                    Pulls.Add(group);
                }
            }

            if (Pulls.Count <= KeyState.MaxGroups)
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
            for (int i = 0; i < Pulls.Count; i++)
            {
                if (((KeyGroup)Pulls[i]).Is(group))
                {
                    Pulls.RemoveAt(i);
                    return true;
                }
            }

            return false;
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

            Pulls.Clear();
        }

        /// <summary>Appends it to the record.</summary>
        /// <param name="to">The record.</param>
        /// <param name="lasting">False to leave out what is not to outlast a power-down: the MRK.</param>
        public void Write(OctetWriter to, bool lasting)
        {
            to.PutVariable(Octets.FromText(Fqdn));
            bool mrk = lasting && Gba != null && Gba.Mrk != null;
            to.Put8(Gba == null ? 0 : mrk ? 1 : 2);
            if (Gba != null)
            {
                Gba.Muk.Write(to);
            }

            if (mrk)
            {
                to.Put(Gba.Mrk);
            }

            bool separate = LastUsed != null && (Gba == null || LastUsed != Gba.Muk);
            to.Put8(LastUsed == null ? 0 : separate ? 2 : 1);
            if (separate)
            {
                LastUsed.Write(to);
            }

            to.Put8(Pulls.Count);
            for (int i = 0; i < Pulls.Count; i++)
            {
                ((KeyGroup)Pulls[i]).Write(to);
            }
        }

        /// <summary>Reads it from the record.</summary>
        public static BmscKeys Read(OctetReader from)
        {
            BmscKeys keys = new BmscKeys(Octets.ToText(from.GetVariable()));
            int gba = from.Get8();
            if (gba == 1 || gba == 2)
            {
                keys.Gba = new GbaContext { Muk = Muk.Read(from), Mrk = gba == 1 ? from.Get(GbaContext.MrkLength) : null };
            }

            int lastUsed = from.Get8();
            if (lastUsed == 1 && keys.Gba != null)
            {
                keys.LastUsed = keys.Gba.Muk;
            }
            else if (lastUsed == 2)
            {
                keys.LastUsed = Muk.Read(from);
            }

            for (int count = from.Get8(); count > 0 && from.Ok; count--)
            {
                keys.Pulls.Add(KeyGroup.Read(from));
            }

            return keys;
        }
    }
}
