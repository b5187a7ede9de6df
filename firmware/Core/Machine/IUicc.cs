namespace MbmsMe.Machine
{
    /// <summary>The USIM application of a UICC, as far as GBA needs it.</summary>
    public interface IUicc
    {
        /// <summary>EF_ICCID, 18 to 20 decimal digits.</summary>
        string Iccid { get; }

        /// <summary>EF_IMSI, up to 15 decimal digits.</summary>
        string Imsi { get; }

        /// <summary>Digits of the mobile network code in the IMSI: 2 or 3 (EF_AD).</summary>
        int MncLength { get; }

        /// <summary>AUTHENTICATE in 3G context (TS 31.102 clause 7.1.2).</summary>
        /// <param name="rand">16 octets.</param>
        /// <param name="autn">16 octets.</param>
        /// <exception cref="System.IO.IOException">The UICC could not do it.</exception>
        AkaResult Authenticate(byte[] rand, byte[] autn);
    }

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
    }
}
