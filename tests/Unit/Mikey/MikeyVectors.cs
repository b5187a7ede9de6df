using MbmsMe.Binary;
using MbmsMe.Mikey;

namespace MbmsMe.Tests
{
    /// <summary>The MIKEY messages of <see cref="Vectors"/> as the core reads them, and what their keys come from.</summary>
    internal static class MikeyVectors
    {
        /// <summary>A message, well formed.</summary>
        public static MikeyMessage Read(string name)
        {
            MikeyMessage message = new MikeyMessage();
            byte[] data = Vectors.Message(name);
            Assert.IsTrue(message.TryRead(data, data.Length), name);
            return message;
        }

        /// <summary>An MSK message or solicited pull, in form.</summary>
        public static MskMessage ReadMsk(string name)
        {
            MskMessage message = new MskMessage();
            Assert.IsTrue(message.TryTake(Read(name)), name);
            return message;
        }

        /// <summary>A pre-shared key in hexadecimal, a CSB ID and the RAND of the vectors.</summary>
        public static MikeyKeySource Source(MikeyCrypto crypto, string key, uint csbId)
        {
            return new MikeyKeySource(crypto.Prepare(Check.Bytes(key)), csbId, new OctetRegion(Check.Bytes(Vectors.MikeyRand)));
        }

        /// <summary>A pre-shared key in hexadecimal, CSB ID and RAND of a message.</summary>
        public static MikeyKeySource Source(MikeyCrypto crypto, string key, MikeyMessage message)
        {
            OctetRegion rand = new OctetRegion(message.Data, message.RandOffset, message.RandLength);
            return new MikeyKeySource(crypto.Prepare(Check.Bytes(key)), message.CsbId, rand);
        }
    }
}
