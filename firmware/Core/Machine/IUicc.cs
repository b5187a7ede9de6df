namespace MbmsMe.Machine
{
    /// <summary>A UICC that answers by and by: only the UICC thread calls <see cref="Authenticate"/>.</summary>
    public interface IUicc
    {
        /// <summary>EF_ICCID, 18 to 20 decimal digits.</summary>
        string Iccid { get; }

        /// <summary>EF_IMSI, up to 15 decimal digits.</summary>
        string Imsi { get; }

        /// <summary>Digits of the mobile network code in the IMSI: 2 or 3 (EF_AD).</summary>
        int MncLength { get; }

        /// <summary>AUTHENTICATE in 3G context (TS 31.102 clause 7.1.2).</summary>
        /// <param name="rand">16 octets.</param>
        /// <param name="autn">16 octets.</param>
        /// <exception cref="System.IO.IOException">The UICC could not do it.</exception>
        AkaResult Authenticate(byte[] rand, byte[] autn);
    }
}
