using System;

namespace MbmsMe.Tests
{
    /// <summary>
    /// The test vectors of protocol.md sections 6, 10 and 11: made by an independent program, or seen from deployed
    /// equipment. Octet strings are lower-case hexadecimal text.
    /// </summary>
    internal static class Vectors
    {
        // Milenage test set 1 (TS 35.207, TS 35.208).
        public const string K = "465b5ce8b199b49faa5f0a2ee238a6bc";
        public const string Opc = "cd63cb71954a9f4e48a5994e37a02baf";
        public const string Rand = "23553cbe9637a89d218ae64dae47bf35";
        public const string Sqn = "ff9bb4d0b607";
        public const string Amf = "b9b9";
        public const string Res = "a54211d5e3ba50bf";
        public const string Ck = "b40ba9a3c58b2a05bbf0d987b21bf8cb";
        public const string Ik = "f769bcd751044604127672711c6d3441";
        public const string Autn = "55f328b43577b9b94a9ffac354dfafb3";
        public const string Auts = "ba853f3c123ccf44e93596e355c6";
        public const string AutsBase64 = "uoU/PBI8z0TpNZbjVcY=";

        // GBA.
        public const string Iccid = "8988201000000000019";
        public const string Imsi = "001010123456789";
        public const string Impi = "001010123456789@ims.mnc001.mcc001.3gppnetwork.org";
        public const string BsfFqdn = "bsf.mnc001.mcc001.pub.3gppnetwork.org";
        public const string Btid = "I1U8vpY3qJ0hiuZNrke/NQ==@bsf.mnc001.mcc001.pub.3gppnetwork.org";
        public const string BtidHex =
            "4931553876705933714a306869755a4e726b652f4e513d3d406273662e6d6e633030312e6d63633030312e7075622e336770706e6574776f726b2e6f7267";
        public const string Nonce = "I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=";
        public const string BmscFqdn = "bmsc.example.org";
        public const string BmscFqdnHex = "626d73632e6578616d706c652e6f7267";
        public const string NafId = "626d73632e6578616d706c652e6f72670100000001";
        public const string NafKeyS =
            "016762612d6d65000623553cbe9637a89d218ae64dae47bf35001030303130313031323334353637383940696d732e6d6e633030312e6d63633030312e336770706e6574776f726b2e6f72670031626d73632e6578616d706c652e6f726701000000010015";
        public const string Ks = "b40ba9a3c58b2a05bbf0d987b21bf8cbf769bcd751044604127672711c6d3441";
        public const string Muk = "ac989d60aad1969639e2073bf7ff93c1c652ea91b627a95a1c1e3ab1a836c48c";
        public const string MrkS = "016d626d732d6d726b0008";
        public const string Mrk = "c0c7aab9d1ee79b93aa08461ec060b2c948bad87211b51b8f84267c63e5dcea4";
        public const string MrkBase64 = "wMequdHuebk6oIRh7AYLLJSLrYchG1G4+EJnxj5dzqQ=";

        // MIKEY, release6.
        public const uint CsbId = 0x12345678;
        public const string MikeyRand = "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf";
        public const string KeyDomain = "00f110";
        public const string MskId = "00010001";
        public const string Msk = "000102030405060708090a0b0c0d0e0f";
        public const string Mtk = "101112131415161718191a1b1c1d1e1f";
        public const string MtkSalt = "202122232425262728292a2b2c2d";
        public const string EncryptionKey = "83fc67159bc1ab1549c821372a8b8e29";
        public const string SaltKey = "b2fdb3d399ca417f5c68748f7482";
        public const string AuthenticationKey = "6c98a5aa3a7b046f62a82bb82975ac04abfb9d83";
        public const string Iv = "b2fda1e7cfb2417f5c68748f74830000";
        public const string KeyData = "00020010000102030405060708090a0b0c0d0e0f0200010203e8";
        public const string EncryptedKeyData = "389eaf207419c562c32241f813b3a5c14b4ddeaefc59a17f3e8c";
        public const string MskMac = "5eb5b4a3b71d28d888b7a2965ac386c9a1814dd3";
        public const string MskMessage =
            "010015801234567800010503000b000300f1100104000100010b02000000010610" + MikeyRand + "06000010" + BmscFqdnHex
            + "0100003e" + BtidHex + "0001001a" + EncryptedKeyData + "01" + MskMac;

