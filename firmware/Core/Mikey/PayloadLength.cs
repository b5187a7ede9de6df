using MbmsMe.Binary;

namespace MbmsMe.Mikey
{
    /// <summary>How many octets each payload has (RFC 3830 clause 6): the one place that knows it.</summary>
    /// <remarks>-1 stands for a payload that is unknown to MBMS or does not fit; where it is not -1, every field of the payload may be read.</remarks>
    internal static class PayloadLength
    {
        private const int SessionLength = 9;
        private const int CounterLength = 4;
        private const int NtpLength = 8;

        /// <summary>Octets of HDR with its CS ID map (clause 6.1, RFC 4563 clause 5), or -1.</summary>
        /// <param name="data">The message.</param>
        /// <param name="length">Octets of it.</param>
        public static int OfHeader(byte[] data, int length)
        {
            if (length < MikeyConstants.HeaderLength)
            {
                return -1;
            }

            int header = MikeyConstants.HeaderLength;
            switch (data[9])
            {
                case MikeyConstants.MapSrtp:
                    header += SessionLength * data[8];
                    return header <= length ? header : -1;
                case MikeyConstants.MapEmpty:
                    return header;
                default:
                    return -1;
            }
        }

        /// <summary>Octets of a payload, or -1.</summary>
        /// <param name="payload">Which payload.</param>
        /// <param name="data">The message.</param>
        /// <param name="at">Where the payload starts.</param>
        /// <param name="length">Octets of the message.</param>
        public static int Of(MikeyPayload payload, byte[] data, int at, int length)
        {
            int head = OfHead(payload);
            if (head < 0 || length - at < head)
            {
                return -1;
            }

            int body = OfBody(payload, data, at);
            return body >= 0 && length - at - head >= body ? head + body : -1;
        }

        // Up to where the length of the rest is known.
        private static int OfHead(MikeyPayload payload)
        {
            switch (payload)
            {
                case MikeyPayload.T:
                case MikeyPayload.V:
                case MikeyPayload.Rand:
                    return 2;
                case MikeyPayload.Kemac:
                case MikeyPayload.Id:
                case MikeyPayload.Err:
                case MikeyPayload.Ext:
                    return 4;
                case MikeyPayload.Sp:
                    return 5;
                default:
                    return -1;
            }
        }

        private static int OfBody(MikeyPayload payload, byte[] data, int at)
        {
            switch (payload)
            {
                case MikeyPayload.Kemac:
                    return Octets.GetUInt16(data, at + 2) + 1 + MikeyConstants.MacLength;
                case MikeyPayload.T:
                    // Only a counter is 4 octets, the two NTP types are 8 (clause 6.6).
                    return data[at + 1] == MikeyConstants.CounterTimestamp ? CounterLength
                        : data[at + 1] < MikeyConstants.CounterTimestamp ? NtpLength
                        : -1;
                case MikeyPayload.V:
                    return MikeyConstants.MacLength;
                case MikeyPayload.Sp:
                    return Octets.GetUInt16(data, at + 3);
                case MikeyPayload.Rand:
                    return data[at + 1];
                case MikeyPayload.Err:
                    return 0;
                default:
                    return Octets.GetUInt16(data, at + 2);
            }
        }
    }
}
