using System.Net;
using System.Net.Sockets;
using MbmsMe.Binary;
using MbmsMe.Machine;
using MbmsMe.Srtp;

namespace MbmsMe.Runtime
{
    /// <summary>A stream of a service: its receiver, where its clear packets go to, and its counts.</summary>
    internal sealed class TrafficFlow
    {
        private readonly string _service;
        private readonly SrtpReceiver _receiver;
        private readonly EndPoint _output;
        private bool _changed;
        private bool _seen;
        private uint _lastSerial;
        private uint _packets;
        private long _octets;
        private uint _decrypted;
        private uint _decryptedBefore;
        private uint _noKey;
        private uint _wrongMac;
        private uint _replayed;
        private uint _malformed;
        private uint _outputFailed;

        /// <summary>Makes it.</summary>
        public TrafficFlow(string service, MediaFlow flow, SrtpReceiver receiver)
        {
            _service = service;
            _receiver = receiver;
            Address = flow.Address;
            Group = flow.Group;
            if (flow.Output != null)
            {
                _output = new IPEndPoint(IPAddress.Parse(flow.Output.Address), flow.Output.Port);
            }
        }

        /// <summary>Where it is sent to.</summary>
        public UdpAddress Address { get; }

        /// <summary>The Key Group that protects it.</summary>
        public KeyGroup Group { get; }

        /// <summary>Takes a packet.</summary>
        /// <param name="packet">The packet; becomes the clear one.</param>
        /// <param name="length">Octets of it.</param>
        /// <param name="sender">Sends the clear one on.</param>
        /// <param name="events">Gets "content".</param>
        public void Take(byte[] packet, int length, Socket sender, IEventSink events)
        {
            _changed = true;
            _packets++;
            switch (_receiver.Receive(packet, length))
            {
                case SrtpResult.Ok:
                    _decrypted++;
                    _octets += _receiver.ClearLength;
                    ReportContent(packet, events);
                    Forward(packet, sender);
                    break;
                case SrtpResult.NoKey:
                    _noKey++;
                    break;
                case SrtpResult.WrongMac:
                    _wrongMac++;
                    break;
                case SrtpResult.Replayed:
                    _replayed++;
                    break;
                default:
                    _malformed++;
                    break;
            }
        }

        /// <summary>Packets that were authentic, or of which no tag was asked, since this was last asked.</summary>
        public uint TakeAuthentic()
        {
            uint authentic = _decrypted - _decryptedBefore;
            _decryptedBefore = _decrypted;
            return authentic;
        }

        /// <summary>Reports the counts since the service became active, if they have changed since the last report.</summary>
        public void ReportCounts(IEventSink events)
        {
            if (!_changed)
            {
                return;
            }

            _changed = false;
            events.Report(About("traffic")
                .With("packets", _packets)
                .With("octets", _octets)
                .With("decrypted", _decrypted)
                .With("noKey", _noKey)
                .With("wrongMac", _wrongMac)
                .With("replayed", _replayed)
                .With("malformed", _malformed)
                .With("outputFailed", _outputFailed));
        }

        // A key that a later one has followed is no news when the last of its packets come late.
        private void ReportContent(byte[] packet, IEventSink events)
        {
            SrtpKey key = _receiver.Key;
            uint serial = key == null ? 0 : key.Serial;
            if (_seen && serial <= _lastSerial)
            {
                return;
            }

            _seen = true;
            _lastSerial = serial;
            events.Report(About("content")
                .With("mki", key == null ? string.Empty : Octets.ToHex(key.Mki))
                .With("ssrc", Octets.ToHex(Octets.GetUInt32(packet, 8), 4))
                .With("seq", Octets.GetUInt16(packet, 2))
                .With("octets", _receiver.ClearLength));
        }

        private void Forward(byte[] packet, Socket sender)
        {
            if (_output == null)
            {
                return;
            }

            try
            {
                sender.SendTo(packet, 0, _receiver.ClearLength, SocketFlags.None, _output);
            }
            catch (SocketException)
            {
                _outputFailed++;
            }
        }

        private MeEvent About(string name)
        {
            return new MeEvent(name).With("service", _service).With("flow", Address.ToString());
        }
    }
}
