using System;

namespace MbmsMe.Machine
{
    /// <summary>One HTTP exchange at a time for each thread that calls it: only network threads do.</summary>
    public interface IHttpTransport
    {
        /// <summary>Sends the request and reads the whole response, whatever its status.</summary>
        /// <exception cref="HttpTransportException">No complete response within the time and size limits.</exception>
        HttpReply Send(HttpCall call);
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
