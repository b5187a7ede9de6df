using System.Text;
using MbmsMe.Binary;
using MbmsMe.Machine;
using MbmsMe.Text;

namespace MbmsMe.Requests
{
    /// <summary>
    /// The bodies of the MSK request and its response (TS 33.246 clause 6.3.2.2.1, TS 26.346 clause 11).
    /// </summary>
    public static class MskRequest
    {
        /// <summary>Content-Type of the request.</summary>
        public const string ContentType = "application/mbms-msk+xml";

        /// <summary>Value of the query parameter requesttype.</summary>
        public const string RequestType = "msk-request";

        /// <summary>Writes a request for the current MSK (Key Number 0) of each Key Group.</summary>
        public static byte[] Write(KeyGroup[] groups)
        {
            StringBuilder xml = new StringBuilder(256);
            xml.Append("<?xml version=\"1.0\" encoding=\"UTF-8\"?><mskRequest xmlns=\"urn:3GPP:metadata:2005:MBMS:mskRequest\">");
            for (int i = 0; i < groups.Length; i++)
            {
                byte[] domain = new OctetWriter(3).Put24(groups[i].Domain).ToArray();
                byte[] mskId = new OctetWriter(4).Put16(groups[i].Group).Put16(0).ToArray();
                xml.Append("<MSK><keyDomainID>").Append(Octets.ToText(Octets.ToBase64(domain)))
                    .Append("</keyDomainID><MSKID>").Append(Octets.ToText(Octets.ToBase64(mskId))).Append("</MSKID></MSK>");
            }

            return Octets.FromText(xml.Append("</mskRequest>").ToString());
        }

        /// <summary>
        /// Reads the response codes of the groups that were asked for; false when the body is not well-formed XML.
        /// </summary>
        /// <param name="body">Body of the 200 OK.</param>
        /// <param name="groups">The groups asked for.</param>
        /// <param name="codes">Receives the response code of each, 0 where the response names none.</param>
        public static bool TryReadResponse(byte[] body, KeyGroup[] groups, int[] codes)
        {
            byte[] domain = null;
            byte[] mskId = null;
            int code = 0;
            bool root = false;
            XmlScanner xml = new XmlScanner(Octets.ToText(body));
            while (xml.Read())
            {
                if (xml.IsStart)
                {
                    root |= xml.Name == "mskResponse";
                    continue;
                }

                switch (xml.Name)
                {
                    case "keyDomainID":
                        domain = Octets.FromBase64(xml.Text);
                        break;
                    case "MSKID":
                        mskId = Octets.FromBase64(xml.Text);
                        break;
                    case "responseCode":
                        int number;
                        code = int.TryParse(xml.Text, out number) ? number : 0;
                        break;
                    case "MSK":
                        Assign(groups, codes, domain, mskId, code);
                        domain = null;
                        mskId = null;
                        code = 0;
                        break;
                }
            }

            return root && !xml.Broken;
        }

        private static void Assign(KeyGroup[] groups, int[] codes, byte[] domain, byte[] mskId, int code)
        {
            if (domain == null || mskId == null || domain.Length != 3 || mskId.Length < 2)
            {
                return;
            }

            KeyGroup answered = new KeyGroup(Octets.GetUInt24(domain, 0), Octets.GetUInt16(mskId, 0));
            for (int i = 0; i < groups.Length; i++)
            {
                if (groups[i].Is(answered))
                {
                    codes[i] = code;
                }
            }
        }
    }
}
