using System;
using System.Text;

namespace MbmsMe.Binary
{
    /// <summary>What the whole core does to octets: big-endian numbers, hex, constant-time comparison, wiping.</summary>
    public static class Octets
    {
        private const string HexDigits = "0123456789abcdef";
        private const string Base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

        /// <summary>Reads 2 octets, most significant first.</summary>
        public static int GetUInt16(byte[] buffer, int offset)
        {
            return (buffer[offset] << 8) | buffer[offset + 1];
        }

        /// <summary>Reads 3 octets, most significant first.</summary>
        public static int GetUInt24(byte[] buffer, int offset)
        {
            return (buffer[offset] << 16) | (buffer[offset + 1] << 8) | buffer[offset + 2];
        }

        /// <summary>Reads 4 octets, most significant first.</summary>
        public static uint GetUInt32(byte[] buffer, int offset)
        {
            uint value = buffer[offset];
            value = (value << 8) | buffer[offset + 1];
            value = (value << 8) | buffer[offset + 2];
            return (value << 8) | buffer[offset + 3];
        }

        /// <summary>Writes 4 octets, most significant first.</summary>
        public static void PutUInt32(byte[] buffer, int offset, uint value)
        {
            buffer[offset] = (byte)(value >> 24);
            buffer[offset + 1] = (byte)(value >> 16);
            buffer[offset + 2] = (byte)(value >> 8);
            buffer[offset + 3] = (byte)value;
        }

        /// <summary>
        /// Compares as many octets of both, in the same number of steps wherever they differ.
        /// </summary>
        public static bool FixedTimeEquals(byte[] a, int aOffset, byte[] b, int bOffset, int count)
        {
            int difference = 0;
            for (int i = 0; i < count; i++)
            {
                difference |= a[aOffset + i] ^ b[bOffset + i];
            }

            return difference == 0;
        }

        /// <summary>Compares a region with a whole array; for octets that are not secret.</summary>
        public static bool Equals(byte[] buffer, int offset, int count, byte[] other)
        {
            return count == other.Length && FixedTimeEquals(buffer, offset, other, 0, count);
        }

        /// <summary>Zeroes a buffer that held a secret; null is allowed.</summary>
        public static void Wipe(byte[] secret)
        {
            if (secret != null)
            {
                Array.Clear(secret, 0, secret.Length);
            }
        }

        /// <summary>A copy of a region.</summary>
        public static byte[] Slice(byte[] buffer, int offset, int count)
        {
            byte[] copy = new byte[count];
            Array.Copy(buffer, offset, copy, 0, count);
            return copy;
        }

        /// <summary>Lower-case hexadecimal text of an unsigned number.</summary>
        /// <param name="value">The number.</param>
        /// <param name="octets">1 to 4: how many octets of it to write.</param>
        public static string ToHex(uint value, int octets)
        {
            char[] text = new char[octets * 2];
            for (int i = text.Length - 1; i >= 0; i--)
            {
                text[i] = HexDigits[(int)(value & 15)];
                value >>= 4;
            }

            return new string(text);
        }

        /// <summary>Lower-case hexadecimal text.</summary>
        public static string ToHex(byte[] octets)
        {
            return ToText(ToHexOctets(octets));
        }

        /// <summary>Lower-case hexadecimal text as octets: a string that holds a secret could not be wiped.</summary>
        public static byte[] ToHexOctets(byte[] octets)
        {
            byte[] text = new byte[octets.Length * 2];
            for (int i = 0; i < octets.Length; i++)
            {
                text[2 * i] = (byte)HexDigits[octets[i] >> 4];
                text[(2 * i) + 1] = (byte)HexDigits[octets[i] & 15];
            }

            return text;
        }

        /// <summary>The octets of hexadecimal text, or null when it is not that.</summary>
        public static byte[] FromHex(string text)
        {
            if ((text.Length & 1) != 0)
            {
                return null;
            }

            byte[] octets = new byte[text.Length / 2];
            for (int i = 0; i < text.Length; i++)
            {
                int digit = HexDigit(text[i]);
                if (digit < 0)
                {
                    return null;
                }

                octets[i / 2] = (byte)((octets[i / 2] << 4) | digit);
            }

            return octets;
        }

        /// <summary>The value of a hexadecimal digit, or -1.</summary>
        public static int HexDigit(char c)
        {
            if (c >= '0' && c <= '9')
            {
                return c - '0';
            }

            if (c >= 'a' && c <= 'f')
            {
                return c - 'a' + 10;
            }

            return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        }

        /// <summary>
        /// Base64 (RFC 4648 clause 4) as octets. Secrets take this way: a string could not be wiped.
        /// </summary>
        public static byte[] ToBase64(byte[] octets)
        {
            byte[] text = new byte[(octets.Length + 2) / 3 * 4];
            for (int from = 0, to = 0; from < octets.Length; from += 3, to += 4)
            {
                int left = octets.Length - from;
                int group = octets[from] << 16;
                group |= left > 1 ? octets[from + 1] << 8 : 0;
                group |= left > 2 ? octets[from + 2] : 0;
                text[to] = (byte)Base64Digits[group >> 18];
                text[to + 1] = (byte)Base64Digits[(group >> 12) & 63];
                text[to + 2] = (byte)(left > 1 ? Base64Digits[(group >> 6) & 63] : '=');
                text[to + 3] = (byte)(left > 2 ? Base64Digits[group & 63] : '=');
            }

            return text;
        }

        /// <summary>The octets of Base64 text, or null when it is not that.</summary>
        public static byte[] FromBase64(string text)
        {
            if (text.Length == 0 || (text.Length & 3) != 0)
            {
                return null;
            }

            int end = text.Length;
            while (end > text.Length - 2 && text[end - 1] == '=')
            {
                end--;
            }

            // nanoFramework's Convert does not say no to every foreign character, so they are refused here.
            for (int i = 0; i < end; i++)
            {
                if (Base64Digits.IndexOf(text[i]) < 0)
                {
                    return null;
                }
            }

            return Convert.FromBase64String(text);
        }

        /// <summary>UTF-8 octets of a text.</summary>
        public static byte[] FromText(string text)
        {
            return Encoding.UTF8.GetBytes(text);
        }

        /// <summary>The text of UTF-8 octets.</summary>
        public static string ToText(byte[] octets)
        {
            return Encoding.UTF8.GetString(octets, 0, octets.Length);
        }
    }
}
