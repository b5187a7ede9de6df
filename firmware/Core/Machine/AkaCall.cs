namespace MbmsMe.Machine
{
    /// <summary>A challenge for the UICC: AUTHENTICATE in 3G context (TS 31.102 clause 7.1.2).</summary>
    public sealed class AkaCall
    {
        /// <summary>Makes it.</summary>
        /// <param name="rand">16 octets.</param>
        /// <param name="autn">16 octets.</param>
        public AkaCall(byte[] rand, byte[] autn)
        {
            Rand = rand;
            Autn = autn;
        }

        /// <summary>RAND: 16 octets.</summary>
        public byte[] Rand { get; }

        /// <summary>AUTN: 16 octets.</summary>
        public byte[] Autn { get; }
    }
}
