using System;
using MbmsMe.Crypto;
using MbmsMe.Gba;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>Key derivation of TS 33.220 annex B: MUK and MRK of protocol.md section 10.</summary>
    [TestClass]
    public class GbaKeysTests
    {
        [TestMethod]
        public void MukIsKsNaf()
        {
            Check.Hex(
                Vectors.Muk,
                GbaKeys.DeriveNafKey(
                    new ManagedCrypto(), Check.Bytes(Vectors.Ks), Check.Bytes(Vectors.Rand), Vectors.Impi, Check.Bytes(Vectors.NafId)));
        }

        [TestMethod]
        public void MrkIsDerivedFromKsNaf()
        {
            Check.Hex(Vectors.Mrk, GbaKeys.DeriveMrk(new ManagedCrypto(), Check.Bytes(Vectors.Muk)));
        }

        [TestMethod]
        public void TheInputOfKsNafHasEveryParameterWithItsLength()
        {
            RecordingEngine engine = new RecordingEngine();
            GbaKeys.DeriveNafKey(
                engine, Check.Bytes(Vectors.Ks), Check.Bytes(Vectors.Rand), Vectors.Impi, Check.Bytes(Vectors.NafId));
            Check.Hex(Vectors.Ks, engine.Key);
            Check.Hex(Vectors.NafKeyS, engine.Data);
        }

        [TestMethod]
        public void TheInputOfMrkIsItsLabel()
        {
            RecordingEngine engine = new RecordingEngine();
            GbaKeys.DeriveMrk(engine, Check.Bytes(Vectors.Muk));
            Check.Hex(Vectors.Muk, engine.Key);
            Check.Hex(Vectors.MrkS, engine.Data);
        }

        [TestMethod]
        public void AnotherBmscHasAnotherMuk()
        {
            byte[] key = GbaKeys.DeriveNafKey(
                new ManagedCrypto(),
                Check.Bytes(Vectors.Ks),
                Check.Bytes(Vectors.Rand),
                Vectors.Impi,
                GbaIdentity.NafId("other.example.org"));
            Assert.AreNotEqual(Vectors.Muk, Check.Text(key, 0, 32));
        }

        private sealed class RecordingEngine : ICryptoEngine
        {
            public byte[] Key;
            public byte[] Data;

            public void AesEncrypt(byte[] key, byte[] blocks)
            {
                throw new NotSupportedException();
            }

            public AesKey PrepareAes(byte[] key)
            {
                throw new NotSupportedException();
            }

            public IHmac CreateHmacSha1()
            {
                throw new NotSupportedException();
            }

            public void HmacSha256(byte[] key, byte[] data, byte[] mac)
            {
                Key = (byte[])key.Clone();
                Data = (byte[])data.Clone();
            }
        }
    }
}
