using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Mikey;
using MbmsMe.Receiving;

namespace MbmsMe.Tests
{
    /// <summary>
    /// Rule 8: parsers consume at least one octet per step and bound the number of payloads. (That they allocate no
    /// more than the datagram is measured elsewhere.) And what can be said without cryptography costs none.
    /// </summary>
    [TestClass]
    public class Rule8_ParsersAreBounded
    {
        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AGenuineMessageOfAsManyPayloadsAsAllowedIsTakenAndOneMoreIsNot(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage longest = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            longest.Order = "ETRID" + new string('S', MikeyConstants.MaxPayloads - 6) + "K";
            bench.Deliver(longest.Build());
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));

            FakeMessage tooLong = bench.Bmsc.Msk(draft2004, Bench.Group, 3);
            tooLong.Order = "ETRID" + new string('S', MikeyConstants.MaxPayloads - 5) + "K";
            Frozen before = bench.Freeze();
            bench.Deliver(tooLong.Build());
            before.AssertUnchanged("a payload too many");
            Assert.AreEqual("malformed", bench.Events.Last("datagram-dropped", "reason"));
        }

        [TestMethod]
        public void AGenuineMessageOfTheGreatestLengthIsTakenAndOneOctetMoreIsNot()
        {
            Bench bench = Bench.Paired(false);
            bench.Deliver(OfLength(bench, MikeyReceiver.MaxLength, 2));
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));
            Frozen before = bench.Freeze();
            bench.Deliver(OfLength(bench, MikeyReceiver.MaxLength + 1, 3));
            before.AssertUnchanged("an octet too many");
            Assert.AreEqual("oversized", bench.Events.Last("datagram-dropped", "reason"));
        }

        [TestMethod]
        public void PolicyParametersWithoutAValueComeToAnEnd()
        {
            Bench bench = Bench.Paired(false);
            FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 2);
            msk.Order = "ETRIDSK";
            msk.Policy = new byte[200];
            bench.Deliver(msk.Build());
            Assert.AreEqual("1 2", bench.Numbers(Bench.Group));

            msk = bench.Bmsc.Msk(false, Bench.Group, 3);
            msk.Order = "ETRIDSK";
            msk.Policy = new byte[201];
            bench.Deliver(msk.Build());
            Assert.AreEqual("malformed", bench.Events.Last("datagram-dropped", "reason"), "half a parameter");
        }

        [TestMethod]
        public void AKeyIdThatClaimsMoreThanItsExtensionIsMalformed()
        {
            Bench bench = Bench.Paired(false);
            byte[] wire = bench.Bmsc.Msk(false, Bench.Group, 2).Wire;

            // EXT starts behind the 10 octets of HDR: next, type, length, Key Domain ID type and length.
            Assert.AreEqual("0503000b0003", Octets.ToHex(Octets.Slice(wire, 10, 6)));
            Frozen before = bench.Freeze();
            uint drops = bench.Me.Drops.Count;
            for (int length = 0; length < 256; length += length == 2 || length == 8 ? 2 : 1)
            {
                wire[15] = (byte)length;
                bench.Deliver(wire);
                drops++;
            }

            before.AssertUnchanged("key IDs of every length");
            Assert.AreEqual(drops, bench.Me.Drops.Count);
            Assert.AreEqual(0, bench.Events.Count("datagram-dropped", "reason", "wrong-mac"));
        }

        [TestMethod]
        public void LengthsUpToTheLargestAreNoTrap()
        {
            // Every octet of a genuine message set to its extremes: no exception, no state, always a drop.
            Bench bench = Bench.Paired(false);
            byte[] wire = bench.Bmsc.Msk(false, Bench.Group, 2).Wire;
            Frozen before = bench.Freeze();
            uint drops = 0;
            for (int i = 0; i < wire.Length; i++)
            {
                byte octet = wire[i];
                for (int value = 0; value < 512; value += 127)
                {
                    wire[i] = (byte)(value > 255 ? 255 : value);
                    if (wire[i] != octet)
                    {
                        bench.Deliver(wire);
                        drops++;
                    }
                }

                wire[i] = octet;
                before.AssertStill("extremes at octet " + i);
            }

            Assert.AreEqual(drops, bench.Me.Drops.Count);
            before.AssertUnchanged("all extremes");
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void WhatIsDroppedForItsFormSenderOrCounterCostsNoCryptography(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            FakeMessage fresh = bench.Bmsc.Msk(draft2004, Bench.Group, 2);
            FakeMessage later = bench.Bmsc.Pull(draft2004, Bench.Group);
            FakeMessage stranger = bench.Bmsc.Pull(draft2004, Bench.Group);
            stranger.Idr = Octets.FromText("stranger@" + Bench.Fqdn);
            stranger.Build();
            FakeMessage mtk = bench.Bmsc.Pull(draft2004, Bench.Group);
            mtk.MtkId = "0001";
            mtk.Build();
            bench.Deliver(later);

            uint before = BlockHash.Compressions;
            bench.Deliver(new byte[MikeyReceiver.MaxLength + 1]);
            bench.Deliver(new byte[7]);
            bench.Deliver(Octets.Slice(later.Wire, 0, later.Wire.Length - 1));
            bench.Deliver(stranger);
            bench.Deliver(mtk);
            bench.Deliver(fresh);
            Assert.AreEqual(6u, bench.Me.Drops.Count);
            Assert.AreEqual(before, BlockHash.Compressions, "hashing for what needs none");
            bench.Deliver(later);
            Assert.AreNotEqual(before, BlockHash.Compressions, "the counter of this test does not count");
        }

        private static byte[] OfLength(Bench bench, int length, int number)
        {
            FakeMessage message = bench.Bmsc.Msk(false, Bench.Group, number);
            message.Order = "ETRIDSSSSK";
            int room = length - message.Build().Wire.Length;

            // Four equal policies, each one parameter; the rest goes into RAND.
            int each = room / 4;
            message.Policy = new byte[each];
            message.Policy[1] = (byte)(each - 2);
            message.Rand = new byte[16 + (room % 4)];
            message.Build();
            Assert.AreEqual(length, message.Wire.Length);
            return message.Wire;
        }
    }
}
