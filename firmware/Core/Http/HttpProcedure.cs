using MbmsMe.Machine;

namespace MbmsMe.Http
{
    /// <summary>
    /// Several requests that make one authenticated exchange, as a step machine: <see cref="Next"/> is the request to send,
    /// <see cref="Take"/> its response. It has no I/O of its own and works on copies of the keys it needs.
    /// </summary>
    internal abstract class HttpProcedure
    {
        /// <summary>Status of a response that asks for credentials.</summary>
        protected const int Unauthorized = 401;

        /// <summary>Status of a response that did what was asked.</summary>
        protected const int Ok = 200;

        // Product token of TS 24.109: the ME holds the GBA keys.
        private const string UserAgent = "MBMSAgent 3gpp-gba";

        /// <summary>Makes it.</summary>
        /// <param name="requestType">What the event "http" calls its requests.</param>
        protected HttpProcedure(string requestType)
        {
            RequestType = requestType;
        }

        /// <summary>What the event "http" calls its requests.</summary>
        public string RequestType { get; }

        /// <summary>The request to send now, or to wait for; null when it waits for something else, or has ended.</summary>
        public HttpCall Next { get; private set; }

        /// <summary>True once it waits for nothing any more.</summary>
        public bool HasEnded { get; private set; }

        /// <summary>Why it came to nothing, for the event log; null while it has not.</summary>
        public string Failure { get; private set; }

        /// <summary>The response to <see cref="Next"/> has come.</summary>
        public void Take(HttpReply reply)
        {
            Next = null;
            TakeReply(reply);
        }

        /// <summary>No response to <see cref="Next"/> is to be had.</summary>
        public void TakeFailure(string reason)
        {
            End(reason);
        }

        /// <summary>Zeroes every secret it has; it must not go on after that.</summary>
        public virtual void Wipe()
        {
            Next = null;
            HasEnded = true;
        }

        /// <summary>What a response means.</summary>
        protected abstract void TakeReply(HttpReply reply);

        /// <summary>Asks for a request to be sent.</summary>
        protected void Send(HttpCall call)
        {
            call.UserAgent = UserAgent;
            Next = call;
        }

        /// <summary>It has ended.</summary>
        /// <param name="failure">Why it came to nothing; null when it did not.</param>
        protected void End(string failure)
        {
            Next = null;
            HasEnded = true;
            Failure = failure;
        }
    }
}
