using MbmsMe.Binary;
using MbmsMe.Machine;

namespace MbmsMe.Srtp
{
    /// <summary>
    /// The MTKs of a Key Group, at most <see cref="KeysPerMsk"/> of each MSK; the one that came first goes first. All
    /// streams of the group share them.
    /// </summary>
    /// <remarks>
    /// A key that has died leaves its MKI and serial behind until the room is needed: when the same MTK comes again, as
    /// it does when the same UICC is inserted again, what was received under it before is still known as a replay.
    /// </remarks>
    public sealed class SrtpKeyRing
    {
        /// <summary>MTKs kept of each MSK: the one in use, one before it for late packets, one sent ahead.</summary>
        public const int KeysPerMsk = 3;

        /// <summary>MTKs kept in all: a Key Group has two MSKs.</summary>
        public const int Capacity = 2 * KeysPerMsk;

        private readonly SrtpCrypto _crypto;
        private readonly SrtpKey[] _keys = new SrtpKey[Capacity];
        private uint _lastSerial;

        /// <summary>Makes an empty one.</summary>
        /// <param name="crypto">Derives the session keys.</param>
        /// <param name="group">The Key Group.</param>
        public SrtpKeyRing(SrtpCrypto crypto, KeyGroup group)
        {
            _crypto = crypto;
            Group = group;
            OldestSerial = uint.MaxValue;
        }

        /// <summary>The Key Group.</summary>
        public KeyGroup Group { get; }

        /// <summary>Serial of the oldest key alive; the highest number when there is none.</summary>
        public uint OldestSerial { get; private set; }

        /// <summary>Takes an MTK; one of the same MKI is replaced.</summary>
        public void Install(TrafficKey mtk)
        {
            int at = PlaceOf(mtk.Mki, mtk.KeyNumber);
            SrtpKey former = _keys[at];
            uint serial = former != null && Octets.Equals(mtk.Mki, 0, mtk.Mki.Length, former.Mki) ? former.Serial : ++_lastSerial;
            if (former != null)
            {
                former.Wipe();
            }

            SrtpKey key = new SrtpKey(Octets.Slice(mtk.Mki, 0, mtk.Mki.Length), mtk.KeyNumber, serial);
            _crypto.Derive(mtk.Key, mtk.Salt, key);
            _keys[at] = key;
            FindOldest();
        }

        /// <summary>The MTKs of an MSK die.</summary>
        /// <param name="keyNumber">Key Number part of the MSK ID.</param>
        public void Remove(int keyNumber)
        {
            for (int i = 0; i < Capacity; i++)
            {
                if (_keys[i] != null && _keys[i].KeyNumber == keyNumber)
                {
                    _keys[i].Wipe();
                }
            }

            FindOldest();
        }

        /// <summary>All MTKs die.</summary>
        public void Clear()
        {
            for (int i = 0; i < Capacity; i++)
            {
                if (_keys[i] != null)
                {
                    _keys[i].Wipe();
                }
            }

            FindOldest();
        }

        /// <summary>The key whose MKI ends there, or null; of two the one with the longer MKI.</summary>
        /// <param name="packet">The packet.</param>
        /// <param name="start">The MKI does not start before it.</param>
        /// <param name="end">Where the MKI ends.</param>
        public SrtpKey Find(byte[] packet, int start, int end)
        {
            SrtpKey found = null;
            for (int i = 0; i < Capacity; i++)
            {
                SrtpKey key = _keys[i];
                if (key != null
                    && key.IsAlive
                    && end - key.Mki.Length >= start
                    && (found == null || key.Mki.Length > found.Mki.Length)
                    && Octets.Equals(packet, end - key.Mki.Length, key.Mki.Length, key.Mki))
                {
                    found = key;
                }
            }

            return found;
        }

        private int PlaceOf(byte[] mki, int keyNumber)
        {
            int free = -1;
            int oldest = -1;
            int oldestOfMsk = -1;
            int ofMsk = 0;
            for (int i = 0; i < Capacity; i++)
            {
                SrtpKey key = _keys[i];
                if (key == null)
                {
                    free = i;
                    continue;
                }

                if (Octets.Equals(mki, 0, mki.Length, key.Mki))
                {
                    return i;
                }

                if (oldest < 0 || GoesBefore(key, _keys[oldest]))
                {
                    oldest = i;
                }

                if (key.KeyNumber == keyNumber)
                {
                    ofMsk++;
                    if (oldestOfMsk < 0 || GoesBefore(key, _keys[oldestOfMsk]))
                    {
                        oldestOfMsk = i;
                    }
                }
            }

            return ofMsk >= KeysPerMsk ? oldestOfMsk : free >= 0 ? free : oldest;
        }

        private static bool GoesBefore(SrtpKey a, SrtpKey b)
        {
            return a.IsAlive == b.IsAlive ? a.Serial < b.Serial : b.IsAlive;
        }

        private void FindOldest()
        {
            uint oldest = uint.MaxValue;
            for (int i = 0; i < Capacity; i++)
            {
                if (_keys[i] != null && _keys[i].IsAlive && _keys[i].Serial < oldest)
                {
                    oldest = _keys[i].Serial;
                }
            }

            OldestSerial = oldest;
        }
    }
}
