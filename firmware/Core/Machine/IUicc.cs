namespace MbmsMe.Machine
{
    /// <summary>
    /// A UICC behind the <see cref="IUiccChannel"/>: it answers by and by, so only the thread calls it that the machine keeps for it.
    /// </summary>
    public interface IUicc
    {
        /// <summary>Who it is.</summary>
        UiccIdentity Identity { get; }

        /// <summary>AUTHENTICATE in 3G context (TS 31.102 clause 7.1.2).</summary>
        /// <param name="rand">16 octets.</param>
        /// <param name="autn">16 octets.</param>
        /// <exception cref="System.IO.IOException">The UICC could not do it.</exception>
        AkaResult Authenticate(byte[] rand, byte[] autn);
    }
}
