namespace MbmsMe.Machine
{
    /// <summary>An AES-128 key as an <see cref="ICryptoEngine"/> uses it.</summary>
    public abstract class AesKey
    {
        /// <summary>Octets of an IV that counter mode takes.</summary>
        public const int IvLength = 14;

        /// <summary>
        /// Encrypts or decrypts by counter mode, in place and in one go (AES-CM of RFC 3711 clause 4.1.1 and RFC 3830 clause
        /// 4.2.3): the octets XOR the encryptions of IV || 0x0000, IV || 0x0001 …
        /// </summary>
        /// <param name="iv">The first 14 octets of each counter block; the last two count the blocks from 0.</param>
        /// <param name="data">Holds the octets.</param>
        /// <param name="offset">Where they start.</param>
        /// <param name="count">How many: at most 2^20, the 2^16 blocks that can be counted.</param>
        public abstract void Crypt(byte[] iv, byte[] data, int offset, int count);

        /// <summary>Zeroes the key. It must not be used any more.</summary>
        public abstract void Wipe();
    }
}
