using MbmsMe.Binary;

namespace MbmsMe.Srtp
{
    /// <summary>What became of a packet.</summary>
    public enum SrtpResult
    {
        /// <summary>It is clear now.</summary>
        Ok,

        /// <summary>Its MKI names no MTK that is here.</summary>
        NoKey,

        /// <summary>Its tag is wrong.</summary>
        WrongMac,

        /// <summary>It has come before, or is older than the replay window.</summary>
        Replayed,

        /// <summary>It is no SRTP packet.</summary>
        Malformed,
    }

    /// <summary>Receives one SRTP stream with the MTKs of its Key Group (RFC 3711; TS 33.246 clause 6.6.2).</summary>
    /// <remarks>
    /// <para>
    /// A packet is RTP header | payload | MKI | tag; without integrity protection there is no tag, and without both
    /// protections it is plain RTP without MKI.
    /// </para>
    /// <para>
    /// The rollover counter (ROC) stands in no packet. Of an SSRC that was not heard before the ROC is taken for 0; of
    /// one that was heard it is estimated (appendix A). A packet whose tag says that this is wrong is tried with one more,
    /// later ROC, the (SEQ mod 1024)th: so the stream of a sender that has been on air for long, or that was not heard
    /// for more than 32768 packets, is found again after 1024 consecutive packets at most if its ROC is no more than
    /// 1023 later. That costs a packet two MACs at most, and as nothing is remembered of packets that fail, forged ones cannot
    /// disturb it. It never goes back: what was received once is not received again. Only when all MTKs have died
    /// that an SSRC was heard under, so that none of its old packets verifies any more, the search starts from 0 again,
    /// for a sender that was started anew.
    /// </para>
    /// <para>
    /// Without integrity protection nothing of this can be told: there is no protection from replay (clause 3.3.2), the
    /// ROC starts from 0 and follows the sequence numbers.
    /// </para>
    /// </remarks>
    public sealed class SrtpReceiver
    {
        /// <summary>
        /// SSRCs that are told apart. One more takes the place of one that cannot be replayed because its keys have died,
        /// else of the one that was not heard for longest.
        /// </summary>
        public const int MaxSources = 16;

        private const int FixedHeaderLength = 12;
        private const uint RocsTried = 1024;

        private readonly SrtpCrypto _crypto;
        private readonly SrtpKeyRing _keys;
        private readonly bool _confidentiality;
        private readonly bool _integrity;
        private readonly SrtpSource[] _sources = new SrtpSource[MaxSources];
        private uint _uses;

        /// <summary>Makes it.</summary>
        /// <param name="crypto">Verifies and decrypts.</param>
        /// <param name="keys">The MTKs of the Key Group.</param>
        /// <param name="confidentiality">True when payloads are encrypted.</param>
        /// <param name="integrity">True when packets carry a tag.</param>
        public SrtpReceiver(SrtpCrypto crypto, SrtpKeyRing keys, bool confidentiality, bool integrity)
        {
            _crypto = crypto;
            _keys = keys;
            _confidentiality = confidentiality;
            _integrity = integrity;
        }

        /// <summary>Octets of the clear RTP packet, after <see cref="SrtpResult.Ok"/>.</summary>
        public int ClearLength { get; private set; }

        /// <summary>The key it came under, after <see cref="SrtpResult.Ok"/>; null without any protection.</summary>
        public SrtpKey Key { get; private set; }

        /// <summary>Takes a packet; when the result is Ok its first <see cref="ClearLength"/> octets are the clear one.</summary>
        /// <param name="packet">The packet; otherwise it is not changed.</param>
        /// <param name="length">Octets of it.</param>
        public SrtpResult Receive(byte[] packet, int length)
        {
            Key = null;
            ClearLength = 0;
            int headerLength = HeaderLength(packet, length);
            int tagOffset = _integrity ? length - SrtpCrypto.TagLength : length;
            if (headerLength == 0 || headerLength > tagOffset)
            {
                return SrtpResult.Malformed;
            }

            if (!_confidentiality && !_integrity)
            {
                ClearLength = length;
                return SrtpResult.Ok;
            }

            SrtpKey key = _keys.Find(packet, headerLength, tagOffset);
            if (key == null)
            {
                return SrtpResult.NoKey;
            }

            int end = tagOffset - key.Mki.Length;
            uint roc;
            if (_integrity)
            {
                SrtpResult result = Authenticate(key, packet, end, tagOffset, out roc);
                if (result != SrtpResult.Ok)
                {
                    return result;
                }
            }
            else
            {
                roc = Follow(key, packet);
            }

            if (_confidentiality)
            {
                _crypto.Crypt(key, roc, packet, headerLength, end - headerLength);
            }

            Key = key;
            ClearLength = end;
            return SrtpResult.Ok;
        }

