using System.Net;
using System.Net.Sockets;
using MbmsMe.Machine;

namespace MbmsMe.Hal.Common
{
    /// <summary>How a machine receives what is sent to a multicast group.</summary>
    public abstract class GroupNetwork
    {
        /// <summary>Octets of the longest packet it takes.</summary>
        public abstract int MaxPacket { get; }

        /// <summary>Sockets that streams and MTK messages may take.</summary>
        public abstract int MaxSockets { get; }

        /// <summary>Binds a new socket so that it gets what is sent there.</summary>
        /// <param name="socket">A UDP socket, not bound yet.</param>
        /// <param name="address">Multicast group, or an address of this machine.</param>
        /// <exception cref="SocketException">The port is taken, or the address is not one of this machine.</exception>
        public abstract void Bind(Socket socket, UdpAddress address);

        /// <summary>Joins a group.</summary>
        /// <param name="socket">A bound UDP socket.</param>
        /// <param name="group">Multicast group.</param>
        /// <exception cref="SocketException">No interface would.</exception>
        public abstract void Join(Socket socket, string group);

        /// <summary>Leaves a group, if it was joined.</summary>
        /// <param name="socket">The socket that joined it.</param>
        /// <param name="group">Multicast group.</param>
        public abstract void Leave(Socket socket, string group);

        /// <summary>What went wrong, for the event.</summary>
        public abstract string Describe(SocketException failure);

        /// <summary>True for a multicast group (224.0.0.0/4).</summary>
        public static bool IsGroup(string address)
        {
            return (IPAddress.Parse(address).GetAddressBytes()[0] & 0xF0) == 0xE0;
        }

        /// <summary>Option value of joining and leaving: ip_mreq, the group and then the interface.</summary>
        /// <param name="group">Multicast group.</param>
        /// <param name="localAddress">Local address of the interface; 0.0.0.0 leaves the choice to the machine.</param>
        protected static byte[] Membership(string group, string localAddress)
        {
            byte[] membership = new byte[8];
            IPAddress.Parse(group).GetAddressBytes().CopyTo(membership, 0);
            IPAddress.Parse(localAddress).GetAddressBytes().CopyTo(membership, 4);
            return membership;
        }
    }
}
