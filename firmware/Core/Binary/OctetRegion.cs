namespace MbmsMe.Binary
{
    /// <summary>Some of the octets of an array, without a copy of them.</summary>
    public sealed class OctetRegion
    {
        /// <summary>Makes an empty region, to be set.</summary>
        public OctetRegion()
        {
        }

        /// <summary>Makes a region of all octets of an array.</summary>
        public OctetRegion(byte[] data)
            : this(data, 0, data.Length)
        {
        }

        /// <summary>Makes a region, which the caller knows to lie within the array.</summary>
        public OctetRegion(byte[] data, int offset, int length)
        {
            Set(data, offset, length);
        }

        /// <summary>The array.</summary>
        public byte[] Data { get; private set; }

        /// <summary>Where the region starts in it.</summary>
        public int Offset { get; private set; }

        /// <summary>Octets of the region.</summary>
        public int Length { get; private set; }

        /// <summary>Makes it another region, which the caller knows to lie within the array.</summary>
        public void Set(byte[] data, int offset, int length)
        {
            Data = data;
            Offset = offset;
            Length = length;
        }

        /// <summary>A copy of the octets.</summary>
        public byte[] ToArray()
        {
            return Octets.Slice(Data, Offset, Length);
        }
    }
}
