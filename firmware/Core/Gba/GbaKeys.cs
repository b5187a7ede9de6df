using MbmsMe.Binary;
using MbmsMe.Machine;

namespace MbmsMe.Gba
{
    /// <summary>Key derivation of TS 33.220 annex B: HMAC-SHA-256 over FC and each parameter with its length.</summary>
    public static class GbaKeys
    {
        private const int Fc = 0x01;

        /// <summary>Octets of a derived key.</summary>
        public const int Length = 32;

        /// <summary>Ks_(ext)_NAF, which is the MUK in ME based key management (TS 33.246 clause 6.1).</summary>
        /// <param name="engine">Does the HMAC.</param>
        /// <param name="ks">Ks = CK || IK: 32 octets.</param>
        /// <param name="rand">RAND of the AKA run: 16 octets.</param>
        /// <param name="impi">IMPI.</param>
        /// <param name="nafId">NAF_Id.</param>
        public static byte[] DeriveNafKey(ICryptoEngine engine, byte[] ks, byte[] rand, string impi, byte[] nafId)
        {
            OctetWriter s = new OctetWriter(160).Put8(Fc);
            Parameter(s, Octets.FromText("gba-me"));
            Parameter(s, rand);
            Parameter(s, Octets.FromText(impi));
            Parameter(s, nafId);
            return Derive(engine, ks, s);
        }

        /// <summary>MRK from Ks_(ext)_NAF (TS 33.246 annex F).</summary>
        public static byte[] DeriveMrk(ICryptoEngine engine, byte[] nafKey)
        {
            OctetWriter s = new OctetWriter(16).Put8(Fc);
            Parameter(s, Octets.FromText("mbms-mrk"));
            return Derive(engine, nafKey, s);
        }

        private static void Parameter(OctetWriter s, byte[] value)
        {
            s.Put(value).Put16(value.Length);
        }

        private static byte[] Derive(ICryptoEngine engine, byte[] key, OctetWriter s)
        {
            byte[] derived = new byte[Length];
            engine.HmacSha256(key, s.ToArray(), derived);
            return derived;
        }
    }
}
