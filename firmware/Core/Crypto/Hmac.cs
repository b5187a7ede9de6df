using MbmsMe.Binary;
using MbmsMe.Machine;

namespace MbmsMe.Crypto
{
    /// <summary>HMAC (RFC 2104) over any <see cref="BlockHash"/>, with the two padded blocks of a key hashed once.</summary>
    public sealed class Hmac : IHmac
    {
        private readonly BlockHash _hash;
        private readonly byte[] _pad = new byte[BlockHash.BlockSize];
        private readonly byte[] _inner;
        private HmacStates _key;

        /// <summary>Makes an HMAC that uses the given hash.</summary>
        public Hmac(BlockHash hash)
        {
            _hash = hash;
            _inner = new byte[hash.Size];
        }

        /// <inheritdoc/>
        public HmacKey Prepare(byte[] key)
        {
            return Prepare(key, null);
        }

        /// <inheritdoc/>
        /// <remarks>Allocates nothing when there is a former key and this one has no more than 64 octets.</remarks>
        public HmacKey Prepare(byte[] key, HmacKey former)
        {
            HmacStates prepared = former == null ? new HmacStates(_hash.Size / 4) : (HmacStates)former;
            if (key.Length > BlockHash.BlockSize)
            {
                key = _hash.Compute(key);
            }

            Pad(key, 0x36, prepared.Inner);
            Pad(key, 0x5C, prepared.Outer);
            Octets.Wipe(_pad);
            return prepared;
        }

        /// <inheritdoc/>
        public void Begin(HmacKey key)
        {
            _key = (HmacStates)key;
            _hash.LoadState(_key.Inner);
        }

        /// <inheritdoc/>
        public void Update(byte[] data, int offset, int count)
        {
            _hash.Update(data, offset, count);
        }

        /// <inheritdoc/>
        public void Finish(byte[] mac, int offset)
        {
            _hash.Finish(_inner, 0);
            _hash.LoadState(_key.Outer);
            _hash.Update(_inner);
            _hash.Finish(mac, offset);
            Octets.Wipe(_inner);
            _key = null;
        }

        private void Pad(byte[] key, int octet, uint[] state)
        {
            for (int i = 0; i < _pad.Length; i++)
            {
                _pad[i] = (byte)(i < key.Length ? key[i] ^ octet : octet);
            }

            _hash.Reset();
            _hash.Update(_pad);
            _hash.SaveState(state);
        }
    }
}
