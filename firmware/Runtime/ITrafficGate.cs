namespace MbmsMe.Runtime
{
    /// <summary>What keeps a UICC's MTKs from being used after it is gone.</summary>
    internal interface ITrafficGate
    {
        /// <summary>All MTKs are gone, and none comes in before <see cref="Open"/>. Any thread; returns at once.</summary>
        void Shut();

        /// <summary>MTKs may come in again.</summary>
        void Open();
    }
}
