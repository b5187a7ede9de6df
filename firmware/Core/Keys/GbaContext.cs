using MbmsMe.Binary;
using MbmsMe.Machine;

namespace MbmsMe.Keys
{
    /// <summary>What a GBA run left for one BM-SC: MUK and MRK under one B-TID (TS 33.246 clause 6.1).</summary>
    public sealed class GbaContext
    {
        /// <summary>Octets of an MRK.</summary>
        public const int MrkLength = 32;

        /// <summary>The MUK with B-TID and lifetime.</summary>
        public Muk Muk;

        /// <summary>MBMS Request Key: 32 octets; null when it was deleted at power-down, and GBA has to run for the next request.</summary>
        public byte[] Mrk;

        /// <summary>True when requests can be made with it now and for that many seconds.</summary>
        public bool IsValid(IClock clock, int seconds)
        {
            return Mrk != null && !Muk.IsExpired(clock, seconds);
        }

        /// <summary>Zeroes the MRK; the MUK may live on as the last one used.</summary>
        public void WipeMrk()
        {
            Octets.Wipe(Mrk);
        }
    }
}
