using System;

namespace MbmsMe.Tests
{
    /// <summary>
    /// Assertions that both test frameworks lack or spell differently, and octets as hexadecimal text. It uses
    /// nothing of the core: what checks must not rest on what is checked.
    /// </summary>
    internal static class Check
    {
        private const string Digits = "0123456789abcdef";

        /// <summary>The octets of hexadecimal text in lower case; spaces are passed over.</summary>
        public static byte[] Bytes(string hex)
        {
            byte[] octets = new byte[hex.Length];
            int digits = 0;
            for (int i = 0; i < hex.Length; i++)
            {
                if (hex[i] != ' ')
                {
                    int digit = Digits.IndexOf(hex[i]);
                    Assert.IsTrue(digit >= 0, "not hexadecimal: " + hex);
                    octets[digits / 2] = (byte)((octets[digits / 2] << 4) | digit);
                    digits++;
                }
            }

            Assert.AreEqual(0, digits % 2, "half an octet: " + hex);
            byte[] exact = new byte[digits / 2];
            Array.Copy(octets, 0, exact, 0, exact.Length);
            return exact;
        }

        /// <summary>Lower-case hexadecimal text of a region.</summary>
        public static string Text(byte[] octets, int offset, int count)
        {
            char[] text = new char[count * 2];
            for (int i = 0; i < count; i++)
            {
                text[2 * i] = Digits[octets[offset + i] >> 4];
                text[(2 * i) + 1] = Digits[octets[offset + i] & 15];
            }

            return new string(text);
        }

        /// <summary>The octets are exactly these.</summary>
        public static void Hex(string expected, byte[] actual)
        {
            Assert.AreEqual(expected, actual == null ? "null" : Text(actual, 0, actual.Length));
        }

        /// <summary>The region holds exactly these octets.</summary>
        public static void Region(string expected, byte[] actual, int offset, int count)
        {
            Assert.AreEqual(expected, Text(actual, offset, count));
        }

        /// <summary>Every octet is zero.</summary>
        public static void Wiped(byte[] secret)
        {
            for (int i = 0; i < secret.Length; i++)
            {
                Assert.AreEqual(0, (int)secret[i], "octet " + i);
            }
        }

        /// <summary>The action throws exactly that type; gives its message.</summary>
        public static string Throws(Type expected, Action action)
        {
            string thrown = "nothing";
            string message = null;
            try
            {
                action();
            }
            catch (Exception e)
            {
                thrown = e.GetType().FullName;
                message = e.Message;
            }

            Assert.AreEqual(expected.FullName, thrown, message);
            return message;
        }

        /// <summary>That many times the same octet.</summary>
        public static byte[] Repeat(int octet, int count)
        {
            byte[] octets = new byte[count];
            for (int i = 0; i < count; i++)
            {
                octets[i] = (byte)octet;
            }

            return octets;
        }

        /// <summary>Octets that count up from the first, modulo 256.</summary>
        public static byte[] Count(int first, int count)
        {
            byte[] octets = new byte[count];
            for (int i = 0; i < count; i++)
            {
                octets[i] = (byte)(first + i);
            }

            return octets;
        }

        /// <summary>The octets of ASCII text.</summary>
        public static byte[] Ascii(string text)
        {
            byte[] octets = new byte[text.Length];
            for (int i = 0; i < text.Length; i++)
            {
                Assert.IsTrue(text[i] < 128, "not ASCII: " + text);
                octets[i] = (byte)text[i];
            }

            return octets;
        }

        /// <summary>One array after the other.</summary>
        public static byte[] Concat(byte[] a, byte[] b)
        {
            byte[] all = new byte[a.Length + b.Length];
            Array.Copy(a, 0, all, 0, a.Length);
            Array.Copy(b, 0, all, a.Length, b.Length);
            return all;
        }

        /// <summary>The first octets.</summary>
        public static byte[] First(byte[] octets, int count)
        {
            byte[] first = new byte[count];
            Array.Copy(octets, 0, first, 0, count);
            return first;
        }

        /// <summary>A copy with one bit turned.</summary>
        public static byte[] Flip(byte[] octets, int bit)
        {
            byte[] copy = (byte[])octets.Clone();
            copy[bit / 8] = (byte)(copy[bit / 8] ^ (1 << (bit % 8)));
            return copy;
        }

        /// <summary>A copy of the text with the only occurrence of one part replaced.</summary>
        public static string Replaced(string text, string part, string by)
        {
            int at = text.IndexOf(part);
            Assert.IsTrue(at >= 0, "not there: " + part);
            Assert.IsTrue(text.IndexOf(part, at + 1) < 0, "there twice: " + part);
            return text.Substring(0, at) + by + text.Substring(at + part.Length);
        }
    }
}
