using CsCheck;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>A message as the lab builds it, and what it was built from.</summary>
internal sealed record LabMessage(MikeyContext Context, Msk Msk, bool IsPull, bool WantsAck)
{
    public byte[] Octets { get; } = IsPull ? MikeyMessage.BuildPull(Context, Msk) : MikeyMessage.BuildMsk(Context, Msk, WantsAck);

    public bool IsDraft => Context.Profile == MikeyProfile.Draft2004;

    /// <summary>For CsCheck's report.</summary>
    public override string ToString() => $"{Context.Profile} {(IsPull ? "pull" : "MSK")} {Convert.ToHexStringLower(Octets)}";
}

/// <summary>Random messages of the lab's making: both profiles, pulls and MSKs, all variants.</summary>
internal static class LabMessages
{
    private static readonly Gen<MikeyVariant> s_variant = Gen.Select(
        Gen.Bool, Gen.Byte[0, 1], Gen.Byte[0, 3], (nafId, idType, keyData) => new MikeyVariant { NafIdInIdi = nafId, IdType = idType, KeyDataType = keyData });

    private static readonly Gen<Msk> s_msk = Gen.Select(
        Gen.Select(Gen.Int[0, 0xFFFFFF], Gen.UShort[1, ushort.MaxValue], (domain, group) => new KeyGroup(domain.ToString("x6"), group)),
        Gen.UShort[1, ushort.MaxValue],
        RandomInputs.Octets(16),
        RandomInputs.Octets(1, 40),
        Gen.UInt,
        Gen.Select(Gen.UShort, Gen.UShort),
        (group, number, key, rand, csbId, sequence) => new Msk(
            group, number, key, rand, csbId, Math.Min(sequence.Item1, sequence.Item2), Math.Max(sequence.Item1, sequence.Item2)));

    /// <summary>Messages between anybody.</summary>
    public static Gen<LabMessage> BetweenAnybody { get; } = Messages(RandomInputs.Printable(120), RandomInputs.Printable(80), Gen.Bool);

    /// <summary>Messages to <see cref="CoreMe"/>: its B-TID, its BM-SC, any MUK and counter.</summary>
    public static Gen<LabMessage> ToCoreMe { get; } = ToCoreMeOf(Gen.Bool);

    /// <summary>Those of them that are MSK messages.</summary>
    public static Gen<LabMessage> MsksToCoreMe { get; } = ToCoreMeOf(Gen.Const(false));

    /// <summary>Those of them that are solicited pulls.</summary>
    public static Gen<LabMessage> PullsToCoreMe { get; } = ToCoreMeOf(Gen.Const(true));

    /// <summary>The octets of MTK messages of both profiles.</summary>
    public static Gen<byte[]> Mtks { get; } = Gen.Select(
        s_msk, Gen.UShort, RandomInputs.Octets(16), RandomInputs.Octets(14), Gen.UInt, Gen.Bool, (msk, id, mtk, salt, counter, draft) =>
            MikeyMessage.BuildMtk(msk, id, mtk, salt, counter, draft ? MikeyProfile.Draft2004 : MikeyProfile.Release6));

    private static Gen<LabMessage> ToCoreMeOf(Gen<bool> isPull) => Messages(Gen.Const(CoreMe.Btid), Gen.Const(CoreMe.Fqdn), isPull);

    private static Gen<LabMessage> Messages(Gen<string> btid, Gen<string> fqdn, Gen<bool> isPull) => Gen.Select(
        Gen.Select(
            RandomInputs.Octets(32),
            btid,
            fqdn,
            Gen.UInt[1, uint.MaxValue],
            Gen.Bool,
            s_variant,
            (muk, ue, bmsc, counter, draft, variant) =>
                new MikeyContext(muk, ue, bmsc, counter, draft ? MikeyProfile.Draft2004 : MikeyProfile.Release6) { Variant = variant }),
        s_msk,
        isPull,
        Gen.Bool,
        (context, msk, pull, wantsAck) => new LabMessage(context, msk, pull, !pull && wantsAck));
}
