using System;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Machine;
using MbmsMe.Mikey;
using MbmsMe.Srtp;
using MbmsMe.Tests;

namespace MbmsMe.Bench
{
    /// <summary>
    /// Measures what the board feels: compressions per message, time per block and per SRTP packet, cost of a dropped
    /// datagram, heap, flash octets. The same program on .NET, in the emulator and on a board; on .NET also the PC's SRTP.
    /// </summary>
    public static class Program
    {
        private const int Blocks = 25;
        private const int Packets = 4;
        private const int Datagrams = 200;
        private const int Services = 8;
        private const int MsksPerService = 2;
        private const int MaxPercentOfLibSrtp = 100;

        // A G.711 frame of 20 ms, and seven packets of an MPEG-2 transport stream.
        private const int SpeechPayload = 160;
        private const int TelevisionPayload = 1316;

        private static bool s_exceeded;

        /// <summary>Prints the table; the exit code is 1 when a bound is exceeded.</summary>
        public static int Main()
        {
            Console.WriteLine("Measurements on " + Meter.Runtime);
            Compressions(false);
            Compressions(true);
            Sha1Time();
            AesTime();
            SrtpTime(SpeechPayload);
            SrtpTime(TelevisionPayload);
#if !NANOFRAMEWORK_1_0
            SrtpTimeBesideLibSrtp(SpeechPayload, int.MaxValue);
            SrtpTimeBesideLibSrtp(TelevisionPayload, MaxPercentOfLibSrtp);
#endif
            DroppedDatagram("unknown B-TID", false);
            DroppedDatagram("wrong MAC", true);
            Heap();
            HeapOfAStream();
            FlashPerMsk();
            Console.WriteLine(s_exceeded ? "BOUND EXCEEDED" : "all bounds met");
            return s_exceeded ? 1 : 0;
        }

        // design.md: 4 to derive the key from cached pads, 2 pads, the message with 9 octets of padding, 1 outer.
        private static void Compressions(bool msk)
        {
            Tests.Bench bench = Tests.Bench.Paired(false);
            byte[] datagram = (msk
                ? bench.Bmsc.Msk(false, Tests.Bench.Group, 2)
                : bench.Bmsc.Pull(false, Tests.Bench.Group)).Wire;
            MikeyMessage message = new MikeyMessage();
            message.TryRead(datagram, datagram.Length);
            MikeyCrypto crypto = new MikeyCrypto(new ManagedCrypto());
            HmacKey muk = crypto.Prepare(bench.Shared.Gba.Muk.Key);
            OctetRegion rand = new OctetRegion(datagram, message.RandOffset, message.RandLength);

            uint before = BlockHash.Compressions;
            bool genuine = crypto.VerifyMac(new MikeyKeySource(muk, message.CsbId, rand), message);
            uint authenticate = BlockHash.Compressions - before;
            uint bound = 4 + 2 + (uint)((datagram.Length - MikeyConstants.MacLength + 9 + 63) / 64) + 1;

            before = BlockHash.Compressions;
            bench.Deliver(datagram);
            uint all = BlockHash.Compressions - before;
            string name = msk ? "MSK message" : "solicited pull";
            Print("SHA-1 compressions to authenticate a " + name + " of " + datagram.Length + " octets", authenticate.ToString());
            Print("  lower bound", bound.ToString());
            Print("  in all until it is stored" + (msk ? " and acknowledged" : string.Empty), all.ToString());
            s_exceeded |= !genuine || authenticate > bound;
        }

