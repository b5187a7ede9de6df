using MbmsMe.Binary;
using MbmsMe.Machine;

namespace MbmsMe.Mikey
{
    /// <summary>What the keys of one message are derived from (RFC 3830 clause 4.1.4).</summary>
    /// <remarks>A receiver uses one object for all messages: one refused for its MAC costs no more memory than its keys.</remarks>
    public sealed class MikeyKeySource
    {
        /// <summary>Makes an empty one, to be set.</summary>
        public MikeyKeySource()
        {
        }

        /// <summary>Makes it, see <see cref="Set"/>.</summary>
        public MikeyKeySource(HmacKey preSharedKey, uint csbId, OctetRegion rand)
        {
            Set(preSharedKey, csbId, rand);
        }

        /// <summary>The MUK or MSK.</summary>
        public HmacKey PreSharedKey { get; private set; }

        /// <summary>CSB ID of the message.</summary>
        public uint CsbId { get; private set; }

        /// <summary>RAND.</summary>
        public OctetRegion Rand { get; private set; }

        /// <summary>Makes it that of another message.</summary>
        /// <param name="preSharedKey">The MUK or MSK, from <see cref="MikeyCrypto.Prepare"/>.</param>
        /// <param name="csbId">CSB ID of the message.</param>
        /// <param name="rand">RAND, 1 to 255 octets: of the message itself, or the MSK's (MTK messages carry none).</param>
        public void Set(HmacKey preSharedKey, uint csbId, OctetRegion rand)
        {
            PreSharedKey = preSharedKey;
            CsbId = csbId;
            Rand = rand;
        }
    }
}