        /// <summary>Octets of the RTP header with CSRCs and extension (RFC 3550 clauses 5.1 and 5.3.1); 0 when it is none.</summary>
        private static int HeaderLength(byte[] packet, int length)
        {
            if (length < FixedHeaderLength || (packet[0] & 0xC0) != 0x80)
            {
                return 0;
            }

            int header = FixedHeaderLength + (4 * (packet[0] & 0x0F));
            if ((packet[0] & 0x10) != 0)
            {
                header += 4;
                if (header > length)
                {
                    return 0;
                }

                header += 4 * Octets.GetUInt16(packet, header - 2);
            }

            return header;
        }

        private SrtpResult Authenticate(SrtpKey key, byte[] packet, int end, int tagOffset, out uint roc)
        {
            uint ssrc = Octets.GetUInt32(packet, 8);
            int sequence = Octets.GetUInt16(packet, 2);
            SrtpSource source = Find(ssrc);
            bool heard = source != null && !IsForgettable(source);
            roc = source == null ? 0 : source.Estimate(sequence);
            bool tooOld = false;
            if (heard)
            {
                int behind = source.Behind(roc, sequence);
                tooOld = behind >= SrtpSource.Window;
                if (behind >= 0 && !tooOld && source.Has(behind))
                {
                    return SrtpResult.Replayed;
                }
            }

            if (tooOld || !_crypto.Verify(key, roc, packet, end, tagOffset))
            {
                // The first word of the header ends with SEQ.
                uint first = heard ? roc + 1 : 0;
                roc = first + (Octets.GetUInt32(packet, 0) % RocsTried);

                // Past 2^32 - 1 there is no ROC: the sender must have taken another key.
                if (roc < first || (heard && first == 0) || !_crypto.Verify(key, roc, packet, end, tagOffset))
                {
                    return tooOld ? SrtpResult.Replayed : SrtpResult.WrongMac;
                }
            }

            if (heard)
            {
                source.Note(roc, sequence);
                if (key.Serial > source.Serial)
                {
                    source.Serial = key.Serial;
                }
            }
            else
            {
                source = source ?? Place();
                source.Start(ssrc, key.Serial, roc, sequence);
            }

            source.LastUse = ++_uses;
            return SrtpResult.Ok;
        }

        // The ROC. Without a tag there is nothing to go by but the sequence numbers.
        private uint Follow(SrtpKey key, byte[] packet)
        {
            uint ssrc = Octets.GetUInt32(packet, 8);
            int sequence = Octets.GetUInt16(packet, 2);
            uint roc = 0;
            SrtpSource source = Find(ssrc);
            if (source == null)
            {
                source = Place();
                source.Start(ssrc, key.Serial, roc, sequence);
            }
            else
            {
                roc = source.Estimate(sequence);
                source.Note(roc, sequence);
            }

            source.LastUse = ++_uses;
            return roc;
        }

        private SrtpSource Find(uint ssrc)
        {
            for (int i = 0; i < MaxSources; i++)
            {
                if (_sources[i] != null && _sources[i].Ssrc == ssrc)
                {
                    return _sources[i];
                }
            }

            return null;
        }

        // All keys that its packets came under have died.
        private bool IsForgettable(SrtpSource source)
        {
            return source.Serial < _keys.OldestSerial;
        }

        // What a new SSRC takes.
        private SrtpSource Place()
        {
            SrtpSource place = null;
            for (int i = 0; i < MaxSources; i++)
            {
                SrtpSource source = _sources[i];
                if (source == null)
                {
                    _sources[i] = new SrtpSource();
                    return _sources[i];
                }

                if (IsForgettable(source))
                {
                    return source;
                }

                if (place == null || source.LastUse < place.LastUse)
                {
                    place = source;
                }
            }

            return place;
        }
    }
}
