using System;
using MbmsMe.Machine;
using MbmsMe.Srtp;
using MbmsMe.Tests;

namespace MbmsMe.Bench
{
    /// <summary>Packets of one SSRC under one MTK, and a receiver of them that can start over.</summary>
    internal sealed class SrtpStream
    {
        private const int HeaderLength = 12;

        private readonly byte[][] _packets;
        private readonly byte[][] _buffers;
        private readonly SrtpCrypto _crypto;
        private readonly SrtpKeyRing _ring;
        private readonly int _trailerLength;
        private SrtpReceiver _receiver;

        /// <summary>Makes it.</summary>
        /// <param name="payload">Octets of payload in each packet.</param>
        /// <param name="packets">How many are timed at once; there is one more, which comes first.</param>
        /// <param name="engine">What decrypts them.</param>
        public SrtpStream(int payload, int packets, ICryptoEngine engine)
        {
            _packets = new byte[packets + 1][];
            _buffers = new byte[packets + 1][];
            SrtpSender sender = new SrtpSender(Mtk);
            byte[] octets = new byte[payload];
            for (int i = 0; i < _packets.Length; i++)
            {
                _packets[i] = sender.Protect(Check.Concat(Check.First(sender.Clear(i), HeaderLength), octets), HeaderLength, 0);
                _buffers[i] = new byte[_packets[i].Length];
            }

            _crypto = new SrtpCrypto(engine);
            _ring = new SrtpKeyRing(_crypto, sender.Mtk.Group);
            _ring.Install(sender.Mtk);
            _trailerLength = sender.Mtk.Mki.Length + SrtpCrypto.TagLength;
        }

        /// <summary>The MTK.</summary>
        public static TrafficKey Mtk
        {
            get { return SrtpSender.MtkOf(1, 1); }
        }

        /// <summary>True while each packet was taken, and became what it should.</summary>
        public bool AllWell { get; private set; } = true;

        /// <summary>The packets, protected again after <see cref="Restart"/>.</summary>
        public byte[][] Buffers
        {
            get { return _buffers; }
        }

        /// <summary>Protects all packets again and takes the first with a new receiver.</summary>
        public void Restart()
        {
            Protect();
            _receiver = new SrtpReceiver(_crypto, _ring, true, true);
            Receive(0, 1);
        }

        /// <summary>Protects all packets again.</summary>
        public void Protect()
        {
            for (int i = 0; i < _packets.Length; i++)
            {
                Array.Copy(_packets[i], 0, _buffers[i], 0, _packets[i].Length);
            }
        }

        /// <summary>Takes all packets but the first.</summary>
        public void ReceiveAll()
        {
            Receive(1, _packets.Length);
        }

        /// <summary>True when all payloads are clear: zero.</summary>
        public bool IsClear()
        {
            uint any = 0;
            for (int i = 0; i < _buffers.Length; i++)
            {
                for (int at = HeaderLength; at < _buffers[i].Length - _trailerLength; at++)
                {
                    any |= _buffers[i][at];
                }
            }

            return any == 0;
        }

        private void Receive(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                AllWell &= _receiver.Receive(_buffers[i], _buffers[i].Length) == SrtpResult.Ok;
            }
        }
    }
}
