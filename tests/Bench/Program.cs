using System;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Mikey;
using MbmsMe.Tests;

namespace MbmsMe.Bench
{
    /// <summary>
    /// Measures what the board feels: compressions per message, time per block, cost of a dropped datagram, heap,
    /// flash octets. The same program on .NET, in the emulator and on a board.
    /// </summary>
    public static class Program
    {
        private const int Blocks = 200;
        private const int Datagrams = 200;
        private const int Services = 8;
        private const int MsksPerService = 2;
        private const int MaxPercentOfTextbook = 35;

        private static bool s_exceeded;

        /// <summary>Prints the table; the exit code is 1 when a bound is exceeded.</summary>
        public static int Main()
        {
            Console.WriteLine("Measurements on " + Meter.Runtime);
            Compressions(false);
            Compressions(true);
            Sha1Time();
            AesTime();
            DroppedDatagram("unknown B-TID", false);
            DroppedDatagram("wrong MAC", true);
            Heap();
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

            long start = Ticks();
            for (int i = 0; i < blocks; i++)
            {
                textbook.Compress(data);
            }

            long textbookTicks = Ticks() - start;
            start = Ticks();
            for (int i = 0; i < blocks; i++)
            {
                inlined.Compress(data);
            }

            long inlinedTicks = Ticks() - start;
            start = Ticks();
            for (int i = 0; i < blocks; i++)
            {
                sha1.Update(data, 0, data.Length);
            }

            long ownTicks = Ticks() - start;
            sha1.SaveState(state);
            for (int i = 0; i < state.Length; i++)
            {
                s_exceeded |= state[i] != textbook.State[i] || state[i] != inlined.State[i];
            }

            PrintRatio("SHA-1 block", ownTicks, textbookTicks, blocks);
            Print("  one loop without calls", (inlinedTicks * 100 / blocks).ToString());
            s_exceeded |= ownTicks * 100 > textbookTicks * MaxPercentOfTextbook;
        }

        private static void AesTime()
        {
            int blocks = Blocks * Meter.Scale;
            byte[] key = Octets.FromHex("2b7e151628aed2a6abf7158809cf4f3c");
            byte[] own = new byte[Aes128.BlockSize];
            byte[] other = new byte[Aes128.BlockSize];
            Aes128 aes = new Aes128(key);
            TextbookAes textbook = new TextbookAes(key);

            long start = Ticks();
            for (int i = 0; i < blocks; i++)
            {
                textbook.Encrypt(other);
            }

            long textbookTicks = Ticks() - start;
            start = Ticks();
            for (int i = 0; i < blocks; i++)
            {
                aes.Encrypt(own, 0);
            }

            long ownTicks = Ticks() - start;
            s_exceeded |= !Octets.FixedTimeEquals(own, 0, other, 0, own.Length);
            PrintRatio("AES-128 block", ownTicks, textbookTicks, blocks);
        }

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
            s_exceeded |= bench.Keys.Msks.Count != Services * MsksPerService;
        }

        private static void FlashPerMsk()
        {
            Tests.Bench bench = Tests.Bench.Paired(false);
            int writes = bench.Drive.Writes;
            bench.Deliver(bench.Bmsc.Msk(false, Tests.Bench.Group, 2));
            Print("flash writes per MSK update", (bench.Drive.Writes - writes).ToString());
            Print("  octets written, with 1 service and 2 MSKs", bench.Drive.LastWriteLength.ToString());
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
