namespace MbmsMe.Requests
{
    /// <summary>How an exchange with a BM-SC ended, and what came of it.</summary>
    internal sealed class ExchangeResult
    {
        /// <summary>Makes it.</summary>
        /// <param name="outcome">How it ended.</param>
        /// <param name="reason">Why it was no success, for the event log; null when it was one.</param>
        /// <param name="body">Body of the authentic response; null when it was no success.</param>
        public ExchangeResult(ExchangeOutcome outcome, string reason, byte[] body)
        {
            Outcome = outcome;
            Reason = reason;
            Body = body;
        }

        /// <summary>How it ended.</summary>
        public ExchangeOutcome Outcome { get; }

        /// <summary>Why it was no success, for the event log; null when it was one.</summary>
        public string Reason { get; }

        /// <summary>Body of the authentic response; null when it was no success.</summary>
        public byte[] Body { get; }
    }
}
