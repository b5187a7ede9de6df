using System.Text;
using CsCheck;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Machine;
using MbmsMe.Mikey;

namespace MbmsMe.Tests.Host;

/// <summary>Random messages built by the lab: the core reads every field as the lab wrote it, and answers as the lab expects.</summary>
[TestClass]
public sealed class LabMessagesAreRead
{
    [TestMethod]
    public void EveryFieldAgrees() => LabMessages.BetweenAnybody.Sample(
        message =>
        {
            MikeyMessage read = new();
            byte[] data = message.Octets;
            Assert.IsTrue(read.TryRead([.. data, 0xEE, 0xEE], data.Length));
            byte[] Slice(int offset, int length) => read.Data[offset..(offset + length)];

            Lab.MikeyContext context = message.Context;
            Lab.Msk msk = message.Msk;
            byte[] mskId = msk.MskIdIn(context.Profile);
            if (message.IsPull)
            {
                mskId[^2] = mskId[^1] = 0;
            }

            Assert.AreEqual(MikeyDataType.PreSharedKey, read.DataType);
            Assert.AreEqual(message.WantsAck, read.VerificationWanted);
            Assert.AreEqual(0, read.PrfFunction);
            Assert.AreEqual(msk.CsbIdIn(context.Profile), read.CsbId);
            Assert.AreEqual(0, read.CryptoSessions);
            Assert.AreEqual(MikeyConstants.MapEmpty, read.MapType);
            CollectionAssert.AreEqual(mskId, Slice(read.MskIdOffset, read.MskIdLength), "MSK ID");
            Assert.AreEqual(0, read.MtkIdOffset);
            Assert.AreEqual(MikeyConstants.CounterTimestamp, read.TimestampType);
            Assert.AreEqual(context.Counter, read.Counter);
            CollectionAssert.AreEqual(msk.Rand, Slice(read.RandOffset, read.RandLength), "RAND");
            CollectionAssert.AreEqual(Encoding.ASCII.GetBytes(context.Btid), Slice(read.IdrOffset, read.IdrLength), "IDr");
            Assert.AreEqual(MikeyConstants.EncryptionAesCm, read.EncryptionAlgorithm);
            Assert.AreEqual(MikeyConstants.MacHmacSha1, read.MacAlgorithm);
            Assert.AreEqual(data.Length - MikeyConstants.MacLength, read.MacOffset);
            byte[] idi = Slice(read.IdiOffset, read.IdiLength);
            if (message.IsDraft)
            {
                CollectionAssert.AreEqual(msk.Group.KeyDomainOctets, idi, "Network ID in IDi");
                Assert.AreEqual(0, read.KeyDomainOffset);
            }
            else
            {
                byte[] fqdn = Encoding.ASCII.GetBytes(context.Fqdn);
                CollectionAssert.AreEqual(context.Variant.NafIdInIdi ? Lab.GbaKeys.NafId(context.Fqdn) : fqdn, idi, "IDi");
                CollectionAssert.AreEqual(msk.Group.KeyDomainOctets, Slice(read.KeyDomainOffset, 3), "Key Domain ID");
            }

            MikeyCrypto crypto = new(new ManagedCrypto());
            HmacKey key = crypto.Prepare(context.Muk);
            Assert.IsTrue(crypto.VerifyMac(new MikeyKeySource(key, read.CsbId, new OctetRegion(data, read.RandOffset, read.RandLength)), read), "MAC");
            byte[] plain = Slice(read.EncryptedOffset, read.EncryptedLength);
            Assert.AreEqual(message.IsPull, plain.Length == 0);
            if (!message.IsPull)
            {
                crypto.Crypt(new MikeyKeySource(key, read.CsbId, new OctetRegion(msk.Rand)), read.Counter, plain);
                KeyData keyData = KeyData.Read(plain);
                CollectionAssert.AreEqual(msk.Key, keyData.Key, "MSK");
                Assert.AreEqual(msk.SeqLow, keyData.SeqLow);
                Assert.AreEqual(msk.SeqHigh, keyData.SeqHigh);
            }
        },
        iter: RandomInputs.Count);

    /// <summary>The whole ME: it stores the lab's MSK and its ACK is octet for octet the one the lab computes.</summary>
    [TestMethod]
    public void MskIsStoredAndAcknowledged() => LabMessages.MsksToCoreMe.Sample(
        message =>
        {
            CoreMe me = new(message.Context.Muk, message.Context.Counter - 1);
            me.Receive(message.Octets);

            Machine.KeyGroup group = new(Convert.ToInt32(message.Msk.Group.KeyDomain, 16), message.Msk.Group.Group);
            Keys.Msk stored = me.Me.Keys.FindMsk(group, message.Msk.Number);
            Assert.IsNotNull(stored, string.Join(Environment.NewLine, me.Events));
            CollectionAssert.AreEqual(message.Msk.Key, stored.Key);
            CollectionAssert.AreEqual(message.Msk.Rand, stored.Rand);
            Assert.AreEqual(message.Msk.CsbIdIn(message.Context.Profile), stored.CsbId);
            Assert.AreEqual(message.Msk.SeqLow, stored.Window.SeqLow);
            Assert.AreEqual(message.Msk.SeqHigh, stored.Window.SeqHigh);
            Assert.AreEqual(message.WantsAck ? 1 : 0, me.Sent.Count);
            if (message.WantsAck)
            {
                byte[] expected = Lab.MikeyMessage.BuildAck(message.Context, message.Msk);
                CollectionAssert.AreEqual(expected, me.Sent[0], "ACK");
            }
        },
        iter: RandomInputs.Count);

    [TestMethod]
    public void PullIsTaken() => LabMessages.PullsToCoreMe.Sample(
        message =>
        {
            CoreMe me = new(message.Context.Muk, message.Context.Counter - 1) { UnixSeconds = 2000 };
            me.Receive(message.Octets);

            Assert.AreEqual("pull-accepted", me.Events.Single().Name, me.Events[0].ToString());
            Assert.IsTrue((bool)me.Events[0]["expired"]);
            Assert.AreEqual(0, me.Sent.Count);
        },
        iter: RandomInputs.Count);
}
