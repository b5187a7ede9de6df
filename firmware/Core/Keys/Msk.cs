using MbmsMe.Binary;
using MbmsMe.Machine;
using MbmsMe.Mikey;

namespace MbmsMe.Keys
{
    /// <summary>An MBMS Service Key with what MTK messages under it need (TS 33.246 clause 6.3.2).</summary>
    public sealed class Msk
    {
        /// <summary>Key Domain and Key Group.</summary>
        public KeyGroup Group;

        /// <summary>Key Number part of the MSK ID: 16 bits, not 0.</summary>
        public int Number;

        /// <summary>True when it came in a draft2004 message: its MSK ID has 2 octets on the wire, not 4.</summary>
        public bool Draft2004;

        /// <summary>The key: 16 octets.</summary>
        public byte[] Key;

        /// <summary>RAND of the MSK message, 1 to 255 octets: MTK messages carry none and are derived with it.</summary>
        public byte[] Rand;

        /// <summary>CSB ID of the MSK message.</summary>
        public uint CsbId;

        /// <summary>The MTKs it may protect, and those that have come.</summary>
        public MtkWindow Window;

        /// <summary>The key as HMAC uses it; made when first needed, not stored.</summary>
        public HmacKey Prepared;

        /// <summary>The MSK ID in hexadecimal as it was on the wire.</summary>
        public string IdText
        {
            get { return WireId(Group, Number, Draft2004); }
        }

        /// <summary>An MSK ID in hexadecimal: Key Group and Key Number part (release6), or Key Number alone (draft2004).</summary>
        public static string WireId(KeyGroup group, int number, bool draft2004)
        {
            string text = Octets.ToHex((uint)number, MikeyConstants.MskIdLengthDraft2004);
            return draft2004 ? text : group.GroupText + text;
        }

        /// <summary>
        /// Takes over what came under the same MSK before its interval was updated; false when the key is another one,
        /// under which nothing has come yet.
        /// </summary>
        public bool TryContinue(Msk former)
        {
            bool same = HasKeyOf(former);
            if (same)
            {
                Window.Continue(former.Window);
            }

            return same;
        }

        /// <summary>
        /// After the drive refused a write: goes on where RAM was, as far as this, which is what the drive holds, covers it.
        /// </summary>
        public void Resume(Msk ram)
        {
            if (HasKeyOf(ram))
            {
                Window.Resume(ram.Window);
            }
        }

        /// <summary>Appends it to the record.</summary>
        public void Write(OctetWriter to)
        {
            Group.Write(to);
            to.Put16(Number).Put8(Draft2004 ? 1 : 0).Put(Key).Put32(CsbId).Put32(Window.SeqLow).Put32(Window.SeqHigh)
                .PutVariable(Rand);
            Window.Write(to);
        }

        /// <summary>Reads it from the record.</summary>
        public static Msk Read(OctetReader from)
        {
            Msk msk = new Msk { Group = KeyGroup.Read(from) };
            msk.Number = from.Get16();
            msk.Draft2004 = from.Get8() == 1;
            msk.Key = from.Get(MikeyConstants.KeyLength);
            msk.CsbId = from.Get32();
            uint seqLow = from.Get32();
            uint seqHigh = from.Get32();
            msk.Rand = from.GetVariable();
            msk.Window = MtkWindow.Read(from, seqLow, seqHigh, msk.Group, msk.Number);
            return msk;
        }

        /// <summary>Zeroes the key and the MTK.</summary>
        public void Wipe()
        {
            WipeKey();
            Window.Wipe();
        }

        /// <summary>Zeroes the key; the MTK lives on until it is certain that the MSK is gone.</summary>
        public void WipeKey()
        {
            Octets.Wipe(Key);
            if (Prepared != null)
            {
                Prepared.Wipe();
                Prepared = null;
            }
        }

        private bool HasKeyOf(Msk other)
        {
            return Octets.Equals(Key, 0, Key.Length, other.Key) && Octets.Equals(Rand, 0, Rand.Length, other.Rand);
        }
    }
}
