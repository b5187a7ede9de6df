using System;
using System.Collections;
using MbmsMe.Crypto;
using MbmsMe.Keys;
using MbmsMe.Mikey;

namespace MbmsMe.Configuration
{
    /// <summary>The configuration names a key that is missing or wrong; the message is one line for the user.</summary>
    public sealed class ConfigurationException : Exception
    {
        /// <summary>Makes the exception.</summary>
        /// <param name="key">The key as a path, for example services[0].keyGroups[1].</param>
        /// <param name="problem">What is wrong and what is expected. Never the value found: it may be a secret.</param>
        public ConfigurationException(string key, string problem)
            : base(OneLine(key + ": " + problem))
        {
        }

        // A misspelt key may hold anything, line breaks too.
        private static string OneLine(string text)
        {
            char[] line = text.ToCharArray();
            for (int i = 0; i < line.Length; i++)
            {
                line[i] = line[i] < ' ' ? '?' : line[i];
            }

            return new string(line);
        }
    }

    /// <summary>The configuration of an ME (me.json), read the same way on the host and on the board.</summary>
    public sealed class MeConfiguration
    {
        /// <summary>Requests to the BM-SC in a minute unless the configuration says otherwise.</summary>
        public const int DefaultMaxRequestsPerMinute = 30;

        private const int MaxBackoffSeconds = 86400;
        private const int MaxNameLength = 250;
        private const int MaxRequestsPerMinuteLimit = 1000;

        /// <summary>ICCID of the software UICC: 18 to 20 digits.</summary>
        public string Iccid { get; private set; }

        /// <summary>IMSI of the software UICC: 6 to 15 digits.</summary>
        public string Imsi { get; private set; }

        /// <summary>Digits of the mobile network code: 2 or 3.</summary>
        public int MncLength { get; private set; }

        /// <summary>Subscriber key K of the software UICC: 16 octets.</summary>
        public byte[] K { get; private set; }

        /// <summary>OPc of the software UICC: 16 octets.</summary>
        public byte[] Opc { get; private set; }

        /// <summary>URL of the BSF.</summary>
        public string BsfUrl { get; private set; }

        /// <summary>URL of the BM-SC's key management server.</summary>
        public string BmscUrl { get; private set; }

        /// <summary>FQDN of the BM-SC: part of NAF_Id, of the realm and of IDi.</summary>
        public string BmscFqdn { get; private set; }

        /// <summary>IPv4 address that MIKEY messages are received at.</summary>
        public string ListenAddress { get; private set; }

        /// <summary>UDP port that MIKEY messages are received at; 0 for any free one.</summary>
        public int ListenPort { get; private set; }

        /// <summary>The services the user has activated.</summary>
        public MeService[] Services { get; private set; }

        /// <summary>Seconds to wait at least between a solicited pull and the request it causes.</summary>
        public int BackoffOffsetSeconds { get; private set; }

        /// <summary>Seconds to wait at most on top of the offset, at random.</summary>
        public int BackoffRandomSeconds { get; private set; }

        /// <summary>Requests to the BM-SC in a minute at most, whatever asks for them.</summary>
        public int MaxRequestsPerMinute { get; private set; }

        /// <summary>Every BM-SC that a service names; the first is that of the key bmsc.</summary>
        public BmscAddress[] Bmscs { get; private set; }

        /// <summary>How often one thing is asked for before the ME gives up.</summary>
        public int MaxAttempts { get; private set; } = 10;

        /// <summary>Seconds until the second attempt; each later one waits twice as long.</summary>
        public int FirstRetrySeconds { get; private set; } = 2;

        /// <summary>Seconds that any attempt waits at most.</summary>
        public int LongestRetrySeconds { get; private set; } = 60;

        /// <summary>Seconds to wait for the MSK message after the BM-SC has said yes.</summary>
        public int AwaitMskSeconds { get; private set; } = 10;

