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
        private const int MaxRequestsPerMinuteLimit = 1000;
        private const int MaxAttemptsLimit = 100;
        private const int MaxWaitSeconds = 3600;

        /// <summary>The software UICC.</summary>
        public UiccSettings Uicc { get; } = new UiccSettings();

        /// <summary>URL of the BSF.</summary>
        public string BsfUrl { get; private set; }

        /// <summary>Every BM-SC that a service names; the first is that of the key bmsc.</summary>
        public BmscAddress[] Bmscs { get; private set; }

        /// <summary>IPv4 address and UDP port that MIKEY messages are received at; port 0 for any free one.</summary>
        public UdpAddress Listen { get; private set; }

        /// <summary>The services, in the order of the file.</summary>
        public ServiceSettings[] Services { get; private set; }

        /// <summary>How long to wait before a request that the network has caused, where no service says otherwise.</summary>
        public BackoffSettings Backoff { get; private set; }

        /// <summary>How often and how patiently to ask.</summary>
        public RequestSettings Requests { get; } = new RequestSettings();

        /// <summary>Where the keys are kept, and for how long.</summary>
        public StorageSettings Storage { get; } = new StorageSettings();

        /// <summary>Path of the control socket (host only), or null for none.</summary>
        public string ControlSocket { get; private set; }

        /// <summary>The network to join (board only), or null: then it is the one that nanoff has provisioned.</summary>
        public WifiSettings Wifi { get; private set; }

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
            bmscs.Read(root.Section("bmsc"));

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
            Uicc.Iccid = uicc.Text("iccid", "18 to 20 digits", IsIccid);
            Uicc.Imsi = uicc.Text("imsi", "6 to 15 digits", IsImsi);
            Uicc.MncLength = uicc.Number("mncLength", 2, 3);
            Uicc.K = Octets.FromHex(uicc.Text("k", "32 hexadecimal digits (128 bits)", IsKey));
            Uicc.Opc = Octets.FromHex(uicc.Text("opc", "32 hexadecimal digits (128 bits)", IsKey));
            uicc.RefuseOthers();
        }

        private void ReadListen(string text)
        {
            // As it was written: the operating system decides what leading zeros mean.
            int colon = text.IndexOf(':');
            Listen = new UdpAddress(text.Substring(0, colon), int.Parse(text.Substring(colon + 1)));
        }

        private void ReadBackoff(JsonSection backoff)
        {
            Backoff = new BackoffSettings(
                backoff.Number("offsetSeconds", 0, Formats.MaxBackoffSeconds), backoff.Number("randomSeconds", 0, Formats.MaxBackoffSeconds));
            Requests.MaxPerMinute = backoff.Number("maxRequestsPerMinute", 1, MaxRequestsPerMinuteLimit, Requests.MaxPerMinute);
            backoff.RefuseOthers();
        }

        private void ReadStorage(JsonSection storage)
        {
            Storage.Directory = storage.Text("directory", "the path of a directory", Formats.IsPresent);
            Storage.DeletesAtPowerDown = storage.Has("atPowerDown")
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
                Requests.MissedKeySeconds = missedKey.Number("minSeconds", 1, MaxWaitSeconds, Requests.MissedKeySeconds);
                Requests.MissedKeysPerMinute = missedKey.Number("maxPerMinute", 1, MaxRequestsPerMinuteLimit, Requests.MissedKeysPerMinute);
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
                Wifi = new WifiSettings
                {
                    Ssid = wifi.Text("ssid", "1 to 32 characters", IsSsid),
                    Password = wifi.Text("password", "8 to 63 characters, or none for an open network", IsWifiPassword),
                };
                wifi.RefuseOthers();
            }
        }

        private void ReadRetry(JsonSection retry)
        {
            Requests.MaxAttempts = retry.Number("maxAttempts", 1, MaxAttemptsLimit, Requests.MaxAttempts);
            Requests.FirstRetrySeconds = retry.Number("firstSeconds", 1, MaxWaitSeconds, Requests.FirstRetrySeconds);
            Requests.LongestRetrySeconds = retry.Number("longestSeconds", 1, MaxWaitSeconds, Requests.LongestRetrySeconds);
            if (Requests.LongestRetrySeconds < Requests.FirstRetrySeconds)
            {
                throw retry.Wrong("longestSeconds", "at least firstSeconds");
            }

            Requests.AwaitMskSeconds = retry.Number("awaitMskSeconds", 1, MaxWaitSeconds, Requests.AwaitMskSeconds);
            retry.RefuseOthers();
        }
    }
}
