namespace MbmsMe.Hal
{
    /// <summary>Takes what the ME has to tell; puts the time to it.</summary>
    public interface IEventSink
    {
        /// <summary>Reports one event.</summary>
        void Report(MeEvent meEvent);
    }
}
