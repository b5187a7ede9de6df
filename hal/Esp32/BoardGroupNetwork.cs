using System.Net;
using System.Net.Sockets;
using MbmsMe.Hal.Common;
using MbmsMe.Machine;

namespace MbmsMe.Hal.Esp32
{
    /// <summary>Multicast on the board's one network, by LwIP.</summary>
    public sealed class BoardGroupNetwork : GroupNetwork
    {
        /// <inheritdoc/>
        /// <remarks>What Wi-Fi carries in one frame; LwIP would put fragments together, but has no room for many.</remarks>
        public override int MaxPacket
        {
            get { return 1472; }
        }

        /// <inheritdoc/>
        /// <remarks>LwIP has 16: MIKEY port, sender of clear packets, HTTP, DNS, SNTP and some air take the others.</remarks>
        public override int MaxSockets
        {
            get { return 10; }
        }

        /// <inheritdoc/>
        /// <remarks>To all addresses: the board gets its own only later, and LwIP would deliver no group otherwise.</remarks>
        public override void Bind(Socket socket, UdpAddress address)
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, address.Port));
        }

        /// <inheritdoc/>
        public override void Join(Socket socket, string group)
        {
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, Membership(group, "0.0.0.0"));
        }

        /// <inheritdoc/>
        public override void Leave(Socket socket, string group)
        {
            try
            {
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.DropMembership, Membership(group, "0.0.0.0"));
            }
            catch (SocketException)
            {
                // The network, and the membership with it, may be gone.
            }
        }

        /// <inheritdoc/>
        public override string Describe(SocketException failure)
        {
            return "socket error " + failure.ErrorCode;
        }
    }
}
