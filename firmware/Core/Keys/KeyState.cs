using System.Collections;
using MbmsMe.Binary;
using MbmsMe.Machine;
using MbmsMe.Services;

namespace MbmsMe.Keys
{
    /// <summary>
    /// Everything the ME keeps over a power cut, and the record it is kept as: the UICC it belongs to, the keys shared
    /// with each BM-SC, and the MSKs.
    /// </summary>
    public sealed class KeyState
    {
        /// <summary>MSKs kept at most: two for each of <see cref="MaxGroups"/>.</summary>
        public const int MaxMsks = 2 * MaxGroups;

        /// <summary>Key Groups that the services of one ME may use.</summary>
        public const int MaxGroups = 16;

        /// <summary>BM-SCs that the services of one ME may name.</summary>
        public const int MaxBmscs = 4;

        private const int MsksPerGroup = 2;

        /// <summary>Makes the empty state of a UICC.</summary>
        public KeyState(string iccid, string imsi)
        {
            Iccid = iccid;
            Imsi = imsi;
            Bmscs = new ArrayList();
            Msks = new ArrayList();
        }

        /// <summary>ICCID of the UICC the keys belong to.</summary>
        public string Iccid { get; }

        /// <summary>IMSI of the UICC the keys belong to.</summary>
        public string Imsi { get; }

        /// <summary>The keys shared with each BM-SC (<see cref="BmscKeys"/>).</summary>
        public ArrayList Bmscs { get; }

        /// <summary>The MSKs (<see cref="Msk"/>), oldest first.</summary>
        public ArrayList Msks { get; }

        /// <summary>True for what is left once a UICC was taken out: it belongs to none.</summary>
        public bool IsNobodys
        {
            get { return Iccid.Length == 0; }
        }

        /// <summary>True when the keys belong to that UICC.</summary>
        public bool BelongsTo(string iccid, string imsi)
        {
            return Iccid == iccid && Imsi == imsi;
        }

        /// <summary>The keys shared with the BM-SC of that FQDN (lower case); there may be none yet.</summary>
        public BmscKeys Of(string fqdn)
        {
            for (int i = 0; i < Bmscs.Count; i++)
            {
                BmscKeys keys = (BmscKeys)Bmscs[i];
                if (keys.Fqdn == fqdn)
                {
                    return keys;
                }
            }

            BmscKeys added = new BmscKeys(fqdn);
            Bmscs.Add(added);
            return added;
        }