        /// <summary>Seconds at least between two MSK requests of one Key Group that MTK messages caused; doubled while they are of no use.</summary>
        public int MissedKeySeconds { get; private set; } = 10;

        /// <summary>MSK requests in a minute, of all Key Groups, that MTK messages may cause at most.</summary>
        public int MissedKeysPerMinute { get; private set; } = 6;

        /// <summary>True to delete MRKs, MSKs and MTKs when the ME is powered down; the last MUKs stay.</summary>
        public bool DeletesAtPowerDown { get; private set; }

        /// <summary>Path of the control socket (host only), or null for none.</summary>
        public string ControlSocket { get; private set; }

        /// <summary>Directory of the slot files.</summary>
        public string StorageDirectory { get; private set; }

        /// <summary>SSID to join, or null (board only; else provisioned by nanoff).</summary>
        public string WifiSsid { get; private set; }

        /// <summary>Password of that network, or null.</summary>
        public string WifiPassword { get; private set; }

        /// <summary>Reads a configuration.</summary>
        /// <exception cref="ConfigurationException">A key is missing, unknown or wrong.</exception>
        public static MeConfiguration Parse(string json)
        {
            Hashtable document;
            try
            {
                document = Json.Parse(json) as Hashtable;
            }
            catch (FormatException failure)
            {
                throw new ConfigurationException("(file)", "not JSON; " + failure.Message);
            }

            if (document == null)
            {
                throw new ConfigurationException("(file)", "expected a JSON object");
            }

            MeConfiguration configuration = new MeConfiguration();
            JsonSection root = new JsonSection(document, string.Empty);
            configuration.ReadUicc(root.Section("uicc"));

            JsonSection bsf = root.Section("bsf");
            configuration.BsfUrl = Url(bsf);
            bsf.RefuseOthers();

            JsonSection bmsc = root.Section("bmsc");
            configuration.BmscUrl = Url(bmsc);
            configuration.BmscFqdn = bmsc.Text("fqdn", "a fully qualified domain name, such as \"bmsc.example.org\"", IsFqdn);
            bmsc.RefuseOthers();
            configuration.Bmscs = new BmscAddress[] { new BmscAddress(configuration.BmscUrl, configuration.BmscFqdn) };

            JsonSection mikey = root.Section("mikey");
            configuration.ReadListen(mikey.Text(
                "listen", "IPv4 address and UDP port, such as \"127.0.0.1:" + MikeyConstants.Port + "\"", IsEndPoint));
            mikey.RefuseOthers();

            JsonSection backoff = root.Section("backoff");
            configuration.BackoffOffsetSeconds = backoff.Number("offsetSeconds", 0, MaxBackoffSeconds);
            configuration.BackoffRandomSeconds = backoff.Number("randomSeconds", 0, MaxBackoffSeconds);
            configuration.MaxRequestsPerMinute = backoff.Has("maxRequestsPerMinute")
                ? backoff.Number("maxRequestsPerMinute", 1, MaxRequestsPerMinuteLimit)
                : DefaultMaxRequestsPerMinute;
            backoff.RefuseOthers();

            configuration.ReadServices(root);

            JsonSection storage = root.Section("storage");
            configuration.StorageDirectory = storage.Text("directory", "the path of a directory", IsPresent);
            storage.RefuseOthers();

            if (root.Has("wifi"))
            {
                JsonSection wifi = root.Section("wifi");
                configuration.WifiSsid = wifi.Text("ssid", "1 to 32 characters", IsSsid);
                configuration.WifiPassword = wifi.Text("password", "8 to 63 characters, or none for an open network", IsWifiPassword);
                wifi.RefuseOthers();
            }

            root.RefuseOthers();
            return configuration;
        }

        private static string Url(JsonSection section)
        {
            return section.Text("url", "an http:// or https:// URL", IsUrl);
        }

        private static bool IsPresent(string text)
        {
            return text.Length > 0;
        }

        private static bool IsSsid(string text)
        {
            return text.Length >= 1 && text.Length <= 32;
        }

