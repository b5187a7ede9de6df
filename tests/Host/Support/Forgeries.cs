using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>What can be made of a message without its key.</summary>
internal static class Forgeries
{
    /// <summary>Every truncation of it, from nothing to all but the last octet.</summary>
    public static IEnumerable<byte[]> Truncations(byte[] message) => Enumerable.Range(0, message.Length).Select(length => message[..length]);

    /// <summary>For every octet the message with one bit of that octet flipped.</summary>
    public static IEnumerable<byte[]> Flips(byte[] message) => Enumerable.Range(0, message.Length).Select(at =>
    {
        byte[] flipped = [.. message];
        flipped[at] ^= (byte)(1 << (at % 8));
        return flipped;
    });

    /// <summary>Messages of the same form under other keys, names and counters, and some that are no messages.</summary>
    public static IEnumerable<byte[]> Inventions(MeAndLab pair, KeyGroup group, MikeyProfile profile)
    {
        Muk muk = pair.Lab.LastMuk(MeAndLab.First.Imsi)!;
        Msk msk = pair.Lab.CurrentMsk(group)!;
        MikeyContext genuine = new(muk.Key, muk.Btid, pair.Lab.Configuration.BmScFqdn, muk.Counter + 100, profile);
        byte[] otherKey = [.. muk.Key];
        otherKey[^1] ^= 1;
        MikeyContext[] contexts =
        [
            genuine with { Muk = otherKey },
            genuine with { Muk = new byte[32], Counter = uint.MaxValue },
            genuine with { Btid = (muk.Btid[0] == 'x' ? 'y' : 'x') + muk.Btid[1..] },
            genuine with { Counter = 0 },
            .. profile == MikeyProfile.Release6 ? [genuine with { Fqdn = "bmsc.example.net" }] : Array.Empty<MikeyContext>(),
        ];
        byte[] pull = MikeyMessage.BuildPull(genuine, msk);
        byte[] ack = MikeyMessage.BuildAck(genuine, msk);
        return
        [
            .. contexts.Select(context => MikeyMessage.BuildPull(context, msk)),
            .. contexts.Select(context => MikeyMessage.BuildMsk(context, msk)),
            ack,
            [.. pull, 0],
            [.. pull, .. pull],
            new byte[2000],
            "GET / HTTP/1.1\r\n\r\n"u8.ToArray(),
        ];
    }
}
