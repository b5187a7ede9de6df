using MbmsMe.Machine;

namespace MbmsMe.Runtime
{
    /// <summary>A UICC that was inserted or removed, as far as the worker has not taken it up yet.</summary>
    internal sealed class UiccChange
    {
        /// <summary>Makes it.</summary>
        /// <param name="identity">Who was inserted; null for none.</param>
        /// <param name="removedFirst">True when the UICC of before was away in between, though perhaps it is the same again.</param>
        public UiccChange(UiccIdentity identity, bool removedFirst)
        {
            Identity = identity;
            RemovedFirst = removedFirst;
        }

        /// <summary>Who is inserted now; null for none.</summary>
        public UiccIdentity Identity { get; }

        /// <summary>True when the UICC of before was away in between: its keys end even if it is the same again.</summary>
        public bool RemovedFirst { get; }

        /// <summary>Gives it to the ME. On the worker's thread.</summary>
        public void GiveTo(MobileEquipment me)
        {
            if (RemovedFirst || Identity == null)
            {
                me.RemoveUicc();
            }

            if (Identity != null)
            {
                me.InsertUicc(Identity);
            }
        }
    }
}
