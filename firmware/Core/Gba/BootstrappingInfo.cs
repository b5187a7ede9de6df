using MbmsMe.Binary;
using MbmsMe.Text;

namespace MbmsMe.Gba
{
    /// <summary>The body of a BSF's 200 OK: B-TID and key lifetime (TS 24.109 annex C, application/vnd.3gpp.bsf+xml).</summary>
    public sealed class BootstrappingInfo
    {
        private const int MaxBtidLength = 255;
        private const int MaxZoneMinutes = 14 * 60;
        private const int DaysToEpoch = 719468; // from 0000-03-01 to 1970-01-01

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
            if (year < 1970 || month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, month)
                || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
            {
                return false;
            }

            int at = 19;
            if (at < text.Length && text[at] == '.')
            {
                int fraction = ++at;
                while (at < text.Length && Number(text, at, 1) >= 0)
                {
                    at++;
                }

                if (at == fraction)
                {
                    return false;
                }
            }

            int zoneMinutes;
            if (!TryReadZone(text, at, out zoneMinutes))
            {
                return false;
            }

            long minutes = (((DaysSinceEpoch(year, month, day) * 24) + hour) * 60) + minute - zoneMinutes;
            seconds = (minutes * 60) + second;
            return true;
        }

        private static bool TryReadZone(string text, int at, out int minutes)
        {
            minutes = 0;
            string zone = text.Substring(at);
            if (zone.Length == 0 || zone == "Z")
            {
                return true;
            }

            if (zone.Length != 6 || zone[3] != ':' || (zone[0] != '+' && zone[0] != '-'))
            {
                return false;
            }

            int hours = Number(zone, 1, 2);
            int rest = Number(zone, 4, 2);
            minutes = ((hours * 60) + rest) * (zone[0] == '+' ? 1 : -1);
            return hours >= 0 && rest >= 0 && rest <= 59 && (hours * 60) + rest <= MaxZoneMinutes;
        }

        private static int DaysInMonth(int year, int month)
        {
            if (month == 2)
            {
                return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
            }

            return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
        }

        // By hand, because nanoFramework's DateTime ends with the year 3000 and "never" is often written 9999.
        private static long DaysSinceEpoch(int year, int month, int day)
        {
            // Years that begin in March end with the leap day.
            int marchYear = month > 2 ? year : year - 1;
            int dayOfYear = (((153 * ((month + 9) % 12)) + 2) / 5) + day - 1;
            long days = (365L * marchYear) + (marchYear / 4) - (marchYear / 100) + (marchYear / 400);
            return days + dayOfYear - DaysToEpoch;
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
