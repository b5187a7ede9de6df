using System;
using System.Collections;
using MbmsMe.Binary;
using MbmsMe.Machine;
using MbmsMe.Mikey;
using MbmsMe.Services;
using MbmsMe.Text;

namespace MbmsMe.Configuration
{
    /// <summary>The configuration of an ME (me.json), read the same way on the host and on the board.</summary>
    public sealed class MeConfiguration
    {
        /// <summary>Requests to the BM-SC in a minute unless the configuration says otherwise.</summary>
        public const int DefaultMaxRequestsPerMinute = 30;

        private const int MaxRequestsPerMinuteLimit = 1000;
        private const int MaxAttemptsLimit = 100;
        private const int MaxWaitSeconds = 3600;

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

        /// <summary>The services, in the order of the file.</summary>
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

        /// <summary>What the ME takes but will not do as it was told; to be reported once.</summary>
        public MeEvent[] Notices { get; private set; }

        /// <summary>Reads a configuration that names no other files.</summary>
        /// <exception cref="ConfigurationException">A key is missing, unknown or wrong.</exception>
        public static MeConfiguration Parse(string json)
        {
            return Parse(json, null);
        }

        /// <summary>Reads a configuration and the files it names.</summary>
        /// <exception cref="ConfigurationException">A key is missing, unknown or wrong, or a file it names is.</exception>
        public static MeConfiguration Parse(string json, FileReader files)
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
            configuration.BsfUrl = BmscTable.Url(bsf);
            bsf.RefuseOthers();

            BmscTable bmscs = new BmscTable();
            BmscAddress bmsc = bmscs.Read(root.Section("bmsc"));
            configuration.BmscUrl = bmsc.Url;
            configuration.BmscFqdn = bmsc.Fqdn;

            JsonSection mikey = root.Section("mikey");
            configuration.ReadListen(mikey.Text(
                "listen", "IPv4 address and UDP port, such as \"127.0.0.1:" + MikeyConstants.Port + "\"", Formats.IsEndPoint));
            mikey.RefuseOthers();

            configuration.ReadBackoff(root.Section("backoff"));
            ArrayList notices = new ArrayList();
            configuration.Services = new ServiceReader(configuration, bmscs, files, notices).Read(root.Sections("services"));
            configuration.Bmscs = bmscs.ToArray();
            configuration.Notices = new MeEvent[notices.Count];
            notices.CopyTo(configuration.Notices);

            configuration.ReadStorage(root.Section("storage"));
            configuration.ReadOptional(root);
            root.RefuseOthers();
            return configuration;
        }

        private static bool IsSsid(string text)
        {
            return text.Length >= 1 && text.Length <= 32;
        }

        private static bool IsWifiPassword(string text)
        {
            return text.Length == 0 || (text.Length >= 8 && text.Length <= 63);
        }

        private static bool IsIccid(string text)
        {
            return Formats.IsDigits(text, 18, 20);
        }

        private static bool IsImsi(string text)
        {
            return Formats.IsDigits(text, 6, 15);
        }

        private static bool IsSoft(string text)
        {
            return text == "soft";
        }

        private static bool IsPowerDownRule(string text)
        {
            return text == "keep" || text == "delete";
        }

        private static bool IsKey(string text)
        {
            byte[] key = Octets.FromHex(text);
            bool right = key != null && key.Length == 16;
            Octets.Wipe(key);
            return right;
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
            // As it was written: the operating system decides what leading zeros mean.
            int colon = text.IndexOf(':');
            ListenAddress = text.Substring(0, colon);
            ListenPort = int.Parse(text.Substring(colon + 1));
        }

        private void ReadBackoff(JsonSection backoff)
        {
            BackoffOffsetSeconds = backoff.Number("offsetSeconds", 0, Formats.MaxBackoffSeconds);
            BackoffRandomSeconds = backoff.Number("randomSeconds", 0, Formats.MaxBackoffSeconds);
            MaxRequestsPerMinute = backoff.Number("maxRequestsPerMinute", 1, MaxRequestsPerMinuteLimit, DefaultMaxRequestsPerMinute);
            backoff.RefuseOthers();
        }

        private void ReadStorage(JsonSection storage)
        {
            StorageDirectory = storage.Text("directory", "the path of a directory", Formats.IsPresent);
            DeletesAtPowerDown = storage.Has("atPowerDown")
                && storage.Text("atPowerDown", "\"keep\" or \"delete\"", IsPowerDownRule) == "delete";
            storage.RefuseOthers();
        }

        private void ReadOptional(JsonSection root)
        {
            if (root.Has("retry"))
            {
                ReadRetry(root.Section("retry"));
            }

            if (root.Has("missedKey"))
            {
                JsonSection missedKey = root.Section("missedKey");
                MissedKeySeconds = missedKey.Number("minSeconds", 1, MaxWaitSeconds, MissedKeySeconds);
                MissedKeysPerMinute = missedKey.Number("maxPerMinute", 1, MaxRequestsPerMinuteLimit, MissedKeysPerMinute);
                missedKey.RefuseOthers();
            }

            if (root.Has("control"))
            {
                JsonSection control = root.Section("control");
                ControlSocket = control.Text("socket", "the path of a Unix domain socket", Formats.IsPresent);
                control.RefuseOthers();
            }

            if (root.Has("wifi"))
            {
                JsonSection wifi = root.Section("wifi");
                WifiSsid = wifi.Text("ssid", "1 to 32 characters", IsSsid);
                WifiPassword = wifi.Text("password", "8 to 63 characters, or none for an open network", IsWifiPassword);
                wifi.RefuseOthers();
            }
        }

        private void ReadRetry(JsonSection retry)
        {
            MaxAttempts = retry.Number("maxAttempts", 1, MaxAttemptsLimit, MaxAttempts);
            FirstRetrySeconds = retry.Number("firstSeconds", 1, MaxWaitSeconds, FirstRetrySeconds);
            LongestRetrySeconds = retry.Number("longestSeconds", 1, MaxWaitSeconds, LongestRetrySeconds);
            if (LongestRetrySeconds < FirstRetrySeconds)
            {
                throw retry.Wrong("longestSeconds", "at least firstSeconds");
            }

            AwaitMskSeconds = retry.Number("awaitMskSeconds", 1, MaxWaitSeconds, AwaitMskSeconds);
            retry.RefuseOthers();
        }
    }
}
