using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using MbmsMe.Hal.Common;
using MbmsMe.Machine;
using MbmsMe.Receiving;

namespace MbmsMe.Runtime
{
    /// <summary>The UDP port that MIKEY messages come to and ACKs leave from; receives on a thread of its own.</summary>
    public sealed class UdpPort : IDatagramSender
    {
        private const int PauseAfterErrorMilliseconds = 50;

        private readonly Socket _socket;
        private IDatagramQueue _queue;
        private bool _closed;

        /// <summary>Binds the port.</summary>
        /// <param name="address">Local IPv4 address; 0.0.0.0 for all.</param>
        /// <param name="port">Local port; 0 for any free one.</param>
        /// <exception cref="SocketException">It is taken, or the address is not a local one.</exception>
        public UdpPort(string address, int port)
        {
            _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            _socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
        }

        /// <summary>The bound address and port.</summary>
        public string LocalEndPoint
        {
            get { return _socket.LocalEndPoint.ToString(); }
        }

        /// <summary>Starts receiving.</summary>
        /// <param name="queue">Gets the datagrams.</param>
        internal void Start(IDatagramQueue queue)
        {
            _queue = queue;
            new Thread(Receive).Start();
        }

        /// <inheritdoc/>
        public bool Send(object peer, byte[] data)
        {
            try
            {
                return _socket.SendTo(data, (EndPoint)peer) == data.Length;
            }
            catch (SocketException)
            {
                return false;
            }
            catch (ObjectDisposedException)
            {
                return false;
            }
        }

        /// <summary>True when datagrams to that port come here whatever their destination address.</summary>
        internal bool TakesAll(int port)
        {
            return LocalEndPoint == "0.0.0.0:" + port;
        }

        /// <summary>Takes what is sent to a multicast group as well.</summary>
        /// <exception cref="SocketException">The group cannot be joined.</exception>
        internal void Join(GroupNetwork network, string group)
        {
            network.Join(_socket, group);
        }

        /// <summary>Takes no longer what is sent to the group.</summary>
        internal void Leave(GroupNetwork network, string group)
        {
            network.Leave(_socket, group);
        }

        /// <summary>Closes the port and ends its thread.</summary>
        public void Close()
        {
            _closed = true;
            _socket.Close();
        }

        private void Receive()
        {
            // One octet more than the longest message: a datagram that fills it was longer than that.
            byte[] buffer = new byte[MikeyReceiver.MaxLength + 1];
            while (!_closed)
            {
                try
                {
                    EndPoint peer = new IPEndPoint(IPAddress.Any, 0);
                    int length = _socket.ReceiveFrom(buffer, 0, buffer.Length, SocketFlags.None, ref peer);
                    _queue.Post(buffer, length, peer);
                }
                catch (SocketException)
                {
                    // Some stacks report an unreachable peer of an earlier ACK here, Windows a datagram over length.
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
