namespace MbmsMe.Mikey
{
    /// <summary>
    /// Tells MTK messages, which come to whole groups and again and again, from MSK messages without reading them: for a
    /// queue that keeps room for the latter.
    /// </summary>
    public static class MtkClassifier
    {
        /// <summary>
        /// True for every well-formed pre-shared key message with an MTK ID, false for every one without; what it says of
        /// anything else does not matter, for that is dropped. Bounded, allocates nothing, never throws, has no state.
        /// </summary>
        /// <param name="data">The datagram.</param>
        /// <param name="length">Octets of it.</param>
        public static bool LooksLikeMtk(byte[] data, int length)
        {
            if (data == null || length > data.Length)
            {
                return false;
            }

            int at = PayloadLength.OfHeader(data, length);
            if (at < 0 || data[0] != MikeyConstants.Version || data[1] != (int)MikeyDataType.PreSharedKey)
            {
                return false;
            }

            int payload = data[2];
            for (int payloads = 0; payloads < MikeyConstants.MaxPayloads; payloads++)
            {
                int octets = PayloadLength.Of((MikeyPayload)payload, data, at, length);
                if (octets < 0)
                {
                    return false;
                }

                if (payload == (int)MikeyPayload.Ext && data[at + 1] == MikeyConstants.ExtKeyId && HasMtkId(data, at + 4, at + octets))
                {
                    return true;
                }

                payload = data[at];
                at += octets;
            }

            return false;
        }

        // RFC 4563 clause 4: Key IDs are type, length, value. The draft2004 profile has its MTK ID there as well.
        private static bool HasMtkId(byte[] data, int at, int end)
        {
            while (at + 2 <= end)
            {
                if (data[at] == MikeyConstants.MtkId)
                {
                    return true;
                }

                at += 2 + data[at + 1];
            }

            return false;
        }
    }
}
