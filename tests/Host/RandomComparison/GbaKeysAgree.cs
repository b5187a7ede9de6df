using System.Text;
using CsCheck;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Gba;

namespace MbmsMe.Tests.Host;

/// <summary>Ks_NAF, MRK and NAF_Id against the lab's.</summary>
[TestClass]
public sealed class GbaKeysAgree
{
    [TestMethod]
    public void KsNafAndMrk() =>
        Gen.Select(RandomInputs.Octets(32), RandomInputs.Octets(16), RandomInputs.Printable(80), RandomInputs.Printable(80)).Sample(
            (ks, rand, impi, fqdn) =>
            {
                ManagedCrypto engine = new();
                byte[] nafId = GbaIdentity.NafId(fqdn);
                CollectionAssert.AreEqual(Lab.GbaKeys.NafId(fqdn), nafId, "NAF_Id");

                byte[] ksNaf = GbaKeys.DeriveNafKey(engine, ks, rand, impi, nafId);
                CollectionAssert.AreEqual(Lab.GbaKeys.KsNaf(ks, rand, impi, nafId), ksNaf, "Ks_NAF");
                CollectionAssert.AreEqual(Lab.GbaKeys.Mrk(ksNaf), GbaKeys.DeriveMrk(engine, ksNaf), "MRK");
                CollectionAssert.AreEqual(
                    Encoding.ASCII.GetBytes(Convert.ToBase64String(Lab.GbaKeys.Mrk(ksNaf))),
                    Octets.ToBase64(GbaKeys.DeriveMrk(engine, ksNaf)),
                    "the password of Ua");
            },
            iter: RandomInputs.Count);
}
