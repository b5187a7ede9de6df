namespace MbmsMe.Machine
{
    /// <summary>A UICC that answers by and by: only the UICC thread calls <see cref="Authenticate"/>.</summary>
    /// <remarks>
    /// Not the core's to call, but here because the software UICC runs in the emulator, which carries no more than the core needs.
    /// </remarks>
    public interface IUicc
    {
        /// <summary>Who it is.</summary>
        UiccIdentity Identity { get; }

        /// <summary>AUTHENTICATE in 3G context (TS 31.102 clause 7.1.2). Blocks.</summary>
        /// <param name="rand">16 octets.</param>
        /// <param name="autn">16 octets.</param>
        /// <exception cref="System.IO.IOException">The UICC could not do it.</exception>
        AkaResult Authenticate(byte[] rand, byte[] autn);
    }
}
