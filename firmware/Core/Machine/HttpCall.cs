namespace MbmsMe.Machine
{
    /// <summary>A request, as far as the ME needs to say it.</summary>
    public sealed class HttpCall
    {
        /// <summary>GET or POST.</summary>
        public string Method;

        /// <summary>Absolute http or https URL.</summary>
        public string Url;

        /// <summary>Value of the User-Agent header.</summary>
        public string UserAgent;

        /// <summary>Value of the Authorization header, or null for none.</summary>
        public string Authorization;

        /// <summary>Content-Type of <see cref="Body"/>, or null for a request without a body.</summary>
        public string ContentType;

        /// <summary>Entity body; empty for a request without one.</summary>
        public byte[] Body;
    }
}
