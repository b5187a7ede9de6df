using System.Collections;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Services;

namespace MbmsMe.Tests
{
    /// <summary>Storing MSKs: two per Key Group, the older gives way, and what happens in a full store (rule 6).</summary>
    [TestClass]
    public class KeyStateMskTests
    {
        private static readonly ServiceTable s_none = new ServiceTable(new ServiceSettings[0]);

        [TestMethod]
        public void TwoMsksOfAGroupAreKeptOldestFirst()
        {
            KeyState state = New();
            Msk first = Msk(1, 1);
            Msk second = Msk(1, 2);
            Assert.IsNull(Put(state, first));
            Assert.IsNull(Put(state, second));
            Assert.AreEqual(2, state.Msks.Count);
            Assert.IsTrue(state.Msks[0] == first);
            Assert.IsTrue(state.NewestMsk(Group(1)) == second);
        }

        [TestMethod]
        public void AThirdReplacesTheOlderWhichIsZeroed()
        {
            KeyState state = New();
            Msk first = Msk(1, 9);
            Msk second = Msk(1, 5);
            Msk third = Msk(1, 7);
            Put(state, first);
            Put(state, second);
            Assert.IsTrue(Put(state, third) == first);
            Check.Wiped(first.Key);
            Assert.AreEqual(2, state.Msks.Count);
            Assert.IsNull(state.FindMsk(Group(1), 9));
            Assert.IsTrue(state.FindMsk(Group(1), 5) == second);
            Assert.IsTrue(state.NewestMsk(Group(1)) == third);
            Assert.IsTrue(Put(state, Msk(1, 8)) == second);
            Assert.AreEqual(2, state.Msks.Count);
        }

        [TestMethod]
        public void GroupsAndDomainsDoNotDisturbEachOther()
        {
            KeyState state = New();
            Msk other = new Msk { Group = new KeyGroup(0x00F120, 1), Number = 1, Key = new byte[16], Window = new MtkWindow(1, 1000) };
            Put(state, other);
            Put(state, Msk(2, 1));
            Put(state, Msk(1, 1));
            Put(state, Msk(1, 2));
            Put(state, Msk(1, 3));
            Assert.AreEqual(4, state.Msks.Count);
            Assert.IsTrue(state.FindMsk(new KeyGroup(0x00F120, 1), 1) == other);
            Assert.IsNotNull(state.FindMsk(Group(2), 1));
            Assert.IsNull(state.FindMsk(Group(2), 2));
            Assert.IsNull(state.FindMsk(Group(3), 1));
            Assert.IsNull(state.NewestMsk(Group(3)));
            Assert.IsNull(state.NewestMsk(new KeyGroup(0x00F121, 1)));
        }

        [TestMethod]
        public void TheSameIdIsReplacedInItsPlace()
        {
            KeyState state = New();
            Msk first = Msk(1, 1);
            Msk second = Msk(1, 2);
            Put(state, first);
            Put(state, second);
            Msk again = Msk(1, 1);
            Assert.IsNull(Put(state, again));
            Check.Wiped(first.Key);
            Assert.AreEqual(2, state.Msks.Count);
            Assert.IsTrue(state.Msks[0] == again);
            Assert.IsTrue(Put(state, Msk(1, 3)) == again);
            Assert.IsTrue(state.FindMsk(Group(1), 2) == second);
        }

        [TestMethod]
        public void InAFullStoreTheOldestThatNoServiceUsesGivesWay()
        {
            KeyState state = Filled();
            ServiceTable services = Active(new ServiceSettings[] { new ServiceSettings("a", new KeyGroup[] { Group(1), Group(99) }), new ServiceSettings("b", new KeyGroup[] { Group(3) }) });
            Msk gone;
            Assert.IsTrue(state.TryPut(Msk(99, 1), services, out gone));
            Assert.AreEqual(2, gone.Group.Group);
            Assert.AreEqual(1, gone.Number);
            Check.Wiped(gone.Key);
            Assert.AreEqual(KeyState.MaxMsks, state.Msks.Count);
            Assert.IsTrue(state.TryPut(Msk(99, 2), services, out gone));
            Assert.AreEqual(2, gone.Group.Group);
            Assert.AreEqual(2, gone.Number);
            Assert.IsTrue(state.TryPut(Msk(99, 3), services, out gone));
            Assert.AreEqual(99, gone.Group.Group);
            Assert.AreEqual(1, gone.Number);
            Assert.AreEqual(KeyState.MaxMsks, state.Msks.Count);
        }

