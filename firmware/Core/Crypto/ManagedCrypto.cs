using MbmsMe.Machine;

namespace MbmsMe.Crypto
{
    /// <summary>The crypto engine of machines without one in hardware: this core's own AES-128 and HMAC-SHA-256.</summary>
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
