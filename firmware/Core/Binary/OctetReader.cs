namespace MbmsMe.Binary
{
    /// <summary>
    /// Reads what <see cref="OctetWriter"/> wrote. Reading past the end gives zeros and clears <see cref="Ok"/>,
    /// so that a record is read straight through and checked once.
    /// </summary>
    public sealed class OctetReader
    {
        private readonly byte[] _data;
        private int _at;

        /// <summary>Starts at the first octet.</summary>
        public OctetReader(byte[] data)
        {
            _data = data;
            Ok = true;
        }

        /// <summary>False once something was read past the end.</summary>
        public bool Ok { get; private set; }

        /// <summary>True when everything was read and nothing past the end.</summary>
        public bool AtEnd
        {
            get { return Ok && _at == _data.Length; }
        }

        /// <summary>Reads 1 octet.</summary>
        public int Get8()
        {
            return Has(1) ? _data[_at++] : 0;
        }

        /// <summary>Reads 2 octets.</summary>
        public int Get16()
        {
            int high = Get8();
            return (high << 8) | Get8();
        }

        /// <summary>Reads 3 octets.</summary>
        public int Get24()
        {
            int high = Get8();
            return (high << 16) | Get16();
        }

        /// <summary>Reads 4 octets.</summary>
        public uint Get32()
        {
            if (!Has(4))
            {
                return 0;
            }

            _at += 4;
            return Octets.GetUInt32(_data, _at - 4);
        }

        /// <summary>Reads that many octets.</summary>
        public byte[] Get(int count)
        {
            if (!Has(count))
            {
                return new byte[0];
            }

            _at += count;
            return Octets.Slice(_data, _at - count, count);
        }

        /// <summary>Reads 1 octet of length and as many octets.</summary>
        public byte[] GetVariable()
        {
            return Get(Get8());
        }

        private bool Has(int count)
        {
            Ok = Ok && _data.Length - _at >= count;
            return Ok;
        }
    }
}
