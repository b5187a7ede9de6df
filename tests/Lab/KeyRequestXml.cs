using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace MbmsMe.Lab;

/// <summary>An MSK asked for.</summary>
/// <param name="Group">The Key Group.</param>
/// <param name="Number">The Key Number; 0 asks for the current MSK.</param>
internal sealed record MskWanted(KeyGroup Group, ushort Number);

/// <summary>The bodies of MSK request and response. Unknown elements and attributes are ignored.</summary>
internal static class KeyRequestXml
{
    public const string RequestType = "application/mbms-msk+xml";
    public const string ResponseType = "application/mbms-msk-response+xml";

    private static readonly XNamespace s_request = "urn:3GPP:metadata:2005:MBMS:mskRequest";
    private static readonly XNamespace s_response = "urn:3GPP:metadata:2005:MBMS:mskResponse";

    /// <summary>Reads an MSK request; null when it is none or asks for nothing.</summary>
    public static IReadOnlyList<MskWanted>? ReadRequest(byte[] body)
    {
        try
        {
            using XmlReader reader = XmlReader.Create(new MemoryStream(body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            XElement root = XElement.Load(reader);
            if (root.Name != s_request + "mskRequest")
            {
                return null;
            }
            MskWanted[] wanted = [.. root.Elements(s_request + "MSK").Select(Read)];
            return wanted.Length == 0 ? null : wanted;
        }
        catch (Exception e) when (e is XmlException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Writes an MSK response: one response code for each MSK asked for, in the order asked.</summary>
    public static byte[] WriteResponse(IEnumerable<(MskWanted Wanted, int Code)> answers)
    {
        XElement root = new(
            s_response + "mskResponse",
            answers.Select(answer => new XElement(
                s_response + "MSK",
                new XElement(s_response + "keyDomainID", Convert.ToBase64String(answer.Wanted.Group.KeyDomainOctets)),
                new XElement(s_response + "MSKID", Convert.ToBase64String(Msk.MskId(answer.Wanted.Group, answer.Wanted.Number, MikeyProfile.Release6))),
                new XElement(s_response + "responseCode", answer.Code))));
        return Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{root.ToString(SaveOptions.DisableFormatting)}");
    }

    private static MskWanted Read(XElement element)
    {
        byte[] keyDomain = Octets(element, "keyDomainID", 3);
        byte[] mskId = Octets(element, "MSKID", 4);
        return new MskWanted(new KeyGroup(Convert.ToHexStringLower(keyDomain), (ushort)(mskId[0] << 8 | mskId[1])), (ushort)(mskId[2] << 8 | mskId[3]));
    }

    private static byte[] Octets(XElement element, string name, int count)
    {
        byte[] octets = Convert.FromBase64String(element.Element(s_request + name)?.Value ?? "");
        return octets.Length == count ? octets : throw new FormatException();
    }
}