        /// <summary>Forgets BM-SCs that the configuration does not name, once there is no room for more.</summary>
        public void MakeRoom(BmscAddress[] named)
        {
            for (int i = Bmscs.Count - 1; i >= 0 && Bmscs.Count > MaxBmscs; i--)
            {
                BmscKeys keys = (BmscKeys)Bmscs[i];
                bool isNamed = false;
                for (int j = 0; j < named.Length; j++)
                {
                    isNamed |= named[j].Fqdn == keys.Fqdn;
                }

                if (!isNamed)
                {
                    keys.Wipe();
                    Bmscs.RemoveAt(i);
                }
            }
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

        /// <summary>True when there is an MSK of the Key Group that may still protect MTKs to come.</summary>
        public bool HasValidMsk(KeyGroup group)
        {
            for (int i = 0; i < Msks.Count; i++)
            {
                Msk msk = (Msk)Msks[i];
                if (msk.Group.Is(group) && !msk.Window.IsUsedUp)
                {
                    return true;
                }
            }

            return false;
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
        /// <param name="gone">
        /// The MSK that had to go: the older of the group, or one of the same ID and another key. Its key is zeroed, its MTK is
        /// left to the caller. Or null.
        /// </param>
        /// <returns>False when the store is full of MSKs that services use.</returns>
        public bool TryPut(Msk msk, ServiceTable services, out Msk gone)
        {
            gone = null;
            Msk same = FindMsk(msk.Group, msk.Number);
            if (same != null)
            {
                if (!msk.TryContinue(same))
                {
                    gone = same;
                }

                Msks[Msks.IndexOf(same)] = msk;
                same.WipeKey();
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
                else if (unused == null && !services.Uses(other.Group))
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

        /// <summary>Removes an MSK and zeroes its key; its MTK is left to the caller.</summary>
        public void Remove(Msk msk)
        {
            Msks.Remove(msk);
            msk.WipeKey();
        }

        /// <summary>True when it holds an MSK that the other does not, or keys where the other has none at all.</summary>
        public bool HoldsMoreThan(KeyState other)
        {
            for (int i = 0; i < Msks.Count; i++)
            {
                Msk msk = (Msk)Msks[i];
                if (other.FindMsk(msk.Group, msk.Number) == null)
                {
                    return true;
                }
            }

            return other.IsEmpty && !IsEmpty;
        }

        /// <summary>
        /// Zeroes and removes what is not to outlast a power-down: MRKs, MSKs and MTKs. The MUKs stay. False when there was none.
        /// </summary>
        public bool RemoveVolatile()
        {
            bool found = Msks.Count > 0;
            WipeMsks();
            for (int i = 0; i < Bmscs.Count; i++)
            {
                GbaContext gba = ((BmscKeys)Bmscs[i]).Gba;
                if (gba != null && gba.Mrk != null)
                {
                    gba.WipeMrk();
                    gba.Mrk = null;
                    found = true;
                }
            }

            return found;
        }

        /// <summary>After the drive refused a write: MTKs go on where RAM was, as far as this state covers them.</summary>
        public void Resume(KeyState ram)
        {
            for (int i = 0; i < Msks.Count; i++)
            {
                Msk msk = (Msk)Msks[i];
                Msk former = ram.FindMsk(msk.Group, msk.Number);
                if (former != null)
                {
                    msk.Resume(former);
                }
            }
        }

        /// <summary>Zeroes every key.</summary>
        public void Wipe()
        {
            for (int i = 0; i < Bmscs.Count; i++)
            {
                ((BmscKeys)Bmscs[i]).Wipe();
            }

            Bmscs.Clear();
            WipeMsks();
        }

        /// <summary>Appends the record.</summary>
        /// <param name="to">The record.</param>
        /// <param name="lasting">False to leave out MRKs, MSKs and MTKs: they are not to outlast a power-down.</param>
        public void Write(OctetWriter to, bool lasting)
        {
            to.PutVariable(Octets.FromText(Iccid)).PutVariable(Octets.FromText(Imsi));
            int held = 0;
            for (int i = 0; i < Bmscs.Count; i++)
            {
                held += ((BmscKeys)Bmscs[i]).IsEmpty ? 0 : 1;
            }

            to.Put8(held);
            for (int i = 0; i < Bmscs.Count; i++)
            {
                BmscKeys keys = (BmscKeys)Bmscs[i];
                if (!keys.IsEmpty)
                {
                    keys.Write(to, lasting);
                }
            }

            to.Put8(lasting ? Msks.Count : 0);
            for (int i = 0; i < Msks.Count && lasting; i++)
            {
                ((Msk)Msks[i]).Write(to);
            }
        }

        /// <summary>Reads a record, or null when it is not one.</summary>
        public static KeyState Read(byte[] record)
        {
            OctetReader from = new OctetReader(record);
            string iccid = Octets.ToText(from.GetVariable());
            KeyState state = new KeyState(iccid, Octets.ToText(from.GetVariable()));
            for (int count = from.Get8(); count > 0 && from.Ok; count--)
            {
                state.Bmscs.Add(BmscKeys.Read(from));
            }

            for (int count = from.Get8(); count > 0 && from.Ok; count--)
            {
                state.Msks.Add(Msk.Read(from));
            }

            return from.AtEnd ? state : null;
        }

        private bool IsEmpty
        {
            get
            {
                bool empty = Msks.Count == 0;
                for (int i = 0; i < Bmscs.Count; i++)
                {
                    empty &= ((BmscKeys)Bmscs[i]).IsEmpty;
                }

                return empty;
            }
        }

        private void WipeMsks()
        {
            for (int i = 0; i < Msks.Count; i++)
            {
                ((Msk)Msks[i]).Wipe();
            }

            Msks.Clear();
        }
    }
}
