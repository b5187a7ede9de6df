using MbmsMe.Binary;
using MbmsMe.Machine;

namespace MbmsMe.Gba
{
    /// <summary>Names that GBA derives from an IMSI and from a BM-SC's FQDN.</summary>
    public static class GbaIdentity
    {
        // Ua security protocol identifier of MBMS, TS 33.220 annex H.
        private static readonly byte[] s_mbmsProtocol = { 1, 0, 0, 0, 1 };

        /// <summary>IMPI from IMSI: imsi@ims.mncNNN.mccNNN.3gppnetwork.org (TS 23.003 clause 13.3).</summary>
        public static string Impi(UiccIdentity uicc)
        {
            return uicc.Imsi + "@ims." + Network(uicc) + ".3gppnetwork.org";
        }

        /// <summary>FQDN of the home network's BSF: bsf.mncNNN.mccNNN.pub.3gppnetwork.org (TS 23.003 clause 16.2).</summary>
        public static string BsfFqdn(UiccIdentity uicc)
        {
            return "bsf." + Network(uicc) + ".pub.3gppnetwork.org";
        }

        /// <summary>NAF_Id: the FQDN and the 5 octets of the MBMS Ua security protocol (TS 33.220 annex H).</summary>
        public static byte[] NafId(string fqdn)
        {
            return new OctetWriter(fqdn.Length + s_mbmsProtocol.Length).Put(Octets.FromText(fqdn)).Put(s_mbmsProtocol).ToArray();
        }

        private static string Network(UiccIdentity uicc)
        {
            return "mnc" + uicc.Imsi.Substring(3, uicc.MncLength).PadLeft(3, '0') + ".mcc" + uicc.Imsi.Substring(0, 3);
        }
    }
}
