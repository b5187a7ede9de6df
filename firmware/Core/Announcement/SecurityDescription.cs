using System;
using System.Collections;
using MbmsMe.Binary;
using MbmsMe.Machine;
using MbmsMe.Text;

namespace MbmsMe.Announcement
{
    /// <summary>
    /// What a service announcement says about security: the securityDescription of TS 26.346 clause 11.3
    /// (application/mbms-protection-description+xml).
    /// </summary>
    /// <remarks>Elements and attributes it does not know, fecProtection among them, are passed over.</remarks>
    public sealed class SecurityDescription
    {
        /// <summary>The longest document that is read, in octets.</summary>
        public const int MaxLength = 16384;

        private const int MskIdLength = 4;
        private const int KeyDomainLength = 3;

        private readonly ArrayList _keys = new ArrayList();

        /// <summary>True when the payloads of its flows are encrypted.</summary>
        public bool Confidentiality { get; private set; } = true;

        /// <summary>True when the packets of its flows carry a tag.</summary>
        public bool Integrity { get; private set; } = true;

        /// <summary>True when it asks for key management in UICCs that have it.</summary>
        public bool UiccKeyManagement { get; private set; } = true;

        /// <summary>Seconds to wait at least before a request the network has caused; -1 when it does not say.</summary>
        public int WaitSeconds { get; private set; } = -1;

        /// <summary>Seconds to wait at most on top of that, at random; -1 when it does not say.</summary>
        public int MaxBackoffSeconds { get; private set; } = -1;

        /// <summary>The first http or https URL of a key management server; null when it names none.</summary>
        public string ServerUri { get; private set; }

        /// <summary>Its keyIds; may be empty.</summary>
        public AnnouncedKey[] Keys { get; private set; } = new AnnouncedKey[0];

        /// <summary>Reads a document.</summary>
        /// <param name="document">XML in UTF-8, at most <see cref="MaxLength"/> octets.</param>
        /// <exception cref="FormatException">It is none; the message is one line that says what is expected where.</exception>
        public static SecurityDescription Parse(byte[] document)
        {
            if (document.Length > MaxLength)
            {
                throw new FormatException("expected at most " + MaxLength + " octets");
            }

            for (int i = 0; i < document.Length; i++)
            {
                // A string ends at NUL on nanoFramework: what stands behind one would be read on the PC only.
                if (document[i] == 0)
                {
                    throw NotXml();
                }
            }

            XmlScanner xml = new XmlScanner(Octets.ToText(document));
            if (!xml.Read())
            {
                throw NotXml();
            }

            if (xml.Name != "securityDescription")
            {
                throw new FormatException("expected securityDescription as the root element");
            }

            SecurityDescription read = new SecurityDescription();
            read.ReadRoot(xml);
            if (xml.Read() || xml.Broken)
            {
                throw NotXml();
            }

            return read;
        }

        private void ReadRoot(XmlScanner xml)
        {
            Confidentiality = Flag(xml, "confidentialityProtection");
            Integrity = Flag(xml, "integrityProtection");
            UiccKeyManagement = Flag(xml, "uiccKeyManagement");
            while (EntersChild(xml))
            {
                switch (xml.Name)
                {
                    case "keyManagement":
                        ReadKeyManagement(xml);
                        break;
                    case "keyId":
                        _keys.Add(ReadKeyId(xml));
                        break;
                    default:
                        Leave(xml);
                        break;
                }
            }

            Keys = new AnnouncedKey[_keys.Count];
            _keys.CopyTo(Keys);
        }

        private void ReadKeyManagement(XmlScanner xml)
        {
            WaitSeconds = Seconds(xml, "waitTime", "offsetTime");
            MaxBackoffSeconds = Seconds(xml, "maxBackOff", "randomTimePeriod");
            while (EntersChild(xml))
            {
                bool isServer = xml.Name == "serverURI";
                string text = Leave(xml);
                if (isServer && ServerUri == null && Formats.IsUrl(text))
                {
                    ServerUri = text;
                }
            }
        }

        private static AnnouncedKey ReadKeyId(XmlScanner xml)
        {
            ArrayList flows = new ArrayList();
            int keyDomain = -1;
            int keyGroup = 0;
            while (EntersChild(xml))
            {
                switch (xml.Name)
                {
                    case "mediaFlow":
                        flows.Add(Flow(Attribute(xml, "flowID")));
                        Leave(xml);
                        break;
                    case "MSKID":
                        // Of the Key Number part there is nothing to learn: which MSK is in use, the BM-SC says (TS 33.246 clause 6.3.2.1).
                        keyGroup = Octets.GetUInt16(Base64(Leave(xml), MskIdLength, "MSKID"), 0);
                        break;
                    case "keyDomainID":
                        keyDomain = Octets.GetUInt24(Base64(Leave(xml), KeyDomainLength, "keyDomainID"), 0);
                        break;
                    default:
                        Leave(xml);
                        break;
                }
            }

            if (keyGroup == 0)
            {
                throw new FormatException("expected in every keyId an MSKID with a Key Group that is not 0");
            }

            UdpAddress[] addresses = new UdpAddress[flows.Count];
            flows.CopyTo(addresses);
            return new AnnouncedKey(keyDomain, keyGroup, addresses);
        }

        // To the end of the open element, whatever stands in it; gives its text.
        private static string Leave(XmlScanner xml)
        {
            int depth = 1;
            while (depth > 0)
            {
                depth += EntersChild(xml) ? 1 : -1;
            }

            return xml.Text;
        }

        // To the next child of the open element; false when that one has ended instead.
        private static bool EntersChild(XmlScanner xml)
        {
            if (!xml.Read())
            {
                throw NotXml();
            }

            return xml.IsStart;
        }

        private static string Attribute(XmlScanner xml, string name)
        {
            string value = xml.Attribute(name);
            return xml.Broken ? throw NotXml() : value;
        }

        private static bool Flag(XmlScanner xml, string name)
        {
            switch (Attribute(xml, name))
            {
                case null:
                case "true":
                case "1":
                    return true;
                case "false":
                case "0":
                    return false;
                default:
                    throw new FormatException("expected " + name + " to be true or false");
            }
        }

        private static int Seconds(XmlScanner xml, string name, string otherName)
        {
            string value = Attribute(xml, name) ?? Attribute(xml, otherName);
            if (value == null)
            {
                return -1;
            }

            if (!Formats.IsDigits(value, 1, 9) || int.Parse(value) > Formats.MaxBackoffSeconds)
            {
                throw new FormatException(
                    "expected " + name + " or " + otherName + " to be a whole number from 0 to " + Formats.MaxBackoffSeconds);
            }

            return int.Parse(value);
        }

        private static UdpAddress Flow(string flowId)
        {
            if (flowId == null || !Formats.IsDestination(flowId))
            {
                throw new FormatException("expected in every mediaFlow a flowID of IPv4 address and port, such as \"239.255.1.1:5004\"");
            }

            return Formats.AddressOf(flowId);
        }

        private static byte[] Base64(string text, int length, string element)
        {
            byte[] octets = Octets.FromBase64(text);
            if (octets == null || octets.Length != length)
            {
                throw new FormatException("expected in " + element + " the Base64 text of " + length + " octets");
            }

            return octets;
        }

        private static FormatException NotXml()
        {
            return new FormatException("expected a well-formed XML document without document type");
        }
    }
}
