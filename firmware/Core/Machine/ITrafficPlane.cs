namespace MbmsMe.Machine
{
    /// <summary>
    /// What uses the MTKs: receives the streams of active services and decrypts them (TS 33.246 clause 6.6.2). Called by
    /// the worker's thread only; must not block.
    /// </summary>
    public interface ITrafficPlane
    {
        /// <summary>A service is active from now on: receive its MTK messages and its streams.</summary>
        /// <param name="service">User service ID.</param>
        /// <param name="mtkGroup">
        /// Multicast group and port of its MTK messages; null for port 2269 of its streams' multicast groups. Unicast they come to
        /// the MIKEY port.
        /// </param>
        /// <param name="flows">Its streams; may be empty.</param>
        void Start(string service, GroupAddress mtkGroup, MediaFlow[] flows);

        /// <summary>A service is active no longer: receive nothing of it.</summary>
        void Stop(string service);

        /// <summary>A genuine MTK has come. Takes a copy of what it keeps.</summary>
        void Install(TrafficKey key);

        /// <summary>An MSK is gone: the MTKs that came under it go as well.</summary>
        /// <param name="keyDomain">Key Domain ID: 24 bits.</param>
        /// <param name="keyGroup">Key Group part of the MSK ID: 16 bits.</param>
        /// <param name="keyNumber">Key Number part of the MSK ID: 16 bits.</param>
        void Remove(int keyDomain, int keyGroup, int keyNumber);

        /// <summary>All MTKs are gone, as with another UICC.</summary>
        void Clear();
    }

    /// <summary>IPv4 multicast group and UDP port.</summary>
    public sealed class GroupAddress
    {
        /// <summary>Makes it.</summary>
        public GroupAddress(string address, int port)
        {
            Address = address;
            Port = port;
        }

        /// <summary>IPv4 address, dotted.</summary>
        public string Address { get; }

        /// <summary>UDP port.</summary>
        public int Port { get; }
    }

    /// <summary>An RTP stream of a service and the Key Group that protects it.</summary>
    public sealed class MediaFlow
    {
        /// <summary>Where it is sent to: multicast group, or an address of this machine.</summary>
        public GroupAddress Address;

        /// <summary>Key Domain ID: 24 bits.</summary>
        public int KeyDomain;

        /// <summary>Key Group part of the MSK IDs: 16 bits.</summary>
        public int KeyGroup;

        /// <summary>True when payloads are encrypted (AES-CM-128).</summary>
        public bool Confidentiality;

        /// <summary>True when packets carry a tag (HMAC-SHA-1-80).</summary>
        public bool Integrity;

        /// <summary>Where the clear RTP packets go to, or null when they are only counted.</summary>
        public GroupAddress Output;
    }

    /// <summary>An MTK for SRTP (TS 33.246 clause 6.6.2).</summary>
    public sealed class TrafficKey
    {
        /// <summary>Key Domain ID: 24 bits.</summary>
        public int KeyDomain;

        /// <summary>Key Group part of the MSK ID: 16 bits.</summary>
        public int KeyGroup;

        /// <summary>Key Number part of the MSK ID: 16 bits.</summary>
        public int KeyNumber;

        /// <summary>MKI: MSK ID || MTK ID as on the wire; 6 octets (release6) or 4 (draft2004).</summary>
        public byte[] Mki;

        /// <summary>SRTP master key: 16 octets.</summary>
        public byte[] Key;

        /// <summary>SRTP master salt: 14 octets.</summary>
        public byte[] Salt;
    }
}
