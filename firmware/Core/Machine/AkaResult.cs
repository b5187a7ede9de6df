using MbmsMe.Binary;

namespace MbmsMe.Machine
{
    /// <summary>How an AKA run on the UICC ended (TS 33.102 clause 6.3.3).</summary>
    public enum AkaOutcome
    {
        /// <summary>RES, CK and IK are there.</summary>
        Success,

        /// <summary>SQN out of range: AUTS is there.</summary>
        SynchronisationFailure,

        /// <summary>The MAC in AUTN is wrong: the challenge is not from the home network.</summary>
        MacFailure,
    }

    /// <summary>Result of an AKA run on the UICC. Whoever takes it wipes its keys.</summary>
    public sealed class AkaResult
    {
        /// <summary>How it ended.</summary>
        public AkaOutcome Outcome;

        /// <summary>4 to 16 octets, on success.</summary>
        public byte[] Res;

        /// <summary>16 octets, on success.</summary>
        public byte[] Ck;

        /// <summary>16 octets, on success.</summary>
        public byte[] Ik;

        /// <summary>14 octets, on synchronisation failure.</summary>
        public byte[] Auts;

        /// <summary>Zeroes RES and keys.</summary>
        public void Wipe()
        {
            Octets.Wipe(Res);
            Octets.Wipe(Ck);
            Octets.Wipe(Ik);
        }
    }
}
