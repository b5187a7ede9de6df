namespace MbmsMe.Machine
{
    /// <summary>
    /// The cryptography that some machines do better than the core's own code: firmware and hardware of a board, the
    /// libraries of a PC. All engines compute the same values.
    /// </summary>
    /// <remarks>Any thread may call; what it makes belongs to one thread at a time. No array of a caller is kept.</remarks>
    public interface ICryptoEngine
    {
        /// <summary>AES-128 in ECB mode, in place, under a key that is needed once (FIPS 197).</summary>
        /// <param name="key">16 octets.</param>
        /// <param name="blocks">A whole number of 16-octet blocks, each replaced by its encryption.</param>
        void AesEncrypt(byte[] key, byte[] blocks);

        /// <summary>Prepares an AES-128 key for any number of messages.</summary>
        /// <param name="key">16 octets.</param>
        AesKey PrepareAes(byte[] key);

        /// <summary>Makes an HMAC-SHA-1 (RFC 2104, FIPS 180-4): 20 octets of MAC.</summary>
        IHmac CreateHmacSha1();

        /// <summary>HMAC-SHA-256 (RFC 2104, FIPS 180-4).</summary>
        /// <param name="key">Any length.</param>
        /// <param name="data">Any length.</param>
        /// <param name="mac">Receives 32 octets.</param>
        void HmacSha256(byte[] key, byte[] data, byte[] mac);
    }
}
