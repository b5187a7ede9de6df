namespace MbmsMe.Configuration
{
    /// <summary>The section uicc of a configuration: the software UICC.</summary>
    public sealed class UiccSettings
    {
        /// <summary>ICCID: 18 to 20 digits.</summary>
        public string Iccid { get; internal set; }

        /// <summary>IMSI: 6 to 15 digits.</summary>
        public string Imsi { get; internal set; }

        /// <summary>Digits of the mobile network code: 2 or 3.</summary>
        public int MncLength { get; internal set; }

        /// <summary>Subscriber key K: 16 octets.</summary>
        public byte[] K { get; internal set; }

        /// <summary>OPc: 16 octets.</summary>
        public byte[] Opc { get; internal set; }
    }
}
