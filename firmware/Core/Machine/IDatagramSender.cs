namespace MbmsMe.Machine
{
    /// <summary>Sends UDP datagrams from the port that MIKEY messages arrive at.</summary>
    public interface IDatagramSender
    {
        /// <summary>Sends one datagram; false when the machine could not send it.</summary>
        /// <param name="peer">The sender of a received datagram, as handed over with it.</param>
        /// <param name="data">The datagram, all of it.</param>
        bool Send(object peer, byte[] data);
    }
}
