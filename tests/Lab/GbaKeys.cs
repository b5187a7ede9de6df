using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MbmsMe.Lab;

/// <summary>Names and keys of the Generic Bootstrapping Architecture (TS 33.220) as MBMS uses them (TS 33.246).</summary>
public static class GbaKeys
{
    /// <summary>The Ua security protocol identifier of MBMS (TS 33.220 Annex H), 5 octets.</summary>
    private static readonly byte[] s_mbmsProtocolId = [0x01, 0x00, 0x00, 0x00, 0x01];

    /// <summary>The private identity of a subscriber whose UICC has no ISIM (TS 23.003 clause 13.3).</summary>
    public static string Impi(string imsi, int mncLength) => $"{imsi}@ims.{Network(imsi, mncLength)}.3gppnetwork.org";

    /// <summary>The name of the home network's BSF (TS 23.003 clause 16.2).</summary>
    public static string BsfName(string imsi, int mncLength) => $"bsf.{Network(imsi, mncLength)}.pub.3gppnetwork.org";

    /// <summary>B-TID = base64(RAND)@BSF name (TS 33.220 clause 4.5.2).</summary>
    public static string Btid(byte[] rand, string bsfName) => $"{Convert.ToBase64String(rand)}@{bsfName}";

    /// <summary>NAF_Id = FQDN of the NAF followed by the Ua security protocol identifier.</summary>
    public static byte[] NafId(string fqdn) => [.. Encoding.ASCII.GetBytes(fqdn), .. s_mbmsProtocolId];

    /// <summary>Ks_NAF, in GBA_U Ks_ext_NAF, 32 octets (TS 33.220 Annex B.3).</summary>
    /// <param name="ks">Ks = CK || IK, 32 octets.</param>
    /// <param name="rand">RAND of the bootstrapping run, 16 octets.</param>
    /// <param name="impi">The private identity.</param>
    /// <param name="nafId">NAF_Id.</param>
    public static byte[] KsNaf(byte[] ks, byte[] rand, string impi, byte[] nafId) =>
        Kdf(ks, Encoding.ASCII.GetBytes("gba-me"), rand, Encoding.UTF8.GetBytes(impi), nafId);

    /// <summary>MRK, 32 octets (TS 33.246 Annex F).</summary>
    public static byte[] Mrk(byte[] ksNaf) => Kdf(ksNaf, Encoding.ASCII.GetBytes("mbms-mrk"));

    /// <summary>The KDF of TS 33.220 Annex B.2 with FC = 0x01: every parameter is followed by its length in 2 octets.</summary>
    private static byte[] Kdf(byte[] key, params byte[][] parameters)
    {
        using MemoryStream s = new();
        s.WriteByte(0x01);
        Span<byte> length = stackalloc byte[2];
        foreach (byte[] parameter in parameters)
        {
            s.Write(parameter);
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)parameter.Length);
            s.Write(length);
        }
        return HMACSHA256.HashData(key, s.ToArray());
    }

    private static string Network(string imsi, int mncLength) =>
        $"mnc{imsi.Substring(3, mncLength).PadLeft(3, '0')}.mcc{imsi[..3]}";
}
