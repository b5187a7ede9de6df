using System;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Keys;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>
    /// Rule 7: MAC comparison takes the same time wherever the first difference is; keys are zeroed when they die; no
    /// key, password or RES ever reaches a log.
    /// </summary>
    [TestClass]
    public class Rule7_SecretsStaySecretAndDie
    {
        [TestMethod]
        public void ComparisonFindsADifferenceInEveryBit()
        {
            byte[] a = new byte[24];
            byte[] b = new byte[24];
            new FakeRandom().Fill(a);
            Array.Copy(a, b, 24);
            Assert.IsTrue(Octets.FixedTimeEquals(a, 2, b, 2, 20));
            for (int bit = 0; bit < 8 * 24; bit++)
            {
                b[bit / 8] ^= (byte)(1 << (bit % 8));
                bool inside = bit / 8 >= 2 && bit / 8 < 22;
                Assert.AreEqual(!inside, Octets.FixedTimeEquals(a, 2, b, 2, 20), "bit " + bit);
                b[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        [TestMethod]
        public void ComparisonGoesOnToTheLastOctetWhereverTheFirstDifferenceIs()
        {
            // The other array lacks the last octet: whoever gets there falls over the end.
            byte[] a = new byte[20];
            for (int different = 0; different < 19; different++)
            {
                byte[] b = new byte[19];
                b[different] = 1;
                bool reached = false;
                try
                {
                    Octets.FixedTimeEquals(a, 0, b, 0, 20);
                }
                catch (IndexOutOfRangeException)
                {
                    reached = true;
                }

                Assert.IsTrue(reached, "it stopped after the difference at octet " + different);
            }
        }

        [TestMethod]
        public void AMessageIsHashedInFullWhereverItsMacDiffers()
        {
            Bench bench = Bench.Paired(false);
            FakeMessage msk = bench.Bmsc.Msk(false, Bench.Group, 2);
            uint expected = 0;
            for (int octet = 0; octet < 20; octet++)
            {
                byte[] forged = (byte[])msk.Wire.Clone();
                forged[forged.Length - 20 + octet] ^= 1;
                uint before = BlockHash.Compressions;
                bench.Deliver(forged);
                uint work = BlockHash.Compressions - before;
                expected = octet == 0 ? work : expected;
                Assert.AreEqual(expected, work, "work for a MAC that differs at octet " + octet);
            }

            Assert.IsTrue(expected > 8u, "no MAC was computed");
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void AnMskIsZeroedWhenAThirdOneDeletesIt(bool draft2004)
        {
            Bench bench = Bench.Paired(draft2004);
            byte[] key = bench.Keys.FindMsk(Bench.NewsGroup, 1).Key;
            bench.Deliver(bench.Bmsc.Msk(draft2004, Bench.Group, 2));
            AssertAlive(key, "first of two MSKs");
            bench.Deliver(bench.Bmsc.Msk(draft2004, Bench.Group, 3));
            AssertZero(key, "first of three MSKs");
        }

        [TestMethod]
        public void AnMskIsZeroedWhenAnUpdateReplacesIt()
        {
            Bench bench = Bench.Paired(false);
            byte[] key = bench.Keys.FindMsk(Bench.NewsGroup, 1).Key;
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 1));
            AssertZero(key, "replaced MSK");
            AssertAlive(bench.Keys.FindMsk(Bench.NewsGroup, 1).Key, "its successor");
        }

        [TestMethod]
        public void AnMskIsZeroedWhenTheBmscDeletesIt()
        {
            Bench bench = Bench.Paired(false);
            byte[] key = bench.Keys.FindMsk(Bench.NewsGroup, 1).Key;
            FakeMessage deletion = bench.Bmsc.Msk(false, Bench.Group, 1);
            deletion.KeyData = FakeMessage.KeyDataOf(0, new byte[16], 2, 1, 2);
            bench.Deliver(deletion.Build());
            AssertZero(key, "deleted MSK");
        }

        [TestMethod]
        public void AnMskIsZeroedWhenItsServiceIsLeft()
        {
            Bench bench = new Bench(Bench.Sport, 0, 0);
            bench.Network.Bmsc.Codes["00f110/0012"] = 503;
            bench.PowerOn();
            bench.RunDue();
            bench.DeliverGranted(false, 1);
            byte[] key = bench.Keys.FindMsk(new KeyGroup(Bench.Domain, 0x11), 1).Key;
            bench.Network.Bmsc.Codes["00f110/0012"] = 403;
            bench.RunNext();
            Assert.AreEqual(1, bench.Events.Count("service-left"));
            AssertZero(key, "MSK of a service that was left");
        }

        [TestMethod]
        public void MrkAndMukAreZeroedWhenNewGbaKeysTakeTheirPlace()
        {
            Bench bench = Bench.Paired(false);
            Muk first = bench.Shared.Gba.Muk;
            byte[] mrk = bench.Shared.Gba.Mrk;
            HmacKey prepared = first.Prepared;
            Assert.IsNotNull(prepared);
            bench.Expire();
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.RunNext();
            AssertZero(mrk, "MRK of the former GBA keys");
            AssertAlive(first.Key, "the last used MUK");
            bench.DeliverGranted(false, 2);
            AssertZero(first.Key, "MUK once its successor was used");
            Assert.AreEqual(MacUnder(new HmacStates(5)), MacUnder(prepared), "the hash states of that MUK live on");
        }

        [TestMethod]
        public void AMukThatWasNeverUsedIsZeroedWhenAnotherOneComes()
        {
            Bench bench = Bench.Paired(false);
            bench.Network.Bmsc.Renegotiations = 1;
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.RunNext();
            byte[] unused = bench.Shared.Gba.Muk.Key;
            byte[] used = bench.Shared.LastUsed.Key;
            Assert.IsFalse(unused == used);
            bench.Network.Bmsc.Granted.Clear();
            bench.Network.Bmsc.Renegotiations = 1;
            bench.RunNext();
            AssertZero(unused, "a MUK between the last used and the current one");
            AssertAlive(used, "the last used MUK");
        }

        [TestMethod]
        public void KeysAreZeroedWhenTheDriveRefusesThem()
        {
            Bench bench = Bench.Paired(false);
            Muk muk = bench.Shared.Gba.Muk;
            byte[] msk = bench.Keys.FindMsk(Bench.NewsGroup, 1).Key;
            bench.Drive.Plan(0, DriveFault.Full, 0);
            bench.Deliver(bench.Bmsc.Msk(false, Bench.Group, 2));

            // The state is read again from the drive; the objects before it are dead.
            Assert.IsFalse(muk == bench.Shared.Gba.Muk);
            AssertZero(muk.Key, "MUK of the state that was given up");
            AssertZero(msk, "MSK of the state that was given up");
            AssertAlive(bench.Shared.Gba.Muk.Key, "MUK");
        }

        [TestMethod]
        public void WhatTheUiccGaveOutIsZeroedAfterGba()
        {
            Bench bench = new Bench();
            bench.Network.Bsf.OldSqns = 1;
            bench.Pair(false);
            AssertResultsZero(bench);

            bench.Expire();
            bench.Network.Bsf.RspAuth = RspAuth.Wrong;
            bench.Deliver(bench.Bmsc.Pull(false, Bench.Group));
            bench.RunNext();
            bench.Network.Bsf.RspAuth = RspAuth.Right;
            bench.Network.Bsf.Status = 500;
            bench.RunNext();
            Assert.AreEqual(2, bench.Events.Count("gba-failed"));
            AssertResultsZero(bench);
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void NoSecretIsInAnEventOrInWhatGoesOut(bool draft2004)
        {
            Bench bench = new Bench(Bench.News + "," + Bench.Sport, 0, 0);
            FakeKeyServer bmsc = bench.Network.Bmsc;

            // Everything that can happen, in one life of an ME, without forgetting what was recorded.
            bench.Network.Bsf.OldSqns = 1;
            bench.Network.Bsf.Failures = 1;
            bench.Network.Bsf.ChallengePrefix = "Basic realm=\"x\", ";
            bmsc.Codes["00f110/0012"] = 503;
            bmsc.StaleNonces = 1;
            bmsc.NextNonce = true;
            bench.PowerOn();
            bench.RunNext();
            bench.RunNext();
            bench.DeliverGranted(draft2004, 1);
            bmsc.RspAuth = RspAuth.Wrong;
            bench.RunNext();
            bmsc.RspAuth = RspAuth.Right;
            bmsc.Renegotiations = 1;
            bmsc.Codes["00f110/0012"] = 200;
            bench.RunNext();
            FakeMessage message = bench.DeliverGranted(draft2004, 1);
            bench.Deliver(message);
            message.Wire[message.Wire.Length - 1] ^= 1;
            bench.Deliver(message);
            bench.Deliver(bench.Bmsc.Msk(draft2004, Bench.Group, 2));
            bench.Deliver(bench.Bmsc.Msk(draft2004, Bench.Group, 3));
            FakeMessage bad = bench.Bmsc.Msk(draft2004, Bench.Group, 4);
            bad.KeyData = FakeMessage.KeyDataOf(9, FakeBmsc.MskValue(Bench.Group, 4), 1, 2, 2);
            bench.Deliver(bad.Build());
            bench.Drive.Plan(0, DriveFault.Full, 0);
            bench.Deliver(bench.Bmsc.Msk(draft2004, Bench.Group, 5));
            bench.Deliver(bench.Bmsc.Pull(draft2004, 0x11));
            bmsc.Codes["00f110/0011"] = 403;
            bench.RunNext();
            bench.Expire();
            bench.Deliver(bench.Bmsc.Pull(draft2004, Bench.Group));
            bench.Network.Bsf.WrongMac = true;
            bench.RunNext();
            bench.Network.Bsf.WrongMac = false;
            bench.RunNext();
            bench.DeliverGranted(draft2004, 6);
            FakeUicc first = bench.Uicc;
            bench.Swap("8988201000000000027", "001010999999999");

            Assert.IsTrue(
                bench.Events.Count("gba-ok") >= 3 && bench.Events.Count("gba-failed") >= 2 && bench.Events.Count("storage-failed") == 1
                && bench.Events.Count("msk-deleted") >= 1 && bench.Events.Count("request-failed") >= 3
                && bench.Events.Count("uicc-changed") == 1 && bench.Events.Count("ack-sent") >= 5,
                "not everything happened: " + bench.Events.Story());
            AssertUnsaid(bench, Octets.FromHex(FakeUicc.K), "K");
            AssertUnsaid(bench, Octets.FromHex(FakeUicc.Opc), "OPc");
            for (int i = 0; i < bench.Network.Bsf.Keys.Count; i++)
            {
                AssertUnsaid(bench, ((FakeGbaKey)bench.Network.Bsf.Keys[i]).Muk, "MUK " + i);
                AssertUnsaid(bench, ((FakeGbaKey)bench.Network.Bsf.Keys[i]).Mrk, "MRK " + i);
            }

            for (int i = 0; i < first.Secrets.Count; i++)
            {
                AssertUnsaid(bench, (byte[])first.Secrets[i], "RES, CK or IK, number " + i);
            }

            for (int number = 1; number < 7; number++)
            {
                AssertUnsaid(bench, FakeBmsc.MskValue(Bench.Group, number), "MSK " + number);
                AssertUnsaid(bench, FakeBmsc.MskValue(0x11, number), "MSK " + number + " of another group");
            }
        }

        [TestMethod]
        public void TheSearchForSecretsFindsThem()
        {
            Bench bench = new Bench();
            byte[] secret = Octets.FromHex("00112233445566778899aabbccddeeff");
            bench.Events.Report(new MeEvent("x").With("y", Octets.ToHex(secret).ToUpper()));
            Assert.IsTrue(Says(bench, Octets.ToHex(secret), true), "hexadecimal");
            bench.Events.Clear();
            bench.Network.Calls.Add(new HttpCall { Url = "u", Authorization = "a" + Octets.ToText(Octets.ToBase64(secret)), Body = new byte[0] });
            Assert.IsTrue(Says(bench, Octets.ToText(Octets.ToBase64(secret)), false), "Base64");
        }

        private static void AssertUnsaid(Bench bench, byte[] secret, string what)
        {
            Assert.IsFalse(Says(bench, Octets.ToHex(secret), true), what + " in hexadecimal");
            string base64 = Octets.ToText(Octets.ToBase64(secret));
            Assert.IsFalse(Says(bench, base64.Substring(0, (secret.Length / 3) * 4), false), what + " in Base64");
        }

        // Looks for a text in every event, URL, header, body and datagram that left the ME.
        private static bool Says(Bench bench, string text, bool hexadecimal)
        {
            for (int i = 0; i < bench.Events.All.Count; i++)
            {
                string line = ((MeEvent)bench.Events.All[i]).ToString();
                if ((hexadecimal ? line.ToLower() : line).IndexOf(text) >= 0)
                {
                    return true;
                }
            }

            for (int i = 0; i < bench.Network.Calls.Count; i++)
            {
                HttpCall call = (HttpCall)bench.Network.Calls[i];
                string line = call.Url + "\n" + call.Authorization + "\n" + Octets.ToText(call.Body);
                if ((hexadecimal ? line.ToLower() : line).IndexOf(text) >= 0)
                {
                    return true;
                }
            }

            for (int i = 0; hexadecimal && i < bench.Datagrams.Sent.Count; i++)
            {
                if (Octets.ToHex((byte[])bench.Datagrams.Sent[i]).IndexOf(text) >= 0)
                {
                    return true;
                }
            }

            return false;
        }

        private static string MacUnder(HmacKey key)
        {
            Hmac hmac = new Hmac(new Sha1());
            byte[] mac = new byte[20];
            hmac.Begin(key);
            hmac.Update(new byte[3], 0, 3);
            hmac.Finish(mac, 0);
            return Octets.ToHex(mac);
        }

        private static void AssertResultsZero(Bench bench)
        {
            int successes = 0;
            for (int i = 0; i < bench.Uicc.Results.Count; i++)
            {
                AkaResult result = (AkaResult)bench.Uicc.Results[i];
                if (result.Outcome == AkaOutcome.Success)
                {
                    AssertZero(result.Res, "RES");
                    AssertZero(result.Ck, "CK");
                    AssertZero(result.Ik, "IK");
                    successes++;
                }
            }

            Assert.IsTrue(successes > 0, "GBA never ran");
        }

        private static void AssertZero(byte[] key, string what)
        {
            for (int i = 0; i < key.Length; i++)
            {
                Assert.AreEqual(0, (int)key[i], what + ", octet " + i);
            }
        }

        private static void AssertAlive(byte[] key, string what)
        {
            int any = 0;
            for (int i = 0; i < key.Length; i++)
            {
                any |= key[i];
            }

            Assert.AreNotEqual(0, any, what + " is zeroed");
        }
    }
}
