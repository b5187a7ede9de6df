using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Mikey;

namespace MbmsMe.Tests
{
    /// <summary>
    /// A MIKEY message of a BM-SC, built payload by payload and apart from the core's writer, so that any field and
    /// the order of the payloads may be changed before <see cref="Build"/>.
    /// </summary>
    public sealed class FakeMessage
    {
        /// <summary>The key it is protected with.</summary>
        public FakeGbaKey Key;

        /// <summary>The profile: draft2004, else release6.</summary>
        public bool Draft2004;

        /// <summary>HDR data type.</summary>
        public int DataType;

        /// <summary>V flag of HDR.</summary>
        public bool AckWanted;

        /// <summary>CSB ID.</summary>
        public uint CsbId;

        /// <summary>Key Domain ID.</summary>
        public int Domain;

        /// <summary>Key Group part.</summary>
        public int Group;

        /// <summary>Key Number part; 0 in a solicited pull.</summary>
        public int Number;

        /// <summary>MTK ID in hexadecimal, or null.</summary>
        public string MtkId;

        /// <summary>T.</summary>
        public uint Counter;

        /// <summary>RAND.</summary>
        public byte[] Rand;

        /// <summary>ID type of IDi and IDr.</summary>
        public int IdType;

        /// <summary>Data of IDi.</summary>
        public byte[] Idi;

        /// <summary>Data of IDr.</summary>
        public byte[] Idr;

        /// <summary>Key data before encryption; empty in a solicited pull.</summary>
        public byte[] KeyData;

        /// <summary>Policy parameters of each SP.</summary>
        public byte[] Policy = new byte[0];

        /// <summary>The payloads: E EXT, T, R RAND, I IDi, D IDr, S SP, V vendor EXT, K KEMAC.</summary>
        public string Order = "ETRIDK";

        /// <summary>The octets, after <see cref="Build"/>.</summary>
        public byte[] Wire;

        private static readonly MikeyCrypto s_crypto = new MikeyCrypto(new ManagedCrypto());

        /// <summary>Key data of that type with an interval of bounds of that many octets; 0 for no interval.</summary>
        public static byte[] KeyDataOf(int type, byte[] msk, uint low, uint high, int boundLength)
        {
            OctetWriter data = new OctetWriter(64).Put8(0).Put8((type << 4) | (boundLength == 0 ? 0 : 2)).Put16(msk.Length).Put(msk);
            if ((type & 1) != 0)
            {
                data.Put16(14).Put(new byte[14]);
            }

            if (boundLength > 0)
            {
                PutBound(data, low, boundLength);
                PutBound(data, high, boundLength);
            }

            return data.ToArray();
        }

        /// <summary>Makes <see cref="Wire"/>.</summary>
        public FakeMessage Build()
        {
            OctetWriter wire = new OctetWriter(256);
            wire.Put8(1).Put8(DataType).Put8(Code(0)).Put8(AckWanted ? 0x80 : 0).Put32(CsbId).Put8(0).Put8(1);
            for (int i = 0; i < Order.Length; i++)
            {
                wire.Put8(Code(i + 1));
                PutPayload(wire, Order[i]);
            }

            wire.Put(Mac(wire.ToArray()));
            Wire = wire.ToArray();
            return this;
        }

        /// <summary>
        /// The verification message that answers it, in hexadecimal (RFC 3830 clauses 3.1 and 5.2): IDr is a NAI
        /// whatever it was in the message.
        /// </summary>
        public string ExpectedAck()
        {
            OctetWriter ack = new OctetWriter(256);
            ack.Put8(1).Put8(1).Put8(5).Put8(0).Put32(CsbId).Put8(0).Put8(1);
            ack.Put8(6).Put8(2).Put32(Counter);
            ack.Put8(9).Put8(0).Put16(Idr.Length).Put(Idr);
            ack.Put8(0).Put8(1);
            byte[] sent = ack.ToArray();
            byte[] mac = Mac(new OctetWriter(256).Put(sent).Put(Idi).Put(Idr).Put32(Counter).ToArray());
            return Octets.ToHex(sent) + Octets.ToHex(mac);
        }

        private static void PutBound(OctetWriter data, uint value, int length)
        {
            data.Put8(length);
            for (int i = length - 1; i >= 0; i--)
            {
                data.Put8((int)((value >> (8 * i)) & 255));
            }
        }

        private int Code(int at)
        {
            if (at == Order.Length)
            {
                return 0;
            }

            switch (Order[at])
            {
                case 'E':
                case 'V':
                    return 21;
                case 'T':
                    return 5;
                case 'R':
                    return 11;
                case 'I':
                case 'D':
                    return 6;
                case 'S':
                    return 10;
                default:
                    return 1;
            }
        }

        private void PutPayload(OctetWriter wire, char payload)
        {
            switch (payload)
            {
                case 'E':
                    wire.Put8(3).Put16((Draft2004 ? 4 : 11) + (MtkId == null ? 0 : 4));
                    if (Draft2004)
                    {
                        wire.Put8(1).Put8(2).Put16(Number);
                    }
                    else
                    {
                        wire.Put8(0).Put8(3).Put24(Domain).Put8(1).Put8(4).Put16(Group).Put16(Number);
                    }

                    if (MtkId != null)
                    {
                        wire.Put8(2).Put8(2).Put(Octets.FromHex(MtkId));
                    }

                    break;
                case 'V':
                    wire.Put8(0).Put16(3).Put24(0x616263);
                    break;
                case 'T':
                    wire.Put8(2).Put32(Counter);
                    break;
                case 'R':
                    wire.Put8(Rand.Length).Put(Rand);
                    break;
                case 'I':
                    wire.Put8(IdType).Put16(Idi.Length).Put(Idi);
                    break;
                case 'D':
                    wire.Put8(IdType).Put16(Idr.Length).Put(Idr);
                    break;
                case 'S':
                    wire.Put8(0).Put8(0).Put16(Policy.Length).Put(Policy);
                    break;
                default:
                    byte[] encrypted = Octets.Slice(KeyData, 0, KeyData.Length);
                    if (encrypted.Length > 0)
                    {
                        s_crypto.Crypt(KeySource(), Counter, encrypted);
                    }

                    wire.Put8(1).Put16(encrypted.Length).Put(encrypted).Put8(1);
                    break;
            }
        }

        private MikeyKeySource KeySource()
        {
            if (Key.Prepared == null)
            {
                Key.Prepared = s_crypto.Prepare(Key.Muk);
            }

            return new MikeyKeySource(Key.Prepared, CsbId, new OctetRegion(Rand));
        }

        private byte[] Mac(byte[] over)
        {
            Hmac hmac = new Hmac(new Sha1());
            byte[] mac = new byte[20];
            hmac.Begin(hmac.Prepare(s_crypto.Derive(KeySource(), 0x2D22AC75, 20)));
            hmac.Update(over, 0, over.Length);
            hmac.Finish(mac, 0);
            return mac;
        }
    }
}
