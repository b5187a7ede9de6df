using MbmsMe.Crypto;
using MbmsMe.Hal.SoftUicc;

namespace MbmsMe.Tests
{
    /// <summary>TS 35.206 against the test sets of protocol.md section 6.</summary>
    [TestClass]
    public class MilenageTests
    {
        private const string OtherRand = "6a61050765caa32c90371370e5d6dc2d";

        [TestMethod]
        public void F1AndF1StarOfTestSet1()
        {
            Check.Hex(
                "4a9ffac354dfafb3" + "01cfaf9ec4e871e9",
                Set1().F1(Check.Bytes(Vectors.Rand), Check.Bytes(Vectors.Sqn), Check.Bytes(Vectors.Amf)));
        }

        [TestMethod]
        public void F2AndF5OfTestSet1()
        {
            byte[] output = Set1().F2F5(Check.Bytes(Vectors.Rand));
            Check.Region("aa689c648370", output, 0, 6);
            Check.Region(Vectors.Res, output, 8, 8);
        }

        [TestMethod]
        public void F3OfTestSet1()
        {
            Check.Hex(Vectors.Ck, Set1().F3(Check.Bytes(Vectors.Rand)));
        }

        [TestMethod]
        public void F4OfTestSet1()
        {
            Check.Hex(Vectors.Ik, Set1().F4(Check.Bytes(Vectors.Rand)));
        }

        [TestMethod]
        public void F5StarOfTestSet1()
        {
            Check.Region("451e8beca43b", Set1().F5Star(Check.Bytes(Vectors.Rand)), 0, 6);
        }

        [TestMethod]
        public void OpcComesFromOp()
        {
            // OPc = E(K, OP) XOR OP, clause 4.1: the UICC is given OPc, the standard's set names OP.
            byte[] op = Check.Bytes("cdc202d5123e20f62b6d676ac72cb318");
            byte[] opc = (byte[])op.Clone();
            new Aes128(Check.Bytes(Vectors.K)).Encrypt(opc, 0);
            for (int i = 0; i < 16; i++)
            {
                opc[i] = (byte)(opc[i] ^ op[i]);
            }

            Check.Hex(Vectors.Opc, opc);
        }

        [TestMethod]
        public void AutnOfTestSet1()
        {
            Check.Hex(Vectors.Autn, Autn(Set1(), Vectors.Rand, Vectors.Sqn, Vectors.Amf));
        }

        [TestMethod]
        public void TheSetOfOsmoAucGen()
        {
            Milenage milenage = new Milenage(
                new ManagedCrypto(), Check.Bytes("1dc4f974325cce611e54f516dc1fec56"), Check.Bytes("2a48162ff3edca4adf0b7b5e527d6c16"));
            byte[] rand = Check.Bytes(OtherRand);
            Check.Region("f511d3a7f06e6a30", milenage.F2F5(rand), 8, 8);
            Check.Hex("f0b29f50a7d873f30336473bdc35d04f", milenage.F3(rand));
            Check.Hex("6cf555588bb61ab2ff23cd333c05ed09", milenage.F4(rand));
            Check.Hex("790c5d80c47b0000716ce00883bc39e1", Autn(milenage, OtherRand, "000000000000", "0000"));
        }

        [TestMethod]
        public void InputsAndKeysAreLeftAsTheyWere()
        {
            byte[] k = Check.Bytes(Vectors.K);
            byte[] opc = Check.Bytes(Vectors.Opc);
            byte[] rand = Check.Bytes(Vectors.Rand);
            Milenage milenage = new Milenage(new ManagedCrypto(), k, opc);
            milenage.F1(rand, Check.Bytes(Vectors.Sqn), Check.Bytes(Vectors.Amf));
            milenage.F2F5(rand);
            milenage.F5Star(rand);
            Check.Hex(Vectors.K, k);
            Check.Hex(Vectors.Opc, opc);
            Check.Hex(Vectors.Rand, rand);
            Check.Hex(Vectors.Ck, milenage.F3(rand));
        }

        private static Milenage Set1()
        {
            return new Milenage(new ManagedCrypto(), Check.Bytes(Vectors.K), Check.Bytes(Vectors.Opc));
        }

        // AUTN = (SQN XOR AK) || AMF || MAC-A, TS 33.102 clause 6.3.2.
        private static byte[] Autn(Milenage milenage, string rand, string sqn, string amf)
        {
            byte[] autn = Check.Bytes(sqn + amf + "0000000000000000");
            byte[] mac = milenage.F1(Check.Bytes(rand), Check.Bytes(sqn), Check.Bytes(amf));
            byte[] ak = milenage.F2F5(Check.Bytes(rand));
            for (int i = 0; i < 8; i++)
            {
                autn[8 + i] = mac[i];
                autn[i] = (byte)(autn[i] ^ (i < 6 ? ak[i] : 0));
            }

            return autn;
        }
    }
}
