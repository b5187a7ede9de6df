using System;
using System.Device.Wifi;
using System.Net.NetworkInformation;
using System.Threading;
using MbmsMe.Machine;

namespace MbmsMe.Hal.Esp32
{
    /// <summary>
    /// The board's Wi-Fi station: joins the network of me.json, or the one nanoff has stored on the board, notes when
    /// it is lost, and joins again without a restart.
    /// </summary>
    /// <remarks>
    /// The firmware does most of it: it joins a stored network at power-on, and once told to connect it goes on trying
    /// after every loss (targets/ESP32/_common/targetHAL_Network.cpp). So this only tells it the network of me.json, and
    /// tells it again when it has been without an address for long; rarely, because the firmware loses some memory
    /// with each call. Nothing is written to flash.
    /// </remarks>
    public sealed class BoardWifi
    {
        private const int FirstRetryMilliseconds = 60000;
        private const int RetryMilliseconds = 600000;

        private readonly string _ssid;
        private readonly string _password;
        private readonly IEventSink _events;
        private readonly IClock _clock;
        private readonly ManualResetEvent _online = new ManualResetEvent(false);
        private long _nextJoin;

        /// <summary>Makes it.</summary>
        /// <param name="ssid">Network to join; null for the one that the board has stored.</param>
        /// <param name="password">Its password; empty for an open network, null without one.</param>
        /// <param name="events">Gets "wifi-joined", "wifi-lost" and "wifi-failed".</param>
        /// <param name="clock">The machine's clock.</param>
        public BoardWifi(string ssid, string password, IEventSink events, IClock clock)
        {
            _ssid = ssid;
            _password = password;
            _events = events;
            _clock = clock;
            _nextJoin = clock.UptimeMilliseconds + (ssid == null ? FirstRetryMilliseconds : 0);
        }

        /// <summary>True while the board has an address, as of the last <see cref="Check"/>.</summary>
        public bool IsOnline { get; private set; }

        /// <summary>The board's IPv4 address as of the last <see cref="Check"/> that found one; null before.</summary>
        public string Address { get; private set; }

        /// <summary>Waits for a network; false when none came in time.</summary>
        public bool WaitUntilOnline(int timeoutMilliseconds)
        {
            return _online.WaitOne(timeoutMilliseconds, false);
        }

        /// <summary>
        /// Looks whether the network came or went, and joins when it is time to. To be called every second or so;
        /// may block for the 20 s that the firmware gives a join.
        /// </summary>
        public void Check()
        {
            string address = CurrentAddress();
            bool online = address != null && address != "0.0.0.0";
            long now = _clock.UptimeMilliseconds;
            if (online)
            {
                Address = address;
            }

            if (online != IsOnline)
            {
                IsOnline = online;
                if (online)
                {
                    _online.Set();
                    _events.Report(new MeEvent("wifi-joined").With("address", address));
                }
                else
                {
                    _online.Reset();
                    _nextJoin = now + FirstRetryMilliseconds;
                    _events.Report(new MeEvent("wifi-lost"));
                }
            }

            if (!online && now >= _nextJoin)
            {
                string problem = Join();
                if (problem != null)
                {
                    _events.Report(new MeEvent("wifi-failed").With("reason", problem));
                }

                _nextJoin = _clock.UptimeMilliseconds + RetryMilliseconds;
            }
        }

        private static string CurrentAddress()
        {
            NetworkInterface[] interfaces = NetworkInterface.GetAllNetworkInterfaces();
            for (int i = 0; i < interfaces.Length; i++)
            {
                if (interfaces[i].NetworkInterfaceType == NetworkInterfaceType.Wireless80211)
                {
                    return interfaces[i].IPv4Address;
                }
            }

            return null;
        }

        /// <summary>Tells the firmware to connect; says what is wrong, or null.</summary>
        private string Join()
        {
            try
            {
                string ssid = _ssid;
                string password = _password;
                if (ssid == null)
                {
                    Wireless80211Configuration stored = Wireless80211Configuration.GetAllWireless80211Configurations()[0];
                    ssid = stored.Ssid;
                    password = stored.Password;
                }

                if (ssid == null || ssid.Length == 0)
                {
                    return "no network is set: flash with -WifiSsid, or put \"wifi\" into me.json";
                }

                WifiConnectionResult result = WifiAdapter.FindAllAdapters()[0]
                    .Connect(ssid, WifiReconnectionKind.Automatic, password ?? string.Empty);
                return Describe(ssid, result.ConnectionStatus);
            }
            catch (Exception failure)
            {
                // InvalidOperationException and plain ones, while the radio is busy or not started.
                return Restart.Describe(failure);
            }
        }

        private static string Describe(string ssid, WifiConnectionStatus status)
        {
            switch (status)
            {
                case WifiConnectionStatus.Success:
                    return null;
                case WifiConnectionStatus.NetworkNotAvailable:
                    return ssid + ": no such network in reach";
                case WifiConnectionStatus.InvalidCredential:
                    return ssid + ": wrong password, or the access point is hardly in reach";
                default:
                    return ssid + ": not joined yet; trying on";
            }
        }
    }
}
