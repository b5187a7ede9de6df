namespace MbmsMe.Requests
{
    /// <summary>How an exchange with a BM-SC ended.</summary>
    internal enum ExchangeOutcome
    {
        /// <summary>It may work later: no answer, an answer that cannot be trusted, a server in trouble.</summary>
        Failure,

        /// <summary>200 OK that the BM-SC has signed.</summary>
        Success,

        /// <summary>The BM-SC does not take this B-TID: GBA has to run again.</summary>
        RenegotiationNeeded,

        /// <summary>The BM-SC said no for good.</summary>
        Refused,
    }
}
