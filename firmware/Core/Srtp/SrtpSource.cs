namespace MbmsMe.Srtp
{
    /// <summary>
    /// What an SSRC's packets so far say: the highest index (ROC || SEQ) and which of the 64 up to it have come
    /// (RFC 3711 clause 3.3). Sequence numbers are 0 to 65535, distances are counted in packets.
    /// </summary>
    public sealed class SrtpSource
    {
        /// <summary>Packets in the replay window (clause 3.3.2 demands 64 at least).</summary>
        public const int Window = 64;

        private const int Half = 0x8000;
        private const int Sequences = 0x10000;

        private uint _roc;
        private int _sequence;

        // Bit 0 of _recent is the highest index, bit 31 of _older the one 63 below it.
        private uint _recent;
        private uint _older;

        /// <summary>The SSRC.</summary>
        public uint Ssrc;

        /// <summary>Serial of the latest key that one of its packets came under.</summary>
        public uint Serial;

        /// <summary>When the last of its packets came, counted in packets of all sources.</summary>
        public uint LastUse;

        /// <summary>Starts over with its first packet.</summary>
        /// <param name="ssrc">The SSRC.</param>
        /// <param name="serial">Serial of the packet's key.</param>
        /// <param name="roc">ROC of the packet.</param>
        /// <param name="sequence">Sequence number of the packet.</param>
        public void Start(uint ssrc, uint serial, uint roc, int sequence)
        {
            Ssrc = ssrc;
            Serial = serial;
            _roc = roc;
            _sequence = sequence;
            _recent = 1;
            _older = 0;
        }

        /// <summary>The most likely ROC of a packet (clause 3.3.1, appendix A); there is none before 0 or after 2^32 - 1.</summary>
        public uint Estimate(int sequence)
        {
            if (sequence - _sequence > Half)
            {
                return _roc == 0 ? _roc : _roc - 1;
            }

            return _sequence - sequence > Half && _roc != uint.MaxValue ? _roc + 1 : _roc;
        }

        /// <summary>How far the packet lies below the highest index; negative above it. Meant for ROCs near the highest.</summary>
        public int Behind(uint roc, int sequence)
        {
            return roc == _roc ? _sequence - sequence
                : roc < _roc ? _sequence + Sequences - sequence
                : _sequence - Sequences - sequence;
        }

        /// <summary>True when the packet that far below the highest index has come.</summary>
        /// <param name="behind">0 to 63.</param>
        public bool Has(int behind)
        {
            return ((behind < 32 ? _recent >> behind : _older >> (behind - 32)) & 1) != 0;
        }

        /// <summary>Notes a packet that has not come before.</summary>
        public void Note(uint roc, int sequence)
        {
            int behind = Behind(roc, sequence);
            if (behind < 0)
            {
                // Whatever lies more than one ROC ahead lies beyond the window in any case.
                Advance(roc > _roc && roc - _roc > 1 ? Window : -behind);
                _roc = roc;
                _sequence = sequence;
                _recent |= 1;
            }
            else if (behind < 32)
            {
                _recent |= 1u << behind;
            }
            else if (behind < Window)
            {
                _older |= 1u << (behind - 32);
            }
        }

        private void Advance(int packets)
        {
            if (packets < 32)
            {
                _older = (_older << packets) | (_recent >> (32 - packets));
                _recent <<= packets;
            }
            else
            {
                _older = packets < Window ? _recent << (packets - 32) : 0;
                _recent = 0;
            }
        }
    }
}
