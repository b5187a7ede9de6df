using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace MbmsMe.Lab;

/// <summary>One object of a configuration file, read key by key; errors name the key by its path.</summary>
internal sealed class JsonSection
{
    private readonly JsonElement _element;
    private readonly string _path;
    private readonly HashSet<string> _known = [];

    public JsonSection(JsonElement element, string path)
    {
        if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined))
        {
            throw new LabConfigurationException($"{(path.Length == 0 ? "the file" : path)}: expected an object");
        }
        _element = element;
        _path = path;
    }

    public bool Has(string key) => TryGet(key, out _);

    /// <summary>A nested object; an absent one is empty.</summary>
    public JsonSection Section(string key)
    {
        TryGet(key, out JsonElement value);
        return new JsonSection(value, Name(key));
    }

    /// <summary>An array of at least one object.</summary>
    public IReadOnlyList<T> Sections<T>(string key, Func<JsonSection, T> read)
    {
        if (!TryGet(key, out JsonElement value) || value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
        {
            throw Expected(key, "an array of one or more objects");
        }
        return [.. value.EnumerateArray().Select((item, index) => read(new JsonSection(item, $"{Name(key)}[{index}]")))];
    }

    /// <summary>An array of at least one string.</summary>
    public IReadOnlyList<string> Texts(string key, string expected, Func<string, bool> isRight)
    {
        if (!TryGet(key, out JsonElement value) || value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0
            || !value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && isRight(item.GetString()!)))
        {
            throw Expected(key, $"an array of one or more of {expected}");
        }
        return [.. value.EnumerateArray().Select(item => item.GetString()!)];
    }

    public string Text(string key, string expected, Func<string, bool> isRight, string? fallback = null)
    {
        if (!TryGet(key, out JsonElement value) && fallback is not null)
        {
            return fallback;
        }
        return value.ValueKind == JsonValueKind.String && isRight(value.GetString()!) ? value.GetString()! : throw Expected(key, expected);
    }

    public int Number(string key, int least, int most, int? fallback = null)
    {
        if (!TryGet(key, out JsonElement value) && fallback is int absent)
        {
            return absent;
        }
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most
            ? number
            : throw Expected(key, $"a whole number from {least} to {most}");
    }

    public bool Flag(string key, bool fallback)
    {
        if (!TryGet(key, out JsonElement value))
        {
            return fallback;
        }
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Expected(key, "true or false");
    }

    public byte[] Octets(string key, int count, string? fallback = null) =>
        Convert.FromHexString(Text(key, $"a string of {2 * count} hexadecimal digits", text => text.Length == 2 * count && text.All(char.IsAsciiHexDigit), fallback));

    public T? Choice<T>(string key)
        where T : struct, Enum
    {
        string[] names = [.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())];
        return Has(key)
            ? Enum.Parse<T>(Text(key, string.Join(" or ", names.Select(name => $"\"{name}\"")), names.Contains), ignoreCase: true)
            : null;
    }

    /// <summary>An address and a port to send to; null when absent.</summary>
    public IPEndPoint? Destination(string key) =>
        Has(key) ? EndPoint(key, "an IPv4 address and a port such as \"239.255.1.1:2269\"", to => IsIPv4(to) && to.Port != 0) : null;

    /// <summary>Where to listen for UDP and to send it from.</summary>
    public IPEndPoint UdpEndPoint(string key, IPEndPoint fallback) =>
        EndPoint(key, "this PC's own IPv4 address and a port such as \"192.168.1.10:2270\"", IsIPv4, fallback);

    /// <summary>Where to listen for TCP.</summary>
    public IPEndPoint TcpEndPoint(string key, IPEndPoint fallback) => EndPoint(key, "an IP address and a port such as \"0.0.0.0:8080\"", _ => true, fallback);

    /// <summary>To be called last: reports a key that nothing asked for.</summary>
    public void RejectOthers()
    {
        if (_element.ValueKind == JsonValueKind.Object
            && _element.EnumerateObject().FirstOrDefault(property => !_known.Contains(property.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } other)
        {
            throw new LabConfigurationException($"{Name(other.Name)}: unknown key; expected one of {string.Join(", ", _known)}");
        }
    }

    private static bool IsIPv4(IPEndPoint endPoint) => endPoint.AddressFamily == AddressFamily.InterNetwork;

    private IPEndPoint EndPoint(string key, string expected, Func<IPEndPoint, bool> isRight, IPEndPoint? fallback = null) => IPEndPoint.Parse(Text(
        key,
        expected,
        text => text.Contains(':') && IPEndPoint.TryParse(text, out IPEndPoint? endPoint) && isRight(endPoint),
        fallback?.ToString()));

    private bool TryGet(string key, out JsonElement value)
    {
        _known.Add(key);
        value = default;
        return _element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(key, out value);
    }

    private string Name(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    private LabConfigurationException Expected(string key, string expected) =>
        new($"{Name(key)}: {(TryGet(key, out _) ? "wrong" : "missing")}; expected {expected}");
}
