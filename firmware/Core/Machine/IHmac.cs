namespace MbmsMe.Machine
{
    /// <summary>An HMAC (RFC 2104): one message at a time, under keys whose two padded blocks are hashed once.</summary>
    public interface IHmac
    {
        /// <summary>Prepares a key: two compressions.</summary>
        /// <param name="key">Any length.</param>
        HmacKey Prepare(byte[] key);

        /// <summary>Prepares a key in place of another, which dies; saves the memory of a new one where that is possible.</summary>
        /// <param name="key">Any length.</param>
        /// <param name="former">A key that this HMAC prepared, wiped or not; or null.</param>
        HmacKey Prepare(byte[] key, HmacKey former);

        /// <summary>Starts a message under a key.</summary>
        void Begin(HmacKey key);

        /// <summary>Takes the next octets of the message.</summary>
        void Update(byte[] data, int offset, int count);

        /// <summary>Ends the message and writes the MAC, as many octets as the hash has.</summary>
        void Finish(byte[] mac, int offset);
    }
}
