namespace MbmsMe.Runtime
{
    /// <summary>Something for the ME that waits for the worker, other than a datagram and a UICC.</summary>
    internal abstract class Input
    {
        /// <summary>The call it answers, or null.</summary>
        public virtual object Call
        {
            get { return null; }
        }

        /// <summary>True for what a user may cause as often as he likes.</summary>
        public virtual bool IsCommand
        {
            get { return false; }
        }

        /// <summary>Gives it to the ME. On the worker's thread.</summary>
        public abstract void GiveTo(MobileEquipment me);

        /// <summary>Takes a later one up in itself, which then needs no place of its own; false when that cannot be.</summary>
        public virtual bool Absorb(Input later)
        {
            return false;
        }

        /// <summary>Nobody will take it: what is secret in it is zeroed, and who waits for it is told.</summary>
        public virtual void Drop()
        {
        }
    }
}
