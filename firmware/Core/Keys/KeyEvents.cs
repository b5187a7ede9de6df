using System.IO;
using MbmsMe.Machine;

namespace MbmsMe.Keys
{
    /// <summary>Events that more than one part of the core reports.</summary>
    public static class KeyEvents
    {
        /// <summary>An event about a Key Group.</summary>
        public static MeEvent About(string name, KeyGroup group)
        {
            return new MeEvent(name).With("keyDomain", group.DomainText).With("keyGroup", group.GroupText);
        }

        /// <summary>Reports that an MSK is gone, and takes its MTKs from the traffic plane.</summary>
        public static void ReportDeleted(Peripherals machine, Msk msk, string reason)
        {
            machine.Traffic.Remove(msk.Group, msk.Number);
            machine.Events.Report(About("msk-deleted", msk.Group).With("mskId", msk.IdText).With("reason", reason));
        }

        /// <summary>The drive refused a write; the old state still counts.</summary>
        public static MeEvent StorageFailed(IOException failure)
        {
            return new MeEvent("storage-failed").With("reason", failure.Message);
        }
    }
}
