namespace MbmsMe.Requests
{
    /// <summary>What is posted to a BM-SC.</summary>
    public sealed class RequestMessage
    {
        /// <summary>Makes it.</summary>
        /// <param name="requestType">Value of the query parameter requesttype.</param>
        /// <param name="contentType">Content-Type of the body.</param>
        /// <param name="body">The body.</param>
        public RequestMessage(string requestType, string contentType, byte[] body)
        {
            RequestType = requestType;
            ContentType = contentType;
            Body = body;
        }

        /// <summary>Value of the query parameter requesttype.</summary>
        public string RequestType { get; }

        /// <summary>Content-Type of <see cref="Body"/>.</summary>
        public string ContentType { get; }

        /// <summary>The body.</summary>
        public byte[] Body { get; }
    }
}
