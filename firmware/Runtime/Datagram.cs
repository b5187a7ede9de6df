using System;
using MbmsMe.Receiving;

namespace MbmsMe.Runtime
{
    /// <summary>A received datagram, in a buffer that is used again and again.</summary>
    /// <remarks>
    /// The buffer is as long as the longest datagram it has held: messages have some 200 octets, and a board has not the memory to
    /// hold ready for each that may wait what the longest may have.
    /// </remarks>
    internal sealed class Datagram
    {
        // An octet more than the longest message shows that one was longer.
        private const int MaxOctets = MikeyReceiver.MaxLength + 1;
        private const int MinOctets = 256;

        /// <summary>The octets, and others behind them.</summary>
        public byte[] Data;

        /// <summary>Octets of it.</summary>
        public int Length;

        /// <summary>Its sender.</summary>
        public object Peer;

        /// <summary>The one that is free after this one; the inbox's.</summary>
        public Datagram Next;

        /// <summary>Takes a copy.</summary>
        public void Set(byte[] data, int length, object peer)
        {
            Length = length < MaxOctets ? length : MaxOctets;
            if (Data == null || Data.Length < Length)
            {
                Data = null;
                Data = new byte[Length < MinOctets ? MinOctets : Length];
            }

            Array.Copy(data, 0, Data, 0, Length);
            Peer = peer;
        }
    }
}
