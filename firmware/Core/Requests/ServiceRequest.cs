using System.Text;
using MbmsMe.Binary;
using MbmsMe.Services;
using MbmsMe.Text;

namespace MbmsMe.Requests
{
    /// <summary>
    /// The bodies of registration and deregistration requests and their response (TS 33.246 clause 6.3.2.1a, TS 26.346
    /// clause 11).
    /// </summary>
    public static class ServiceRequest
    {
        /// <summary>Value of the query parameter requesttype: registration.</summary>
        public const string Register = "register";

        /// <summary>Value of the query parameter requesttype: deregistration.</summary>
        public const string Deregister = "deregister";

        /// <summary>Content-Type of a request.</summary>
        /// <param name="requestType"><see cref="Register"/> or <see cref="Deregister"/>.</param>
        public static string ContentType(string requestType)
        {
            return "application/mbms-" + requestType + "+xml";
        }

        /// <summary>Writes a request.</summary>
        /// <param name="requestType"><see cref="Register"/> or <see cref="Deregister"/>.</param>
        /// <param name="services">The services it is about.</param>
        public static byte[] Write(string requestType, Service[] services)
        {
            StringBuilder xml = new StringBuilder(256);
            xml.Append("<?xml version=\"1.0\" encoding=\"UTF-8\"?><").Append(requestType)
                .Append(" xmlns=\"urn:3GPP:metadata:2005:MBMS:").Append(requestType).Append("\">");
            for (int i = 0; i < services.Length; i++)
            {
                xml.Append("<serviceID>");
                AppendEscaped(xml, services[i].Id);
                xml.Append("</serviceID>");
            }

            return Octets.FromText(xml.Append("</").Append(requestType).Append('>').ToString());
        }

        /// <summary>
        /// Reads the response codes of the services that were asked for; false when the body is not a well-formed response.
        /// </summary>
        /// <param name="body">Body of the 200 OK.</param>
        /// <param name="services">The services asked for.</param>
        /// <param name="codes">Receives the response code of each, 0 where the response names none.</param>
        public static bool TryReadResponse(byte[] body, Service[] services, int[] codes)
        {
            string id = null;
            int code = 0;
            bool root = false;
            XmlScanner xml = new XmlScanner(Octets.ToText(body));
            while (xml.Read())
            {
                if (xml.IsStart)
                {
                    root |= xml.Name == "registerResponse";
                    continue;
                }

                switch (xml.Name)
                {
                    case "serviceID":
                        id = xml.Text;
                        break;
                    case "responseCode":
                        int number;
                        code = int.TryParse(xml.Text, out number) ? number : 0;
                        break;
                    case "service":
                        for (int i = 0; i < services.Length; i++)
                        {
                            codes[i] = services[i].Id == id ? code : codes[i];
                        }

                        id = null;
                        code = 0;
                        break;
                }
            }

            return root && !xml.Broken;
        }

        private static void AppendEscaped(StringBuilder xml, string text)
        {
            for (int i = 0; i < text.Length; i++)
            {
                switch (text[i])
                {
                    case '&':
                        xml.Append("&amp;");
                        break;
                    case '<':
                        xml.Append("&lt;");
                        break;
                    case '>':
                        xml.Append("&gt;");
                        break;
                    default:
                        xml.Append(text[i]);
                        break;
                }
            }
        }
    }
}