        public const string VerData = "f9d725cc61e29e35bac39f0c92d3536d467019cc";
        public const string VerificationMessage = "010105001234567800010602000000010900003e" + BtidHex + "0001" + VerData;
        public const string MskEncryptionKey = "728ffc4e7bea1d0d8106d39a7403f137";
        public const string MskSaltKey = "44f89561458faec57b3c630b5095";
        public const string MskAuthenticationKey = "1c259cd9039f914f4e376c9983028c56d93bfa48";
        public const string MtkMessage =
            "010015001234567800010503000f000300f1100104000100010202000101020000000100010024a2c7eb83830a6362a0a242512b2011fa6a7e7e8af688514684ba2c4f004f706c4b1d610001238deaba6c2a54bd84307a4c81968b7944b91787";
        public const string PullMac = "a4313c7a6f84e5c2c3a6d98011c9fdd37ae995e6";
        public const string PullMessage =
            "010015001234567800010503000b000300f1100104000100000b02000000020610" + MikeyRand + "06000010" + BmscFqdnHex
            + "0100003e" + BtidHex + "0001000001" + PullMac;

        // MIKEY, draft2004.
        public const string DraftEncryptionKey = "660c8c3b27ec6ce8c733acc193b66d7d";
        public const string DraftSaltKey = "12c1788bc5845d1a7559557168fb";
        public const string DraftAuthenticationKey = "a00efb65107efab2a2aecbf3eb1df18b3d0fc693";
        public const string DraftEncryptedKeyData = "20539664693a7ca1d4e9a209c62556ad16d3a3b0a216abc74780";
        public const string DraftMskMac = "21b4620256ee767c22af4f3bd506d91a3bc7458c";
        public const string DraftMskMessage =
            "0100158000000010000105030004010200010b02000000070610" + MikeyRand + "0600000300f1100100003e" + BtidHex
            + "0001001a" + DraftEncryptedKeyData + "01" + DraftMskMac;

        public const string DraftPullMac = "d1f0daf0722362dbf61eed2824ff2062be907360";
        public const string DraftPullMessage =
            "0100150000000010000105030004010200000b02000000080610" + MikeyRand + "0600000300f1100100003e" + BtidHex
            + "0001000001" + DraftPullMac;

        // Section 11: an MSK message of a real smart card test; its key is not known.
        public const string DeployedMessage =
            "01001500aaaabbbb00010503000b0003aaaaaa0104a1a2a3a40b020000000106101234567890abcdeffedcba0987654321"
            + "0600000d017777772e6d6f74762e636f6d0100002578684f4270656b496c42386e30735265554a384768673d3d407777772e6d6f74762e636f6d"
            + "0001001ef803de39e567b027d221a37ca7afc64da12a01b63da0c9557c89cd62301e01808f4484b971163bab8631e26d535b2264f23fd2";

        /// <summary>One of the messages above by a name short enough for a test's data row.</summary>
        public static byte[] Message(string name)
        {
            switch (name)
            {
                case "MSK":
                    return Check.Bytes(MskMessage);
                case "MTK":
                    return Check.Bytes(MtkMessage);
                case "pull":
                    return Check.Bytes(PullMessage);
                case "verification":
                    return Check.Bytes(VerificationMessage);
                case "draft MSK":
                    return Check.Bytes(DraftMskMessage);
                case "draft pull":
                    return Check.Bytes(DraftPullMessage);
                case "deployed":
                    return Check.Bytes(DeployedMessage);
                default:
                    throw new ArgumentException(name);
            }
        }
    }
}
