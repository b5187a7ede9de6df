namespace MbmsMe.Runtime
{
    /// <summary>The version of the ME, on every machine.</summary>
    /// <remarks>A constant, because a nanoFramework assembly carries the version 0.0.0.</remarks>
    public static class FirmwareVersion
    {
        /// <summary>Major, minor, build.</summary>
        public const string Text = "1.0.0";
    }
}
