namespace MbmsMe.Machine
{
    /// <summary>Two slots of non-volatile memory, each replaced as a whole.</summary>
    /// <remarks>
    /// A power cut during <see cref="Write"/> may leave any octets in that slot, but must not touch the other one.
    /// </remarks>
    public interface ISlotDrive
    {
        /// <summary>What the slot holds, or null when it was never written.</summary>
        /// <param name="slot">0 or 1.</param>
        /// <exception cref="System.IO.IOException">It cannot be read, which says nothing of what it holds.</exception>
        byte[] Read(int slot);

        /// <summary>Replaces the slot's content; returns once it is committed.</summary>
        /// <param name="slot">0 or 1.</param>
        /// <param name="image">The new content, all of it.</param>
        /// <exception cref="System.IO.IOException">The drive refused it (full, missing, broken).</exception>
        void Write(int slot, byte[] image);
    }
}
