namespace MbmsMe.Machine
{
    /// <summary>An RTP stream of a service and the Key Group that protects it.</summary>
    public sealed class MediaFlow
    {
        /// <summary>Where it is sent to: multicast group, or an address of this machine.</summary>
        public UdpAddress Address;

        /// <summary>The Key Group that protects it.</summary>
        public KeyGroup Group;

        /// <summary>True when payloads are encrypted (AES-CM-128).</summary>
        public bool Confidentiality;

        /// <summary>True when packets carry a tag (HMAC-SHA-1-80).</summary>
        public bool Integrity;

        /// <summary>Where the clear RTP packets go to, or null when they are only counted.</summary>
        public UdpAddress Output;
    }
}
