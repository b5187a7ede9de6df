namespace MbmsMe.Lab;

/// <summary>Faults of one HTTP server.</summary>
public sealed class HttpFaults
{
    /// <summary>rspauth is wrong.</summary>
    public bool WrongRspauth { get; set; }

    /// <summary>There is no Authentication-Info.</summary>
    public bool OmitAuthenticationInfo { get; set; }

    /// <summary>Answer everything with this status and nothing else.</summary>
    public int? Status { get; set; }
}

/// <summary>What the lab can be made to do wrong, so that tests see how an ME takes it.</summary>
public sealed class LabFaults
{
    /// <summary>Faults on Ub.</summary>
    public HttpFaults Bsf { get; } = new();

    /// <summary>Faults on Ua.</summary>
    public HttpFaults BmSc { get; } = new();

    /// <summary>The MAC in AUTN is wrong.</summary>
    public bool WrongAutn { get; set; }

    /// <summary>Response code for a Key Group in place of the true one; its MSK is pushed only with 200.</summary>
    public Dictionary<KeyGroup, int> ResponseCodes { get; } = [];

    /// <summary>A 200 is not followed by MSK messages.</summary>
    public bool WithholdMsk { get; set; }

    /// <summary>An MSK message is sent once only.</summary>
    public bool NoRetransmission { get; set; }

    /// <summary>Acknowledgements are recorded and then treated as lost.</summary>
    public bool LoseAcks { get; set; }
}
