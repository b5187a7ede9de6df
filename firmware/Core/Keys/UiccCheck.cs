namespace MbmsMe.Keys
{
    /// <summary>What <see cref="KeyStore.Bind"/> found in the store.</summary>
    public enum UiccCheck
    {
        /// <summary>The keys of this UICC.</summary>
        Same,

        /// <summary>No keys: this is the first UICC, or the first one after another was taken out.</summary>
        First,

        /// <summary>The keys of another UICC, which are gone now.</summary>
        Different,

        /// <summary>Something damaged or of another version of this firmware; it is gone now.</summary>
        Damaged,

        /// <summary>
        /// The drive cannot be read, or does not let go of another UICC's keys. There is no <see cref="KeyStore.State"/>, and
        /// nothing may go on before another call says something else.
        /// </summary>
        Unavailable,
    }
}
