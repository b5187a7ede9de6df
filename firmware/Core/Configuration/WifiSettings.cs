namespace MbmsMe.Configuration
{
    /// <summary>The section wifi of a configuration (board only).</summary>
    public sealed class WifiSettings
    {
        /// <summary>SSID to join: 1 to 32 characters.</summary>
        public string Ssid { get; internal set; }

        /// <summary>Password of that network: 8 to 63 characters, or empty for an open one.</summary>
        public string Password { get; internal set; }
    }
}
