using System.Text;

namespace MbmsMe.Tests.Host;

/// <summary>Looks for secrets in octets: whole ones and their halves, raw, in hexadecimal and in Base64.</summary>
internal sealed class SecretSearch
{
    private const int Half = 8;

    private readonly Dictionary<string, byte[]> _secrets = [];

    /// <summary>How many secrets it knows.</summary>
    public int Count => _secrets.Count;

    /// <summary>Adds a secret, once.</summary>
    public void Add(string name, byte[] secret) => _secrets.TryAdd($"{name} {Convert.ToHexStringLower(secret)}", secret);

    /// <summary>What stands in the octets: name and form of each secret found.</summary>
    public IReadOnlyList<string> FindIn(byte[] octets)
    {
        byte[] lower = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(octets).ToLowerInvariant());
        List<string> found = [];
        foreach ((string name, byte[] secret) in _secrets)
        {
            foreach (byte[] part in Parts(secret))
            {
                if (octets.AsSpan().IndexOf(part) >= 0)
                {
                    found.Add($"{name}: raw");
                }

                foreach (string hex in HexForms(part))
                {
                    if (lower.AsSpan().IndexOf(Encoding.ASCII.GetBytes(hex)) >= 0)
                    {
                        found.Add($"{name}: {hex}");
                    }
                }
            }

            foreach (string base64 in Base64Forms(secret))
            {
                if (octets.AsSpan().IndexOf(Encoding.ASCII.GetBytes(base64)) >= 0)
                {
                    found.Add($"{name}: {base64}");
                }
            }
        }

        return found;
    }

    private static IEnumerable<byte[]> Parts(byte[] secret) => secret.Length <= Half ? [secret] : [secret, secret[..Half], secret[^Half..]];

    // Upper case is found in the lowered octets.
    private static IEnumerable<string> HexForms(byte[] part)
    {
        string dashed = BitConverter.ToString(part).ToLowerInvariant();
        return [Convert.ToHexStringLower(part), dashed, dashed.Replace('-', ':'), dashed.Replace('-', ' '), string.Join(", ", part), string.Join(",", part)];
    }

    // As it would stand within something longer: at each of the three places of a group, without the characters that
    // depend on the neighbours.
    private static IEnumerable<string> Base64Forms(byte[] secret)
    {
        for (int before = 0; before < 3; before++)
        {
            string text = Convert.ToBase64String([.. new byte[before], .. secret, 0, 0, 0]);
            int start = before == 0 ? 0 : before + 1;
            int length = ((before + secret.Length) * 8 / 6) - start;
            string core = text.Substring(start, length);
            yield return core;
            yield return core.Replace('+', '-').Replace('/', '_');
        }
    }
}
