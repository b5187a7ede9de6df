using System.Collections;
using MbmsMe.Binary;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>Keeps every datagram sent.</summary>
    public sealed class FakeDatagrams : IDatagramSender
    {
        /// <summary>The datagrams (byte[]), oldest first.</summary>
        public readonly ArrayList Sent = new ArrayList();

        /// <summary>Where each went.</summary>
        public readonly ArrayList Peers = new ArrayList();

        /// <summary>True when the machine cannot send.</summary>
        public bool Refuses;

        /// <inheritdoc/>
        public bool Send(object peer, byte[] data)
        {
            if (Refuses)
            {
                return false;
            }

            Sent.Add(Octets.Slice(data, 0, data.Length));
            Peers.Add(peer);
            return true;
        }

        /// <summary>The last datagram in hexadecimal, or null.</summary>
        public string Last
        {
            get { return Sent.Count == 0 ? null : Octets.ToHex((byte[])Sent[Sent.Count - 1]); }
        }
    }
}
