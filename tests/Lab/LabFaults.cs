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
    private int _loseMskPushes;
    private int _loseMtks;

    /// <summary>Faults on Ub.</summary>
    public HttpFaults Bsf { get; } = new();

    /// <summary>Faults on Ua.</summary>
    public HttpFaults BmSc { get; } = new();

    /// <summary>The MAC in AUTN is wrong.</summary>
    public bool WrongAutn { get; set; }

    /// <summary>Response code for a Key Group in place of the true one; its MSK is pushed only with 200.</summary>
    public Dictionary<KeyGroup, int> ResponseCodes { get; } = [];

    /// <summary>Response code for a service in a registration in place of the true one; only 200 registers, and then for a service there is.</summary>
    public Dictionary<string, int> RegistrationCodes { get; } = [];

    /// <summary>A 200 is not followed by MSK messages.</summary>
    public bool WithholdMsk { get; set; }

    /// <summary>An MSK message is sent once only.</summary>
    public bool NoRetransmission { get; set; }

    /// <summary>Acknowledgements are recorded and then treated as lost.</summary>
    public bool LoseAcks { get; set; }

    /// <summary>How many more MSK messages are recorded as sent and then lost on the way.</summary>
    public int LoseMskPushes
    {
        get => _loseMskPushes;
        set => _loseMskPushes = value;
    }

    /// <summary>How many more MTK messages, repeats included, are lost on the way.</summary>
    public int LoseMtks
    {
        get => _loseMtks;
        set => _loseMtks = value;
    }

    /// <summary>The next MIKEY datagram is held back and leaves right after the one that follows it; then false again.</summary>
    public bool SwapNextDatagrams { get; set; }

    internal bool LosesMskPush() => Take(ref _loseMskPushes);

    internal bool LosesMtk() => Take(ref _loseMtks);

    private static bool Take(ref int left)
    {
        int before = Volatile.Read(ref left);
        while (before > 0)
        {
            int seen = Interlocked.CompareExchange(ref left, before - 1, before);
            if (seen == before)
            {
                return true;
            }
            before = seen;
        }
        return false;
    }
}
