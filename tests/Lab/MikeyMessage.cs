using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MbmsMe.Lab;

/// <summary>The two readings of how MIKEY carries MBMS keys.</summary>
public enum MikeyProfile
{
    /// <summary>As published: EXT payload of RFC 4563 with Key Domain ID and a 4 octet MSK ID.</summary>
    Release6,

    /// <summary>The 2004 contributions: Network ID in IDi, Key Group ID in CSB ID, a 2 octet MSK ID.</summary>
    Draft2004,
}

/// <summary>Octets an ME must accept although the lab does not send them by itself.</summary>
public sealed record MikeyVariant
{
    /// <summary>IDi carries the whole NAF_Id instead of the FQDN (release6 only).</summary>
    public bool NafIdInIdi { get; init; }

    /// <summary>The ID type of IDi and IDr: 0 NAI, 1 URI (RFC 3830 clause 6.7).</summary>
    public byte IdType { get; init; }

    /// <summary>The type of the key data: 0 TGK, 1 TGK+SALT, 2 TEK, 3 TEK+SALT (RFC 3830 clause 6.13).</summary>
    public byte KeyDataType { get; init; }
}

/// <summary>An MSK and what stays the same in every message that carries it.</summary>
/// <param name="Group">The Key Group.</param>
/// <param name="Number">Key Number part of the MSK ID; never 0, which stands for "the current one".</param>
/// <param name="Key">The MSK, 16 octets.</param>
/// <param name="Rand">MIKEY RAND, 16 octets, the same for all UEs because the MTK messages under this MSK carry none.</param>
/// <param name="CsbId">CSB ID of release6 messages.</param>
/// <param name="SeqLow">SEQl, the lowest MTK ID.</param>
/// <param name="SeqHigh">SEQu, the highest MTK ID.</param>
public sealed record Msk(KeyGroup Group, ushort Number, byte[] Key, byte[] Rand, uint CsbId, ushort SeqLow, ushort SeqHigh)
{
    /// <summary>SEQl above SEQu tells the UE to delete the MSK.</summary>
    public bool Deleted => SeqLow > SeqHigh;

    /// <summary>CSB ID as a profile transmits it.</summary>
    public uint CsbIdIn(MikeyProfile profile) => profile == MikeyProfile.Draft2004 ? Group.Group : CsbId;

    /// <summary>MSK ID as a profile transmits it: 4 octets (Key Group part, Key Number part) or 2.</summary>
    public byte[] MskIdIn(MikeyProfile profile) => MskId(Group, Number, profile);

    internal static byte[] MskId(KeyGroup group, ushort number, MikeyProfile profile)
    {
        byte[] id = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(id, group.Group);
        BinaryPrimitives.WriteUInt16BigEndian(id.AsSpan(2), number);
        return profile == MikeyProfile.Draft2004 ? id[2..] : id;
    }
}

/// <summary>Who sends to whom, under which key and counter.</summary>
/// <param name="Muk">The MUK, 32 octets.</param>
/// <param name="Btid">IDr: the B-TID the MUK was negotiated with.</param>
/// <param name="Fqdn">IDi in release6: the BM-SC's name.</param>
/// <param name="Counter">T: the MUK's counter for this message.</param>
/// <param name="Profile">The profile.</param>
public sealed record MikeyContext(byte[] Muk, string Btid, string Fqdn, uint Counter, MikeyProfile Profile)
{
    /// <summary>Deviations from the usual octets.</summary>
    public MikeyVariant Variant { get; init; } = new();
}

/// <summary>Builds the messages between BM-SC and UE (RFC 3830, RFC 4563, TS 33.246 clause 6.3).</summary>
public static class MikeyMessage
{
    private const byte NextKemac = 1;
    private const byte NextT = 5;
    private const byte NextId = 6;
    private const byte NextV = 9;
    private const byte NextRand = 11;
    private const byte NextExt = 21;
    private const byte HmacSha1 = 1;

    /// <summary>The MSK message. The acknowledgement is demanded by the V flag.</summary>
    public static byte[] BuildMsk(MikeyContext context, Msk msk, bool acknowledge = true)
    {
        PayloadWriter keyData = new();
        keyData.Octets(0, (byte)((context.Variant.KeyDataType << 4) | 2)).Block16(msk.Key);
        if ((context.Variant.KeyDataType & 1) != 0)
        {
            keyData.Block16(RandomNumberGenerator.GetBytes(14));
        }
        keyData.Octets(2).UInt16(msk.SeqLow).Octets(2).UInt16(msk.SeqHigh);
        return Build(context, msk, msk.Number, keyData.ToArray(), acknowledge);
    }

    /// <summary>The solicited pull: Key Number 0 (draft2004: MSK ID 0), no key data, no acknowledgement.</summary>
    public static byte[] BuildPull(MikeyContext context, Msk current) => Build(context, current, number: 0, keyData: [], acknowledge: false);

