namespace MbmsMe.Lab;

/// <summary>A Key Group of a Key Domain: what an ME asks MSKs for.</summary>
/// <param name="KeyDomain">Key Domain ID (2004 text: Network ID), 3 octets as 6 lower-case hexadecimal digits.</param>
/// <param name="Group">Key Group part of the MSK ID, 2 octets.</param>
public readonly record struct KeyGroup(string KeyDomain, ushort Group)
{
    /// <summary>The Key Domain ID's 3 octets.</summary>
    public byte[] KeyDomainOctets => Convert.FromHexString(KeyDomain);

    /// <summary>For example <c>00f110/0010</c>.</summary>
    public override string ToString() => $"{KeyDomain}/{Group:x4}";
}
