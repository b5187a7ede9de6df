using MbmsMe.Binary;

namespace MbmsMe.Mikey
{
    /// <summary>
    /// The key data sub-payload of an MSK or MTK message (RFC 3830 clauses 6.13 and 6.14): one 16-octet key, a salt
    /// where there is one, and the interval of MTK IDs that an MSK may protect.
    /// </summary>
    public sealed class KeyData
    {
        private const int TypeTgk = 0;
        private const int ValidityNull = 0;
        private const int ValiditySpi = 1;
        private const int ValidityInterval = 2;

        /// <summary>The key: 16 octets.</summary>
        public byte[] Key { get; private set; }

        /// <summary>The salt that came with the key, or null.</summary>
        public byte[] Salt { get; private set; }

        /// <summary>SEQl: the lowest MTK ID.</summary>
        public uint SeqLow { get; private set; }

        /// <summary>SEQu: the highest MTK ID.</summary>
        public uint SeqHigh { get; private set; }

        /// <summary>
        /// Reads decrypted key data: exactly one sub-payload of type TGK, TGK+SALT, TEK or TEK+SALT with a key of
        /// 16 octets; a missing interval stands for all MTK IDs. Null when it is anything else.
        /// </summary>
        public static KeyData Read(byte[] data)
        {
            // next payload, type and KV, 2 octets of length
            if (data.Length < 4 + MikeyConstants.KeyLength
                || data[0] != (int)MikeyPayload.Last
                || (data[1] >> 4) > 3
                || Octets.GetUInt16(data, 2) != MikeyConstants.KeyLength)
            {
                return null;
            }

            bool salted = ((data[1] >> 4) & 1) != 0;
            int validity = data[1] & 15;
            int at = 4 + MikeyConstants.KeyLength;
            int salt = at + 2;
            if (salted)
            {
                at += salt <= data.Length ? 2 + Octets.GetUInt16(data, at) : data.Length;
            }

            int saltEnd = at;

            KeyData read = new KeyData { SeqHigh = 0xFFFFFFFF };
            if (validity == ValidityInterval)
            {
                uint value;
                if (!TryReadBound(data, ref at, out value))
                {
                    return null;
                }

                read.SeqLow = value;
                if (!TryReadBound(data, ref at, out value))
                {
                    return null;
                }

                read.SeqHigh = value;
            }
            else if (validity == ValiditySpi)
            {
                at += at < data.Length ? 1 + data[at] : 1;
            }
            else if (validity != ValidityNull)
            {
                return null;
            }

            if (at != data.Length)
            {
                return null;
            }

            read.Key = Octets.Slice(data, 4, MikeyConstants.KeyLength);
            read.Salt = salted ? Octets.Slice(data, salt, saltEnd - salt) : null;
            return read;
        }

        /// <summary>Zeroes key and salt.</summary>
        public void Wipe()
        {
            Octets.Wipe(Key);
            Octets.Wipe(Salt);
        }

        /// <summary>Writes key data of type TGK with an interval of two octets each: 26 octets.</summary>
        public static byte[] Write(byte[] key, int seqLow, int seqHigh)
        {
            return new OctetWriter(10 + key.Length).Put8((int)MikeyPayload.Last).Put8((TypeTgk << 4) | ValidityInterval)
                .Put16(key.Length).Put(key).Put8(2).Put16(seqLow).Put8(2).Put16(seqHigh).ToArray();
        }

        private static bool TryReadBound(byte[] data, ref int at, out uint value)
        {
            value = 0;
            if (at >= data.Length)
            {
                return false;
            }

            int length = data[at++];
            if (length < 1 || length > 4 || at + length > data.Length)
            {
                return false;
            }

            while (length-- > 0)
            {
                value = (value << 8) | data[at++];
            }

            return true;
        }
    }
}
