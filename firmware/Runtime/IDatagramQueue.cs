namespace MbmsMe.Runtime
{
    /// <summary>Where datagrams go that may be MIKEY messages.</summary>
    internal interface IDatagramQueue
    {
        /// <summary>Queues a copy of a datagram, or counts it as lost when there is no room. Any thread; never waits.</summary>
        /// <param name="data">The datagram.</param>
        /// <param name="length">Octets of it.</param>
        /// <param name="peer">Its sender, for <see cref="Machine.IDatagramSender"/>.</param>
        void Post(byte[] data, int length, object peer);
    }
}
