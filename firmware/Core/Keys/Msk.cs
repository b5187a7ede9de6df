using MbmsMe.Binary;
using MbmsMe.Machine;
using MbmsMe.Mikey;

namespace MbmsMe.Keys
{
    /// <summary>An MBMS Service Key with what MTK messages under it need (TS 33.246 clause 6.3.2).</summary>
    public sealed class Msk
    {
        /// <summary>
        /// MTK IDs that one write to the drive covers at most. The drive says "all below this were accepted", ahead of the
        /// truth: fewer writes, and after a power cut no accepted MTK is taken again, but those are refused too that were
        /// never seen.
        /// </summary>
        public const int MtkIdBlock = 16;

        /// <summary>
        /// Milliseconds that one write should last: as many MTK IDs are covered as come in this time. Where MTKs change
        /// seldom each has its own write, and a power cut costs none that is still to come.
        /// </summary>
        public const int MtkBlockMilliseconds = 160000;

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

        /// <summary>SEQl: the lowest MTK ID it may protect.</summary>
        public uint SeqLow;

        /// <summary>SEQu: the highest MTK ID it may protect.</summary>
        public uint SeqHigh;

        /// <summary>The lowest MTK ID not accepted yet.</summary>
        public uint NextMtkId;

        /// <summary>What the drive says <see cref="NextMtkId"/> is: never less.</summary>
        public uint ReservedMtkId;

        /// <summary>Counter of the last accepted MTK message; 0 when there was none.</summary>
        public uint MtkCounter;

        /// <summary>The MTK accepted last, or null.</summary>
        public TrafficKey Mtk;

        /// <summary>True once a repeat of the last MTK message was reported: the BM-SC repeats it all the time.</summary>
        public bool RepeatReported;

        /// <summary>The key as HMAC uses it; made when first needed, not stored.</summary>
        public HmacKey Prepared;

        private bool _isWritten; // _writtenAt is the uptime in milliseconds of the last write that an MTK caused
        private long _writtenAt;
        private int _sinceWritten; // MTKs accepted since, which the drive covers but does not hold

        /// <summary>True when it can protect no MTK that was not accepted yet.</summary>
        public bool IsUsedUp
        {
            get { return NextMtkId > SeqHigh; }
        }

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
            if (!Octets.Equals(Key, 0, Key.Length, former.Key) || !Octets.Equals(Rand, 0, Rand.Length, former.Rand))
            {
                return false;
            }

            NextMtkId = former.NextMtkId > SeqLow ? former.NextMtkId : SeqLow;
            ReservedMtkId = former.ReservedMtkId > NextMtkId ? former.ReservedMtkId : NextMtkId;
            MtkCounter = former.MtkCounter;
            WipeMtk();
            Mtk = former.Mtk;
            former.Mtk = null;
            _isWritten = former._isWritten;
            _writtenAt = former._writtenAt;
            _sinceWritten = former._sinceWritten;
            return true;
        }

        /// <summary>
        /// After the drive refused a write: goes on where RAM was, as far as this, which is what the drive holds, covers it.
        /// </summary>
        public void Resume(Msk ram)
        {
            if (ram.NextMtkId <= ReservedMtkId)
            {
                uint reserved = ReservedMtkId;
                TryContinue(ram);
                ReservedMtkId = reserved;
            }
        }

        /// <summary>Notes an accepted MTK. True when the drive has to know of it.</summary>
        /// <param name="mtkId">Its MTK ID.</param>
        /// <param name="counter">Counter of its message.</param>
        /// <param name="key">The MTK.</param>
        /// <param name="now">Uptime in milliseconds.</param>
        public bool Accept(uint mtkId, uint counter, TrafficKey key, long now)
        {
            WipeMtk();
            Mtk = key;
            MtkCounter = counter;
            NextMtkId = mtkId + 1;
            RepeatReported = false;
            _sinceWritten++;
            long elapsed = now - _writtenAt;
            if (NextMtkId <= ReservedMtkId && _isWritten && elapsed < MtkBlockMilliseconds)
            {
                return false;
            }

            // This MTK, and as many more as will come in the time of a block if they go on as since the last write.
            long block = !_isWritten ? 1 : elapsed == 0 ? MtkIdBlock : (long)_sinceWritten * MtkBlockMilliseconds / elapsed;
            ReservedMtkId = NextMtkId;
            for (int i = 1; i < MtkIdBlock && i < block && ReservedMtkId <= SeqHigh && ReservedMtkId < uint.MaxValue; i++)
            {
                ReservedMtkId++;
            }

            _isWritten = true;
            _writtenAt = now;
            _sinceWritten = 0;
            return true;
        }

        /// <summary>Gives up what was reserved ahead. True when the drive has to know of it.</summary>
        public bool Settle()
        {
            bool unsettled = _sinceWritten > 0 || ReservedMtkId != NextMtkId;
            ReservedMtkId = NextMtkId;
            return unsettled;
        }

        /// <summary>Appends it to the record.</summary>
        public void Write(OctetWriter to)
        {
            Group.Write(to);
            to.Put16(Number).Put8(Draft2004 ? 1 : 0).Put(Key).Put32(CsbId).Put32(SeqLow).Put32(SeqHigh)
                .PutVariable(Rand).Put32(ReservedMtkId).Put32(MtkCounter).Put8(Mtk == null ? 0 : 1);
            if (Mtk != null)
            {
                to.PutVariable(Mtk.Mki).Put(Mtk.Key).Put(Mtk.Salt);
            }
        }

        /// <summary>Reads it from the record.</summary>
        public static Msk Read(OctetReader from)
        {
            Msk msk = new Msk { Group = KeyGroup.Read(from) };
            msk.Number = from.Get16();
            msk.Draft2004 = from.Get8() == 1;
            msk.Key = from.Get(MikeyConstants.KeyLength);
            msk.CsbId = from.Get32();
            msk.SeqLow = from.Get32();
            msk.SeqHigh = from.Get32();
            msk.Rand = from.GetVariable();
            msk.ReservedMtkId = from.Get32();
            msk.NextMtkId = msk.ReservedMtkId;
            msk.MtkCounter = from.Get32();
            if (from.Get8() == 1)
            {
                msk.Mtk = new TrafficKey
                {
                    Group = msk.Group,
                    KeyNumber = msk.Number,
                    Mki = from.GetVariable(),
                    Key = from.Get(MikeyConstants.KeyLength),
                    Salt = from.Get(MikeyConstants.SaltLength),
                };
            }

            return msk;
        }

        /// <summary>Zeroes the key and the MTK.</summary>
        public void Wipe()
        {
            Octets.Wipe(Key);
            WipeMtk();
            if (Prepared != null)
            {
                Prepared.Wipe();
                Prepared = null;
            }
        }

        private void WipeMtk()
        {
            if (Mtk != null)
            {
                Octets.Wipe(Mtk.Key);
                Octets.Wipe(Mtk.Salt);
                Mtk = null;
            }
        }
    }
}