        private static void Sha1Time()
        {
            int blocks = Blocks * Meter.Scale;
            byte[] data = new byte[BlockHash.BlockSize];
            Sha1 sha1 = new Sha1();
            TextbookSha1 textbook = new TextbookSha1();
            InlinedSha1 inlined = new InlinedSha1();
            sha1.Reset();
            uint[] state = new uint[5];

            void Own()
            {
                for (int i = 0; i < blocks; i++)
                {
                    sha1.Update(data, 0, data.Length);
                }
            }

            void Textbook()
            {
                for (int i = 0; i < blocks; i++)
                {
                    textbook.Compress(data);
                }
            }

            void Inlined()
            {
                for (int i = 0; i < blocks; i++)
                {
                    inlined.Compress(data);
                }
            }

            long[] best = Best(Meter.MaxPercentOfTextbook, Own, Textbook, Inlined);
            sha1.SaveState(state);
            for (int i = 0; i < state.Length; i++)
            {
                s_exceeded |= state[i] != textbook.State[i] || state[i] != inlined.State[i];
            }

            PrintRatio("SHA-1 block", best[0], best[1], blocks);
            Print("  one loop without calls", (best[2] * 100 / blocks).ToString());
            s_exceeded |= best[0] * 100 > best[1] * Meter.MaxPercentOfTextbook;
        }

        private static void AesTime()
        {
            int blocks = Blocks * Meter.Scale;
            byte[] key = Octets.FromHex("2b7e151628aed2a6abf7158809cf4f3c");
            byte[] own = new byte[Aes128.BlockSize];
            byte[] other = new byte[Aes128.BlockSize];
            Aes128 aes = new Aes128(key);
            TextbookAes textbook = new TextbookAes(key);

            void Own()
            {
                for (int i = 0; i < blocks; i++)
                {
                    aes.Encrypt(own, 0);
                }
            }

            void Textbook()
            {
                for (int i = 0; i < blocks; i++)
                {
                    textbook.Encrypt(other);
                }
            }

            long[] best = Best(Meter.MaxPercentOfTextbook, Own, Textbook);
            s_exceeded |= !Octets.FixedTimeEquals(own, 0, other, 0, own.Length);
            PrintRatio("AES-128 block", best[0], best[1], blocks);
        }

        private static void SrtpTime(int payload)
        {
            SrtpStream stream = new SrtpStream(payload, Packets, new ManagedCrypto());
            int blocks = (payload + Aes128.BlockSize - 1) / Aes128.BlockSize;
            byte[] block = new byte[Aes128.BlockSize];
            Aes128 aes = new Aes128(block);

            void OnlyAes()
            {
                for (int i = 0; i < Packets * blocks; i++)
                {
                    aes.Encrypt(block, 0);
                }
            }

            long[] medians = Rounds.Medians(Meter.Rounds, stream.Restart, stream.ReceiveAll, OnlyAes);
            Print("ns per SRTP packet with " + payload + " octets of payload, by the core", (medians[0] * 100 / Packets).ToString());
            Print("  of it AES-128, which a board has natively", (medians[1] * 100 / Packets).ToString());
            s_exceeded |= !stream.AllWell || !stream.IsClear();
        }

#if !NANOFRAMEWORK_1_0
        private static void SrtpTimeBesideLibSrtp(int payload, int bound)
        {
            BesideLibSrtp measured = BesideLibSrtp.Measure(payload, bound);
            Print("ns per SRTP packet with " + payload + " octets of payload, by the PC's engine", measured.Own.ToString());
            Print("  octets allocated", measured.Allocated.ToString());
            if (BesideLibSrtp.Version == null)
            {
                Print("  libsrtp2 is not installed (Debian: libsrtp2-1)", "-");
            }
            else
            {
                Print("  " + BesideLibSrtp.Version, measured.Theirs.ToString());
                Print("  in percent of libsrtp2's time", measured.Percent.ToString());
            }

            s_exceeded |= !measured.AllWell || measured.Allocated > 0 || measured.Percent > bound;
        }
#endif

        private static void DroppedDatagram(string name, bool knownBtid)
        {
            Tests.Bench bench = Tests.Bench.Paired(false);
            byte[] datagram = bench.Bmsc.Pull(false, Tests.Bench.Group).Wire;
            int at = datagram.Length - (knownBtid ? 1 : MikeyConstants.MacLength + 10);
            datagram[at] = (byte)(datagram[at] ^ 1);
            bench.Events.MaxDropsPerSecond = 0;
            bench.Deliver(datagram);

            int datagrams = Datagrams * Meter.Scale;
            long allocated = Meter.Allocated();
            long start = Ticks();
            for (int i = 0; i < datagrams; i++)
            {
                bench.Deliver(datagram);
            }

            long nanoseconds = (Ticks() - start) * 100 / datagrams;
            allocated = Meter.Allocated() - allocated;
            Print("ns per forged datagram dropped for its " + name, nanoseconds.ToString());
            if (Meter.Allocated() >= 0)
            {
                Print("  octets allocated", (allocated / datagrams).ToString());
                s_exceeded |= !knownBtid && allocated >= datagrams;
            }
        }

