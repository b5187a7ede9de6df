using MbmsMe.Binary;
using MbmsMe.Gba;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>IMPI, BSF name, NAF_Id and B-TID.</summary>
    [TestClass]
    public class GbaIdentityTests
    {
        [TestMethod]
        [DataRow("001010123456789", 2, "001010123456789@ims.mnc001.mcc001.3gppnetwork.org")]
        [DataRow("310410123456789", 3, "310410123456789@ims.mnc410.mcc310.3gppnetwork.org")]
        [DataRow("234150123456789", 2, "234150123456789@ims.mnc015.mcc234.3gppnetwork.org")]
        [DataRow("234150123456789", 3, "234150123456789@ims.mnc150.mcc234.3gppnetwork.org")]
        [DataRow("001010", 3, "001010@ims.mnc010.mcc001.3gppnetwork.org")]
        public void ImpiNamesTheHomeNetwork(string imsi, int mncLength, string impi)
        {
            Assert.AreEqual(impi, GbaIdentity.Impi(Uicc(imsi, mncLength)));
        }

        [TestMethod]
        [DataRow("001010123456789", 2, "bsf.mnc001.mcc001.pub.3gppnetwork.org")]
        [DataRow("310410123456789", 3, "bsf.mnc410.mcc310.pub.3gppnetwork.org")]
        public void BsfOfTheHomeNetwork(string imsi, int mncLength, string fqdn)
        {
            Assert.AreEqual(fqdn, GbaIdentity.BsfFqdn(Uicc(imsi, mncLength)));
        }

        [TestMethod]
        public void NafIdIsTheFqdnAndTheMbmsProtocol()
        {
            Check.Hex(Vectors.NafId, GbaIdentity.NafId(Vectors.BmscFqdn));
        }

        [TestMethod]
        public void BtidOfTheVectorIsRandAtTheBsf()
        {
            byte[] rand = Check.Bytes(Vectors.Rand);
            Assert.AreEqual(
                Vectors.Btid, Octets.ToText(Octets.ToBase64(rand)) + "@" + GbaIdentity.BsfFqdn(Uicc(Vectors.Imsi, 2)));
            Check.Hex(Vectors.BtidHex, Octets.FromText(Vectors.Btid));
        }

        private static UiccIdentity Uicc(string imsi, int mncLength)
        {
            return new UiccIdentity(Vectors.Iccid, imsi, mncLength);
        }
    }
}
