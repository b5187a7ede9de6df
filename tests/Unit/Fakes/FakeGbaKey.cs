using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>What BSF and BM-SC remember of a GBA run; the BM-SC keeps it for ever.</summary>
    public sealed class FakeGbaKey
    {
        /// <summary>The B-TID.</summary>
        public string Btid;

        /// <summary>MUK: 32 octets.</summary>
        public byte[] Muk;

        /// <summary>MRK: 32 octets.</summary>
        public byte[] Mrk;

        /// <summary>End of the lifetime, seconds since 1970-01-01T00:00:00Z.</summary>
        public long ExpiresAt;

        /// <summary>Counter of the last message sent under the MUK.</summary>
        public uint Counter;

        /// <summary>The MUK as HMAC uses it, made at first use.</summary>
        public HmacKey Prepared;
    }
}
