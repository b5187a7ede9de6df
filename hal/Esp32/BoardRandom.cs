using System;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Machine;

namespace MbmsMe.Hal.Esp32
{
    /// <summary>Random octets from the ESP32's hardware generator, whitened over a pool.</summary>
    /// <remarks>
    /// <para>
    /// Source, as read in nanoframework/nf-interpreter (main, 2026-07-24), targets/ESP32/_nanoCLR/targetRandom.cpp:
    /// System.Random.NextBytes takes every octet from esp_random(); a seed is ignored. ESP-IDF calls esp_random()
    /// truly random while the radio is on, and pseudo-random, seeded by the boot loader, before: the firmware
    /// switches Wi-Fi on before any application runs, and nothing here asks before there is a network.
    /// </para>
    /// <para>
    /// The pool keeps cnonces from repeating should the radio be off: 16 octets that no output shows, hashed together
    /// with fresh octets and both clocks for every 16 octets given out. It does not make up for a missing generator:
    /// on any other nanoCLR than that of an ESP32, System.Random may be a plain pseudo-random sequence.
    /// </para>
    /// </remarks>
    public sealed class BoardRandom : IRandomSource
    {
        private const int PoolLength = 16;
        private const int FreshLength = 32;
        private const int ClocksOffset = PoolLength + FreshLength;

        private readonly Random _generator = new Random();
        private readonly IClock _clock;
        private readonly byte[] _pool = new byte[PoolLength];

        /// <summary>Makes it.</summary>
        public BoardRandom(IClock clock)
        {
            _clock = clock;
        }

        /// <inheritdoc/>
        /// <remarks>Hash and buffers last for the call: cnonces are rare, and the board has no 700 octets for them in between.</remarks>
        public void Fill(byte[] buffer)
        {
            Sha256 hash = new Sha256();
            byte[] input = new byte[ClocksOffset + 12];
            byte[] digest = new byte[32];
            for (int filled = 0; filled < buffer.Length; filled += PoolLength)
            {
                Stir(hash, input, digest);
                int left = buffer.Length - filled;
                Array.Copy(digest, PoolLength, buffer, filled, left < PoolLength ? left : PoolLength);
            }

            Octets.Wipe(input);
            Octets.Wipe(digest);
        }

        private void Stir(Sha256 hash, byte[] input, byte[] digest)
        {
            byte[] fresh = new byte[FreshLength];
            _generator.NextBytes(fresh);
            Array.Copy(_pool, 0, input, 0, PoolLength);
            Array.Copy(fresh, 0, input, PoolLength, FreshLength);
            long uptime = _clock.UptimeMilliseconds;
            Octets.PutUInt32(input, ClocksOffset, (uint)(uptime & 0xFFFFFFFF));
            long ticks = DateTime.UtcNow.Ticks;
            Octets.PutUInt32(input, ClocksOffset + 4, (uint)((ticks >> 32) & 0xFFFFFFFF));
            Octets.PutUInt32(input, ClocksOffset + 8, (uint)(ticks & 0xFFFFFFFF));
            hash.Reset();
            hash.Update(input, 0, input.Length);
            hash.Finish(digest, 0);
            Array.Copy(digest, 0, _pool, 0, PoolLength);
        }
    }
}
