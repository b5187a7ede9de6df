using System;
using MbmsMe.Receiving;

namespace MbmsMe.Runtime
{
    /// <summary>A received datagram, in a buffer that is used again and again.</summary>
    internal sealed class Datagram
    {
        /// <summary>Room for the longest message and an octet more, which shows that one was longer.</summary>
        public readonly byte[] Data = new byte[MikeyReceiver.MaxLength + 1];

        /// <summary>Octets of it.</summary>
        public int Length;

        /// <summary>Its sender.</summary>
        public object Peer;
    }

    /// <summary>A bounded queue of datagrams. Each place gets its buffer when it is first needed. Not thread-safe.</summary>
    internal sealed class DatagramRing
    {
        private readonly Datagram[] _places;
        private int _first;

        /// <summary>Makes it.</summary>
        /// <param name="depth">Datagrams it holds.</param>
        public DatagramRing(int depth)
        {
            _places = new Datagram[depth];
        }

        /// <summary>Datagrams in it.</summary>
        public int Count { get; private set; }

        /// <summary>Takes a copy of a datagram; false when the ring is full.</summary>
        public bool TryPut(byte[] data, int length, object peer)
        {
            if (Count == _places.Length)
            {
                return false;
            }

            int at = (_first + Count) % _places.Length;
            if (_places[at] == null)
            {
                _places[at] = new Datagram();
            }

            Datagram place = _places[at];
            place.Length = length < place.Data.Length ? length : place.Data.Length;
            Array.Copy(data, 0, place.Data, 0, place.Length);
            place.Peer = peer;
            Count++;
            return true;
        }

        /// <summary>Trades the oldest datagram for one whose buffer is free: nothing is copied or allocated.</summary>
        public bool TryTake(ref Datagram datagram)
        {
            if (Count == 0)
            {
                return false;
            }

            Datagram oldest = _places[_first];
            _places[_first] = datagram;
            datagram = oldest;
            _first = (_first + 1) % _places.Length;
            Count--;
            return true;
        }
    }
}
