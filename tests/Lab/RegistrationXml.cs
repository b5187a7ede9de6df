using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace MbmsMe.Lab;

/// <summary>The bodies of registration and deregistration. Unknown elements and attributes are ignored.</summary>
internal static class RegistrationXml
{
    public const string RegisterType = "application/mbms-register+xml";
    public const string DeregisterType = "application/mbms-deregister+xml";
    public const string ResponseType = "application/mbms-register-response+xml";

    private static readonly XNamespace s_response = "urn:3GPP:metadata:2005:MBMS:registerResponse";

    /// <summary>Reads the services of a request; null when it is none or names no service.</summary>
    /// <param name="body">The body.</param>
    /// <param name="kind"><c>register</c> or <c>deregister</c>: root element and end of the namespace.</param>
    public static IReadOnlyList<string>? ReadRequest(byte[] body, string kind)
    {
        XNamespace space = $"urn:3GPP:metadata:2005:MBMS:{kind}";
        try
        {
            using XmlReader reader = XmlReader.Create(new MemoryStream(body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            XElement root = XElement.Load(reader);
            string[] services = [.. root.Elements(space + "serviceID").Select(element => element.Value.Trim())];
            return root.Name != space + kind || services.Length == 0 || services.Contains("") ? null : services;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>Writes the response to either: one response code for each service, in the order asked.</summary>
    public static byte[] WriteResponse(IEnumerable<(string Service, int Code)> answers)
    {
        XElement root = new(
            s_response + "registerResponse",
            answers.Select(answer => new XElement(
                s_response + "service",
                new XElement(s_response + "serviceID", answer.Service),
                new XElement(s_response + "responseCode", answer.Code))));
        return Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{root.ToString(SaveOptions.DisableFormatting)}");
    }
}
