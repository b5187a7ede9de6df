namespace MbmsMe.Machine
{
    /// <summary>Everything the core needs from the machine it runs on.</summary>
    public sealed class Peripherals
    {
        /// <summary>Wall clock and uptime.</summary>
        public IClock Clock;

        /// <summary>Random octets.</summary>
        public IRandomSource Random;

        /// <summary>AES-128 and HMAC-SHA-256.</summary>
        public ICryptoEngine Crypto;

        /// <summary>Non-volatile memory for the keys.</summary>
        public ISlotDrive Drive;

        /// <summary>HTTP to BSF and BM-SC.</summary>
        public IHttpChannel Http;

        /// <summary>The USIM application of the UICC.</summary>
        public IUiccChannel Uicc;

        /// <summary>UDP from the MIKEY port.</summary>
        public IDatagramSender Datagrams;

        /// <summary>What uses the MTKs.</summary>
        public ITrafficPlane Traffic;

        /// <summary>Where events go.</summary>
        public IEventSink Events;
    }
}
