using System.Collections;

namespace MbmsMe.Keys
{
    /// <summary>What became of the keys in the store, <see cref="KeyStore.Bind"/>.</summary>
    public sealed class BindResult
    {
        /// <summary>Makes it.</summary>
        /// <param name="check">What was found.</param>
        /// <param name="deleted">The MSKs (<see cref="Msk"/>, zeroed) of another UICC that are gone now.</param>
        /// <param name="failure">Why the drive refused, or null.</param>
        public BindResult(UiccCheck check, ArrayList deleted, string failure)
        {
            Check = check;
            Deleted = deleted;
            Failure = failure;
        }

        /// <summary>What was found.</summary>
        public UiccCheck Check { get; }

        /// <summary>The MSKs (<see cref="Msk"/>, zeroed) of another UICC that are gone from RAM and both slots now.</summary>
        public ArrayList Deleted { get; }

        /// <summary>
        /// Why the drive refused, or null. Unless <see cref="Check"/> is <see cref="UiccCheck.Unavailable"/> the keys can be used
        /// all the same, and the store tries again by itself (<see cref="KeyStore.RunDue"/>).
        /// </summary>
        public string Failure { get; }
    }
}
