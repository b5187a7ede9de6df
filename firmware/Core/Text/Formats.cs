using MbmsMe.Binary;
using MbmsMe.Machine;

namespace MbmsMe.Text
{
    /// <summary>How the texts of configuration and announcement must look, and what they stand for.</summary>
    internal static class Formats
    {
        /// <summary>The longest back-off, in seconds: a day.</summary>
        public const int MaxBackoffSeconds = 86400;

        private const int MaxNameLength = 250;

        /// <summary>Not empty.</summary>
        public static bool IsPresent(string text)
        {
            return text.Length > 0;
        }

        /// <summary>So many decimal digits and nothing else.</summary>
        public static bool IsDigits(string text, int min, int max)
        {
            for (int i = 0; i < text.Length; i++)
            {
                if (text[i] < '0' || text[i] > '9')
                {
                    return false;
                }
            }

            return text.Length >= min && text.Length <= max;
        }

        /// <summary>A Key Domain ID: 6 hexadecimal digits.</summary>
        public static bool IsKeyDomain(string text)
        {
            return text.Length == 6 && Octets.FromHex(text) != null;
        }

        /// <summary>A Key Group part: 4 hexadecimal digits, not 0000.</summary>
        public static bool IsKeyGroup(string text)
        {
            return text.Length == 4 && text != "0000" && Octets.FromHex(text) != null;
        }

        /// <summary>An http or https URL with a host.</summary>
        public static bool IsUrl(string text)
        {
            int scheme = text.StartsWith("http://") ? 7 : text.StartsWith("https://") ? 8 : -1;
            if (scheme < 0)
            {
                return false;
            }

            for (int i = 0; i < text.Length; i++)
            {
                if (text[i] <= ' ' || text[i] > '~' || text[i] == '#' || text[i] == '"')
                {
                    return false;
                }
            }

            int end = text.IndexOfAny(new char[] { '/', '?' }, scheme);
            return IsAuthority(end < 0 ? text.Substring(scheme) : text.Substring(scheme, end - scheme));
        }

        private static bool IsAuthority(string text)
        {
            // An IPv6 address stands in brackets; elsewhere the only colon is that of the port.
            bool bracketed = text.Length > 0 && text[0] == '[';
            int hostEnd = bracketed ? text.IndexOf(']') + 1 : text.IndexOf(':');
            hostEnd = hostEnd < 0 ? text.Length : hostEnd;
            if (hostEnd == 0
                || !(bracketed ? IsIpv6(text.Substring(1, hostEnd - 2)) : AreLabels(text.Substring(0, hostEnd), true)))
            {
                return false;
            }

            int port;
            return hostEnd == text.Length
                || (text[hostEnd] == ':' && TryPort(text.Substring(hostEnd + 1), out port) && port > 0);
        }

        private static bool IsIpv6(string text)
        {
            for (int i = 0; i < text.Length; i++)
            {
                if (Octets.HexDigit(text[i]) < 0 && text[i] != ':' && text[i] != '.')
                {
                    return false;
                }
            }

            return text.Length > 0;
        }

        /// <summary>A fully qualified domain name.</summary>
        public static bool IsFqdn(string text)
        {
            return AreLabels(text, false);
        }

        // RFC 1123 clause 2.1; names of hosts on a bench also have underscores.
        private static bool AreLabels(string text, bool underscore)
        {
            if (text.Length > MaxNameLength)
            {
                return false;
            }

            string[] labels = text.Split('.');
            for (int i = 0; i < labels.Length; i++)
            {
                string label = labels[i];
                if (label.Length == 0 || label.Length > 63 || label[0] == '-' || label[label.Length - 1] == '-')
                {
                    return false;
                }

                for (int j = 0; j < label.Length; j++)
                {
                    char c = label[j];
                    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
                        || (underscore && c == '_')))
                    {
                        return false;
                    }
                }
            }

            return true;
        }

        /// <summary>IPv4 address, colon, UDP port.</summary>
        public static bool IsEndPoint(string text)
        {
            int colon = text.IndexOf(':');
            if (colon < 0 || !TryPort(text.Substring(colon + 1), out _))
            {
                return false;
            }

            string[] parts = text.Substring(0, colon).Split('.');
            for (int i = 0; i < parts.Length; i++)
            {
                if (!IsDigits(parts[i], 1, 3) || int.Parse(parts[i]) > 255)
                {
                    return false;
                }
            }

            return parts.Length == 4;
        }

        /// <summary>IPv4 address, colon, a UDP port that can be sent to.</summary>
        public static bool IsDestination(string text)
        {
            return IsEndPoint(text) && AddressOf(text).Port != 0;
        }

        /// <summary>IPv4 multicast address, colon, a UDP port that can be sent to.</summary>
        public static bool IsMulticast(string text)
        {
            if (!IsDestination(text))
            {
                return false;
            }

            int first = int.Parse(text.Substring(0, text.IndexOf('.')));
            return first >= 224 && first <= 239;
        }

        /// <summary>Address and port of a text that <see cref="IsEndPoint"/> takes, without leading zeros.</summary>
        public static UdpAddress AddressOf(string text)
        {
            int colon = text.IndexOf(':');
            string[] parts = text.Substring(0, colon).Split('.');
            string address = string.Empty;
            for (int i = 0; i < parts.Length; i++)
            {
                address += (i == 0 ? string.Empty : ".") + int.Parse(parts[i]);
            }

            return new UdpAddress(address, int.Parse(text.Substring(colon + 1)));
        }

        /// <summary>The host of a text that <see cref="IsUrl"/> takes, in lower case; null when it is an IP address.</summary>
        public static string HostNameOf(string url)
        {
            int start = url.IndexOf("://") + 3;
            int end = url.IndexOfAny(new char[] { '/', '?', ':' }, start);
            string host = end < 0 ? url.Substring(start) : url.Substring(start, end - start);
            return host[0] == '[' || IsDigits(host.Substring(host.LastIndexOf('.') + 1), 1, MaxNameLength) ? null : host.ToLower();
        }

        private static bool TryPort(string text, out int port)
        {
            port = 0;
            if (!IsDigits(text, 1, 5))
            {
                return false;
            }

            port = int.Parse(text);
            return port <= 65535;
        }
    }
}
