using System;
using System.Collections;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using MbmsMe.Binary;
using MbmsMe.Hal.Common;
using MbmsMe.Machine;
using MbmsMe.Mikey;
using MbmsMe.Srtp;

namespace MbmsMe.Runtime
{
    /// <summary>
    /// The traffic plane of host and board: sockets that receive streams and MTK messages, each with a thread of its own, so
    /// that content goes on whatever the worker does. One lock guards keys, streams and the list of sockets.
    /// </summary>
    /// <remarks>
    /// A group that cannot be joined is told as "multicast-failed", once for each reason, and tried again every 10 s.
    /// "traffic" comes once a second at most for each stream, while something comes, and so does the report to the ME of each Key
    /// Group whose content is authentic.
    /// </remarks>
    internal sealed class TrafficPlane : ITrafficPlane, IUiccGate
    {
        private const int TurnMilliseconds = 1000;
        private const int TurnsBetweenTries = 10;

        private readonly GroupNetwork _network;
        private readonly UdpPort _port;
        private readonly Inbox _inbox;
        private readonly IEventSink _events;
        private readonly SrtpCrypto _crypto;
        private readonly object _lock = new object();
        private readonly ArrayList _services = new ArrayList();
        private readonly ArrayList _sockets = new ArrayList();
        private readonly ArrayList _rings = new ArrayList();
        private readonly Socket _sender;
        private Timer _turns;
        private int _turn;
        private bool _shut;
        private bool _closed;

        /// <summary>Makes it.</summary>
        /// <param name="network">How this machine receives multicast.</param>
        /// <param name="port">The MIKEY port.</param>
        /// <param name="inbox">Gets the MTK messages, and the reports of authentic content.</param>
        /// <param name="crypto">AES-128.</param>
        /// <param name="events">Gets "content", "traffic" and "multicast-failed", from several threads.</param>
        /// <exception cref="SocketException">There is no socket to be had.</exception>
        public TrafficPlane(GroupNetwork network, UdpPort port, Inbox inbox, ICryptoEngine crypto, IEventSink events)
        {
            _network = network;
            _port = port;
            _inbox = inbox;
            _events = events;
            _crypto = new SrtpCrypto(crypto);
            _sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        }

        /// <inheritdoc/>
        public void Start(string service, UdpAddress mtkGroup, MediaFlow[] flows)
        {
            lock (_lock)
            {
                Remove(service);
                if (_closed)
                {
                    return;
                }

                TrafficService added = new TrafficService(service, mtkGroup);
                for (int i = 0; i < flows.Length; i++)
                {
                    MediaFlow flow = flows[i];
                    SrtpKeyRing keys = RingOf(flow.Group);
                    added.Flows.Add(new TrafficFlow(
                        service, flow, new SrtpReceiver(_crypto, keys, flow.Confidentiality, flow.Integrity)));
                }

                _services.Add(added);
                Arrange();
                _turns = _turns ?? new Timer(Tend, null, TurnMilliseconds, TurnMilliseconds);
            }
        }

        /// <inheritdoc/>
        public void Stop(string service)
        {
            lock (_lock)
            {
                Remove(service);
                Arrange();
            }
        }

        /// <inheritdoc/>
        public void Install(TrafficKey key)
        {
            lock (_lock)
            {
                if (!_shut)
                {
                    RingOf(key.Group).Install(key);
                }
            }
        }

        /// <inheritdoc/>
        public void Remove(KeyGroup group, int keyNumber)
        {
            lock (_lock)
            {
                for (int i = 0; i < _rings.Count; i++)
                {
                    SrtpKeyRing ring = (SrtpKeyRing)_rings[i];
                    if (ring.Group.Is(group))
                    {
                        ring.Remove(keyNumber);
                    }
                }
            }
        }

        /// <inheritdoc/>
        public void Clear()
        {
            lock (_lock)
            {
                ClearRings();
            }
        }

        /// <inheritdoc/>
        public void Shut()
        {
            lock (_lock)
            {
                _shut = true;
                ClearRings();
            }
        }

        /// <inheritdoc/>
        public void Open()
        {
            lock (_lock)
            {
                _shut = false;
            }
        }

        /// <summary>The network has come back: joins all groups anew. Any thread.</summary>
        public void Rejoin()
        {
            lock (_lock)
            {
                for (int i = 0; i < _sockets.Count; i++)
                {
                    GroupSocket socket = (GroupSocket)_sockets[i];
                    if (socket.IsOpen)
                    {
                        socket.Rejoin();
                    }
                }

                Arrange();
            }
        }

        /// <summary>Closes all sockets, ends all threads and lets all keys die.</summary>
        public void Close()
        {
            Clear();
            lock (_lock)
            {
                _closed = true;
                while (_services.Count > 0)
                {
                    Remove(((TrafficService)_services[0]).Id);
                }

                Arrange();
                _sender.Close();
                if (_turns != null)
                {
                    _turns.Dispose();
                }
            }
        }

        /// <summary>Takes a datagram that has come to one of the sockets.</summary>
        internal void Take(GroupSocket socket, byte[] data, int length, EndPoint peer)
        {
            // Where streams and MTK messages share an address, the version in the first octet tells them apart: 2 in the
            // upper bits is RTP (RFC 3550 clause 5.1), 1 in the whole octet is MIKEY (RFC 3830 clause 6.1).
            lock (_lock)
            {
                bool isMessage = socket.TakesMessages && (socket.Flows.Count == 0 || length == 0 || (data[0] & 0xC0) != 0x80);
                for (int i = 0; i < socket.Flows.Count && !isMessage; i++)
                {
                    // Decryption is in place: where several services take the same stream all but the last need a copy.
                    byte[] packet = i < socket.Flows.Count - 1 ? Octets.Slice(data, 0, length) : data;
                    ((TrafficFlow)socket.Flows[i]).Take(packet, length, _sender, _events);
                }

                if (!isMessage)
                {
                    return;
                }
            }

            _inbox.Post(data, length, peer);
        }

