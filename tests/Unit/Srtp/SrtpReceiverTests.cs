using MbmsMe.Crypto;
using MbmsMe.Srtp;

namespace MbmsMe.Tests
{
    /// <summary>What the receiver takes, what it drops, and what it remembers.</summary>
    [TestClass]
    public class SrtpReceiverTests
    {
        [TestMethod]
        public void AWrongTagLeavesNoTrace()
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 1));
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(sender.Mtk));
            Take(SrtpResult.Ok, receiver, sender, 0, 100);
            byte[] forged = sender.Packet(0, 101);
            forged[forged.Length - 1] ^= 1;
            Assert.AreEqual(SrtpResult.WrongMac, receiver.Receive(forged, forged.Length));
            Assert.AreEqual(0, receiver.ClearLength);
            Assert.IsNull(receiver.Key);

            // Neither did a forged packet far ahead move the window.
            byte[] ahead = sender.Packet(0, 30000);
            ahead[20] ^= 1;
            Assert.AreEqual(SrtpResult.WrongMac, receiver.Receive(ahead, ahead.Length));
            Take(SrtpResult.Ok, receiver, sender, 0, 101);
            Take(SrtpResult.Ok, receiver, sender, 0, 99);
        }

        [TestMethod]
        public void APacketComesOnce()
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 1));
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(sender.Mtk));
            for (int i = 0; i < 3; i++)
            {
                Take(SrtpResult.Ok, receiver, sender, 0, 500 + i);
                Take(SrtpResult.Replayed, receiver, sender, 0, 500 + i);
                Take(SrtpResult.Replayed, receiver, sender, 0, 500);
            }
        }

        [TestMethod]
        public void AReplayCostsNoCryptography()
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 1));
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(sender.Mtk));
            byte[] packet = sender.Packet(0, 7);
            byte[] copy = (byte[])packet.Clone();
            Assert.AreEqual(SrtpResult.Ok, receiver.Receive(packet, packet.Length));
            uint before = BlockHash.Compressions;
            Assert.AreEqual(SrtpResult.Replayed, receiver.Receive(copy, copy.Length));
            Assert.AreEqual(before, BlockHash.Compressions);
        }

        [TestMethod]
        public void OrderWithinTheWindowDoesNotMatter()
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 1));
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(sender.Mtk));
            Take(SrtpResult.Ok, receiver, sender, 0, 1063);

            // 1000 is the 64th of the window; each step of 5 comes once, in no order.
            for (int i = 1; i < 64; i++)
            {
                Take(SrtpResult.Ok, receiver, sender, 0, 1000 + ((i * 5) % 64 == 63 ? 0 : (i * 5) % 64));
            }

            for (int i = 0; i < 64; i++)
            {
                Take(SrtpResult.Replayed, receiver, sender, 0, 1000 + i);
            }

            Take(SrtpResult.Replayed, receiver, sender, 0, 999);
        }

        [TestMethod]
        [DataRow(1)]
        [DataRow(31)]
        [DataRow(32)]
        [DataRow(33)]
        [DataRow(63)]
        [DataRow(64)]
        [DataRow(65)]
        [DataRow(20000)]
        public void TheWindowMovesByAnyDistance(int ahead)
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 1));
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(sender.Mtk));
            Take(SrtpResult.Ok, receiver, sender, 0, 1000);
            Take(SrtpResult.Ok, receiver, sender, 0, 998);
            Take(SrtpResult.Ok, receiver, sender, 0, 1000 + ahead);
            Take(SrtpResult.Replayed, receiver, sender, 0, 1000);
            Take(SrtpResult.Replayed, receiver, sender, 0, 998);
            Take(ahead < 63 ? SrtpResult.Ok : SrtpResult.Replayed, receiver, sender, 0, 999);
            Take(ahead == 1 ? SrtpResult.Replayed : SrtpResult.Ok, receiver, sender, 0, 1000 + ahead - 1 + (ahead == 1 ? 1 : 0));
        }

        [TestMethod]
        public void TheRocGoesOnWhenTheSequenceNumberWraps()
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 1));
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(sender.Mtk));
            Take(SrtpResult.Ok, receiver, sender, 0, 65533);
            Take(SrtpResult.Ok, receiver, sender, 0, 65535);
            Take(SrtpResult.Ok, receiver, sender, 1, 0);
            Take(SrtpResult.Ok, receiver, sender, 0, 65534);
            Take(SrtpResult.Replayed, receiver, sender, 0, 65534);
            Take(SrtpResult.Ok, receiver, sender, 1, 2);
            Take(SrtpResult.Ok, receiver, sender, 1, 1);
            Take(SrtpResult.Replayed, receiver, sender, 0, 65535);
            Take(SrtpResult.Replayed, receiver, sender, 1, 0);
        }

        [TestMethod]
        public void TheRocFollowsManyWraps()
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 1));
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(sender.Mtk));
            uint roc = 0;
            int sequence = 0;
            for (int i = 0; i < 40; i++)
            {
                Take(SrtpResult.Ok, receiver, sender, roc, sequence);
                sequence += 30000;
                if (sequence > 65535)
                {
                    sequence -= 65536;
                    roc++;
                }
            }

            Assert.AreEqual(18u, roc);
        }

        [TestMethod]
        [DataRow(0, true)]
        [DataRow(1, true)]
        [DataRow(700, true)]
        [DataRow(1023, true)]
        [DataRow(1024, false)]
        public void ASenderLongOnAirIsFoundWithinSoManyPackets(int roc, bool found)
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 1));
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(sender.Mtk));

            // 1024 consecutive packets name each ROC once; of these the one with the right remainder is enough.
            int finds = 20480 + (roc % 1024);
            if (roc > 0)
            {
                Take(SrtpResult.WrongMac, receiver, sender, (uint)roc, finds - 1);
            }

            Take(found ? SrtpResult.Ok : SrtpResult.WrongMac, receiver, sender, (uint)roc, finds);
            Take(found ? SrtpResult.Ok : SrtpResult.WrongMac, receiver, sender, (uint)roc, finds + 1);
        }

        [TestMethod]
        public void AStreamThatWasAwayIsFoundAgainButNeverGoesBack()
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 1));
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(sender.Mtk));
            Take(SrtpResult.Ok, receiver, sender, 1, (5 * 1024) + 1);

            // 40000 packets later: the estimate takes them for older ones, until one tries a later ROC.
            Take(SrtpResult.Replayed, receiver, sender, 1, 45001);
            Take(SrtpResult.Ok, receiver, sender, 1, 44 * 1024);
            Take(SrtpResult.Ok, receiver, sender, 1, (44 * 1024) + 1);

            // And 70 ROCs later.
            Take(SrtpResult.WrongMac, receiver, sender, 71, (44 * 1024) + 70);
            Take(SrtpResult.Ok, receiver, sender, 71, (44 * 1024) + 69);
            Take(SrtpResult.Ok, receiver, sender, 71, (44 * 1024) + 70);
            for (int i = 0; i < 70; i++)
            {
                Take(SrtpResult.WrongMac, receiver, sender, 1, (44 * 1024) + 71 + i);
            }

            // What is 40000 packets old looks like one of the next ROC, which it does not verify under.
            Take(SrtpResult.WrongMac, receiver, sender, 1, (5 * 1024) + 1);
        }

        [TestMethod]
        public void WithoutItsKeyNothingIsKnownOfAPacket()
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 2));
            SrtpKeyRing ring = SrtpSender.Ring(SrtpSender.MtkOf(1, 1));
            SrtpReceiver receiver = SrtpSender.Receiver(ring);
            byte[] packet = sender.Packet(0, 1);
            uint before = BlockHash.Compressions;
            Assert.AreEqual(SrtpResult.NoKey, receiver.Receive(packet, packet.Length));
            Assert.AreEqual(before, BlockHash.Compressions);
            ring.Install(sender.Mtk);
            Take(SrtpResult.Ok, receiver, sender, 0, 1);
        }

        [TestMethod]
        public void TwoMtksOverlap()
        {
            SrtpSender first = new SrtpSender(SrtpSender.MtkOf(1, 1));
            SrtpSender second = new SrtpSender(SrtpSender.MtkOf(1, 2));
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(first.Mtk, second.Mtk));
            Take(SrtpResult.Ok, receiver, first, 0, 65534);
            Take(SrtpResult.Ok, receiver, second, 1, 0);
            Check.Hex("001000010002", receiver.Key.Mki);
            Take(SrtpResult.Ok, receiver, first, 0, 65535);
            Check.Hex("001000010001", receiver.Key.Mki);
            Take(SrtpResult.Ok, receiver, second, 1, 1);

            // One sequence of packets, whatever key protects them (RFC 3711 clause 3.3.1).
            Take(SrtpResult.Replayed, receiver, second, 0, 65535);
            Take(SrtpResult.Replayed, receiver, first, 1, 1);
        }

        [TestMethod]
        public void BothLengthsOfMkiSideBySide()
        {
            SrtpSender six = new SrtpSender(SrtpSender.MtkOf(1, 7));
            SrtpSender four = new SrtpSender(SrtpSender.Key(Check.Bytes("00010007"), 90)) { Ssrc = 4 };
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(four.Mtk, six.Mtk));
            Take(SrtpResult.Ok, receiver, six, 0, 1);
            Take(SrtpResult.Ok, receiver, four, 0, 1);
            Check.Hex("00010007", receiver.Key.Mki);
            Take(SrtpResult.Ok, receiver, six, 0, 2);
            Check.Hex("001000010007", receiver.Key.Mki);
        }

        [TestMethod]
        public void EachSourceHasAnIndexOfItsOwn()
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 1));
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(sender.Mtk));
            for (uint i = 0; i < SrtpReceiver.MaxSources; i++)
            {
                sender.Ssrc = i;
                Take(SrtpResult.Ok, receiver, sender, 0, 65535);
                Take(SrtpResult.Ok, receiver, sender, 1, 0);
            }

            for (uint i = 0; i < SrtpReceiver.MaxSources; i++)
            {
                sender.Ssrc = i;
                Take(SrtpResult.Replayed, receiver, sender, 1, 0);
                Take(SrtpResult.Ok, receiver, sender, 1, 1);
            }
        }

        [TestMethod]
        public void OneSourceMoreTakesThePlaceOfTheOneNotHeardForLongest()
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 1));
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(sender.Mtk));
            for (uint i = 0; i < SrtpReceiver.MaxSources; i++)
            {
                sender.Ssrc = 100 + i;
                Take(SrtpResult.Ok, receiver, sender, 0, 1);
            }

            sender.Ssrc = 100;
            Take(SrtpResult.Ok, receiver, sender, 0, 2);
            sender.Ssrc = 1;
            Take(SrtpResult.Ok, receiver, sender, 0, 1);
            for (uint i = 0; i < SrtpReceiver.MaxSources; i++)
            {
                sender.Ssrc = 100 + i;
                if (i != 1)
                {
                    Take(SrtpResult.Replayed, receiver, sender, 0, 1);
                }
            }

            sender.Ssrc = 101;
            Take(SrtpResult.Ok, receiver, sender, 0, 1);
        }

        [TestMethod]
        public void ASourceWhoseKeysAreGoneIsForgottenFirst()
        {
            SrtpSender first = new SrtpSender(SrtpSender.MtkOf(1, 1));
            SrtpSender second = new SrtpSender(SrtpSender.MtkOf(2, 1));
            SrtpKeyRing ring = SrtpSender.Ring(first.Mtk, second.Mtk);
            SrtpReceiver receiver = SrtpSender.Receiver(ring);
            for (uint i = 0; i < SrtpReceiver.MaxSources - 1; i++)
            {
                second.Ssrc = i;
                Take(SrtpResult.Ok, receiver, second, 0, 1);
            }

            first.Ssrc = 99;
            Take(SrtpResult.Ok, receiver, first, 0, 1);
            ring.Remove(1);
            second.Ssrc = 98;
            Take(SrtpResult.Ok, receiver, second, 0, 1);
            for (uint i = 0; i < SrtpReceiver.MaxSources - 1; i++)
            {
                second.Ssrc = i;
                Take(SrtpResult.Replayed, receiver, second, 0, 1);
            }
        }

        [TestMethod]
        public void ForgedSourcesTakeNoRoom()
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 1));
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(sender.Mtk));
            for (uint i = 0; i < SrtpReceiver.MaxSources; i++)
            {
                sender.Ssrc = 1000 + i;
                Take(SrtpResult.Ok, receiver, sender, 0, 1);
            }

            for (uint i = 0; i < 50; i++)
            {
                sender.Ssrc = i;
                byte[] forged = sender.Packet(0, 1);
                forged[14] ^= 0x40;
                Assert.AreEqual(SrtpResult.WrongMac, receiver.Receive(forged, forged.Length));
            }

            for (uint i = 0; i < SrtpReceiver.MaxSources; i++)
            {
                sender.Ssrc = 1000 + i;
                Take(SrtpResult.Replayed, receiver, sender, 0, 1);
            }
        }

        [TestMethod]
        public void ASenderThatStartsOverIsHeardOnceItsOldKeysAreGone()
        {
            SrtpSender before = new SrtpSender(SrtpSender.MtkOf(1, 1));
            SrtpSender after = new SrtpSender(SrtpSender.MtkOf(2, 1));
            SrtpKeyRing ring = SrtpSender.Ring(before.Mtk);
            SrtpReceiver receiver = SrtpSender.Receiver(ring);
            Take(SrtpResult.Ok, receiver, before, 300, 300);
            ring.Install(after.Mtk);
            Take(SrtpResult.WrongMac, receiver, after, 0, 2048);
            ring.Remove(1);
            Take(SrtpResult.Ok, receiver, after, 0, 2048);
            Take(SrtpResult.Ok, receiver, after, 0, 2049);
            Take(SrtpResult.NoKey, receiver, before, 300, 301);
        }

        [TestMethod]
        public void TheSameMtkAgainBringsNoReplay()
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 1));
            SrtpKeyRing ring = SrtpSender.Ring(sender.Mtk);
            SrtpReceiver receiver = SrtpSender.Receiver(ring);
            Take(SrtpResult.Ok, receiver, sender, 0, 10);
            ring.Clear();
            Take(SrtpResult.NoKey, receiver, sender, 0, 11);
            ring.Install(sender.Mtk);
            Take(SrtpResult.Replayed, receiver, sender, 0, 10);
            Take(SrtpResult.Ok, receiver, sender, 0, 11);
        }

        [TestMethod]
        public void OnlyIntegrity()
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 1)) { Confidentiality = false };
            SrtpReceiver receiver = new SrtpReceiver(new SrtpCrypto(new ManagedCrypto()), SrtpSender.Ring(sender.Mtk), false, true);
            byte[] forged = sender.Packet(0, 5);
            forged[15] ^= 1;
            Assert.AreEqual(SrtpResult.WrongMac, receiver.Receive(forged, forged.Length));
            Take(SrtpResult.Ok, receiver, sender, 0, 5);
            Take(SrtpResult.Replayed, receiver, sender, 0, 5);
        }

        [TestMethod]
        public void OnlyConfidentiality()
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 1)) { Integrity = false };
            SrtpReceiver receiver = new SrtpReceiver(new SrtpCrypto(new ManagedCrypto()), SrtpSender.Ring(sender.Mtk), true, false);
            Take(SrtpResult.Ok, receiver, sender, 0, 65535);
            Take(SrtpResult.Ok, receiver, sender, 1, 0);
            Take(SrtpResult.Ok, receiver, sender, 0, 65534);
            Take(SrtpResult.Ok, receiver, sender, 1, 30000);

            // Any number of sources: each is as little worth as the other.
            for (uint i = 0; i < 3 * SrtpReceiver.MaxSources; i++)
            {
                sender.Ssrc = i;
                Take(SrtpResult.Ok, receiver, sender, 0, 1);
            }

            SrtpSender other = new SrtpSender(SrtpSender.MtkOf(1, 2)) { Integrity = false };
            Take(SrtpResult.NoKey, receiver, other, 0, 1);
        }

        [TestMethod]
        public void NeitherIsPlainRtp()
        {
            SrtpReceiver receiver = new SrtpReceiver(new SrtpCrypto(new ManagedCrypto()), SrtpSender.Ring(), false, false);
            byte[] packet = new SrtpSender(SrtpSender.MtkOf(1, 1)).Clear(9);
            byte[] clear = (byte[])packet.Clone();
            Assert.AreEqual(SrtpResult.Ok, receiver.Receive(packet, packet.Length));
            Check.Region(Check.Text(clear, 0, clear.Length), packet, 0, receiver.ClearLength);
            Assert.AreEqual(SrtpResult.Malformed, receiver.Receive(packet, 11));
        }

        [TestMethod]
        public void APacketMayHaveNoPayload()
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 1));
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(sender.Mtk));
            byte[] packet = sender.Protect(Check.First(sender.Clear(3), 12), 12, 0);
            Assert.AreEqual(SrtpResult.Ok, receiver.Receive(packet, packet.Length));
            Assert.AreEqual(12, receiver.ClearLength);
        }

        [TestMethod]
        public void ALongerBufferDoesNotMatter()
        {
            SrtpSender sender = new SrtpSender(SrtpSender.MtkOf(1, 1));
            SrtpReceiver receiver = SrtpSender.Receiver(SrtpSender.Ring(sender.Mtk));
            byte[] packet = sender.Packet(0, 3);
            byte[] buffer = Check.Concat(packet, Check.Repeat(0xEE, 30));
            Assert.AreEqual(SrtpResult.Ok, receiver.Receive(buffer, packet.Length));
            Check.Region(Check.Text(sender.Clear(3), 0, 32), buffer, 0, receiver.ClearLength);
            Check.Region(Check.Text(Check.Repeat(0xEE, 30), 0, 30), buffer, packet.Length, 30);
        }

        private static void Take(SrtpResult expected, SrtpReceiver receiver, SrtpSender sender, uint roc, int sequence)
        {
            byte[] packet = sender.Packet(roc, sequence);
            Assert.AreEqual(expected, receiver.Receive(packet, packet.Length), "ROC " + roc + ", SEQ " + sequence);
            if (expected == SrtpResult.Ok)
            {
                byte[] clear = sender.Clear(sequence);
                Check.Region(Check.Text(clear, 0, clear.Length), packet, 0, receiver.ClearLength);
            }
            else
            {
                byte[] same = sender.Packet(roc, sequence);
                Check.Region(Check.Text(same, 0, same.Length), packet, 0, packet.Length);
            }
        }
    }
}
