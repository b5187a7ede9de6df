using System.Text.Json;

namespace MbmsMe.Tests.Host;

/// <summary>One line that host ME or lab printed: its event and the values beside it, as text.</summary>
internal sealed record MeLine(string Event, IReadOnlyDictionary<string, string> Values, string Text)
{
    public string this[string name] => Values.GetValueOrDefault(name, "");

    public override string ToString() => Text;

    /// <summary>Reads a line of JSON; a line that is none has the event <c>not-json</c>.</summary>
    public static MeLine Parse(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            Dictionary<string, string> values = document.RootElement.EnumerateObject().ToDictionary(value => value.Name, value => value.Value.ToString());
            return values.ContainsKey("time") && values.TryGetValue("event", out string? name) ? new(name, values, line) : new("no-event", values, line);
        }
        catch (JsonException)
        {
            return new MeLine("not-json", new Dictionary<string, string>(), line);
        }
    }
}
