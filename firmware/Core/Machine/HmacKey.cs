namespace MbmsMe.Machine
{
    /// <summary>A key as the <see cref="IHmac"/> that prepared it uses it: its padded blocks are hashed already.</summary>
    public abstract class HmacKey
    {
        /// <summary>Zeroes the hash states, which are as good as the key. It must not be used any more.</summary>
        public abstract void Wipe();
    }
}
