using CsCheck;

namespace MbmsMe.Tests.Host;

/// <summary>Generators that several tests share. When a test fails CsCheck's message names the seed to repeat it with.</summary>
internal static class RandomInputs
{
    /// <summary>Random inputs for each comparison.</summary>
    public const int Count = 10_000;

    /// <summary>Printable ASCII, quotes and backslashes included.</summary>
    public static Gen<string> Printable(int most) => Gen.Char[' ', '~'].Array[1, most].Select(text => new string(text));

    /// <summary>That many octets.</summary>
    public static Gen<byte[]> Octets(int count) => Gen.Byte.Array[count];

    /// <summary>So many octets.</summary>
    public static Gen<byte[]> Octets(int least, int most) => Gen.Byte.Array[least, most];
}
