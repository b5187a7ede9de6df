using System.IO;
using MbmsMe.Binary;

namespace MbmsMe.Storage
{
    /// <summary>What <see cref="SlotStore.Load"/> found in the two slots.</summary>
    public sealed class StoredRecords
    {
        /// <summary>The newest valid record, or null when there is none.</summary>
        public byte[] Newest;

        /// <summary>The other slot's record, or null when that slot is not valid.</summary>
        public byte[] Older;

        /// <summary>True when a slot is there and holds no valid record: torn, rotten, or of another format.</summary>
        public bool HasDamaged;

        /// <summary>Why a slot could not be read, or null when both could: it may hold anything, a newer record too.</summary>
        public IOException Refusal;

        /// <summary>Zeroes the records.</summary>
        public void Wipe()
        {
            Octets.Wipe(Newest);
            Octets.Wipe(Older);
        }
    }
}
