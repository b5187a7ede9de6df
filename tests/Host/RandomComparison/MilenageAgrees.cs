using CsCheck;
using MbmsMe.Crypto;
using MbmsMe.Hal.SoftUicc;
using MbmsMe.Machine;

namespace MbmsMe.Tests.Host;

/// <summary>Milenage and the software UICC against the lab's own Milenage.</summary>
[TestClass]
public sealed class MilenageAgrees
{
    private static readonly Gen<byte[]> s_key = RandomInputs.Octets(16);
    private static readonly Gen<ulong> s_sqn = Gen.ULong[1, (1UL << 48) - 1];

    [TestMethod]
    public void EveryFunction() =>
        Gen.Select(s_key, s_key, s_key, s_sqn, RandomInputs.Octets(2)).Sample(
            (k, opc, rand, sqn, amf) =>
            {
                Lab.Milenage lab = new(k, opc);
                Milenage core = new(new ManagedCrypto(), k, opc);
                (byte[] macA, byte[] macS) = lab.F1(rand, sqn, amf);
                (byte[] res, byte[] ak) = lab.F2F5(rand);
                CollectionAssert.AreEqual((byte[])[.. macA, .. macS], core.F1(rand, Lab.Milenage.SqnOctets(sqn), amf), "f1, f1*");
                CollectionAssert.AreEqual(res, core.F2F5(rand)[8..], "f2");
                CollectionAssert.AreEqual(ak, core.F2F5(rand)[..6], "f5");
                CollectionAssert.AreEqual(lab.F3(rand), core.F3(rand), "f3");
                CollectionAssert.AreEqual(lab.F4(rand), core.F4(rand), "f4");
                CollectionAssert.AreEqual(lab.F5Star(rand), core.F5Star(rand)[..6], "f5*");
            },
            iter: RandomInputs.Count);

    /// <summary>AUTN is accepted once; the second time AUTS tells the network the same SQN; a wrong bit in AUTN's MAC is refused.</summary>
    [TestMethod]
    public void AutnAndAuts() =>
        Gen.Select(s_key, s_key, s_key, s_sqn, Gen.Int[0, 63]).Sample(
            (k, opc, rand, sqn, bit) =>
            {
                Lab.Milenage lab = new(k, opc);
                SoftwareUicc uicc = new(new ManagedCrypto(), new UiccIdentity("8988201000000000019", "001010123456789", 2), k, opc, new SimulatedDrive());
                byte[] autn = Aka.Autn(lab, rand, sqn, [0x80, 0x00]);
                byte[] wrong = [.. autn];
                wrong[8 + (bit / 8)] ^= (byte)(1 << (bit % 8));
                Assert.AreEqual(AkaOutcome.MacFailure, uicc.Authenticate(rand, wrong).Outcome);

                AkaResult first = uicc.Authenticate(rand, autn);
                Assert.AreEqual(AkaOutcome.Success, first.Outcome);
                CollectionAssert.AreEqual(lab.F2F5(rand).Res, first.Res);
                CollectionAssert.AreEqual(lab.F3(rand), first.Ck);
                CollectionAssert.AreEqual(lab.F4(rand), first.Ik);

                AkaResult second = uicc.Authenticate(rand, autn);
                Assert.AreEqual(AkaOutcome.SynchronisationFailure, second.Outcome);
                CollectionAssert.AreEqual(Aka.Auts(lab, rand, sqn), second.Auts);
            },
            iter: RandomInputs.Count);
}
