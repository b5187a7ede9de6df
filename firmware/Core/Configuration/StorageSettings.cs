namespace MbmsMe.Configuration
{
    /// <summary>The section storage of a configuration.</summary>
    public sealed class StorageSettings
    {
        /// <summary>Directory of the slot files.</summary>
        public string Directory { get; internal set; }

        /// <summary>True to delete MRKs, MSKs and MTKs when the ME is powered down; the last MUKs stay.</summary>
        public bool DeletesAtPowerDown { get; internal set; }
    }
}
