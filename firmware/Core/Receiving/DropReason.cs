namespace MbmsMe.Receiving
{
    /// <summary>Why a datagram was dropped, as the event tells it.</summary>
    public static class DropReason
    {
        /// <summary>Longer than any MIKEY message the ME takes.</summary>
        public const string Oversized = "oversized";

        /// <summary>The queue to the worker was full.</summary>
        public const string QueueFull = "queue-full";

        /// <summary>Not a well-formed MIKEY message, or not one that TS 33.246 knows.</summary>
        public const string Malformed = "malformed";

        /// <summary>A verification or error message: the ME asked for none.</summary>
        public const string UnexpectedType = "unexpected-type";

        /// <summary>An MTK message of a Key Group that no active service uses.</summary>
        public const string UnusedKeyGroup = "unused-key-group";

        /// <summary>An MTK message under an MSK that is not there.</summary>
        public const string UnknownMsk = "unknown-msk";

        /// <summary>An MTK ID outside SEQl to SEQu.</summary>
        public const string MtkIdOutOfRange = "mtk-id-out-of-range";

        /// <summary>A genuine message of a BM-SC about a Key Group that the services get from another one.</summary>
        public const string ForeignKeyGroup = "foreign-key-group";

        /// <summary>IDi is no BM-SC of the configuration.</summary>
        public const string UnknownBmsc = "unknown-bmsc";

        /// <summary>No UICC was inserted yet: there are no keys.</summary>
        public const string NoUicc = "no-uicc";

        /// <summary>IDr is no B-TID the ME has a MUK for.</summary>
        public const string UnknownBtid = "unknown-btid";

        /// <summary>An MSK message under a MUK whose GBA lifetime is over.</summary>
        public const string MukExpired = "muk-expired";

        /// <summary>An MSK message while the ME has no valid time: every MUK counts as expired.</summary>
        public const string NoValidTime = "no-valid-time";

        /// <summary>The counter or the MTK ID is not above the last accepted one.</summary>
        public const string Replay = "replay";

        /// <summary>The MAC is wrong.</summary>
        public const string WrongMac = "wrong-mac";

        /// <summary>A genuine message whose key data are not a 16-octet key with an interval, or with a salt of 14 octets.</summary>
        public const string BadKeyData = "bad-key-data";

        /// <summary>No room for another MSK that no service uses.</summary>
        public const string StoreFull = "store-full";

        /// <summary>The drive did not take the new state.</summary>
        public const string StorageFailed = "storage-failed";
    }
}
