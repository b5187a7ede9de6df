using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>Octets that look random and are the same in every run, or one octet for ever.</summary>
    public sealed class FakeRandom : IRandomSource
    {
        /// <summary>The state; the same state gives the same octets.</summary>
        public uint State = 1;

        /// <summary>The octet to give for ever, or -1 for changing ones.</summary>
        public int Octet = -1;

        /// <inheritdoc/>
        public void Fill(byte[] buffer)
        {
            for (int i = 0; i < buffer.Length; i++)
            {
                State = (State * 1664525u) + 1013904223u;
                buffer[i] = Octet < 0 ? (byte)(State >> 24) : (byte)Octet;
            }
        }
    }
}
