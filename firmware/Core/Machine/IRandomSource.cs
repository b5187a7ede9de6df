namespace MbmsMe.Machine
{
    /// <summary>Random octets for cnonces and back-off; no key is ever made from them.</summary>
    public interface IRandomSource
    {
        /// <summary>Fills the whole buffer with octets an outsider cannot predict.</summary>
        void Fill(byte[] buffer);
    }
}
