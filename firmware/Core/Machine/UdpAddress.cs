namespace MbmsMe.Machine
{
    /// <summary>IPv4 address, of a multicast group or a machine, and UDP port.</summary>
    public sealed class UdpAddress
    {
        /// <summary>Makes it.</summary>
        public UdpAddress(string address, int port)
        {
            Address = address;
            Port = port;
        }

        /// <summary>IPv4 address, dotted.</summary>
        public string Address { get; }

        /// <summary>UDP port.</summary>
        public int Port { get; }

        /// <summary>True for the same address and port.</summary>
        public bool Is(UdpAddress other)
        {
            return Address == other.Address && Port == other.Port;
        }

        /// <summary>Such as 239.255.1.1:5004.</summary>
        public override string ToString()
        {
            return Address + ":" + Port;
        }
    }
}
