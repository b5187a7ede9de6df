using MbmsMe.Binary;
using MbmsMe.Machine;

namespace MbmsMe.Srtp
{
    /// <summary>An MTK as SRTP uses it: the session keys that were derived from it (RFC 3711 clause 4.3).</summary>
    /// <remarks>
    /// The derivation rate is 0, so there is one set for the whole life of the MTK, and neither the MTK nor its salt is
    /// kept. One that has died keeps its MKI and its serial.
    /// </remarks>
    public sealed class SrtpKey
    {
        /// <summary>Octets in an encryption key.</summary>
        public const int KeyLength = 16;

        /// <summary>Octets in a salt.</summary>
        public const int SaltLength = 14;

        internal SrtpKey(byte[] mki, int keyNumber, uint serial)
        {
            Mki = mki;
            KeyNumber = keyNumber;
            Serial = serial;
        }

        /// <summary>Its MKI: MSK ID || MTK ID as on the wire.</summary>
        public byte[] Mki { get; }

        /// <summary>Key Number part of the ID of its MSK.</summary>
        public int KeyNumber { get; }

        /// <summary>Counts the MTKs of the Key Group: a later one has a higher serial.</summary>
        public uint Serial { get; }

        /// <summary>Session encryption key.</summary>
        public AesKey Encryption { get; internal set; }

        /// <summary>Session authentication key.</summary>
        public HmacKey Authentication { get; internal set; }

        /// <summary>Session salt: 14 octets.</summary>
        public byte[] Salt { get; } = new byte[SaltLength];

        /// <summary>False once it has died.</summary>
        public bool IsAlive { get; private set; } = true;

        /// <summary>Zeroes the keys.</summary>
        public void Wipe()
        {
            IsAlive = false;
            Encryption.Wipe();
            Authentication.Wipe();
            Octets.Wipe(Salt);
        }
    }
}
