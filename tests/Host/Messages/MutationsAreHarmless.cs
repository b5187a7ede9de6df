using CsCheck;
using MbmsMe.Mikey;

namespace MbmsMe.Tests.Host;

/// <summary>Random damage to messages: without a right MAC nothing happens, and nothing ever makes the core throw.</summary>
[TestClass]
public sealed class MutationsAreHarmless
{
    /// <summary>Octets that stand for a payload, a length or a limit somewhere.</summary>
    private static readonly Gen<byte> s_telling = Gen.OneOf(
        Gen.OneOf<byte>(0, 1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 16, 20, 21, 0x7F, 0x80, 0xFF), Gen.Byte);

    private static readonly Gen<Func<byte[], byte[]>> s_change = Gen.Select(
        Gen.Int[0, 5],
        Gen.Int[0, ushort.MaxValue],
        Gen.Int[0, ushort.MaxValue],
        s_telling,
        (kind, at, to, octet) => (Func<byte[], byte[]>)(data => Change(data, kind, at, to, octet)));

    private static readonly Gen<Func<byte[], byte[]>[]> s_changes = s_change.Array[1, 4];

    [TestMethod]
    public void DamagedMessageDoesNothing() => Gen.Select(LabMessages.ToCoreMe, s_changes).Sample(
        (message, changes) =>
        {
            byte[] damaged = Apply(changes, message.Octets);
            if (damaged.AsSpan().SequenceEqual(message.Octets))
            {
                return;
            }

            CoreMe me = new(message.Context.Muk, message.Context.Counter - 1);
            me.Receive(damaged);

            Assert.AreEqual(1u, me.Me.Drops.Count, $"{Convert.ToHexStringLower(damaged)} {string.Join(", ", me.Events)}");
            Assert.AreEqual(me.Writes, me.Drive.Writes);
            Assert.AreEqual(0, me.Sent.Count);
            Assert.AreEqual("datagram-dropped", me.Events.Single().Name);
            Assert.AreEqual(message.Context.Counter - 1, me.Me.Keys.Of(CoreMe.Fqdn).Gba.Muk.Counter);
        },
        iter: RandomInputs.Count);

    /// <summary>Damage that a key holder does: the MAC is right again. It may be taken or not, but nothing throws.</summary>
    [TestMethod]
    public void DamageUnderARightMacDoesNotThrow() => Gen.Select(LabMessages.ToCoreMe, s_changes).Sample(
        (message, changes) =>
        {
            byte[] damaged = WithRightMac(Apply(changes, message.Octets), message);
            CoreMe me = new(message.Context.Muk, 0);
            me.Receive(damaged);
            me.Receive(damaged);
            me.Me.RunDue();
        },
        iter: RandomInputs.Count);

    /// <summary>Any plain text in the KEMAC of a genuine message.</summary>
    [TestMethod]
    public void AnyKeyDataDoNotThrow() => Gen.Select(LabMessages.MsksToCoreMe, s_telling.Array[0, 120]).Sample(
        (message, plain) =>
        {
            MikeyMessage read = new();
            Assert.IsTrue(read.TryRead(message.Octets, message.Octets.Length));
            byte[] encrypted = new Lab.MikeyKeys(message.Context.Muk, read.CsbId, message.Msk.Rand).Encrypt(plain, message.Context.Counter);
            byte[] head = message.Octets[..(read.EncryptedOffset - 2)];
            byte[] altered = [.. head, (byte)(plain.Length >> 8), (byte)plain.Length, .. encrypted, 1, .. new byte[20]];
            CoreMe me = new(message.Context.Muk, 0);
            me.Receive(WithRightMac(altered, message));
        },
        iter: RandomInputs.Count);

    [TestMethod]
    public void AnyOctetsDoNothing() => s_telling.Array[0, 200].Sample(
        octets =>
        {
            CoreMe me = new(new byte[32], 0);
            me.Receive(octets);
            Assert.AreEqual(1u, me.Me.Drops.Count);
            Assert.AreEqual(me.Writes, me.Drive.Writes);
            Assert.AreEqual(0, me.Sent.Count);
        },
        iter: RandomInputs.Count);

    /// <summary>What the queue takes for an MTK message is one to whoever reads it, and nothing else is.</summary>
    [TestMethod]
    public void DamagedMessageIsClassifiedAsItIsRead() => Gen.Select(
        Gen.OneOf(LabMessages.BetweenAnybody.Select(message => message.Octets), LabMessages.Mtks), s_change.Array[0, 4]).Sample(
        (message, changes) =>
        {
            byte[] damaged = Apply(changes, message);
            bool looks = MtkClassifier.LooksLikeMtk(damaged, damaged.Length);
            MikeyMessage read = new();
            if (read.TryRead(damaged, damaged.Length))
            {
                Assert.AreEqual(read.DataType == MikeyDataType.PreSharedKey && read.MtkIdOffset != 0, looks, Convert.ToHexStringLower(damaged));
                Assert.IsTrue(looks || !new MtkMessage().TryTake(read));
                Assert.IsFalse(looks && new MskMessage().TryTake(read));
            }
            else
            {
                Assert.AreNotEqual(0, changes.Length, "the lab's own message");
            }
        },
        iter: RandomInputs.Count);

    private static byte[] Apply(Func<byte[], byte[]>[] changes, byte[] message) => changes.Aggregate((byte[])[.. message], (data, change) => change(data));

    private static byte[] Change(byte[] data, int kind, int at, int to, byte octet)
    {
        if (data.Length == 0)
        {
            return [octet];
        }

        int first = at % data.Length;
        int second = to % data.Length;
        switch (kind)
        {
            case 0:
                data[first] ^= (byte)(1 << (octet & 7));
                return data;
            case 1:
                data[first] = octet;
                return data;
            case 2:
                return data[..first];
            case 3:
                return [.. data, .. data[first..]];
            case 4:
                return [.. data[..first], octet, .. data[first..]];
            default:
                return [.. data[..Math.Min(first, second)], .. data[Math.Max(first, second)..]];
        }
    }

    /// <summary>The MAC of the message as it is now, where the core still finds one and a RAND to derive its key with.</summary>
    private static byte[] WithRightMac(byte[] data, LabMessage message)
    {
        MikeyMessage read = new();
        if (read.TryRead(data, data.Length) && read.MacOffset != 0 && read.RandOffset != 0)
        {
            byte[] rand = data[read.RandOffset..(read.RandOffset + read.RandLength)];
            new Lab.MikeyKeys(message.Context.Muk, read.CsbId, rand).Mac(data[..read.MacOffset]).CopyTo(data, read.MacOffset);
        }

        return data;
    }
}
