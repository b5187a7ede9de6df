using System.IO;
using MbmsMe.Crypto;
using MbmsMe.Hal.SoftUicc;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>The software UICC: authentication, the window of sequence numbers, AUTS, and its memory (TS 33.102).</summary>
    [TestClass]
    public class SoftUiccTests
    {
        [TestMethod]
        public void HasTheIdentityItWasGiven()
        {
            SoftwareUicc uicc = Uicc(new SimulatedDrive());
            Assert.AreEqual(Vectors.Iccid, uicc.Identity.Iccid);
            Assert.AreEqual(Vectors.Imsi, uicc.Identity.Imsi);
            Assert.AreEqual(2, uicc.Identity.MncLength);
        }

        [TestMethod]
        public void TakesTheChallengeOfTestSet1()
        {
            AkaResult result = Uicc(new SimulatedDrive()).Authenticate(Check.Bytes(Vectors.Rand), Check.Bytes(Vectors.Autn));
            Assert.IsTrue(result.Outcome == AkaOutcome.Success);
            Check.Hex(Vectors.Res, result.Res);
            Check.Hex(Vectors.Ck, result.Ck);
            Check.Hex(Vectors.Ik, result.Ik);
            Assert.IsNull(result.Auts);
        }

        [TestMethod]
        public void ARepeatedChallengeIsAnsweredWithTheAutsOfTheReference()
        {
            SoftwareUicc uicc = Uicc(new SimulatedDrive());
            uicc.Authenticate(Check.Bytes(Vectors.Rand), Check.Bytes(Vectors.Autn));
            AkaResult result = uicc.Authenticate(Check.Bytes(Vectors.Rand), Check.Bytes(Vectors.Autn));
            Assert.IsTrue(result.Outcome == AkaOutcome.SynchronisationFailure);
            Check.Hex(Vectors.Auts, result.Auts);
            Assert.IsNull(result.Res);
            Assert.IsNull(result.Ck);
            Assert.IsNull(result.Ik);
        }

        [TestMethod]
        public void AutsNamesTheHighestSequenceNumberAndVerifies()
        {
            SoftwareUicc uicc = Uicc(new SimulatedDrive());
            Assert.IsTrue(Accepts(uicc, "000000000120"));
            AkaResult result = uicc.Authenticate(Check.Bytes(Vectors.Rand), Autn("000000000001"));
            Assert.IsTrue(result.Outcome == AkaOutcome.SynchronisationFailure);
            Assert.AreEqual(14, result.Auts.Length);

            // The network's side, TS 33.102 clause 6.3.5: SQN_MS out of AK*, then MAC-S over it with AMF* = 0.
            byte[] rand = Check.Bytes(Vectors.Rand);
            byte[] ak = Milenage().F5Star(rand);
            byte[] sqn = Check.First(result.Auts, 6);
            for (int i = 0; i < 6; i++)
            {
                sqn[i] = (byte)(sqn[i] ^ ak[i]);
            }

            Check.Hex("000000000120", sqn);
            byte[] mac = Milenage().F1(rand, sqn, new byte[2]);
            Check.Region(Check.Text(mac, 8, 8), result.Auts, 6, 8);
        }

        [TestMethod]
        public void NoBitOfAutnMayBeWrong()
        {
            SoftwareUicc uicc = Uicc(new SimulatedDrive());
            for (int bit = 0; bit < 128; bit++)
            {
                AkaResult result = uicc.Authenticate(Check.Bytes(Vectors.Rand), Check.Flip(Check.Bytes(Vectors.Autn), bit));
                Assert.IsTrue(result.Outcome == AkaOutcome.MacFailure, "bit " + bit);
                Assert.IsNull(result.Res);
                Assert.IsNull(result.Ck);
                Assert.IsNull(result.Ik);
                Assert.IsNull(result.Auts);
            }
        }

        [TestMethod]
        public void AWrongMacUsesNoSequenceNumber()
        {
            SimulatedDrive memory = new SimulatedDrive();
            SoftwareUicc uicc = Uicc(memory);
            uicc.Authenticate(Check.Bytes(Vectors.Rand), Check.Flip(Autn("0000000000ff"), 127));
            Assert.AreEqual(0, memory.Writes);
            Assert.IsTrue(Accepts(uicc, "000000000001"));
        }

        [TestMethod]
        public void AnotherRandIsAWrongMac()
        {
            AkaResult result = Uicc(new SimulatedDrive()).Authenticate(
                Check.Flip(Check.Bytes(Vectors.Rand), 0), Check.Bytes(Vectors.Autn));
            Assert.IsTrue(result.Outcome == AkaOutcome.MacFailure);
        }

        [TestMethod]
        public void SequenceNumbersRiseByAnyStep()
        {
            SoftwareUicc uicc = Uicc(new SimulatedDrive());
            Assert.IsTrue(Accepts(uicc, "000000000001"));
            Assert.IsTrue(Accepts(uicc, "000000000002"));
            Assert.IsTrue(Accepts(uicc, "000000000020"));
            Assert.IsTrue(Accepts(uicc, "000080000000"));
            Assert.IsTrue(Accepts(uicc, "7fffffffffff"));
            Assert.IsTrue(Accepts(uicc, "800000000000"));
            Assert.IsTrue(Accepts(uicc, "ffffffffffff"));
            Assert.IsFalse(Accepts(uicc, "ffffffffffff"));
            Assert.IsFalse(Accepts(uicc, "000000000003"));
        }

        [TestMethod]
        public void ANewUiccRefusesSequenceNumberZero()
        {
            Assert.IsFalse(Accepts(Uicc(new SimulatedDrive()), "000000000000"));
        }

        [TestMethod]
        public void OutOfOrderNumbersWithinTheWindowAreTakenOnce()
        {
            SoftwareUicc uicc = Uicc(new SimulatedDrive());
            Assert.IsTrue(Accepts(uicc, "000000000100"));
            Assert.IsTrue(Accepts(uicc, "0000000000ff"));
            Assert.IsFalse(Accepts(uicc, "0000000000ff"));
            Assert.IsFalse(Accepts(uicc, "000000000100"));
            Assert.IsTrue(Accepts(uicc, "0000000000e1")); // 31 below
            Assert.IsFalse(Accepts(uicc, "0000000000e1"));
            Assert.IsFalse(Accepts(uicc, "0000000000e0")); // 32 below: out of the window
            Assert.IsFalse(Accepts(uicc, "000000000001"));
        }

        [TestMethod]
        public void TheWindowMovesWithTheHighestNumber()
        {
            SoftwareUicc uicc = Uicc(new SimulatedDrive());
            Assert.IsTrue(Accepts(uicc, "000000000100"));
            Assert.IsTrue(Accepts(uicc, "0000000000fe"));
            Assert.IsTrue(Accepts(uicc, "000000000110"));
            Assert.IsFalse(Accepts(uicc, "000000000100"));
            Assert.IsFalse(Accepts(uicc, "0000000000fe"));
            Assert.IsTrue(Accepts(uicc, "0000000000ff"));
            Assert.IsTrue(Accepts(uicc, "00000000010f"));
            Assert.IsTrue(Accepts(uicc, "00000000011f"));
            Assert.IsFalse(Accepts(uicc, "0000000000fe"));
            Assert.IsFalse(Accepts(uicc, "0000000000ff"));
            Assert.IsFalse(Accepts(uicc, "000000000100"));
            Assert.IsTrue(Accepts(uicc, "000000000101"));
        }

        [TestMethod]
        [DataRow("00000000011f", true)]
        [DataRow("000000000120", true)] // 0x101 is the lowest of the window
        [DataRow("000000000121", false)]
        [DataRow("000000010000", false)]
        public void AStepMovesTheWindowAndNeverFreesWhatWasUsed(string sqn, bool stillInTheWindow)
        {
            SoftwareUicc uicc = Uicc(new SimulatedDrive());
            Assert.IsTrue(Accepts(uicc, "000000000100"));
            Assert.IsTrue(Accepts(uicc, sqn));
            Assert.IsFalse(Accepts(uicc, "000000000100"));
            Assert.AreEqual(stillInTheWindow, Accepts(uicc, "000000000101"));
        }

        [TestMethod]
        public void TheMemorySurvivesThePowerCut()
        {
            SimulatedDrive memory = new SimulatedDrive();
            SoftwareUicc uicc = Uicc(memory);
            Assert.IsTrue(Accepts(uicc, "000000000100"));
            Assert.IsTrue(Accepts(uicc, "0000000000fd"));

            uicc = Uicc(memory);
            Assert.IsFalse(Accepts(uicc, "000000000100"));
            Assert.IsFalse(Accepts(uicc, "0000000000fd"));
            Assert.IsTrue(Accepts(uicc, "0000000000fe"));
            Assert.IsTrue(Accepts(uicc, "000000000101"));

            uicc = Uicc(memory);
            Assert.IsFalse(Accepts(uicc, "0000000000fe"));
            Assert.IsFalse(Accepts(uicc, "000000000101"));
        }

        [TestMethod]
        public void LargeSequenceNumbersSurviveThePowerCut()
        {
            SimulatedDrive memory = new SimulatedDrive();
            Assert.IsTrue(Accepts(Uicc(memory), "ff9bb4d0b607"));
            SoftwareUicc uicc = Uicc(memory);
            AkaResult result = uicc.Authenticate(Check.Bytes(Vectors.Rand), Autn("000000000001"));
            Assert.IsTrue(result.Outcome == AkaOutcome.SynchronisationFailure);
            Check.Hex(Vectors.Auts, result.Auts);
            Assert.IsTrue(Accepts(uicc, "ff9bb4d0b608"));
        }

        [TestMethod]
        public void ANumberThatCouldNotBeRememberedIsNotUsed()
        {
            SimulatedDrive memory = new SimulatedDrive();
            SoftwareUicc uicc = Uicc(memory);
            Assert.IsTrue(Accepts(uicc, "000000000001"));
            memory.Plan(0, DriveFault.Full, 0);
            Check.Throws(typeof(IOException), () => uicc.Authenticate(Check.Bytes(Vectors.Rand), Autn("000000000002")));
            Assert.IsTrue(Accepts(uicc, "000000000002"));
            Assert.IsFalse(Accepts(uicc, "000000000002"));
        }

        [TestMethod]
        public void NoKeyLeavesTheUiccBeforeItsNumberIsRemembered()
        {
            SimulatedDrive memory = new SimulatedDrive();
            SoftwareUicc uicc = Uicc(memory);
            memory.Plan(0, DriveFault.CutAfter, 0);
            Check.Throws(typeof(PowerCutException), () => uicc.Authenticate(Check.Bytes(Vectors.Rand), Autn("000000000001")));
            Assert.IsFalse(Accepts(Uicc(memory), "000000000001"));
        }

        [TestMethod]
        public void ARefusedNumberWritesNothing()
        {
            SimulatedDrive memory = new SimulatedDrive();
            SoftwareUicc uicc = Uicc(memory);
            Assert.IsTrue(Accepts(uicc, "000000000001"));
            Assert.AreEqual(1, memory.Writes);
            Assert.IsFalse(Accepts(uicc, "000000000001"));
            Assert.AreEqual(1, memory.Writes);
        }

        private static SoftwareUicc Uicc(ISlotDrive memory)
        {
            return new SoftwareUicc(
                new ManagedCrypto(), new UiccIdentity(Vectors.Iccid, Vectors.Imsi, 2), Check.Bytes(Vectors.K), Check.Bytes(Vectors.Opc), memory);
        }

        private static Milenage Milenage()
        {
            return new Milenage(new ManagedCrypto(), Check.Bytes(Vectors.K), Check.Bytes(Vectors.Opc));
        }

        private static bool Accepts(SoftwareUicc uicc, string sqn)
        {
            AkaResult result = uicc.Authenticate(Check.Bytes(Vectors.Rand), Autn(sqn));
            Assert.IsTrue(result.Outcome != AkaOutcome.MacFailure);
            return result.Outcome == AkaOutcome.Success;
        }

        private static byte[] Autn(string sqn)
        {
            byte[] rand = Check.Bytes(Vectors.Rand);
            byte[] autn = Check.Bytes(sqn + Vectors.Amf + "0000000000000000");
            byte[] mac = Milenage().F1(rand, Check.Bytes(sqn), Check.Bytes(Vectors.Amf));
            byte[] ak = Milenage().F2F5(rand);
            for (int i = 0; i < 8; i++)
            {
                autn[8 + i] = mac[i];
                autn[i] = (byte)(autn[i] ^ (i < 6 ? ak[i] : 0));
            }

            return autn;
        }
    }
}
