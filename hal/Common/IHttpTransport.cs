using System;
using MbmsMe.Machine;

namespace MbmsMe.Hal.Common
{
    /// <summary>One HTTP exchange at a time for each thread that calls it: only network threads do.</summary>
    public interface IHttpTransport
    {
        /// <summary>Sends the request and reads the whole response, whatever its status. Blocks.</summary>
        /// <exception cref="HttpTransportException">
        /// No complete response within the time and size limits, or the call was cancelled.
        /// </exception>
        HttpReply Send(HttpCall call);

        /// <summary>
        /// Ends <see cref="Send"/> of that call, be it under way or just about to begin; does nothing for one that has ended.
        /// Any thread; does not block.
        /// </summary>
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