        private static void Heap()
        {
            string services = string.Empty;
            for (int i = 0; i < Services; i++)
            {
                services += (i == 0 ? string.Empty : ",") + "{\"id\":\"urn:example:" + i
                    + "\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"00" + Octets.ToHex((uint)(16 + i), 1) + "\"]}";
            }

            Tests.Bench bench = new Tests.Bench(services, 0, 0);
            long before = Meter.HeapInUse();
            bench.Pair(false);
            for (int i = 0; i < Services; i++)
            {
                bench.Deliver(bench.Bmsc.Msk(false, 16 + i, MsksPerService));
            }

            bench.Forget();
            long used = Meter.HeapInUse() - before;
            Print("octets of heap of an ME with " + Services + " services and " + bench.Keys.Msks.Count + " MSKs", used.ToString());
            if (Meter.HeapFree() >= 0)
            {
                Print("  free beside it", Meter.HeapFree().ToString());
            }

            s_exceeded |= bench.Keys.Msks.Count != Services * MsksPerService;
        }

        // As many MTKs as a Key Group can have, and one SSRC.
        private static void HeapOfAStream()
        {
            SrtpCrypto crypto = new SrtpCrypto(new ManagedCrypto());
            byte[] packet = new SrtpSender(SrtpStream.Mtk).Packet(0, 1);
            long before = Meter.HeapInUse();
            SrtpKeyRing ring = new SrtpKeyRing(crypto, SrtpStream.Mtk.Group);
            for (int i = 0; i < SrtpKeyRing.Capacity; i++)
            {
                ring.Install(SrtpSender.MtkOf(1 + (i / SrtpKeyRing.KeysPerMsk), 1 + (i % SrtpKeyRing.KeysPerMsk)));
            }

            SrtpReceiver receiver = new SrtpReceiver(crypto, ring, true, true);
            s_exceeded |= receiver.Receive(packet, packet.Length) != SrtpResult.Ok;
            long used = Meter.HeapInUse() - before;
            Print("octets of heap of a stream with " + SrtpKeyRing.Capacity + " MTKs, by the core", used.ToString());
            s_exceeded |= receiver.Key != ring.Find(packet, 0, packet.Length - SrtpCrypto.TagLength);
        }

        private static void FlashPerMsk()
        {
            Tests.Bench bench = Tests.Bench.Paired(false);
            int writes = bench.Drive.Writes;
            bench.Deliver(bench.Bmsc.Msk(false, Tests.Bench.Group, 2));
            Print("flash writes per MSK update", (bench.Drive.Writes - writes).ToString());
            Print("  octets written, with 1 service and 2 MSKs", bench.Drive.LastWriteLength.ToString());
        }

        private static void Nothing()
        {
        }

        // The medians with the lowest ratio of the first to the second: one try, and more while the ratio is above the bound.
        private static long[] Best(int percent, params Action[] runs)
        {
            long[] best = null;
            for (int i = 0; i < Rounds.Tries && (best == null || best[0] * 100 > best[1] * percent); i++)
            {
                long[] medians = Rounds.Medians(Meter.Rounds, Nothing, runs);
                if (best == null || medians[0] * best[1] < best[0] * medians[1])
                {
                    best = medians;
                }
            }

            return best;
        }

        private static void PrintRatio(string name, long own, long textbook, int count)
        {
            Print("ns per " + name, (own * 100 / count).ToString());
            Print("  textbook", (textbook * 100 / count).ToString());
            Print("  in percent of the textbook's time", (textbook == 0 ? 0 : own * 100 / textbook).ToString());
        }

        private static void Print(string name, string value)
        {
            Console.WriteLine(value.PadLeft(12, ' ') + "  " + name);
        }

        private static long Ticks()
        {
            return DateTime.UtcNow.Ticks;
        }
    }
}
