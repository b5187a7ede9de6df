using System;
using MbmsMe.Machine;

namespace MbmsMe.Hal.Common
{
    /// <summary>HTTP as a machine's library does it: one exchange after the other on each thread that calls it.</summary>
    public interface IHttpTransport
    {
        /// <summary>Sends the request and reads the whole response, whatever its status.</summary>
        /// <exception cref="HttpTransportException">No complete response within the time and size limits.</exception>
        HttpReply Send(HttpCall call);

        /// <summary>Has a <see cref="Send"/> under way for this call end soon, as a failure. Any thread.</summary>
        void Cancel(HttpCall call);
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
