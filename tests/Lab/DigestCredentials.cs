using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MbmsMe.Lab;

/// <summary>The parameters of an <c>Authorization: Digest</c> header (RFC 2617 clause 3.2.2, RFC 3310 clause 3.4).</summary>
public sealed class DigestCredentials
{
    private readonly Dictionary<string, string> _parameters;

    private DigestCredentials(Dictionary<string, string> parameters) => _parameters = parameters;

    /// <summary>A parameter's value without quotes; empty when it is absent.</summary>
    /// <param name="name">The parameter's name in any case.</param>
    public string this[string name] => _parameters.GetValueOrDefault(name, "");

    /// <summary>Reads the header's value. False when it is not Digest, is malformed or names a parameter twice.</summary>
    public static bool TryParse(string? header, [NotNullWhen(true)] out DigestCredentials? credentials)
    {
        const string scheme = "Digest ";
        credentials = null;
        if (header is null || !header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        Dictionary<string, string> parameters = new(StringComparer.OrdinalIgnoreCase);
        int position = scheme.Length;
        while (true)
        {
            Skip(header, ref position, " \t,");
            if (position == header.Length)
            {
                credentials = new DigestCredentials(parameters);
                return true;
            }
            string name = Token(header, ref position);
            Skip(header, ref position, " \t");
            if (name.Length == 0 || position == header.Length || header[position++] != '=')
            {
                return false;
            }
            Skip(header, ref position, " \t");
            if (!TryValue(header, ref position, out string value) || !parameters.TryAdd(name, value))
            {
                return false;
            }
        }
    }

    private static bool TryValue(string header, ref int position, out string value)
    {
        if (position == header.Length || header[position] != '"')
        {
            value = Token(header, ref position);
            return value.Length != 0;
        }
        StringBuilder quoted = new();
        for (position++; position < header.Length; position++)
        {
            if (header[position] == '"')
            {
                position++;
                value = quoted.ToString();
                return true;
            }
            if (header[position] == '\\' && ++position == header.Length)
            {
                break;
            }
            quoted.Append(header[position]);
        }
        value = "";
        return false;
    }

    private static string Token(string header, ref int position)
    {
        int start = position;
        while (position < header.Length && !" \t,=\"".Contains(header[position]))
        {
            position++;
        }
        return header[start..position];
    }

    private static void Skip(string header, ref int position, string characters)
    {
        while (position < header.Length && characters.Contains(header[position]))
        {
            position++;
        }
    }
}
