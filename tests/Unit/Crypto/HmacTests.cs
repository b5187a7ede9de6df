using MbmsMe.Crypto;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>Known answers of RFC 2202 (MD5, SHA-1) and RFC 4231 (SHA-256), long keys and prepared keys.</summary>
    [TestClass]
    public class HmacTests
    {
        private const string LargerKey = "Test Using Larger Than Block-Size Key - Hash Key First";
        private const string LargerKeyAndData = "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data";
        private const string LargerOf4231 =
            "This is a test using a larger than block-size key and a larger than block-size data. "
            + "The key needs to be hashed before being used by the HMAC algorithm.";

        [TestMethod]
        public void Rfc2202Md5()
        {
            Check.Hex("9294727a3638bb1c13f48ef8158bfc9d", MdFive(Check.Repeat(0x0b, 16), "Hi There"));
            Check.Hex("750c783e6ab0b503eaa86e310a5db738", MdFive(Check.Ascii("Jefe"), "what do ya want for nothing?"));
            Check.Hex("56be34521d144c88dbb8c733f0e8b3f6", Mac(new Md5(), Check.Repeat(0xaa, 16), Check.Repeat(0xdd, 50)));
            Check.Hex("697eaf0aca3a3aea3a75164746ffaa79", Mac(new Md5(), Check.Count(1, 25), Check.Repeat(0xcd, 50)));
            Check.Hex("56461ef2342edc00f9bab995690efd4c", MdFive(Check.Repeat(0x0c, 16), "Test With Truncation"));
            Check.Hex("6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd", MdFive(Check.Repeat(0xaa, 80), LargerKey));
            Check.Hex("6f630fad67cda0ee1fb1f562db3aa53e", MdFive(Check.Repeat(0xaa, 80), LargerKeyAndData));
        }

        [TestMethod]
        public void Rfc2202Sha1()
        {
            Check.Hex("b617318655057264e28bc0b6fb378c8ef146be00", ShaOne(Check.Repeat(0x0b, 20), "Hi There"));
            Check.Hex("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", ShaOne(Check.Ascii("Jefe"), "what do ya want for nothing?"));
            Check.Hex(
                "125d7342b9ac11cd91a39af48aa17b4f63f175d3", Mac(new Sha1(), Check.Repeat(0xaa, 20), Check.Repeat(0xdd, 50)));
            Check.Hex("4c9007f4026250c6bc8414f9bf50c86c2d7235da", Mac(new Sha1(), Check.Count(1, 25), Check.Repeat(0xcd, 50)));
            Check.Hex("4c1a03424b55e07fe7f27be1d58bb9324a9a5a04", ShaOne(Check.Repeat(0x0c, 20), "Test With Truncation"));
            Check.Hex("aa4ae5e15272d00e95705637ce8a3b55ed402112", ShaOne(Check.Repeat(0xaa, 80), LargerKey));
            Check.Hex("e8e99d0f45237d786d6bbaa7965c7808bbff1a91", ShaOne(Check.Repeat(0xaa, 80), LargerKeyAndData));
        }

        [TestMethod]
        public void Rfc4231Sha256()
        {
            Check.Hex(
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7", ShaTwo(Check.Repeat(0x0b, 20), "Hi There"));
            Check.Hex(
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                ShaTwo(Check.Ascii("Jefe"), "what do ya want for nothing?"));
            Check.Hex(
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
                Mac(new Sha256(), Check.Repeat(0xaa, 20), Check.Repeat(0xdd, 50)));
            Check.Hex(
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
                Mac(new Sha256(), Check.Count(1, 25), Check.Repeat(0xcd, 50)));
            Check.Region(
                "a3b6167473100ee06e0c796c2955552b", ShaTwo(Check.Repeat(0x0c, 20), "Test With Truncation"), 0, 16);
            Check.Hex(
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54", ShaTwo(Check.Repeat(0xaa, 131), LargerKey));
            Check.Hex(
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2", ShaTwo(Check.Repeat(0xaa, 131), LargerOf4231));
        }

        [TestMethod]
        [DataRow(0, "1278f94138734e140e0a22ecefa79435c07c50df")]
        [DataRow(63, "4dfd8916d038158aa0134bc5a221d04ba81b1a13")]
        [DataRow(64, "41d30cb173de2cbf48f76351278185e99b5c36e1")]
        [DataRow(65, "27f985ce18c891976e6a10fbadb46d0e5db07009")]
        public void KeysAroundTheLengthOfABlock(int length, string mac)
        {
            Check.Hex(mac, Mac(new Sha1(), Check.Repeat('k', length), Check.Repeat('d', 70)));
        }

        [TestMethod]
        public void APreparedKeyAuthenticatesAnyNumberOfMessages()
        {
            Hmac hmac = new Hmac(new Sha1());
            HmacKey key = hmac.Prepare(Check.Ascii("Jefe"));
            HmacKey other = hmac.Prepare(Check.Repeat(0x0b, 20));
            for (int i = 0; i < 3; i++)
            {
                Check.Hex("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", Mac(hmac, key, Check.Ascii("what do ya want for nothing?")));
                Check.Hex("b617318655057264e28bc0b6fb378c8ef146be00", Mac(hmac, other, Check.Ascii("Hi There")));
            }
        }

        [TestMethod]
        public void AKeyPreparedInPlaceOfAnotherReplacesIt()
        {
            Hmac hmac = new Hmac(new Sha1());
            HmacKey key = hmac.Prepare(Check.Ascii("another"));
            hmac.Prepare(Check.Ascii("Jefe"), key);
            Check.Hex("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", Mac(hmac, key, Check.Ascii("what do ya want for nothing?")));
        }

        [TestMethod]
        public void AWipedKeyIsOfNoUse()
        {
            Hmac hmac = new Hmac(new Sha1());
            HmacKey key = hmac.Prepare(Check.Ascii("Jefe"));
            key.Wipe();
            HmacKey blank = new HmacStates(5);
            Check.Hex(
                Check.Text(Mac(hmac, blank, Check.Ascii("Hi There")), 0, 20), Mac(hmac, key, Check.Ascii("Hi There")));
        }

        [TestMethod]
        public void PreparingTakesTwoCompressionsAndAMacOneMoreThanItsBlocks()
        {
            Hmac hmac = new Hmac(new Sha1());
            uint before = BlockHash.Compressions;
            HmacKey key = hmac.Prepare(Check.Repeat(0x0b, 20));
            Assert.AreEqual(2u, BlockHash.Compressions - before);
            Mac(hmac, key, new byte[55]);
            Assert.AreEqual(4u, BlockHash.Compressions - before);
        }

        private static byte[] MdFive(byte[] key, string data)
        {
            return Mac(new Md5(), key, Check.Ascii(data));
        }

        private static byte[] ShaOne(byte[] key, string data)
        {
            return Mac(new Sha1(), key, Check.Ascii(data));
        }

        private static byte[] ShaTwo(byte[] key, string data)
        {
            return Mac(new Sha256(), key, Check.Ascii(data));
        }

        private static byte[] Mac(BlockHash hash, byte[] key, byte[] data)
        {
            Hmac hmac = new Hmac(hash);
            return Mac(hmac, hmac.Prepare(key), data, hash.Size);
        }

        private static byte[] Mac(Hmac hmac, HmacKey key, byte[] data)
        {
            return Mac(hmac, key, data, 20);
        }

        private static byte[] Mac(Hmac hmac, HmacKey key, byte[] data, int size)
        {
            byte[] mac = new byte[size];
            hmac.Begin(key);
            hmac.Update(data, 0, data.Length);
            hmac.Finish(mac, 0);
            return mac;
        }
    }
}
