using MbmsMe.Binary;
using MbmsMe.Gba;
using MbmsMe.Services;

namespace MbmsMe.Receiving
{
    /// <summary>Which BM-SC of the configuration an IDi names: by its FQDN (TS 33.246 clause 6.4.5.1), or by its whole NAF_Id.</summary>
    internal sealed class KnownSenders
    {
        private readonly BmscAddress[] _bmscs;
        private readonly byte[][] _nafIds;

        /// <summary>Makes it.</summary>
        public KnownSenders(BmscAddress[] bmscs)
        {
            _bmscs = bmscs;
            _nafIds = new byte[bmscs.Length][];
            for (int i = 0; i < _nafIds.Length; i++)
            {
                _nafIds[i] = GbaIdentity.NafId(bmscs[i].Fqdn);
            }
        }

        /// <summary>The BM-SC, or null. Allocates nothing.</summary>
        public BmscAddress Find(OctetRegion idi)
        {
            for (int i = 0; i < _bmscs.Length; i++)
            {
                // NAF_Id starts with the FQDN.
                bool fits = idi.Length == _bmscs[i].Fqdn.Length || idi.Length == _nafIds[i].Length;
                if (fits && StartsWith(_nafIds[i], idi))
                {
                    return _bmscs[i];
                }
            }

            return null;
        }

        // The name is in lower case; a host name's case has no meaning.
        private static bool StartsWith(byte[] name, OctetRegion idi)
        {
            for (int i = 0; i < idi.Length; i++)
            {
                int octet = idi.Data[idi.Offset + i];
                if (octet >= 'A' && octet <= 'Z')
                {
                    octet += 'a' - 'A';
                }

                if (octet != name[i])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
