namespace MbmsMe.Machine
{
    /// <summary>
    /// The two primitives that some machines have in hardware. Implementations keep no reference to a key after returning.
    /// </summary>
    public interface ICryptoEngine
    {
        /// <summary>AES-128 in ECB mode, in place (FIPS 197).</summary>
        /// <param name="key">16 octets.</param>
        /// <param name="blocks">A whole number of 16-octet blocks, each replaced by its encryption.</param>
        void AesEncrypt(byte[] key, byte[] blocks);

        /// <summary>HMAC-SHA-256 (RFC 2104, FIPS 180-4).</summary>
        /// <param name="key">Any length.</param>
        /// <param name="data">Any length.</param>
        /// <param name="mac">Receives 32 octets.</param>
        void HmacSha256(byte[] key, byte[] data, byte[] mac);
    }
}
