using System;
using MbmsMe.Machine;

namespace MbmsMe.Crypto
{
    /// <summary>A key of <see cref="Hmac"/>: the hash states after the inner and the outer padded block.</summary>
    public sealed class HmacStates : HmacKey
    {
        internal readonly uint[] Inner;
        internal readonly uint[] Outer;

        /// <summary>Makes room for a key.</summary>
        /// <param name="words">32-bit words in the hash state: 5 for SHA-1, 8 for SHA-256.</param>
        public HmacStates(int words)
        {
            Inner = new uint[words];
            Outer = new uint[words];
        }

        /// <inheritdoc/>
        public override void Wipe()
        {
            Array.Clear(Inner, 0, Inner.Length);
            Array.Clear(Outer, 0, Outer.Length);
        }
    }
}
