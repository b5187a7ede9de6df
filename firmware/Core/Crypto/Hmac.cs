using MbmsMe.Binary;

namespace MbmsMe.Crypto
{
    /// <summary>HMAC (RFC 2104) over any <see cref="BlockHash"/>, with the two padded blocks of a key hashed once.</summary>
    public sealed class Hmac
    {
        private readonly BlockHash _hash;
        private readonly byte[] _pad = new byte[BlockHash.BlockSize];
        private readonly byte[] _inner;
        private HmacKey _key;

        /// <summary>Makes an HMAC that uses the given hash.</summary>
        public Hmac(BlockHash hash)
        {
            _hash = hash;
            _inner = new byte[hash.Size];
        }

        /// <summary>Prepares a key: two compressions.</summary>
        public HmacKey Prepare(byte[] key)
        {
            HmacKey prepared = new HmacKey(_hash.Size / 4);
            Prepare(key, prepared);
            return prepared;
        }

        /// <summary>Prepares a key in place of another: two compressions, no allocation up to 64 octets of key.</summary>
        public void Prepare(byte[] key, HmacKey prepared)
        {
            if (key.Length > BlockHash.BlockSize)
            {
                key = _hash.Compute(key);
            }

            Pad(key, 0x36, prepared.Inner);
            Pad(key, 0x5C, prepared.Outer);
            Octets.Wipe(_pad);
        }

        /// <summary>Starts a message under the key.</summary>
        public void Begin(HmacKey key)
        {
            _key = key;
            _hash.LoadState(key.Inner);
        }

        /// <summary>Takes the next octets of the message.</summary>
        public void Update(byte[] data, int offset, int count)
        {
            _hash.Update(data, offset, count);
        }

        /// <summary>Ends the message and writes the MAC, as many octets as the hash has.</summary>
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

    /// <summary>A key as HMAC uses it: the hash states after the inner and the outer padded block.</summary>
    public sealed class HmacKey
    {
        internal readonly uint[] Inner;
        internal readonly uint[] Outer;

        /// <summary>Makes room for a key.</summary>
        /// <param name="words">32-bit words in the hash state: 5 for SHA-1, 8 for SHA-256.</param>
        public HmacKey(int words)
        {
            Inner = new uint[words];
            Outer = new uint[words];
        }

        /// <summary>Zeroes the states: they are as good as the key.</summary>
        public void Wipe()
        {
            System.Array.Clear(Inner, 0, Inner.Length);
            System.Array.Clear(Outer, 0, Outer.Length);
        }
    }
}
