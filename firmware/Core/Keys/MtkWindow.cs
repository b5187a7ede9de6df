using MbmsMe.Binary;
using MbmsMe.Machine;
using MbmsMe.Mikey;

namespace MbmsMe.Keys
{
    /// <summary>
    /// The MTKs of one MSK: which it may protect, which were accepted, and how far the drive is ahead of the truth (TS 33.246
    /// clause 6.3.3).
    /// </summary>
    /// <remarks>
    /// The drive says "all below this were accepted" in advance: fewer writes, and after a power cut no accepted MTK is taken
    /// again, but those are refused too that were never seen.
    /// </remarks>
    public sealed class MtkWindow
    {
        /// <summary>MTK IDs that one write to the drive covers at most.</summary>
        public const int BlockLength = 16;

        /// <summary>
        /// Milliseconds that one write should last: as many MTK IDs are covered as come in this time. Where MTKs change
        /// seldom each has its own write, and a power cut costs none that is still to come.
        /// </summary>
        public const int BlockMilliseconds = 160000;

        private bool _isWritten; // _writtenAt is the uptime in milliseconds of the last write that an MTK caused
        private long _writtenAt;
        private int _sinceWritten; // MTKs accepted since, which the drive covers but does not hold

        /// <summary>Makes that of an MSK under which nothing has come yet.</summary>
        /// <param name="seqLow">SEQl.</param>
        /// <param name="seqHigh">SEQu.</param>
        public MtkWindow(uint seqLow, uint seqHigh)
        {
            SeqLow = seqLow;
            SeqHigh = seqHigh;
            NextMtkId = seqLow;
            ReservedMtkId = seqLow;
        }

        /// <summary>SEQl: the lowest MTK ID that the MSK may protect.</summary>
        public uint SeqLow { get; }

        /// <summary>SEQu: the highest MTK ID that the MSK may protect.</summary>
        public uint SeqHigh { get; }

        /// <summary>The lowest MTK ID not accepted yet.</summary>
        public uint NextMtkId { get; private set; }

        /// <summary>What the drive says <see cref="NextMtkId"/> is: never less.</summary>
        public uint ReservedMtkId { get; private set; }

        /// <summary>Counter of the last accepted MTK message; 0 when there was none.</summary>
        public uint Counter { get; private set; }

        /// <summary>The MTK accepted last, or null.</summary>
        public TrafficKey Mtk { get; private set; }

        /// <summary>True once a repeat of the last MTK message was reported: the BM-SC repeats it all the time.</summary>
        public bool RepeatReported { get; set; }

        /// <summary>True when no MTK is left that was not accepted yet.</summary>
        public bool IsUsedUp
        {
            get { return NextMtkId > SeqHigh; }
        }

        /// <summary>Takes over what came under the same MSK before its interval was updated; the former window has no MTK then.</summary>
        public void Continue(MtkWindow former)
        {
            NextMtkId = former.NextMtkId > SeqLow ? former.NextMtkId : SeqLow;
            ReservedMtkId = former.ReservedMtkId > NextMtkId ? former.ReservedMtkId : NextMtkId;
            Counter = former.Counter;
            Wipe();
            Mtk = former.Mtk;
            former.Mtk = null;
            _isWritten = former._isWritten;
            _writtenAt = former._writtenAt;
            _sinceWritten = former._sinceWritten;
        }

        /// <summary>
        /// After the drive refused a write: goes on where RAM was, as far as this, which is what the drive holds, covers it.
        /// </summary>
        public void Resume(MtkWindow ram)
        {
            if (ram.NextMtkId <= ReservedMtkId)
            {
                uint reserved = ReservedMtkId;
                Continue(ram);
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
            Wipe();
            Mtk = key;
            Counter = counter;
            NextMtkId = mtkId + 1;
            RepeatReported = false;
            _sinceWritten++;
            long elapsed = now - _writtenAt;
            if (NextMtkId <= ReservedMtkId && _isWritten && elapsed < BlockMilliseconds)
            {
                return false;
            }

            // This MTK, and as many more as will come in the time of a block if they go on as since the last write.
            long block = !_isWritten ? 1 : elapsed == 0 ? BlockLength : (long)_sinceWritten * BlockMilliseconds / elapsed;
            ReservedMtkId = NextMtkId;
            for (int i = 1; i < BlockLength && i < block && ReservedMtkId <= SeqHigh && ReservedMtkId < uint.MaxValue; i++)
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

        /// <summary>Appends to the record what has come; the interval stands elsewhere in it.</summary>
        public void Write(OctetWriter to)
        {
            to.Put32(ReservedMtkId).Put32(Counter).Put8(Mtk == null ? 0 : 1);
            if (Mtk != null)
            {
                to.PutVariable(Mtk.Mki).Put(Mtk.Key).Put(Mtk.Salt);
            }
        }

        /// <summary>Reads from the record what has come.</summary>
        /// <param name="from">The record.</param>
        /// <param name="seqLow">SEQl.</param>
        /// <param name="seqHigh">SEQu.</param>
        /// <param name="group">Key Group of the MSK.</param>
        /// <param name="keyNumber">Key Number part of its ID.</param>
        public static MtkWindow Read(OctetReader from, uint seqLow, uint seqHigh, KeyGroup group, int keyNumber)
        {
            MtkWindow window = new MtkWindow(seqLow, seqHigh) { ReservedMtkId = from.Get32(), Counter = from.Get32() };
            window.NextMtkId = window.ReservedMtkId;
            if (from.Get8() == 1)
            {
                window.Mtk = new TrafficKey
                {
                    Group = group,
                    KeyNumber = keyNumber,
                    Mki = from.GetVariable(),
                    Key = from.Get(MikeyConstants.KeyLength),
                    Salt = from.Get(MikeyConstants.SaltLength),
                };
            }

            return window;
        }

        /// <summary>Zeroes the MTK.</summary>
        public void Wipe()
        {
            if (Mtk != null)
            {
                Mtk.Wipe();
                Mtk = null;
            }
        }
    }
}
