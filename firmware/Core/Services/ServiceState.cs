namespace MbmsMe.Services
{
    /// <summary>Where a service stands.</summary>
    public enum ServiceState
    {
        /// <summary>The user has not activated it.</summary>
        Inactive,

        /// <summary>The ME gets its keys and receives it.</summary>
        Active,

        /// <summary>No MSK was to be had and no valid one was there; active again when an MSK comes.</summary>
        Left,
    }
}
