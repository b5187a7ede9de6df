using MbmsMe.Binary;
using MbmsMe.Machine;

namespace MbmsMe.Mikey
{
    /// <summary>What the keys of one message are derived from (RFC 3830 clause 4.1.4).</summary>
    public sealed class MikeyKeySource
    {
        /// <summary>Makes it.</summary>
        /// <param name="preSharedKey">The MUK or MSK, from <see cref="MikeyCrypto.Prepare"/>.</param>
        /// <param name="csbId">CSB ID of the message.</param>
        /// <param name="rand">RAND, 1 to 255 octets: of the message itself, or the MSK's (MTK messages carry none).</param>
        public MikeyKeySource(HmacKey preSharedKey, uint csbId, OctetRegion rand)
        {
            PreSharedKey = preSharedKey;
            CsbId = csbId;
            Rand = rand;
        }

        /// <summary>The MUK or MSK.</summary>
        public HmacKey PreSharedKey { get; }

        /// <summary>CSB ID of the message.</summary>
        public uint CsbId { get; }

        /// <summary>RAND.</summary>
        public OctetRegion Rand { get; }
    }
}