        private void ClearRings()
        {
            for (int i = 0; i < _rings.Count; i++)
            {
                ((SrtpKeyRing)_rings[i]).Clear();
            }
        }

        private void Remove(string service)
        {
            for (int i = 0; i < _services.Count; i++)
            {
                TrafficService found = (TrafficService)_services[i];
                if (found.Id == service)
                {
                    found.ReportCounts(_events);
                    _services.RemoveAt(i);
                    return;
                }
            }
        }

        // Opens and closes what the services now need and no longer need.
        private void Arrange()
        {
            for (int i = 0; i < _sockets.Count; i++)
            {
                GroupSocket socket = (GroupSocket)_sockets[i];
                socket.Flows.Clear();
                socket.TakesMessages = false;
            }

            for (int i = 0; i < _services.Count; i++)
            {
                TrafficService service = (TrafficService)_services[i];
                if (service.MtkGroup != null)
                {
                    SocketOf(service.MtkGroup).TakesMessages = true;
                }

                for (int j = 0; j < service.Flows.Count; j++)
                {
                    TrafficFlow flow = (TrafficFlow)service.Flows[j];
                    SocketOf(flow.Address).Flows.Add(flow);
                    if (service.MtkGroup == null && GroupNetwork.IsGroup(flow.Address.Address))
                    {
                        // Where nothing else is said they come to the stream's address, at MIKEY's port.
                        SocketOf(new UdpAddress(flow.Address.Address, MikeyConstants.Port)).TakesMessages = true;
                    }
                }
            }

            for (int i = _sockets.Count - 1; i >= 0; i--)
            {
                GroupSocket socket = (GroupSocket)_sockets[i];
                if (!socket.TakesMessages && socket.Flows.Count == 0)
                {
                    socket.Close();
                    _sockets.RemoveAt(i);
                }
                else if (!socket.IsOpen)
                {
                    Open(socket);
                }
            }
        }

        private void Open(GroupSocket socket)
        {
            int open = 0;
            for (int i = 0; i < _sockets.Count; i++)
            {
                open += ((GroupSocket)_sockets[i]).HasSocket ? 1 : 0;
            }

            string told = socket.Problem;
            socket.Open(open < _network.MaxSockets);
            if (socket.Problem != null && socket.Problem != told)
            {
                _events.Report(new MeEvent("multicast-failed")
                    .With("address", socket.Address.Address + ":" + socket.Address.Port)
                    .With("reason", socket.Problem));
            }
        }

        private GroupSocket SocketOf(UdpAddress address)
        {
            for (int i = 0; i < _sockets.Count; i++)
            {
                GroupSocket socket = (GroupSocket)_sockets[i];
                if (socket.Address.Port == address.Port && socket.Address.Address == address.Address)
                {
                    return socket;
                }
            }

            GroupSocket added = new GroupSocket(this, _network, _port, address);
            _sockets.Add(added);
            return added;
        }

        private SrtpKeyRing RingOf(KeyGroup group)
        {
            for (int i = 0; i < _rings.Count; i++)
            {
                SrtpKeyRing ring = (SrtpKeyRing)_rings[i];
                if (ring.Group.Is(group))
                {
                    return ring;
                }
            }

            SrtpKeyRing added = new SrtpKeyRing(_crypto, group);
            _rings.Add(added);
            return added;
        }

        // A timer's, not a thread's: on a board that is some 700 octets less.
        private void Tend(object state)
        {
            try
            {
                ArrayList reports;
                lock (_lock)
                {
                    if (_closed)
                    {
                        return;
                    }

                    reports = TakeTurn(++_turn % TurnsBetweenTries == 0);
                }

                for (int i = 0; i < reports.Count; i++)
                {
                    _inbox.Post(new TrafficReported((TrafficReport)reports[i]));
                }
            }
            catch (OutOfMemoryException)
            {
                // The next turn may find more.
            }
        }

        private ArrayList TakeTurn(bool triesAgain)
        {
            for (int i = 0; i < _services.Count; i++)
            {
                ((TrafficService)_services[i]).ReportCounts(_events);
            }

            if (triesAgain)
            {
                Arrange();
            }

            ArrayList reports = new ArrayList();
            for (int i = 0; i < _rings.Count; i++)
            {
                KeyGroup group = ((SrtpKeyRing)_rings[i]).Group;
                uint authentic = TakeAuthentic(group);
                if (authentic > 0)
                {
                    reports.Add(new TrafficReport(group, authentic));
                }
            }

            return reports;
        }

        private uint TakeAuthentic(KeyGroup group)
        {
            uint authentic = 0;
            for (int i = 0; i < _services.Count; i++)
            {
                ArrayList flows = ((TrafficService)_services[i]).Flows;
                for (int j = 0; j < flows.Count; j++)
                {
                    TrafficFlow flow = (TrafficFlow)flows[j];
                    authentic += flow.Group.Is(group) ? flow.TakeAuthentic() : 0;
                }
            }

            return authentic;
        }

        private sealed class TrafficService
        {
            public readonly string Id;
            public readonly UdpAddress MtkGroup;
            public readonly ArrayList Flows = new ArrayList();

            public TrafficService(string id, UdpAddress mtkGroup)
            {
                Id = id;
                MtkGroup = mtkGroup;
            }

            public void ReportCounts(IEventSink events)
            {
                for (int i = 0; i < Flows.Count; i++)
                {
                    ((TrafficFlow)Flows[i]).ReportCounts(events);
                }
            }
        }
    }
}
