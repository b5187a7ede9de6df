using System;

namespace MbmsMe.Machine
{
    /// <summary>One blocking HTTP exchange, without authentication, redirects or cookies of its own.</summary>
    public interface IHttpTransport
    {
        /// <summary>Sends the request and reads the whole response, whatever its status.</summary>
        /// <exception cref="HttpTransportException">No complete response within the time and size limits.</exception>
        HttpReply Send(HttpCall call);
    }

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

    /// <summary>No complete HTTP response could be had; the message says why, for the event log.</summary>
    public sealed class HttpTransportException : Exception
    {
        /// <summary>Makes the exception.</summary>
        public HttpTransportException(string message)
            : base(message)
        {
        }
    }
}
