using System;
using System.Collections;
using MbmsMe.Binary;
using MbmsMe.Crypto;
using MbmsMe.Gba;
using MbmsMe.Hal.SoftUicc;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>A BSF with the home network's subscriber database: AKAv1-MD5 (RFC 3310), B-TID and lifetime.</summary>
    public sealed class FakeBsf
    {
        /// <summary>Its URL.</summary>
        public const string Url = "http://bsf.test/";

        private const string Realm = "bsf.mnc001.mcc001.pub.3gppnetwork.org";

        /// <summary>The keys of all GBA runs (<see cref="FakeGbaKey"/>), oldest first.</summary>
        public readonly ArrayList Keys = new ArrayList();

        /// <summary>The keys of the same runs for the other BM-SC.</summary>
        public readonly ArrayList OtherKeys = new ArrayList();

        /// <summary>Sequence number of the last challenge.</summary>
        public long Sqn;

        /// <summary>Challenges made; RAND is made of it.</summary>
        public int Challenges;

        /// <summary>Seconds that a key lives.</summary>
        public long Lifetime = 3600;

        /// <summary>Challenges still to be made with a sequence number that the UICC knows already.</summary>
        public int OldSqns;

        /// <summary>Resynchronisations done.</summary>
        public int Resynchronisations;

        /// <summary>True for AUTN whose MAC is wrong.</summary>
        public bool WrongMac;

        /// <summary>What Authentication-Info is like.</summary>
        public RspAuth RspAuth;

        /// <summary>Calls that get no answer.</summary>
        public int Failures;

        /// <summary>Status of the answer to the authenticated request.</summary>
        public int Status = 200;

        /// <summary>Text before the challenge, in the same header.</summary>
        public string ChallengePrefix = string.Empty;

        /// <summary>The challenge's algorithm.</summary>
        public string Algorithm = "AKAv1-MD5";

        /// <summary>The body of the 200 OK, or null for the right one.</summary>
        public string Body;

        /// <summary>Digest responses that were wrong.</summary>
        public int Rejected;

        private readonly FakeClock _clock;
        private readonly ICryptoEngine _engine = new ManagedCrypto();
        private readonly Milenage _milenage;
        private byte[] _rand;
        private string _nonce;

        /// <summary>Makes it.</summary>
        public FakeBsf(FakeClock clock)
        {
            _clock = clock;
            _milenage = new Milenage(_engine, Octets.FromHex(FakeUicc.K), Octets.FromHex(FakeUicc.Opc));
        }

        /// <summary>Answers a GET; null for no answer.</summary>
        public HttpReply Answer(HttpCall call)
        {
            if (Failures > 0)
            {
                Failures--;
                return null;
            }

            string header = call.Authorization;
            if (FakeDigest.Field(header, "nonce").Length == 0)
            {
                return Challenge();
            }

            string auts = FakeDigest.Field(header, "auts");
            byte[] password = auts != null ? new byte[0] : Octets.Slice(_milenage.F2F5(_rand), 8, 8);
            if (!FakeDigest.Proves(header, password, Realm, _nonce, call.Method, call.Url, call.Body)
                || FakeDigest.Field(header, "algorithm") != "AKAv1-MD5"
                || FakeDigest.Field(header, "opaque") != "o,p=1"
                || FakeDigest.Field(header, "nc") != "00000001")
            {
                Rejected++;
                return Challenge();
            }

            if (auts != null)
            {
                Resynchronise(Octets.FromBase64(auts));
                return Challenge();
            }

            return Status == 200 ? Grant(header, password) : new HttpReply { Status = Status, Body = new byte[0] };
        }

        private static byte[] SqnOctets(long sqn)
        {
            byte[] octets = new byte[6];
            for (int i = 5; i >= 0; i--)
            {
                octets[i] = (byte)(sqn & 255);
                sqn >>= 8;
            }

            return octets;
        }

        private HttpReply Challenge()
        {
            long sqn = 0;
            if (OldSqns > 0)
            {
                OldSqns--;
            }
            else
            {
                sqn = ++Sqn;
            }

            Challenges++;
            _rand = Octets.FromHex("5245414e44".PadRight(28, '0') + Octets.ToHex((uint)Challenges, 2));
            byte[] amf = new byte[2];
            byte[] ak = _milenage.F2F5(_rand);
            byte[] clear = SqnOctets(sqn);
            byte[] mac = _milenage.F1(_rand, clear, amf);
            byte[] nonce = new byte[32];
            Array.Copy(_rand, 0, nonce, 0, 16);
            for (int i = 0; i < 6; i++)
            {
                nonce[16 + i] = (byte)(clear[i] ^ ak[i]);
            }

            Array.Copy(mac, 0, nonce, 24, 8);
            if (WrongMac)
            {
                nonce[31] ^= 1;
            }

            _nonce = Octets.ToText(Octets.ToBase64(nonce));
            return new HttpReply
            {
                Status = 401,
                WwwAuthenticate = ChallengePrefix + "Digest realm=\"" + Realm + "\", nonce=\"" + _nonce
                    + "\", qop=\"auth,auth-int\", opaque=\"o,p=1\", algorithm=" + Algorithm,
                Body = new byte[0],
            };
        }

        private void Resynchronise(byte[] auts)
        {
            byte[] ak = _milenage.F5Star(_rand);
            byte[] sqn = new byte[6];
            long number = 0;
            for (int i = 0; i < 6; i++)
            {
                sqn[i] = (byte)(auts[i] ^ ak[i]);
                number = (number << 8) | sqn[i];
            }

            byte[] mac = _milenage.F1(_rand, sqn, new byte[2]);
            if (Octets.FixedTimeEquals(mac, 8, auts, 6, 8))
            {
                Sqn = number;
                Resynchronisations++;
            }
        }

        private FakeGbaKey KeyFor(string fqdn, byte[] ks, string impi)
        {
            byte[] nafId = Octets.FromHex(Octets.ToHex(Octets.FromText(fqdn)) + "0100000001");
            byte[] muk = GbaKeys.DeriveNafKey(_engine, ks, _rand, impi, nafId);
            return new FakeGbaKey
            {
                Btid = Octets.ToText(Octets.ToBase64(_rand)) + "@" + Realm,
                Muk = muk,
                Mrk = GbaKeys.DeriveMrk(_engine, muk),
                ExpiresAt = _clock.UnixSeconds + Lifetime,
            };
        }

        private HttpReply Grant(string header, byte[] password)
        {
            byte[] ks = new byte[32];
            Array.Copy(_milenage.F3(_rand), 0, ks, 0, 16);
            Array.Copy(_milenage.F4(_rand), 0, ks, 16, 16);
            string impi = FakeDigest.Field(header, "username");
            FakeGbaKey key = KeyFor(Bench.Fqdn, ks, impi);
            OtherKeys.Add(KeyFor(FakeNetwork.OtherFqdn, ks, impi));
            Keys.Add(key);
            DateTime until = DateTime.UnixEpoch.AddTicks(key.ExpiresAt * TimeSpan.TicksPerSecond);
            byte[] body = Octets.FromText(Body ?? "<?xml version=\"1.0\" encoding=\"UTF-8\"?><BootstrappingInfo xmlns=\"uri:3gpp-gba\"><btid>"
                + key.Btid + "</btid><lifetime>" + until.ToString("yyyy-MM-ddTHH:mm:ss") + "Z</lifetime></BootstrappingInfo>");
            return new HttpReply
            {
                Status = 200, Body = body, AuthenticationInfo = FakeDigest.Info(header, password, body, RspAuth, null),
            };
        }
    }
}
