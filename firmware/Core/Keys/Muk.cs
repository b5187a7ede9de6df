using MbmsMe.Binary;
using MbmsMe.Machine;
using MbmsMe.Mikey;

namespace MbmsMe.Keys
{
    /// <summary>An MBMS User Key with what replay protection under it needs (TS 33.246 clause 6.1).</summary>
    public sealed class Muk
    {
        /// <summary>Octets of a MUK: Ks_(ext)_NAF.</summary>
        public const int Length = 32;

        /// <summary>The B-TID, IDr of messages under this key; opaque octets.</summary>
        public byte[] Btid;

        /// <summary>The key: 32 octets.</summary>
        public byte[] Key;

        /// <summary>End of the GBA key lifetime, seconds since 1970-01-01T00:00:00Z.</summary>
        public long ExpiresAt;

        /// <summary>Counter of the last accepted message under this key; 0 when there was none.</summary>
        public uint Counter;

        /// <summary>MAC of the last accepted message (20 octets), to know its byte-identical repeat; null when there was none.</summary>
        public byte[] LastMac;

        /// <summary>The key as HMAC uses it; made when first needed, not stored.</summary>
        public HmacKey Prepared;

        /// <summary>True when the lifetime is over, or when there is no time to check it against.</summary>
        public bool IsExpired(IClock clock)
        {
            return IsExpired(clock, 0);
        }

        /// <summary>True when the lifetime is over within that many seconds, or when there is no time to check it against.</summary>
        public bool IsExpired(IClock clock, int within)
        {
            return !clock.IsSet || clock.UnixSeconds + within >= ExpiresAt;
        }

        /// <summary>Appends it to the record.</summary>
        public void Write(OctetWriter to)
        {
            to.PutVariable(Btid).Put(Key).Put32((uint)(ExpiresAt >> 32)).Put32((uint)ExpiresAt).Put32(Counter);
            to.Put8(LastMac == null ? 0 : 1);
            if (LastMac != null)
            {
                to.Put(LastMac);
            }
        }

        /// <summary>Reads it from the record.</summary>
        public static Muk Read(OctetReader from)
        {
            Muk muk = new Muk { Btid = from.GetVariable(), Key = from.Get(Length) };
            long high = from.Get32();
            muk.ExpiresAt = (high << 32) | from.Get32();
            muk.Counter = from.Get32();
            muk.LastMac = from.Get8() == 1 ? from.Get(MikeyConstants.MacLength) : null;
            return muk;
        }

        /// <summary>Zeroes the key.</summary>
        public void Wipe()
        {
            Octets.Wipe(Key);
            if (Prepared != null)
            {
                Prepared.Wipe();
            }
        }
    }
}
