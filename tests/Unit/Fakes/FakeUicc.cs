using System.Collections;
using System.IO;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Hal.SoftUicc;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>The software UICC, with an eye on what becomes of the keys it gives out.</summary>
    public sealed class FakeUicc : IUicc
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

        /// <summary>Makes it.</summary>
        public FakeUicc(string iccid, string imsi, ISlotDrive memory)
        {
            _uicc = new SoftwareUicc(new ManagedCrypto(), iccid, imsi, 2, Octets.FromHex(K), Octets.FromHex(Opc), memory);
        }

        /// <inheritdoc/>
        public string Iccid
        {
            get { return _uicc.Iccid; }
        }

        /// <inheritdoc/>
        public string Imsi
        {
            get { return _uicc.Imsi; }
        }

        /// <inheritdoc/>
        public int MncLength
        {
            get { return _uicc.MncLength; }
        }

        /// <inheritdoc/>
        public AkaResult Authenticate(byte[] rand, byte[] autn)
        {
            if (Fails)
            {
                throw new IOException("no contact");
            }

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
