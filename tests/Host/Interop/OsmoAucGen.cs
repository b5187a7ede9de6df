using System.Globalization;
using CsCheck;
using MbmsMe.Crypto;
using MbmsMe.Hal.SoftUicc;
using MbmsMe.Machine;

namespace MbmsMe.Tests.Host;

/// <summary>Milenage, AUTN, AUTS and the IMS nonce of the software UICC against Osmocom's osmo-auc-gen.</summary>
[TestClass]
public sealed class OsmoAucGen
{
    private const int Inputs = 25;
    private static readonly Tool s_tool = new("osmo-auc-gen", "libosmocore-utils");
    private static readonly byte[] s_amf = [0x80, 0x00];

    /// <summary>osmo-auc-gen steps SEQ by itself before it makes a vector; below 32 there is nothing to step from.</summary>
    private static readonly Gen<ulong> s_sqn = Gen.ULong[32, (1UL << 48) - 64];

    [TestMethod]
    public void UiccTakesItsVectors()
    {
        s_tool.Require();
        Gen.Select(RandomInputs.Octets(16), RandomInputs.Octets(16), RandomInputs.Octets(16), s_sqn).Sample(
            (k, opc, rand, sqn) =>
            {
                Dictionary<string, string> vector = Run(k, opc, rand, "-s", sqn.ToString(CultureInfo.InvariantCulture));
                byte[] autn = Convert.FromHexString(vector["AUTN"]);
                Assert.AreEqual(sqn.ToString(CultureInfo.InvariantCulture), vector["SQN"]);
                CollectionAssert.AreEqual(Convert.FromBase64String(vector["IMS nonce"]), (byte[])[.. rand, .. autn], "the nonce of Ub");

                AkaResult result = NewUicc(k, opc).Authenticate(rand, autn);
                Assert.AreEqual(AkaOutcome.Success, result.Outcome);
                Assert.AreEqual(vector["RES"], Convert.ToHexStringLower(result.Res));
                Assert.AreEqual(vector["IMS res"], Convert.ToBase64String(result.Res));
                Assert.AreEqual(vector["CK"], Convert.ToHexStringLower(result.Ck));
                Assert.AreEqual(vector["IK"], Convert.ToHexStringLower(result.Ik));

                Lab.Milenage lab = new(k, opc);
                CollectionAssert.AreEqual(autn, Aka.Autn(lab, rand, sqn, s_amf), "AUTN of the lab");
            },
            iter: Inputs,
            threads: 2);
    }

    [TestMethod]
    public void ItTakesTheUiccsAuts()
    {
        s_tool.Require();
        Gen.Select(RandomInputs.Octets(16), RandomInputs.Octets(16), RandomInputs.Octets(16), s_sqn).Sample(
            (k, opc, rand, sqn) =>
            {
                SoftwareUicc uicc = NewUicc(k, opc);
                byte[] autn = Aka.Autn(new Lab.Milenage(k, opc), rand, sqn, s_amf);
                Assert.AreEqual(AkaOutcome.Success, uicc.Authenticate(rand, autn).Outcome);
                AkaResult again = uicc.Authenticate(rand, autn);
                Assert.AreEqual(AkaOutcome.SynchronisationFailure, again.Outcome);

                Dictionary<string, string> vector = Run(k, opc, rand, "-A", Convert.ToHexStringLower(again.Auts));
                Assert.AreEqual(sqn.ToString(CultureInfo.InvariantCulture), vector["SQN.MS"]);
                Assert.AreEqual(AkaOutcome.Success, uicc.Authenticate(rand, Convert.FromHexString(vector["AUTN"])).Outcome, "the vector after AUTS");
            },
            iter: Inputs,
            threads: 2);
    }

    private static SoftwareUicc NewUicc(byte[] k, byte[] opc) =>
        new(new ManagedCrypto(), new UiccIdentity(MeAndLab.Iccid, MeAndLab.First.Imsi, MeAndLab.First.MncLength), k, opc, new SimulatedDrive());

    private static Dictionary<string, string> Run(byte[] k, byte[] opc, byte[] rand, params string[] more) =>
        s_tool.Run(
            [
                "-3", "-a", "milenage", "-k", Convert.ToHexStringLower(k), "-o", Convert.ToHexStringLower(opc),
                "-f", Convert.ToHexStringLower(s_amf), "-r", Convert.ToHexStringLower(rand), .. more,
            ])
            .Split('\n')
            .Select(line => line.Split(":\t", 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1].Trim());
}
