namespace MbmsMe.Machine
{
    /// <summary>What the traffic plane saw of a stream since it last told of it.</summary>
    public sealed class TrafficReport
    {
        /// <summary>Makes it.</summary>
        /// <param name="group">The Key Group that protects the stream.</param>
        /// <param name="authentic">Packets whose tag verified, or that none was asked of.</param>
        public TrafficReport(KeyGroup group, uint authentic)
        {
            Group = group;
            Authentic = authentic;
        }

        /// <summary>The Key Group that protects the stream.</summary>
        public KeyGroup Group { get; }

        /// <summary>Packets whose tag verified: content of the service flows.</summary>
        public uint Authentic { get; }
    }
}