    /// <summary>The MTK message (TS 33.246 clause 6.3.3): under the MSK and the RAND of the MSK message, to everybody.</summary>
    /// <param name="msk">The MSK.</param>
    /// <param name="mtkId">MTK ID.</param>
    /// <param name="key">The MTK, 16 octets.</param>
    /// <param name="salt">The master salt of SRTP, 14 octets.</param>
    /// <param name="counter">T: the MSK's counter of MTK messages.</param>
    /// <param name="profile">The profile.</param>
    public static byte[] BuildMtk(Msk msk, ushort mtkId, byte[] key, byte[] salt, uint counter, MikeyProfile profile)
    {
        const byte tekWithSalt = 3 << 4;
        uint csbId = msk.CsbIdIn(profile);
        byte[] mskId = msk.MskIdIn(profile);
        MikeyKeys keys = new(msk.Key, csbId, msk.Rand);
        byte[] keyIds = [0, 3, .. msk.Group.KeyDomainOctets, 1, (byte)mskId.Length, .. mskId, 2, 2, (byte)(mtkId >> 8), (byte)mtkId];
        byte[] keyData = new PayloadWriter().Octets(0, tekWithSalt).Block16(key).Block16(salt).ToArray();
        byte[] message = new PayloadWriter()
            .Octets(1, 0, NextExt, 0).UInt32(csbId).Octets(0, 1)
            .Octets(NextT, 3).Block16(keyIds)
            .Octets(NextKemac, 2).UInt32(counter)
            .Octets(0, 1).Block16(keys.Encrypt(keyData, counter)).Octets(HmacSha1)
            .ToArray();
        return [.. message, .. keys.Mac(message)];
    }

    /// <summary>The one correct verification message to an MSK message: its MAC also covers IDi, IDr and T (RFC 3830 clause 5.2).</summary>
    /// <param name="context">The context of the MSK message.</param>
    /// <param name="msk">The MSK it carried.</param>
    /// <param name="idType">The ID type of IDr: NAI, or that of the MSK message.</param>
    public static byte[] BuildAck(MikeyContext context, Msk msk, byte idType = 0)
    {
        uint csbId = msk.CsbIdIn(context.Profile);
        byte[] idr = Encoding.ASCII.GetBytes(context.Btid);
        byte[] message = new PayloadWriter()
            .Octets(1, 1, NextT, 0).UInt32(csbId).Octets(0, 1)
            .Octets(NextId, 2).UInt32(context.Counter)
            .Octets(NextV, idType).Block16(idr)
            .Octets(0, HmacSha1)
            .ToArray();
        byte[] covered = new PayloadWriter().Octets(message).Octets(Idi(context, msk.Group)).Octets(idr).UInt32(context.Counter).ToArray();
        return [.. message, .. new MikeyKeys(context.Muk, csbId, msk.Rand).Mac(covered)];
    }

    /// <summary>Reads from a verification message what names the message it answers. False if it is anything else.</summary>
    public static bool TryReadAck(ReadOnlySpan<byte> datagram, out uint counter, out string btid, out byte idType)
    {
        const int idrOffset = 20;
        counter = 0;
        idType = 0;
        btid = "";
        if (datagram.Length < idrOffset || datagram[0] != 1 || datagram[1] != 1 || datagram[2] != NextT
            || datagram[10] != NextId || datagram[11] != 2 || datagram[16] != NextV)
        {
            return false;
        }
        counter = BinaryPrimitives.ReadUInt32BigEndian(datagram[12..]);
        idType = datagram[17];
        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[18..]);
        if (datagram.Length < idrOffset + length)
        {
            return false;
        }
        btid = Encoding.ASCII.GetString(datagram.Slice(idrOffset, length));
        return true;
    }

    private static byte[] Build(MikeyContext context, Msk msk, ushort number, byte[] keyData, bool acknowledge)
    {
        bool draft = context.Profile == MikeyProfile.Draft2004;
        uint csbId = msk.CsbIdIn(context.Profile);
        byte[] mskId = Msk.MskId(msk.Group, number, context.Profile);
        byte[] keyIds = draft
            ? [1, (byte)mskId.Length, .. mskId]
            : [0, 3, .. msk.Group.KeyDomainOctets, 1, (byte)mskId.Length, .. mskId];
        byte idType = context.Variant.IdType;
        MikeyKeys keys = new(context.Muk, csbId, msk.Rand);

        byte[] message = new PayloadWriter()
            .Octets(1, 0, NextExt, (byte)(acknowledge ? 0x80 : 0)).UInt32(csbId).Octets(0, 1)
            .Octets(NextT, 3).Block16(keyIds)
            .Octets(NextRand, 2).UInt32(context.Counter)
            .Octets(NextId, (byte)msk.Rand.Length).Octets(msk.Rand)
            .Octets(NextId, idType).Block16(Idi(context, msk.Group))
            .Octets(NextKemac, idType).Block16(Encoding.ASCII.GetBytes(context.Btid))
            .Octets(0, 1).Block16(keys.Encrypt(keyData, context.Counter)).Octets(HmacSha1)
            .ToArray();
        return [.. message, .. keys.Mac(message)];
    }

    private static byte[] Idi(MikeyContext context, KeyGroup group) =>
        context.Profile == MikeyProfile.Draft2004 ? group.KeyDomainOctets
        : context.Variant.NafIdInIdi ? GbaKeys.NafId(context.Fqdn)
        : Encoding.ASCII.GetBytes(context.Fqdn);

    private sealed class PayloadWriter
    {
        private readonly List<byte> _octets = [];

        public PayloadWriter Octets(params ReadOnlySpan<byte> octets)
        {
            _octets.AddRange(octets);
            return this;
        }

        public PayloadWriter UInt16(ushort value) => Octets((byte)(value >> 8), (byte)value);

        public PayloadWriter UInt32(uint value) => UInt16((ushort)(value >> 16)).UInt16((ushort)value);

        public PayloadWriter Block16(byte[] octets) => UInt16((ushort)octets.Length).Octets(octets);

        public byte[] ToArray() => [.. _octets];
    }
}
