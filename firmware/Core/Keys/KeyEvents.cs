using MbmsMe.Machine;

namespace MbmsMe.Keys
{
    /// <summary>Events that more than one part of the core reports.</summary>
    internal static class KeyEvents
    {
        /// <summary>An event about a Key Group.</summary>
        public static MeEvent About(string name, KeyGroup group)
        {
            return new MeEvent(name).With("keyDomain", group.DomainText).With("keyGroup", group.GroupText);
        }

        /// <summary>An MSK is gone.</summary>
        public static MeEvent Deleted(Msk msk, string reason)
        {
            return About("msk-deleted", msk.Group).With("mskId", msk.IdText).With("reason", reason);
        }

        /// <summary>The drive refused a write; the old state still counts.</summary>
        public static MeEvent StorageFailed(string reason)
        {
            return new MeEvent("storage-failed").With("reason", reason);
        }
    }
}
