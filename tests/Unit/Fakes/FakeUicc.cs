using System.Collections;
using System.IO;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Hal.SoftUicc;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>The software UICC, with an eye on what becomes of the keys it gives out.</summary>
    public sealed class FakeUicc : IUiccChannel
    {
        /// <summary>K of TS 35.208 test set 1.</summary>
        public const string K = "465b5ce8b199b49faa5f0a2ee238a6bc";

        /// <summary>OPc of TS 35.208 test set 1.</summary>
        public const string Opc = "cd63cb71954a9f4e48a5994e37a02baf";

        /// <summary>The results given out (<see cref="AkaResult"/>).</summary>
        public readonly ArrayList Results = new ArrayList();

        /// <summary>The keys given out, copied before anybody could wipe them (byte[]).</summary>
        public readonly ArrayList Secrets = new ArrayList();

        /// <summary>True when the UICC is out of order.</summary>
        public bool Fails;

        private readonly SoftwareUicc _uicc;
        private AkaCall _call;

        /// <summary>Makes it.</summary>
        public FakeUicc(string iccid, string imsi, ISlotDrive memory)
        {
            _uicc = new SoftwareUicc(new ManagedCrypto(), new UiccIdentity(iccid, imsi, 2), Octets.FromHex(K), Octets.FromHex(Opc), memory);
        }

        /// <summary>Who it is.</summary>
        public UiccIdentity Identity
        {
            get { return _uicc.Identity; }
        }

        /// <summary>True when a challenge waits for its answer.</summary>
        public bool HasWork
        {
            get { return _call != null; }
        }

        /// <inheritdoc/>
        public void Start(AkaCall call)
        {
            _call = call;
        }

        /// <inheritdoc/>
        public void Cancel(AkaCall call)
        {
            _call = _call == call ? null : _call;
        }

        /// <summary>Answers the challenge that waits.</summary>
        public void Work(MobileEquipment me)
        {
            AkaCall call = _call;
            _call = null;
            if (Fails)
            {
                me.TakeFailure(call, "no contact");
                return;
            }

            AkaResult result;
            try
            {
                result = Authenticate(call.Rand, call.Autn);
            }
            catch (IOException failure)
            {
                me.TakeFailure(call, failure.Message);
                return;
            }

            me.TakeReply(call, result);
        }

        /// <summary>What the UICC computes.</summary>
        public AkaResult Authenticate(byte[] rand, byte[] autn)
        {
            AkaResult result = _uicc.Authenticate(rand, autn);
            Results.Add(result);
            if (result.Outcome == AkaOutcome.Success)
            {
                Secrets.Add(result.Res.Clone());
                Secrets.Add(result.Ck.Clone());
                Secrets.Add(result.Ik.Clone());
            }

            return result;
        }
    }
}
