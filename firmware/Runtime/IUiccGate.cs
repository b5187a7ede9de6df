namespace MbmsMe.Runtime
{
    /// <summary>What was got or begun with a UICC, and must not outlast it: MTKs, calls.</summary>
    internal interface IUiccGate
    {
        /// <summary>All of it ends, and nothing comes in before <see cref="Open"/>. Any thread; returns at once.</summary>
        void Shut();

        /// <summary>It may come in again.</summary>
        void Open();
    }
}
