namespace MbmsMe.Runtime
{
    /// <summary>A bounded queue of datagrams. Not thread-safe.</summary>
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

        /// <summary>True when there is room for no more.</summary>
        public bool IsFull
        {
            get { return Count == _places.Length; }
        }

        /// <summary>Puts a datagram last, where there is room.</summary>
        public void Put(Datagram datagram)
        {
            _places[(_first + Count) % _places.Length] = datagram;
            Count++;
        }

        /// <summary>Takes the oldest datagram; null when there is none.</summary>
        public Datagram Take()
        {
            if (Count == 0)
            {
                return null;
            }

            Datagram oldest = _places[_first];
            _places[_first] = null;
            _first = (_first + 1) % _places.Length;
            Count--;
            return oldest;
        }
    }
}
