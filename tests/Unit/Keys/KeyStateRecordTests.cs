using System.Collections;
using MbmsMe.Binary;
using MbmsMe.Keys;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>The record of the keys: every field comes back, and nothing else is a record.</summary>
    [TestClass]
    public class KeyStateRecordTests
    {
        [TestMethod]
        public void TheEmptyStateOfAUicc()
        {
            KeyState read = KeyState.Read(Record(new KeyState(Vectors.Iccid, Vectors.Imsi)));
            Assert.AreEqual(Vectors.Iccid, read.Iccid);
            Assert.AreEqual(Vectors.Imsi, read.Imsi);
            Assert.IsNull(Shared(read).Gba);
            Assert.IsNull(Shared(read).LastUsed);
            Assert.AreEqual(0, read.Msks.Count);
            Assert.AreEqual(0, Shared(read).Pulls.Count);
        }

        [TestMethod]
        public void EveryFieldComesBack()
        {
            KeyState read = KeyState.Read(Record(Full()));
            Assert.IsTrue(read.BelongsTo(Vectors.Iccid, Vectors.Imsi));

            Check.Hex(Vectors.BtidHex, Shared(read).Gba.Muk.Btid);
            Check.Hex(Vectors.Muk, Shared(read).Gba.Muk.Key);
            Assert.AreEqual(0x189ABCDEFL, Shared(read).Gba.Muk.ExpiresAt);
            Assert.AreEqual(0xFEDCBA98u, Shared(read).Gba.Muk.Counter);
            Check.Hex(Vectors.MskMac, Shared(read).Gba.Muk.LastMac);
            Check.Hex(Vectors.Mrk, Shared(read).Gba.Mrk);
            Assert.IsNull(Shared(read).Gba.Muk.Prepared);

            Check.Hex("6f6c6440627366", Shared(read).LastUsed.Btid);
            Check.Hex(Vectors.Ks, Shared(read).LastUsed.Key);
            Assert.AreEqual(1603928186L, Shared(read).LastUsed.ExpiresAt);
            Assert.AreEqual(7u, Shared(read).LastUsed.Counter);
            Assert.IsNull(Shared(read).LastUsed.LastMac);

            Assert.AreEqual(2, read.Msks.Count);
            Msk msk = (Msk)read.Msks[0];
            Assert.AreEqual(0xFFF110, msk.Group.Domain);
            Assert.AreEqual(0xFEDC, msk.Group.Group);
            Assert.AreEqual(0xBA98, msk.Number);
            Assert.IsFalse(msk.Draft2004);
            Check.Hex(Vectors.Msk, msk.Key);
            Check.Hex(Vectors.MikeyRand, msk.Rand);
            Assert.AreEqual(0xFEDCBA98u, msk.CsbId);
            Assert.AreEqual(0x80000000u, msk.Window.SeqLow);
            Assert.AreEqual(0xFFFFFFFFu, msk.Window.SeqHigh);
            Assert.AreEqual("fedcba98", msk.IdText);

            msk = (Msk)read.Msks[1];
            Assert.AreEqual(0x00F110, msk.Group.Domain);
            Assert.AreEqual(0x0010, msk.Group.Group);
            Assert.AreEqual(1, msk.Number);
            Assert.IsTrue(msk.Draft2004);
            Check.Hex(Vectors.Mtk, msk.Key);
            Assert.AreEqual(255, msk.Rand.Length);
            Assert.AreEqual(0x10u, msk.CsbId);
            Assert.AreEqual(1u, msk.Window.SeqLow);
            Assert.AreEqual(1000u, msk.Window.SeqHigh);
            Assert.AreEqual("0001", msk.IdText);

            Assert.AreEqual(2, Shared(read).Pulls.Count);
            Assert.IsTrue(new KeyGroup(0x00F110, 0x0011).Is((KeyGroup)Shared(read).Pulls[0]));
            Assert.IsTrue(new KeyGroup(0xFFFFFF, 0xFFFF).Is((KeyGroup)Shared(read).Pulls[1]));
        }

        [TestMethod]
        public void ARecordReadAndWrittenAgainIsTheSame()
        {
            byte[] record = Record(Full());
            Check.Hex(Check.Text(record, 0, record.Length), Record(KeyState.Read(record)));
        }

        [TestMethod]
        public void TheLastUsedMukMayBeTheCurrentOne()
        {
            KeyState state = Full();
            Shared(state).MarkUsed(Shared(state).Gba.Muk);
            KeyState read = KeyState.Read(Record(state));
            Assert.IsTrue(Shared(read).LastUsed == Shared(read).Gba.Muk);
            Check.Hex(Vectors.Muk, Shared(read).LastUsed.Key);
        }

        [TestMethod]
        public void TheLastUsedMukMayBeTheOnlyOne()
        {
            KeyState state = Full();
            Shared(state).Replace(null);
            KeyState read = KeyState.Read(Record(state));
            Assert.IsNull(Shared(read).Gba);
            Check.Hex(Vectors.Ks, Shared(read).LastUsed.Key);
        }

        [TestMethod]
        public void TheCurrentMukMayBeUnused()
        {
            KeyState state = new KeyState(Vectors.Iccid, Vectors.Imsi);
            Shared(state).Replace(new GbaContext { Muk = Muk(Vectors.BtidHex, Vectors.Muk), Mrk = Check.Bytes(Vectors.Mrk) });
            KeyState read = KeyState.Read(Record(state));
            Assert.IsNull(Shared(read).LastUsed);
            Check.Hex(Vectors.Muk, Shared(read).Gba.Muk.Key);
            Assert.AreEqual(0u, Shared(read).Gba.Muk.Counter);
        }

        [TestMethod]
        [DataRow("0000000000000000")]
        [DataRow("000000007fffffff")]
        [DataRow("0000000080000000")]
        [DataRow("00000000ffffffff")]
        [DataRow("00000001ffffffff")]
        [DataRow("7fffffffffffffff")]
        [DataRow("fffffffffffff1f0")]
        public void LifetimesOf64Bits(string octets)
        {
            long expiresAt = 0;
            byte[] bytes = Check.Bytes(octets);
            for (int i = 0; i < 8; i++)
            {
                expiresAt = (expiresAt << 8) | bytes[i];
            }

            KeyState state = Full();
            Shared(state).Gba.Muk.ExpiresAt = expiresAt;
            Assert.AreEqual(expiresAt, Shared(KeyState.Read(Record(state))).Gba.Muk.ExpiresAt);
        }

        [TestMethod]
        public void EveryTruncationIsRefused()
        {
            byte[] record = Record(Full());
            for (int length = 0; length < record.Length; length++)
            {
                Assert.IsNull(KeyState.Read(Check.First(record, length)), length + " octets");
            }
        }

        [TestMethod]
        public void AnythingBehindTheRecordIsRefused()
        {
            byte[] record = Record(Full());
            Assert.IsNull(KeyState.Read(Check.Concat(record, new byte[1])));
            Assert.IsNull(KeyState.Read(Check.Concat(record, record)));
        }

        [TestMethod]
        public void TheFullestStateFits()
        {
            KeyState state = Full();
            state.Msks.Clear();
            Shared(state).Pulls.Clear();
            Shared(state).Gba.Muk.Btid = Check.Repeat('b', 255);
            for (int i = 0; i < KeyState.MaxMsks; i++)
            {
                state.Msks.Add(new Msk
                {
                    Group = new KeyGroup(0x00F110, 1 + (i / 2)), Number = 1 + i, Key = Check.Repeat(i, 16), Rand = Check.Repeat(i, 255),
                    Window = new MtkWindow(1, 1000),
                });
            }

            for (int i = 0; i < KeyState.MaxGroups; i++)
            {
                Assert.IsTrue(Shared(state).TryAddPulls(List(new KeyGroup(0x00F110, 1 + i))));
            }

            KeyState read = KeyState.Read(Record(state));
            Assert.AreEqual(KeyState.MaxMsks, read.Msks.Count);
            Assert.AreEqual(KeyState.MaxGroups, Shared(read).Pulls.Count);
            Assert.AreEqual(255, Shared(read).Gba.Muk.Btid.Length);
            Assert.AreEqual(32, ((Msk)read.Msks[31]).Number);
        }

        [TestMethod]
        public void BelongsToOneUiccOnly()
        {
            KeyState state = new KeyState(Vectors.Iccid, Vectors.Imsi);
            Assert.IsTrue(state.BelongsTo("8988201000000000019", "001010123456789"));
            Assert.IsFalse(state.BelongsTo("8988201000000000027", "001010123456789"));
            Assert.IsFalse(state.BelongsTo("8988201000000000019", "001010123456788"));
            Assert.IsFalse(state.BelongsTo("001010123456789", "8988201000000000019"));
        }

        private static KeyState Full()
        {
            KeyState state = new KeyState(Vectors.Iccid, Vectors.Imsi);
            Muk muk = Muk(Vectors.BtidHex, Vectors.Muk);
            muk.ExpiresAt = 0x189ABCDEFL;
            muk.Counter = 0xFEDCBA98;
            muk.LastMac = Check.Bytes(Vectors.MskMac);
            Shared(state).Replace(new GbaContext { Muk = muk, Mrk = Check.Bytes(Vectors.Mrk) });
            Muk last = Muk("6f6c6440627366", Vectors.Ks);
            last.ExpiresAt = 1603928186;
            last.Counter = 7;
            Shared(state).MarkUsed(last);
            state.Msks.Add(new Msk
            {
                Group = new KeyGroup(0xFFF110, 0xFEDC),
                Number = 0xBA98,
                Key = Check.Bytes(Vectors.Msk),
                Rand = Check.Bytes(Vectors.MikeyRand),
                CsbId = 0xFEDCBA98,
                Window = new MtkWindow(0x80000000, 0xFFFFFFFF),
            });
            state.Msks.Add(new Msk
            {
                Group = new KeyGroup(0x00F110, 0x0010),
                Number = 1,
                Draft2004 = true,
                Key = Check.Bytes(Vectors.Mtk),
                Rand = Check.Repeat(0xAA, 255),
                CsbId = 0x10,
                Window = new MtkWindow(1, 1000),
            });
            Shared(state).TryAddPulls(List(new KeyGroup(0x00F110, 0x0011)));
            Shared(state).TryAddPulls(List(new KeyGroup(0xFFFFFF, 0xFFFF)));
            return state;
        }

        private static Muk Muk(string btid, string key)
        {
            return new Muk { Btid = Check.Bytes(btid), Key = Check.Bytes(key) };
        }

        private static byte[] Record(KeyState state)
        {
            OctetWriter writer = new OctetWriter(64);
            state.Write(writer, true);
            return writer.ToArray();
        }

        private static ArrayList List(params KeyGroup[] groups)
        {
            ArrayList list = new ArrayList();
            for (int i = 0; i < groups.Length; i++)
            {
                list.Add(groups[i]);
            }

            return list;
        }

        private static BmscKeys Shared(KeyState state)
        {
            return state.Of("bmsc.example.org");
        }
    }
}
