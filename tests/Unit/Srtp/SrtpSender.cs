using System;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Machine;
using MbmsMe.Srtp;

namespace MbmsMe.Tests
{
    /// <summary>
    /// The other end of a stream, written from RFC 3711 with nothing but a block cipher and HMAC; SrtpVectorTests holds it
    /// against libsrtp.
    /// </summary>
    internal sealed class SrtpSender
    {
        /// <summary>Key Domain ID of the tests.</summary>
        public const int Domain = 0x00F110;

        /// <summary>Key Group of the tests.</summary>
        public const int Group = 0x0010;

        /// <summary>Octets of the payload of <see cref="Clear"/>.</summary>
        public const int PayloadLength = 20;

        private readonly ICryptoEngine _engine = new ManagedCrypto();
        private readonly byte[] _encryptionKey;
        private readonly byte[] _salt;
        private readonly byte[] _authenticationKey;

        /// <summary>Makes one that sends under an MTK.</summary>
        public SrtpSender(TrafficKey mtk)
        {
            Mtk = mtk;
            _encryptionKey = Check.First(Derive(0, 0), 16);
            _authenticationKey = Check.First(Check.Concat(Derive(1, 0), Derive(1, 1)), 20);
            _salt = Check.First(Derive(2, 0), 14);
        }

        /// <summary>The MTK.</summary>
        public TrafficKey Mtk { get; }

        /// <summary>SSRC of the packets.</summary>
        public uint Ssrc = 0xDECAFBAD;

        /// <summary>True when payloads are encrypted.</summary>
        public bool Confidentiality = true;

        /// <summary>True when packets carry a tag.</summary>
        public bool Integrity = true;

        /// <summary>An MTK of its own for each number, of an MSK (release6).</summary>
        public static TrafficKey MtkOf(int keyNumber, int mtkId)
        {
            return Key(
                Check.Bytes("0010" + Octets.ToHex((uint)keyNumber, 2) + Octets.ToHex((uint)mtkId, 2)), 16 * keyNumber + mtkId);
        }

        /// <summary>An MTK with that MKI; key and salt count up from the number.</summary>
        public static TrafficKey Key(byte[] mki, int first)
        {
            return new TrafficKey
            {
                Group = new KeyGroup(Domain, Group),
                KeyNumber = (mki[mki.Length - 4] << 8) | mki[mki.Length - 3],
                Mki = mki,
                Key = Check.Count(first, 16),
                Salt = Check.Count(first + 16, 14),
            };
        }

        /// <summary>A ring with those MTKs.</summary>
        public static SrtpKeyRing Ring(params TrafficKey[] mtks)
        {
            SrtpKeyRing ring = new SrtpKeyRing(new SrtpCrypto(new ManagedCrypto()), new KeyGroup(Domain, Group));
            for (int i = 0; i < mtks.Length; i++)
            {
                ring.Install(mtks[i]);
            }

            return ring;
        }

        /// <summary>A receiver of protected packets.</summary>
        public static SrtpReceiver Receiver(SrtpKeyRing ring)
        {
            return new SrtpReceiver(new SrtpCrypto(new ManagedCrypto()), ring, true, true);
        }

        /// <summary>The clear packet.</summary>
        public byte[] Clear(int sequence)
        {
            return Check.Concat(
                Check.Bytes("8060" + Octets.ToHex((uint)sequence, 2) + "000000a0" + Octets.ToHex(Ssrc, 4)),
                Check.Count(sequence, PayloadLength));
        }

        /// <summary>The protected packet.</summary>
        public byte[] Packet(uint roc, int sequence)
        {
            return Protect(Clear(sequence), 12, roc);
        }

        /// <summary>Protects a packet.</summary>
        public byte[] Protect(byte[] clear, int headerLength, uint roc)
        {
            byte[] packet = (byte[])clear.Clone();
            if (Confidentiality)
            {
                byte[] block = new byte[16];
                for (int i = headerLength; i < packet.Length; i++)
                {
                    int at = (i - headerLength) % 16;
                    if (at == 0)
                    {
                        block = Counter(packet, roc, (i - headerLength) / 16);
                        _engine.AesEncrypt(_encryptionKey, block);
                    }

                    packet[i] = (byte)(packet[i] ^ block[at]);
                }
            }

            byte[] end = Mtk.Mki;
            if (Integrity)
            {
                end = Check.Concat(end, Check.First(Mac(_authenticationKey, Check.Concat(packet, Check.Bytes(Octets.ToHex(roc, 4)))), 10));
            }

            return Check.Concat(packet, end);
        }

        /// <summary>HMAC-SHA-1.</summary>
        public static byte[] Mac(byte[] key, byte[] data)
        {
            byte[] mac = new byte[20];
            Hmac hmac = new Hmac(new Sha1());
            hmac.Begin(hmac.Prepare(key));
            hmac.Update(data, 0, data.Length);
            hmac.Finish(mac, 0);
            return mac;
        }

        private byte[] Derive(int label, int counter)
        {
            byte[] block = new byte[16];
            Array.Copy(Mtk.Salt, 0, block, 0, 14);
            block[7] = (byte)(block[7] ^ label);
            block[15] = (byte)counter;
            _engine.AesEncrypt(Mtk.Key, block);
            return block;
        }

        private byte[] Counter(byte[] packet, uint roc, int counter)
        {
            byte[] block = new byte[16];
            Array.Copy(_salt, 0, block, 0, 14);
            byte[] added = Check.Concat(Check.Bytes(Octets.ToHex(Octets.GetUInt32(packet, 8), 4) + Octets.ToHex(roc, 4)), new byte[] { packet[2], packet[3] });
            for (int i = 0; i < added.Length; i++)
            {
                block[4 + i] = (byte)(block[4 + i] ^ added[i]);
            }

            block[14] = (byte)(counter >> 8);
            block[15] = (byte)counter;
            return block;
        }
    }
}
