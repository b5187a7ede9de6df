using MbmsMe.Mikey;

namespace MbmsMe.Tests
{
    /// <summary>
    /// Damaged datagrams: every truncation and extension of every message is refused; no flipped bit and no garbage
    /// makes reading throw, or gives a field that is not within the message.
    /// </summary>
    [TestClass]
    public class MikeyRobustnessTests
    {
        [TestMethod]
        [DataRow("MSK")]
        [DataRow("pull")]
        [DataRow("MTK")]
        [DataRow("verification")]
        [DataRow("draft MSK")]
        [DataRow("draft pull")]
        [DataRow("deployed")]
        public void EveryTruncationIsRefused(string name)
        {
            byte[] data = Vectors.Message(name);
            MikeyMessage message = new MikeyMessage();
            for (int length = 0; length < data.Length; length++)
            {
                // In a buffer of its own, and in front of its old end.
                Assert.IsFalse(message.TryRead(Check.First(data, length), length), length + " octets");
                Assert.IsFalse(message.TryRead(data, length), length + " octets of the buffer");
            }

            Assert.IsTrue(message.TryRead(data, data.Length));
        }

        [TestMethod]
        [DataRow("MSK")]
        [DataRow("pull")]
        [DataRow("MTK")]
        [DataRow("verification")]
        [DataRow("draft MSK")]
        [DataRow("draft pull")]
        [DataRow("deployed")]
        public void EveryExtensionIsRefused(string name)
        {
            byte[] data = Vectors.Message(name);
            MikeyMessage message = new MikeyMessage();
            for (int octet = 0; octet < 256; octet++)
            {
                byte[] extended = Check.Concat(data, Check.Repeat(octet, 1));
                Assert.IsFalse(message.TryRead(extended, extended.Length), "octet " + octet);
            }

            for (int count = 2; count <= 40; count++)
            {
                byte[] extended = Check.Concat(data, new byte[count]);
                Assert.IsFalse(message.TryRead(extended, extended.Length), count + " octets");
            }
        }

        [TestMethod]
        [DataRow("MSK")]
        [DataRow("pull")]
        [DataRow("MTK")]
        [DataRow("verification")]
        [DataRow("draft MSK")]
        [DataRow("draft pull")]
        [DataRow("deployed")]
        public void NoFlippedBitGivesAFieldOutsideOfTheMessage(string name)
        {
            byte[] data = Vectors.Message(name);
            MikeyMessage message = new MikeyMessage();
            int read = 0;
            for (int bit = 0; bit < 8 * data.Length; bit++)
            {
                byte[] flipped = Check.Flip(data, bit);
                if (message.TryRead(flipped, flipped.Length))
                {
                    read++;
                    IsWithin(message);
                }
            }

            // At least the 160 bits of the MAC, the 32 of the counter and the 32 of CSB ID stay readable; lengths do not.
            Assert.IsTrue(read >= 224 && read < 8 * data.Length, read + " of " + (8 * data.Length));
        }

        [TestMethod]
        public void NoGarbageGivesAFieldOutsideOfTheMessage()
        {
            MikeyMessage message = new MikeyMessage();
            uint random = 12345;
            int read = 0;
            for (int round = 0; round < 1500; round++)
            {
                // Half of the rounds damage a real message in a few places, the others are garbage behind a real HDR.
                byte[] data = Vectors.Message((round & 2) == 0 ? "draft MSK" : "MTK");
                random = Next(random);
                int damages = (round & 1) == 0 ? 1 + (int)(random >> 30) : data.Length;
                for (int i = 0; i < damages; i++)
                {
                    random = Next(random);
                    int at = 10 + (int)((random >> 8) % (uint)(data.Length - 10));
                    random = Next(random);
                    data[at] = (byte)(random >> 24);
                }

                if (message.TryRead(data, data.Length))
                {
                    read++;
                    IsWithin(message);
                }
            }

            Assert.IsTrue(read > 0 && read < 1500, read + " of 1500");
        }

        private static uint Next(uint random)
        {
            return (random * 1664525) + 1013904223;
        }

        private static void IsWithin(MikeyMessage message)
        {
            IsWithin(message, message.KeyDomainOffset, 3);
            IsWithin(message, message.MskIdOffset, message.MskIdLength);
            IsWithin(message, message.MtkIdOffset, message.MtkIdLength);
            IsWithin(message, message.TimestampOffset, message.TimestampType == MikeyConstants.CounterTimestamp ? 4 : 8);
            IsWithin(message, message.RandOffset, message.RandLength);
            IsWithin(message, message.IdiOffset, message.IdiLength);
            IsWithin(message, message.IdrOffset, message.IdrLength);
            IsWithin(message, message.EncryptedOffset, message.EncryptedLength);
            IsWithin(message, message.MacOffset, 20);
            Assert.IsTrue(message.MacOffset == 0 || message.MacOffset + 20 == message.Length, "the MAC is not last");
        }

        private static void IsWithin(MikeyMessage message, int offset, int length)
        {
            Assert.IsTrue(
                offset == 0 || (offset >= 10 && length >= 0 && offset + length <= message.Length),
                offset + " and " + length + " octets of " + message.Length);
        }
    }
}
