using System.Collections.Generic;
using MbmsMe.Binary;

namespace MbmsMe.Tests.Fuzz;

/// <summary>Messages to start from: those of the vectors, and genuine ones of every kind under the keys of <see cref="LoadedMe"/>.</summary>
internal static class MessageSeeds
{
    private static readonly string[] s_vectors = ["MSK", "MTK", "pull", "verification", "draft MSK", "draft pull", "deployed"];

    public static IEnumerable<Seed> All()
    {
        foreach (string name in s_vectors)
        {
            yield return new Seed("vector " + name, Vectors.Message(name));
        }

        foreach ((string name, FakeMessage message) in Genuine(new LoadedMe()))
        {
            yield return new Seed(name, message.Wire);
        }

        LoadedMe me = new();
        FakeMessage odd = Msk(me.Current, false, 0x0001, 9);
        odd.Rand = [];
        yield return new Seed("no RAND octets", odd.Build().Wire);
        odd.Rand = Check.Repeat(7, 255);
        yield return new Seed("long RAND", odd.Build().Wire);
        odd.Idi = [];
        odd.Idr = [];
        yield return new Seed("empty IDs", odd.Build().Wire);
        odd.Order = "ETRIDVVVVVVVVVVVVVVVVVVK";
        yield return new Seed("most payloads", odd.Build().Wire);
        odd.MtkId = "0001";
        odd.Order = "ETK";
        yield return new Seed("MTK", odd.Build().Wire);

        // An error message (RFC 3830 clause 5.1.2), and something much too short.
        yield return new Seed("error", Check.Bytes("01060500123456780001" + "0c0200000001" + "00030000"));
        yield return new Seed("not one", Check.Bytes("01"));
    }

    /// <summary>Messages that the ME has to take.</summary>
    public static IEnumerable<(string Name, FakeMessage Message)> Genuine(LoadedMe me)
    {
        foreach (bool draft in (bool[])[false, true])
        {
            string profile = draft ? "draft2004 " : "release6 ";
            int group = draft ? 0x0010 : 0x0001;
            yield return (profile + "pull", Pull(me.Current, draft, group, 9).Build());
            yield return (profile + "pull under the expired MUK", Pull(me.Expired, draft, group, 9).Build());
            yield return (profile + "pull for all groups", Pull(me.Current, draft, 0, 9).Build());
            yield return (profile + "MSK", Msk(me.Current, draft, group, 9).Build());
            FakeMessage other = Msk(me.Current, draft, 0x0999, 9);
            yield return (profile + "MSK nobody uses", other.Build());
            FakeMessage deletes = Msk(me.Current, draft, group, 9);
            deletes.Number = 0x00f6;
            deletes.KeyData = FakeMessage.KeyDataOf(0, FakeBmsc.MskValue(group, 0x00f6), 2, 1, 2);
            yield return (profile + "MSK deletes", deletes.Build());
            for (int type = 0; type <= 3; type++)
            {
                FakeMessage typed = Msk(me.Current, draft, group, 9);
                typed.KeyData = FakeMessage.KeyDataOf(type, FakeBmsc.MskValue(group, 7), 1, 200, type + 1);
                typed.Order = type == 0 ? "TRVSEIDK" : type == 1 ? "SRTIDEK" : "IDETRK";
                typed.IdType = type & 1;
                typed.Policy = type == 0 ? [0, 1, 1, 1, 1, 16] : [];
                typed.Idi = draft ? typed.Idi : Octets.FromHex(Vectors.NafId);
                yield return (profile + "MSK, key data type " + type, typed.Build());
            }

            FakeMessage open = Msk(me.Current, draft, group, 9);
            open.KeyData = FakeMessage.KeyDataOf(0, FakeBmsc.MskValue(group, 8), 0, 0, 0);
            open.AckWanted = false;
            yield return (profile + "MSK without interval or ACK", open.Build());
        }
    }

    private static FakeMessage Msk(FakeGbaKey key, bool draft, int group, uint counter)
    {
        FakeMessage message = Pull(key, draft, group, counter);
        message.AckWanted = true;
        message.Number = 7;
        message.KeyData = FakeMessage.KeyDataOf(0, FakeBmsc.MskValue(group, 7), 1, 1000, 2);
        return message;
    }

    private static FakeMessage Pull(FakeGbaKey key, bool draft, int group, uint counter) => new()
    {
        Key = key,
        Draft2004 = draft,
        CsbId = draft ? (uint)group : Vectors.CsbId,
        Domain = Bench.Domain,
        Group = group,
        Counter = counter,
        Rand = Check.Bytes(Vectors.MikeyRand),
        Idi = draft ? Check.Bytes(Vectors.KeyDomain) : Check.Ascii(Bench.Fqdn),
        Idr = Check.Ascii(key.Btid),
        KeyData = [],
    };
}
