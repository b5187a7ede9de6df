namespace MbmsMe.Mikey
{
    /// <summary>Stands in for the real one.</summary>
    public static class MtkClassifier
    {
        /// <summary>True for a message whose first payload is an EXT with an MTK ID.</summary>
        public static bool LooksLikeMtk(byte[] data, int length)
        {
            if (length < 16 || data[0] != 1 || data[1] != 0 || data[2] != 21)
            {
                return false;
            }

            int at = 10 + (data[9] == 0 ? 9 * data[8] : 0);
            int end = at + 4 < length ? at + 4 + ((data[at + 2] << 8) | data[at + 3]) : 0;
            for (at += 4; end <= length && at + 2 <= end; at += 2 + data[at + 1])
            {
                if (data[at] == MikeyConstants.MtkId)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
