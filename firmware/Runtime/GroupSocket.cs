using System;
using System.Collections;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using MbmsMe.Hal.Common;
using MbmsMe.Machine;

namespace MbmsMe.Runtime
{
    /// <summary>
    /// An address that streams or MTK messages are sent to: a socket with a thread of its own, or a membership of the MIKEY
    /// port where that one gets the datagrams anyhow. The traffic plane calls it under its lock.
    /// </summary>
    internal sealed class GroupSocket
    {
        private const int PauseAfterErrorMilliseconds = 50;

        private readonly TrafficPlane _plane;
        private readonly GroupNetwork _network;
        private readonly UdpPort _port;
        private readonly bool _isGroup;
        private Socket _socket;
        private bool _joinedByPort;

        /// <summary>Makes it; <see cref="Open"/> opens it.</summary>
        public GroupSocket(TrafficPlane plane, GroupNetwork network, UdpPort port, UdpAddress address)
        {
            _plane = plane;
            _network = network;
            _port = port;
            _isGroup = GroupNetwork.IsGroup(address.Address);
            Address = address;
        }

        /// <summary>The address.</summary>
        public UdpAddress Address { get; }

        /// <summary>The streams (<see cref="TrafficFlow"/>) that are sent there.</summary>
        public ArrayList Flows { get; } = new ArrayList();

        /// <summary>True when MTK messages are sent there.</summary>
        public bool TakesMessages { get; set; }

        /// <summary>Why it is not open, as last reported; null when it is.</summary>
        public string Problem { get; private set; }

        /// <summary>True while it receives.</summary>
        public bool IsOpen
        {
            get { return _socket != null || _joinedByPort; }
        }

        /// <summary>True while it has a socket of its own.</summary>
        public bool HasSocket
        {
            get { return _socket != null; }
        }

        /// <summary>Opens it; what is wrong is told by <see cref="Problem"/>.</summary>
        /// <param name="mayHaveSocket">False when there are as many sockets as the network leaves to streams.</param>
        public void Open(bool mayHaveSocket)
        {
            string doing = "cannot bind";
            Socket socket = null;
            try
            {
                if (_isGroup && TakesMessages && _port.TakesAll(Address.Port))
                {
                    doing = "cannot join";
                    _port.Join(_network, Address.Address);
                    _joinedByPort = true;
                    Problem = null;
                    return;
                }

                if (!mayHaveSocket)
                {
                    Problem = "no more than " + _network.MaxSockets + " addresses at once, so that sockets for HTTP are left";
                    return;
                }

                socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                _network.Bind(socket, Address);
                if (_isGroup)
                {
                    doing = "cannot join";
                    _network.Join(socket, Address.Address);
                }

                _socket = socket;
                new Thread(new Reception(this, socket).Run).Start();
                Problem = null;
            }
            catch (SocketException failure)
            {
                if (socket != null)
                {
                    socket.Close();
                }

                Problem = doing + ": " + _network.Describe(failure);
            }
        }

        /// <summary>
        /// Joins anew: a network that was away has forgotten who had joined. What fails closes it, to be opened again.
        /// </summary>
        public void Rejoin()
        {
            if (!_isGroup)
            {
                return;
            }

            try
            {
                if (_joinedByPort)
                {
                    _port.Leave(_network, Address.Address);
                    _port.Join(_network, Address.Address);
                }
                else
                {
                    _network.Leave(_socket, Address.Address);
                    _network.Join(_socket, Address.Address);
                }
            }
            catch (SocketException)
            {
                Close();
            }
        }

        /// <summary>Closes it and ends its thread.</summary>
        public void Close()
        {
            if (_joinedByPort)
            {
                _joinedByPort = false;
                _port.Leave(_network, Address.Address);
            }
            else if (_socket != null)
            {
                Socket socket = _socket;
                _socket = null;
                socket.Close();
            }
        }

        // One for each thread: where a socket was closed and another opened, either thread knows its own.
        private sealed class Reception
        {
            private readonly GroupSocket _owner;
            private readonly Socket _socket;

            public Reception(GroupSocket owner, Socket socket)
            {
                _owner = owner;
                _socket = socket;
            }

            public void Run()
            {
                byte[] buffer = null;
                while (_owner._socket == _socket)
                {
                    try
                    {
                        // One octet more than the longest packet: one that fills it was longer than that.
                        buffer = buffer ?? new byte[_owner._network.MaxPacket + 1];
                        EndPoint peer = new IPEndPoint(IPAddress.Any, 0);
                        int length = _socket.ReceiveFrom(buffer, 0, buffer.Length, SocketFlags.None, ref peer);
                        _owner._plane.Take(_owner, buffer, length, peer);
                    }
                    catch (SocketException)
                    {
                        Thread.Sleep(PauseAfterErrorMilliseconds);
                    }
                    catch (ObjectDisposedException)
                    {
                        return;
                    }
                    catch (OutOfMemoryException)
                    {
                        // On the board this would end the thread, and with it the reception, without a word.
                        Thread.Sleep(PauseAfterErrorMilliseconds);
                    }
                }
            }
        }
    }
}