        private static bool IsWifiPassword(string text)
        {
            return text.Length == 0 || (text.Length >= 8 && text.Length <= 63);
        }

        private static bool IsDigits(string text, int min, int max)
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

        private static bool IsIccid(string text)
        {
            return IsDigits(text, 18, 20);
        }

        private static bool IsImsi(string text)
        {
            return IsDigits(text, 6, 15);
        }

        private static bool IsSoft(string text)
        {
            return text == "soft";
        }

        private static bool IsKey(string text)
        {
            byte[] key = Octets.FromHex(text);
            bool right = key != null && key.Length == 16;
            Octets.Wipe(key);
            return right;
        }

        private static bool IsKeyDomain(string text)
        {
            return text.Length == 6 && Octets.FromHex(text) != null;
        }

        private static bool IsKeyGroup(string text)
        {
            return text.Length == 4 && text != "0000" && Octets.FromHex(text) != null;
        }

        private static bool IsUrl(string text)
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

        private static bool IsFqdn(string text)
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

        private static bool IsEndPoint(string text)
        {
            int colon = text.IndexOf(':');
            int port;
            if (colon < 0 || !TryPort(text.Substring(colon + 1), out port))
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

        private void ReadUicc(JsonSection uicc)
        {
            uicc.Text("kind", "\"soft\"", IsSoft);
            Iccid = uicc.Text("iccid", "18 to 20 digits", IsIccid);
            Imsi = uicc.Text("imsi", "6 to 15 digits", IsImsi);
            MncLength = uicc.Number("mncLength", 2, 3);
            K = Octets.FromHex(uicc.Text("k", "32 hexadecimal digits (128 bits)", IsKey));
            Opc = Octets.FromHex(uicc.Text("opc", "32 hexadecimal digits (128 bits)", IsKey));
            uicc.RefuseOthers();
        }

        private void ReadListen(string text)
        {
            int colon = text.IndexOf(':');
            ListenAddress = text.Substring(0, colon);
            ListenPort = int.Parse(text.Substring(colon + 1));
        }

        private void ReadServices(JsonSection root)
        {
            JsonSection[] sections = root.Sections("services");
            Services = new MeService[sections.Length];
            ArrayList groups = new ArrayList();
            for (int i = 0; i < sections.Length; i++)
            {
                JsonSection section = sections[i];
                string id = section.Text("id", "the service's ID", IsPresent);
                for (int j = 0; j < i; j++)
                {
                    if (Services[j].Id == id)
                    {
                        throw section.Wrong("id", "an ID that no other service has");
                    }
                }

                string domain = section.Text("keyDomain", "6 hexadecimal digits (3 octets)", IsKeyDomain);
                string[] parts = section.Texts("keyGroups", "4 hexadecimal digits (2 octets), not 0000", IsKeyGroup);
                KeyGroup[] own = new KeyGroup[parts.Length];
                for (int j = 0; j < parts.Length; j++)
                {
                    own[j] = new KeyGroup(
                        Octets.GetUInt24(Octets.FromHex(domain), 0), Octets.GetUInt16(Octets.FromHex(parts[j]), 0));
                    AddDistinct(groups, own[j]);
                }

                if (groups.Count > KeyState.MaxGroups)
                {
                    throw section.Wrong("keyGroups", "at most " + KeyState.MaxGroups + " different Key Groups in all services");
                }

                section.RefuseOthers();
                Services[i] = new MeService(id, own)
                {
                    Bmsc = Bmscs[0],
                    BackoffOffsetSeconds = BackoffOffsetSeconds,
                    BackoffRandomSeconds = BackoffRandomSeconds,
                };
            }
        }

        private static void AddDistinct(ArrayList groups, KeyGroup group)
        {
            for (int i = 0; i < groups.Count; i++)
            {
                if (((KeyGroup)groups[i]).Is(group))
                {
                    return;
                }
            }

            groups.Add(group);
        }
    }
}
