using MbmsMe.Keys;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>The current GBA context and the last used MUK: who is found, who lives on, who is zeroed.</summary>
    [TestClass]
    public class KeyStateMukTests
    {
        [TestMethod]
        public void AMukIsFoundByItsBtidInAMessage()
        {
            BmscKeys keys = New();
            Muk last = Muk("old@bsf");
            Muk current = Muk("new@bsf");
            keys.MarkUsed(last);
            keys.Replace(new GbaContext { Muk = current, Mrk = new byte[32] });
            byte[] message = Check.Ascii("xxnew@bsfyyold@bsf");
            Assert.IsTrue(keys.FindMuk(message, 2, 7) == current);
            Assert.IsTrue(keys.FindMuk(message, 11, 7) == last);
            Assert.IsNull(keys.FindMuk(message, 2, 6));
            Assert.IsNull(keys.FindMuk(message, 2, 8));
            Assert.IsNull(keys.FindMuk(message, 1, 7));
            Assert.IsNull(keys.FindMuk(message, 0, 0));
        }

        [TestMethod]
        public void WithoutMukNoneIsFound()
        {
            Assert.IsNull(New().FindMuk(Check.Ascii("a@bsf"), 0, 5));
            Assert.IsNull(New().FindMuk(new byte[0], 0, 0));
        }

        [TestMethod]
        public void AReplacedContextIsZeroed()
        {
            BmscKeys keys = New();
            GbaContext first = new GbaContext { Muk = Muk("a"), Mrk = Check.Repeat(0xFF, 32) };
            GbaContext second = new GbaContext { Muk = Muk("b"), Mrk = Check.Repeat(0xFF, 32) };
            keys.Replace(first);
            keys.Replace(second);
            Check.Wiped(first.Muk.Key);
            Check.Wiped(first.Mrk);
            Assert.IsTrue(keys.Gba == second);
            Check.Hex(Vectors.Muk, second.Muk.Key);
        }

        [TestMethod]
        public void TheMukOfAReplacedContextLivesOnAsTheLastUsed()
        {
            BmscKeys keys = New();
            GbaContext first = new GbaContext { Muk = Muk("a"), Mrk = Check.Repeat(0xFF, 32) };
            keys.Replace(first);
            keys.MarkUsed(first.Muk);
            keys.Replace(new GbaContext { Muk = Muk("b"), Mrk = Check.Repeat(0xFF, 32) });
            Assert.IsTrue(keys.LastUsed == first.Muk);
            Check.Hex(Vectors.Muk, first.Muk.Key);
            Check.Wiped(first.Mrk);
        }

        [TestMethod]
        public void TheLastUsedMukIsZeroedOnceTheNewOneIsUsed()
        {
            BmscKeys keys = New();
            Muk last = Muk("a");
            Muk current = Muk("b");
            keys.MarkUsed(last);
            keys.Replace(new GbaContext { Muk = current, Mrk = new byte[32] });
            Check.Hex(Vectors.Muk, last.Key);
            keys.MarkUsed(current);
            Check.Wiped(last.Key);
            Check.Hex(Vectors.Muk, current.Key);
            Assert.IsTrue(keys.LastUsed == current);
        }

        [TestMethod]
        public void UsingTheOldMukAgainDoesNotZeroTheCurrentOne()
        {
            BmscKeys keys = New();
            Muk last = Muk("a");
            Muk current = Muk("b");
            keys.MarkUsed(last);
            keys.Replace(new GbaContext { Muk = current, Mrk = new byte[32] });
            keys.MarkUsed(last);
            Check.Hex(Vectors.Muk, last.Key);
            Check.Hex(Vectors.Muk, current.Key);
        }

        [TestMethod]
        [DataRow(999, false)]
        [DataRow(1000, true)]
        [DataRow(1001, true)]
        public void AMukExpiresAtTheEndOfItsLifetime(int now, bool expired)
        {
            Muk muk = Muk("a");
            muk.ExpiresAt = 1000;
            Assert.AreEqual(expired, muk.IsExpired(new Clock { Seconds = now, Set = true }));
        }

        [TestMethod]
        public void WithoutAClockEveryMukCountsAsExpired()
        {
            Muk muk = Muk("a");
            muk.ExpiresAt = 1000;
            Assert.IsTrue(muk.IsExpired(new Clock { Seconds = 1 }));
            muk.ExpiresAt = long.MaxValue;
            Assert.IsTrue(muk.IsExpired(new Clock { Seconds = 1 }));
            Assert.IsFalse(muk.IsExpired(new Clock { Seconds = 1, Set = true }));
        }

        private static BmscKeys New()
        {
            return new BmscKeys("bmsc.example.org");
        }

        private static Muk Muk(string btid)
        {
            return new Muk { Btid = Check.Ascii(btid), Key = Check.Bytes(Vectors.Muk) };
        }

        private sealed class Clock : IClock
        {
            public bool Set;
            public long Seconds;

            public bool IsSet
            {
                get { return Set; }
            }

            public long UnixSeconds
            {
                get { return Seconds; }
            }

            public long UptimeMilliseconds
            {
                get { return 0; }
            }
        }
    }
}