        [TestMethod]
        public void InAStoreFullOfUsedMsksThereIsNoRoom()
        {
            KeyState state = Filled();
            KeyGroup[] all = new KeyGroup[KeyState.MaxGroups];
            for (int i = 0; i < all.Length; i++)
            {
                all[i] = Group(1 + i);
            }

            ServiceTable services = Active(new ServiceSettings[] { new ServiceSettings("all", all) });
            Msk refused = Msk(99, 1);
            Msk gone;
            Assert.IsFalse(state.TryPut(refused, services, out gone));
            Assert.IsNull(gone);
            Assert.AreEqual(KeyState.MaxMsks, state.Msks.Count);
            Assert.IsNull(state.FindMsk(Group(99), 1));
            Assert.IsTrue(state.FindMsk(Group(1), 1).Key[0] == 1);

            // The groups that have their two may still turn them over, and take one again.
            Assert.IsTrue(state.TryPut(Msk(5, 3), services, out gone));
            Assert.AreEqual(5, gone.Group.Group);
            Assert.AreEqual(1, gone.Number);
            Assert.IsTrue(state.TryPut(Msk(5, 3), services, out gone));
            Assert.IsNull(gone);
            Assert.AreEqual(KeyState.MaxMsks, state.Msks.Count);
        }

        [TestMethod]
        public void OneMskShortOfFullThereIsRoom()
        {
            KeyState state = Filled();
            Msk last = (Msk)state.Msks[KeyState.MaxMsks - 1];
            state.Remove(last);
            Check.Wiped(last.Key);
            Assert.IsNull(Put(state, Msk(99, 1)));
            Assert.AreEqual(KeyState.MaxMsks, state.Msks.Count);
        }

        [TestMethod]
        public void PullsAreNotedOnceAndInOrder()
        {
            KeyState state = New();
            Assert.IsTrue(Shared(state).TryAddPulls(List(Group(2))));
            Assert.IsTrue(Shared(state).TryAddPulls(List(Group(1))));
            Assert.IsTrue(Shared(state).TryAddPulls(List(Group(2))));
            Assert.AreEqual(2, Shared(state).Pulls.Count);
            Assert.IsTrue(((KeyGroup)Shared(state).Pulls[0]).Is(Group(2)));
            Assert.IsTrue(Shared(state).RemovePull(Group(2)));
            Assert.IsFalse(Shared(state).RemovePull(Group(2)));
            Assert.AreEqual(1, Shared(state).Pulls.Count);
        }

        [TestMethod]
        public void NoMorePullsAreNotedThanGroupsMayBeUsed()
        {
            KeyState state = New();
            for (int i = 0; i < KeyState.MaxGroups; i++)
            {
                Assert.IsTrue(Shared(state).TryAddPulls(List(Group(1 + i))));
            }

            Assert.IsFalse(Shared(state).TryAddPulls(List(Group(99))));
            Assert.IsTrue(Shared(state).TryAddPulls(List(Group(1))));
            Assert.AreEqual(KeyState.MaxGroups, Shared(state).Pulls.Count);
        }

        [TestMethod]
        public void WipeZeroesEveryKey()
        {
            KeyState state = New();
            Muk current = new Muk { Btid = Check.Ascii("a"), Key = Check.Repeat(0xFF, 32) };
            Muk last = new Muk { Btid = Check.Ascii("b"), Key = Check.Repeat(0xFF, 32) };
            byte[] mrk = Check.Repeat(0xFF, 32);
            Msk msk = Msk(1, 1);
            Shared(state).Replace(new GbaContext { Muk = current, Mrk = mrk });
            Shared(state).MarkUsed(last);
            Put(state, msk);
            Shared(state).TryAddPulls(List(Group(1)));

            state.Wipe();
            Check.Wiped(current.Key);
            Check.Wiped(last.Key);
            Check.Wiped(mrk);
            Check.Wiped(msk.Key);
            Assert.IsNull(Shared(state).Gba);
            Assert.IsNull(Shared(state).LastUsed);
            Assert.AreEqual(0, state.Msks.Count);
            Assert.AreEqual(0, Shared(state).Pulls.Count);
        }

        private static KeyState New()
        {
            return new KeyState(Vectors.Iccid, Vectors.Imsi);
        }

        // Two MSKs, 1 and 2, of each group from 1 on.
        private static KeyState Filled()
        {
            KeyState state = New();
            for (int i = 0; i < KeyState.MaxMsks; i++)
            {
                Assert.IsNull(Put(state, Msk(1 + (i / 2), 1 + (i % 2))));
            }

            Assert.AreEqual(KeyState.MaxMsks, state.Msks.Count);
            return state;
        }

        private static Msk Put(KeyState state, Msk msk)
        {
            Msk gone;
            Assert.IsTrue(state.TryPut(msk, s_none, out gone));
            return gone;
        }

        private static KeyGroup Group(int group)
        {
            return new KeyGroup(0x00F110, group);
        }

        private static Msk Msk(int group, int number)
        {
            return new Msk
            {
                Group = Group(group), Number = number, Key = Check.Count(1, 16), Rand = new byte[16], Window = new MtkWindow(1, 1000),
            };
        }

        private static ServiceTable Active(ServiceSettings[] services)
        {
            ServiceTable table = new ServiceTable(services);
            for (int i = 0; i < services.Length; i++)
            {
                table[i].State = ServiceState.Active;
            }

            return table;
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
