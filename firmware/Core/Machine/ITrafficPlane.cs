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
        void Start(string service, UdpAddress mtkGroup, MediaFlow[] flows);

        /// <summary>A service is active no longer: receive nothing of it.</summary>
        void Stop(string service);

        /// <summary>A genuine MTK has come. Takes a copy of what it keeps.</summary>
        void Install(TrafficKey key);

        /// <summary>An MSK is gone: the MTKs that came under it go as well.</summary>
        /// <param name="group">Its Key Group.</param>
        /// <param name="keyNumber">Key Number part of the MSK ID: 16 bits.</param>
        void Remove(KeyGroup group, int keyNumber);

        /// <summary>All MTKs are gone, as with another UICC.</summary>
        void Clear();
    }
}
