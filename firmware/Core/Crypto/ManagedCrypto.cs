using MbmsMe.Machine;

namespace MbmsMe.Crypto
{
    /// <summary>The engine of machines without cryptography of their own, and of the unit tests: this core's own code.</summary>
    public sealed class ManagedCrypto : ICryptoEngine
    {
        /// <inheritdoc/>
        public void AesEncrypt(byte[] key, byte[] blocks)
        {
            Aes128 aes = new Aes128(key);
            for (int offset = 0; offset < blocks.Length; offset += Aes128.BlockSize)
            {
                aes.Encrypt(blocks, offset);
            }

            aes.Wipe();
        }

        /// <inheritdoc/>
        public AesKey PrepareAes(byte[] key)
        {
            return new Aes128(key);
        }

        /// <inheritdoc/>
        public IHmac CreateHmacSha1()
        {
            return new Hmac(new Sha1());
        }

        /// <inheritdoc/>
        public void HmacSha256(byte[] key, byte[] data, byte[] mac)
        {
            Hmac hmac = new Hmac(new Sha256());
            HmacKey prepared = hmac.Prepare(key);
            hmac.Begin(prepared);
            hmac.Update(data, 0, data.Length);
            hmac.Finish(mac, 0);
            prepared.Wipe();
        }
    }
}
