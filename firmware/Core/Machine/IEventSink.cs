namespace MbmsMe.Machine
{
    /// <summary>Takes what the ME has to tell; puts the time to it.</summary>
    public interface IEventSink
    {
        /// <summary>
        /// Events a second it takes about dropped datagrams and repeated ACKs; more are left out, so that a flood from strangers
        /// does not become a flood of events.
        /// </summary>
        int MaxDropsPerSecond { get; }

        /// <summary>Reports one event.</summary>
        void Report(MeEvent meEvent);
    }
}
