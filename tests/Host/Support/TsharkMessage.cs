using System.Globalization;
using System.Xml.Linq;

namespace MbmsMe.Tests.Host;

/// <summary>A MIKEY message as tshark read it (its PDML output); offsets count from the first octet of the message.</summary>
internal sealed class TsharkMessage
{
    private readonly XElement _message;
    private readonly int _start;

    private TsharkMessage(XElement message)
    {
        _message = message;
        _start = (int)message.Attribute("pos")!;
    }

    /// <summary>Octets of the message.</summary>
    public int Length => (int)_message.Attribute("size")!;

    /// <summary>The payloads in order, HDR first, without the protocol's name: <c>hdr</c>, <c>ext</c>, <c>t</c> and so on.</summary>
    public string Payloads => string.Join(' ', _message.Elements("field").Select(payload => payload.Attribute("name")!.Value["mikey.".Length..]));

    /// <summary>Reads the messages in tshark's PDML output.</summary>
    public static IReadOnlyList<TsharkMessage> ReadAll(string pdml) =>
        [.. XDocument.Parse(pdml).Descendants("proto").Where(proto => proto.Attribute("name")!.Value == "mikey").Select(proto => new TsharkMessage(proto))];

    /// <summary>A number, such as <c>type</c> or <c>kemac.encr_alg</c>.</summary>
    public int Number(string name) => int.Parse(
        Field(name)?.Attribute("show")?.Value ?? throw new KeyNotFoundException($"tshark shows no mikey.{name} in {Payloads}"), CultureInfo.InvariantCulture);

    /// <summary>The octets of a field in hexadecimal.</summary>
    /// <param name="name">The field.</param>
    /// <param name="index">Which of several.</param>
    public string Octets(string name, int index = 0) => Field(name, index)?.Attribute("value")?.Value ?? "";

    /// <summary>Where a field starts; 0 without it.</summary>
    /// <param name="name">The field.</param>
    /// <param name="index">Which of several.</param>
    public int Offset(string name, int index = 0) => Field(name, index) is XElement field ? (int)field.Attribute("pos")! - _start : 0;

    private XElement? Field(string name, int index = 0) =>
        _message.Descendants("field").Where(field => field.Attribute("name")!.Value == $"mikey.{name}").ElementAtOrDefault(index);
}
