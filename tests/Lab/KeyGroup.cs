using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MbmsMe.Lab;

/// <summary>A Key Group of a Key Domain: what an ME asks MSKs for.</summary>
/// <param name="KeyDomain">Key Domain ID (2004 text: Network ID), 3 octets as 6 lower-case hexadecimal digits.</param>
/// <param name="Group">Key Group part of the MSK ID, 2 octets.</param>
public readonly record struct KeyGroup(string KeyDomain, ushort Group)
{
    /// <summary>The Key Domain ID's 3 octets.</summary>
    public byte[] KeyDomainOctets => Convert.FromHexString(KeyDomain);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out KeyGroup keyGroup)
    {
        keyGroup = default;
        string[] parts = text?.Split('/') ?? [];
        if (parts.Length != 2 || !IsHex(parts[0], 3) || !IsHex(parts[1], 2))
        {
            return false;
        }
        keyGroup = new KeyGroup(parts[0].ToLowerInvariant(), ushort.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        return true;
    }

    /// <summary>For example <c>00f110/0010</c>.</summary>
    public override string ToString() => $"{KeyDomain}/{Group:x4}";

    internal static bool IsHex(string text, int octets) => text.Length == 2 * octets && text.All(char.IsAsciiHexDigit);
}
