namespace MbmsMe.Machine
{
    /// <summary>A response, as far as the ME needs to know it.</summary>
    public sealed class HttpReply
    {
        /// <summary>Status code.</summary>
        public int Status;

        /// <summary>WWW-Authenticate, several header lines joined with commas, or null.</summary>
        public string WwwAuthenticate;

        /// <summary>Authentication-Info, or null.</summary>
        public string AuthenticationInfo;

        /// <summary>Entity body; empty when there is none.</summary>
        public byte[] Body;
    }
}
