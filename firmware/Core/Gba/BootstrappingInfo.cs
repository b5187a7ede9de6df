using System;
using MbmsMe.Crypto;
using MbmsMe.Xml;

namespace MbmsMe.Gba
{
    /// <summary>The body of a BSF's 200 OK: B-TID and key lifetime (TS 24.109 annex C, application/vnd.3gpp.bsf+xml).</summary>
    public sealed class BootstrappingInfo
    {
        private const int MaxBtidLength = 255;

        /// <summary>The B-TID: printable, 1 to 255 octets.</summary>
        public string Btid { get; private set; }

        /// <summary>End of the lifetime as the BSF wrote it.</summary>
        public string Lifetime { get; private set; }

        /// <summary>End of the lifetime, seconds since 1970-01-01T00:00:00Z.</summary>
        public long ExpiresAt { get; private set; }

        /// <summary>Reads a body, or gives null when it does not hold both values.</summary>
        public static BootstrappingInfo Read(byte[] body)
        {
            BootstrappingInfo info = new BootstrappingInfo();
            XmlScanner xml = new XmlScanner(Octets.ToText(body));
            while (xml.Read())
            {
                if (!xml.IsStart && xml.Name == "btid")
                {
                    info.Btid = xml.Text;
                }
                else if (!xml.IsStart && xml.Name == "lifetime")
                {
                    info.Lifetime = xml.Text;
                }
            }

            long expiresAt;
            if (xml.Broken || !IsBtid(info.Btid) || !TryReadTime(info.Lifetime, out expiresAt))
            {
                return null;
            }

            info.ExpiresAt = expiresAt;
            return info;
        }

        /// <summary>Reads xsd:dateTime: 2020-10-28T23:36:26, an optional fraction, then nothing, Z or +hh:mm (none is UTC).</summary>
        /// <param name="text">The text; null gives false.</param>
        /// <param name="seconds">Seconds since 1970-01-01T00:00:00Z.</param>
        public static bool TryReadTime(string text, out long seconds)
        {
            seconds = 0;
            if (text == null || text.Length < 19 || text[4] != '-' || text[7] != '-' || text[10] != 'T'
                || text[13] != ':' || text[16] != ':')
            {
                return false;
            }

            int year = Number(text, 0, 4);
            int month = Number(text, 5, 2);
            int day = Number(text, 8, 2);
            int hour = Number(text, 11, 2);
            int minute = Number(text, 14, 2);
            int second = Number(text, 17, 2);
            if (year < 1970 || month < 1 || month > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
                || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
            {
                return false;
            }

            int zone = 19;
            while (zone < text.Length && (text[zone] == '.' || (text[zone] >= '0' && text[zone] <= '9')))
            {
                zone++;
            }

            int offsetMinutes = 0;
            if (zone < text.Length && text.Substring(zone) != "Z")
            {
                int hours = text.Length == zone + 6 && text[zone + 3] == ':' ? Number(text, zone + 1, 2) : -1;
                int minutes = hours < 0 ? -1 : Number(text, zone + 4, 2);
                if (minutes < 0 || (text[zone] != '+' && text[zone] != '-'))
                {
                    return false;
                }

                offsetMinutes = (hours * 60) + minutes;
                offsetMinutes = text[zone] == '+' ? offsetMinutes : -offsetMinutes;
            }

            TimeSpan sinceEpoch = new DateTime(year, month, day, hour, minute, second) - DateTime.UnixEpoch;
            seconds = (sinceEpoch.Ticks / TimeSpan.TicksPerSecond) - (offsetMinutes * 60);
            return true;
        }

        private static int Number(string text, int offset, int digits)
        {
            int number = 0;
            for (int i = offset; i < offset + digits; i++)
            {
                if (text[i] < '0' || text[i] > '9')
                {
                    return -1;
                }

                number = (number * 10) + text[i] - '0';
            }

            return number;
        }

        private static bool IsBtid(string text)
        {
            if (string.IsNullOrEmpty(text) || text.Length > MaxBtidLength)
            {
                return false;
            }

            for (int i = 0; i < text.Length; i++)
            {
                if (text[i] <= ' ' || text[i] > '~')
                {
                    return false;
                }
            }

            return true;
        }
    }
}
