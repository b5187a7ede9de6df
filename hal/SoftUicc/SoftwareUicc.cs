using System;
using MbmsMe.Binary;
using MbmsMe.Machine;
using MbmsMe.Storage;

namespace MbmsMe.Hal.SoftUicc
{
    /// <summary>
    /// A UICC in software: a USIM with Milenage and its own memory of sequence numbers (TS 33.102 annex C).
    /// </summary>
    /// <remarks>
    /// A sequence number is accepted once: when it is above every accepted one, or among the
    /// <see cref="Window"/> below the highest and not yet used (clause C.2.2). Jumps forward are not limited.
    /// </remarks>
    public sealed class SoftwareUicc : IUicc
    {
        /// <summary>Sequence numbers below the highest accepted one that may still come, out of order.</summary>
        public const int Window = 32;

        private const int SqnLength = 6;
        private const int AmfLength = 2;
        private const int MacLength = 8;

        private readonly Milenage _milenage;
        private readonly SlotStore _memory;
        private bool _isLoaded;
        private long _highest;
        private uint _used; // bit n: highest - n was accepted

        /// <summary>Makes a UICC.</summary>
        /// <param name="engine">Does the AES.</param>
        /// <param name="identity">Who it is.</param>
        /// <param name="k">Subscriber key: 16 octets.</param>
        /// <param name="opc">OPc: 16 octets.</param>
        /// <param name="memory">Where the UICC keeps its sequence numbers.</param>
        public SoftwareUicc(ICryptoEngine engine, UiccIdentity identity, byte[] k, byte[] opc, ISlotDrive memory)
        {
            Identity = identity;
            _milenage = new Milenage(engine, k, opc);
            _memory = new SlotStore(memory);
        }

        /// <inheritdoc/>
        public UiccIdentity Identity { get; }

        /// <inheritdoc/>
        public AkaResult Authenticate(byte[] rand, byte[] autn)
        {
            byte[] resAndAk = _milenage.F2F5(rand);
            byte[] sqn = new byte[SqnLength];
            for (int i = 0; i < SqnLength; i++)
            {
                sqn[i] = (byte)(autn[i] ^ resAndAk[i]);
            }

            byte[] mac = _milenage.F1(rand, sqn, Octets.Slice(autn, SqnLength, AmfLength));
            if (!Octets.FixedTimeEquals(mac, 0, autn, SqnLength + AmfLength, MacLength))
            {
                Octets.Wipe(resAndAk);
                return new AkaResult { Outcome = AkaOutcome.MacFailure };
            }

            if (!TryUse(GetSqn(sqn)))
            {
                Octets.Wipe(resAndAk);
                return new AkaResult { Outcome = AkaOutcome.SynchronisationFailure, Auts = MakeAuts(rand) };
            }

            byte[] res = Octets.Slice(resAndAk, MacLength, 8);
            Octets.Wipe(resAndAk);
            return new AkaResult { Outcome = AkaOutcome.Success, Res = res, Ck = _milenage.F3(rand), Ik = _milenage.F4(rand) };
        }

        private static long GetSqn(byte[] octets)
        {
            long value = 0;
            for (int i = 0; i < SqnLength; i++)
            {
                value = (value << 8) | octets[i];
            }

            return value;
        }

        private static byte[] PutSqn(long sqn)
        {
            byte[] octets = new byte[SqnLength];
            for (int i = SqnLength - 1; i >= 0; i--)
            {
                octets[i] = (byte)(sqn & 255);
                sqn >>= 8;
            }

            return octets;
        }

        // With a memory that cannot be read for a moment, a sequence number used before would pass for a new one.
        private void Load()
        {
            StoredRecords found = _memory.Load();
            if (found.Newest == null && found.Refusal != null)
            {
                throw found.Refusal;
            }

            _used = 1;
            if (found.Newest != null && found.Newest.Length == SqnLength + 4)
            {
                _highest = GetSqn(found.Newest);
                _used = Octets.GetUInt32(found.Newest, SqnLength);
            }

            _isLoaded = true;
        }

        private bool TryUse(long sqn)
        {
            if (!_isLoaded)
            {
                Load();
            }

            long highest = _highest;
            uint used = _used;
            if (sqn > highest)
            {
                long step = sqn - highest;
                used = step < Window ? (used << (int)step) | 1 : 1;
                highest = sqn;
            }
            else
            {
                long back = highest - sqn;
                uint bit = back < Window ? 1u << (int)back : 0;
                if (bit == 0 || (used & bit) != 0)
                {
                    return false;
                }

                used |= bit;
            }

            byte[] record = new byte[SqnLength + 4];
            Array.Copy(PutSqn(highest), 0, record, 0, SqnLength);
            Octets.PutUInt32(record, SqnLength, used);
            _memory.Save(record);
            _highest = highest;
            _used = used;
            return true;
        }

        // AUTS = (SQN_MS XOR AK*) || MAC-S, with AMF* = 0 (TS 33.102 clause 6.3.3).
        private byte[] MakeAuts(byte[] rand)
        {
            byte[] sqn = PutSqn(_highest);
            byte[] mac = _milenage.F1(rand, sqn, new byte[AmfLength]);
            byte[] ak = _milenage.F5Star(rand);
            byte[] auts = new byte[SqnLength + MacLength];
            for (int i = 0; i < SqnLength; i++)
            {
                auts[i] = (byte)(sqn[i] ^ ak[i]);
            }

            Array.Copy(mac, MacLength, auts, SqnLength, MacLength);
            return auts;
        }
    }
}
