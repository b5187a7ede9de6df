using System.Net;

namespace MbmsMe.Lab;

/// <summary>An HTTP request as BSF and BM-SC see it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">The request target exactly as sent: path and query.</param>
/// <param name="ContentType">Media type without parameters; empty when absent.</param>
/// <param name="Authorization">The <c>Authorization</c> header, null when absent.</param>
/// <param name="Body">The body.</param>
/// <param name="Source">The sender's address.</param>
public sealed record HttpExchange(string Method, string Target, string ContentType, string? Authorization, byte[] Body, IPAddress Source);

/// <summary>What BSF or BM-SC answers.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="RequestType"><c>gba</c> on Ub, the request type on Ua.</param>
/// <param name="Detail">What happened, for people.</param>
public sealed record HttpAnswer(int Status, string RequestType, string Detail)
{
    /// <summary>The subscriber, where known.</summary>
    public string? Imsi { get; init; }

    /// <summary>The B-TID, where known.</summary>
    public string? Btid { get; init; }

    /// <summary>The body.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>Header fields.</summary>
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>Runs when the answer has left.</summary>
    public Action? Then { get; init; }
}
