namespace MbmsMe.Machine
{
    /// <summary>Who a UICC is: what keys are bound to, and what IMPI and BSF are named after.</summary>
    public sealed class UiccIdentity
    {
        /// <summary>Makes it.</summary>
        /// <param name="iccid">EF_ICCID, 18 to 20 decimal digits.</param>
        /// <param name="imsi">EF_IMSI, up to 15 decimal digits.</param>
        /// <param name="mncLength">Digits of the mobile network code in the IMSI: 2 or 3 (EF_AD).</param>
        public UiccIdentity(string iccid, string imsi, int mncLength)
        {
            Iccid = iccid;
            Imsi = imsi;
            MncLength = mncLength;
        }

        /// <summary>EF_ICCID, 18 to 20 decimal digits.</summary>
        public string Iccid { get; }

        /// <summary>EF_IMSI, up to 15 decimal digits.</summary>
        public string Imsi { get; }

        /// <summary>Digits of the mobile network code in the IMSI: 2 or 3 (EF_AD).</summary>
        public int MncLength { get; }
    }
}
