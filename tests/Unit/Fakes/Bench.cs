using System.Collections;
using MbmsMe.Binary;
using MbmsMe.Configuration;
using MbmsMe.Crypto;
using MbmsMe.Keys;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>An ME on a bench: fake clock, drive that can lose power, software UICC, BSF, BM-SC, and every event kept.</summary>
    public sealed class Bench
    {
        /// <summary>FQDN of the BM-SC.</summary>
        public const string Fqdn = "bmsc.example.org";

        /// <summary>Key Domain ID of all services.</summary>
        public const int Domain = 0x00f110;

        /// <summary>The Key Group of <see cref="News"/>.</summary>
        public const int Group = 0x0010;

        /// <summary>A service with one Key Group.</summary>
        public const string News = "{\"id\":\"urn:example:news\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"0010\"]}";

        /// <summary>A service with two Key Groups of its own.</summary>
        public const string Sport = "{\"id\":\"urn:example:sport\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"0011\",\"0012\"]}";

        /// <summary>ICCID of the first UICC.</summary>
        public const string Iccid = "8988201000000000019";

        /// <summary>IMSI of the first UICC.</summary>
        public const string Imsi = "001010123456789";

        /// <summary>How often one thing is asked for, by default.</summary>
        public const int MaxAttempts = 10;

        /// <summary>How long an MSK message is waited for, by default.</summary>
        public const int AwaitMskMilliseconds = 10000;

        /// <summary>Where datagrams come from.</summary>
        public static readonly object Peer = new object();

        private static readonly Hashtable s_configurations = new Hashtable();

        /// <summary>The ME's clock, which BSF and BM-SC go by as well.</summary>
        public readonly FakeClock Clock = new FakeClock();

        /// <summary>The ME's random octets.</summary>
        public readonly FakeRandom Random = new FakeRandom();

        /// <summary>All events.</summary>
        public readonly FakeEvents Events = new FakeEvents();

        /// <summary>All datagrams the ME sent.</summary>
        public readonly FakeDatagrams Datagrams = new FakeDatagrams();

        /// <summary>The traffic plane.</summary>
        public readonly FakeTraffic Traffic = new FakeTraffic();

        /// <summary>BSF and BM-SC over HTTP.</summary>
        public readonly FakeNetwork Network;

        /// <summary>BM-SC over UDP.</summary>
        public readonly FakeBmsc Bmsc;

        /// <summary>The UICC in the ME.</summary>
        public FakeUicc Uicc;

        /// <summary>The UICC's own memory.</summary>
        public SimulatedDrive UiccMemory = new SimulatedDrive();

        /// <summary>The ME's flash.</summary>
        public SimulatedDrive Drive = new SimulatedDrive();

        /// <summary>What was written to the flash (byte[]), oldest first, whether it got there or not.</summary>
        public readonly ArrayList Images = new ArrayList();

        /// <summary>The ME, from <see cref="PowerOn"/> on.</summary>
        public MobileEquipment Me;

        private readonly MeConfiguration _configuration;

        /// <summary>A bench for an ME with the service <see cref="News"/>.</summary>
        public Bench()
            : this(News, 0, 0)
        {
        }

        /// <summary>A bench for an ME with those services and that back-off.</summary>
        public Bench(string services, int offsetSeconds, int randomSeconds)
            : this(services, offsetSeconds, randomSeconds, RequestSettings.DefaultMaxPerMinute)
        {
        }

        /// <summary>A bench for an ME with those services, that back-off and that many requests a minute.</summary>
        public Bench(string services, int offsetSeconds, int randomSeconds, int perMinute)
            : this(services, offsetSeconds, randomSeconds, perMinute, string.Empty)
        {
        }

        /// <summary>A bench for an ME with those services and further keys of the configuration, such as ",\"retry\":{…}".</summary>
        public Bench(string services, string further)
            : this(services, 0, 0, RequestSettings.DefaultMaxPerMinute, further)
        {
        }

        private Bench(string services, int offsetSeconds, int randomSeconds, int perMinute, string further)
        {
            _configuration = Configure(services, offsetSeconds, randomSeconds, perMinute, further);
            Network = new FakeNetwork(Clock);
            Bmsc = new FakeBmsc(Network);
            Uicc = new FakeUicc(Iccid, Imsi, UiccMemory);
        }

        /// <summary>The keys the ME holds.</summary>
        public KeyState Keys
        {
            get { return Me.Keys; }
        }

        /// <summary>The keys the ME shares with the BM-SC of <see cref="Fqdn"/>.</summary>
        public BmscKeys Shared
        {
            get { return Me.Keys.Of(Fqdn); }
        }

        /// <summary>The Key Group of <see cref="News"/>.</summary>
        public static KeyGroup NewsGroup
        {
            get { return new KeyGroup(Domain, Group); }
        }

        /// <summary>A bench whose ME holds the first MSK of each of its Key Groups.</summary>
        public static Bench Paired(bool draft2004)
        {
            Bench bench = new Bench();
            bench.Pair(draft2004);
            return bench;
        }

        /// <summary>Powers the ME on, or off and on: nothing stays but the drive and the UICC.</summary>
        public void PowerOn()
        {
            Me = new MobileEquipment(
                new Peripherals
                {
                    Clock = Clock,
                    Random = Random,
                    Crypto = new ManagedCrypto(),
                    Drive = new DriveView(this),
                    Http = Network,
                    Uicc = new UiccView(this),
                    Datagrams = Datagrams,
                    Traffic = Traffic,
                    Events = Events,
                },
                _configuration);
            Network.Pending.Clear();
            Me.InsertUicc(Uicc.Identity);
        }

        /// <summary>Powers on, gets the first MSK of each Key Group, and forgets what was recorded.</summary>
        public void Pair(bool draft2004)
        {
            PowerOn();
            RunDue();
            DeliverGranted(draft2004, 1);
            Assert.AreEqual(0, Network.Bmsc.Rejected + Network.Bsf.Rejected, "digests of the ME that were wrong");
            Assert.AreEqual(long.MaxValue, Me.NextDue, "the ME is not content after pairing");
            Forget();
        }

        /// <summary>Forgets what was recorded so far.</summary>
        public void Forget()
        {
            Events.Clear();
            Datagrams.Sent.Clear();
            Datagrams.Peers.Clear();
            Network.Calls.Clear();
            Network.Story = string.Empty;
            Network.Bmsc.Requests.Clear();
        }

        /// <summary>Lets the lifetime of all GBA keys end.</summary>
        public void Expire()
        {
            Clock.Advance((Network.Bsf.Lifetime + 1) * 1000);
        }

        /// <summary>Lets the ME do all it wants, and the BM-SC send what it promised, until the ME is content.</summary>
        public void Complete(bool draft2004, int number)
        {
            for (int rounds = 0; Me.NextDue != long.MaxValue; rounds++)
            {
                Assert.IsTrue(rounds < 20, "the ME is never content");
                RunNext();
                DeliverGranted(draft2004, number);
            }
        }

        /// <summary>A datagram comes.</summary>
        public void Deliver(byte[] datagram)
        {
            Me.Receive(datagram, datagram.Length, Peer);
        }

        /// <summary>A message comes.</summary>
        public void Deliver(FakeMessage message)
        {
            Deliver(message.Wire);
        }

        /// <summary>Waits until the ME has something to do, and lets it.</summary>
        public void RunNext()
        {
            long due = Me.NextDue;
            Assert.AreNotEqual(long.MaxValue, due, "the ME has nothing to do");
            if (due > Clock.UptimeMilliseconds)
            {
                Clock.Advance(due - Clock.UptimeMilliseconds);
            }

            RunDue();
        }

        /// <summary>Lets the ME do what is due, and the world answer what it asks.</summary>
        public void RunDue()
        {
            Me.RunDue();
            Settle();
        }

        /// <summary>The world answers what the ME asks, until it asks nothing more or hangs.</summary>
        public void Settle()
        {
            while (Uicc.HasWork || Network.HasWork)
            {
                if (Uicc.HasWork)
                {
                    Uicc.Work(Me);
                }
                else
                {
                    Network.Work(Me);
                }
            }
        }

        /// <summary>The BM-SC sends the MSKs that it promised over HTTP. Returns the last message, or null.</summary>
        public FakeMessage DeliverGranted(bool draft2004, int number)
        {
            FakeMessage message = null;
            for (int i = 0; i < Network.Bmsc.Granted.Count; i++)
            {
                KeyGroup granted = (KeyGroup)Network.Bmsc.Granted[i];
                message = Bmsc.Msk(draft2004, granted.Group, number);
                message.Domain = granted.Domain;
                Deliver(message.Build());
            }

            Network.Bmsc.Granted.Clear();
            return message;
        }

        /// <summary>An MSK message in release6 of the other BM-SC under its own MUK and counter.</summary>
        public FakeMessage OtherMsk(int group, int number)
        {
            FakeMessage message = Bmsc.Msk(false, group, number);
            Network.Key.Counter--;
            FakeGbaKey key = Network.OtherKey;
            key.Counter++;
            message.Key = key;
            message.Counter = key.Counter;
            message.Idi = Octets.FromText(FakeNetwork.OtherFqdn);
            return message.Build();
        }

        /// <summary>Takes the UICC out and puts another one in while the ME runs.</summary>
        public void Swap(string iccid, string imsi)
        {
            UiccMemory = new SimulatedDrive();
            Uicc = new FakeUicc(iccid, imsi, UiccMemory);
            Me.InsertUicc(Uicc.Identity);
        }

        /// <summary>A paired bench whose ME has those services and further keys of the configuration.</summary>
        public static Bench Paired(string services, string further)
        {
            Bench bench = new Bench(services, further);
            bench.Pair(false);
            return bench;
        }

        /// <summary>The record of all the ME holds, in hexadecimal.</summary>
        public string State()
        {
            OctetWriter record = new OctetWriter(512);
            Keys.Write(record, true);
            return Octets.ToHex(record.ToArray());
        }

        /// <summary>The numbers of the MSKs held of the Key Group, oldest first, such as "1 2".</summary>
        public string Numbers(int group)
        {
            string numbers = string.Empty;
            for (int i = 0; i < Keys.Msks.Count; i++)
            {
                Msk msk = (Msk)Keys.Msks[i];
                if (msk.Group.Group == group)
                {
                    numbers += (numbers.Length == 0 ? string.Empty : " ") + msk.Number;
                }
            }

            return numbers;
        }

        /// <summary>Both slots of the drive in hexadecimal.</summary>
        public string Flash()
        {
            return Hex(Drive.Peek(0)) + " / " + Hex(Drive.Peek(1));
        }

        /// <summary>True when the octets stand anywhere in the flash.</summary>
        public bool FlashHolds(byte[] octets)
        {
            return Flash().IndexOf(Octets.ToHex(octets)) >= 0;
        }

        /// <summary>What there is to be changed by a datagram, now.</summary>
        public Frozen Freeze()
        {
            return new Frozen(this);
        }

        /// <summary>All that a restart would find, and the world around it.</summary>
        public Checkpoint Save()
        {
            return new Checkpoint(this);
        }

        private static string Hex(byte[] octets)
        {
            return octets == null ? "none" : Octets.ToHex(octets);
        }

        // Reading the configuration takes the interpreter longer than most tests do, so each is read once.
        private static MeConfiguration Configure(string services, int offsetSeconds, int randomSeconds, int perMinute, string further)
        {
            string json = "{\"uicc\":{\"kind\":\"soft\",\"iccid\":\"" + Iccid + "\",\"imsi\":\"" + Imsi + "\",\"mncLength\":2,\"k\":\""
                + FakeUicc.K + "\",\"opc\":\"" + FakeUicc.Opc + "\"},\"bsf\":{\"url\":\"" + FakeBsf.Url + "\"},\"bmsc\":{\"url\":\""
                + FakeKeyServer.Url + "\",\"fqdn\":\"" + Fqdn + "\"},\"mikey\":{\"listen\":\"127.0.0.1:2269\"},\"services\":[" + services
                + "],\"backoff\":{\"offsetSeconds\":" + offsetSeconds + ",\"randomSeconds\":" + randomSeconds
                + (perMinute == RequestSettings.DefaultMaxPerMinute ? string.Empty : ",\"maxRequestsPerMinute\":" + perMinute)
                + "}" + (further.IndexOf("\"storage\"") < 0 ? ",\"storage\":{\"directory\":\"none\"}" : string.Empty) + further + "}";
            lock (s_configurations)
            {
                MeConfiguration configuration = (MeConfiguration)s_configurations[json];
                if (configuration == null)
                {
                    configuration = MeConfiguration.Parse(json);
                    s_configurations[json] = configuration;
                }

                return configuration;
            }
        }

        // The way to the UICC that is in the ME at the time.
        private sealed class UiccView : IUiccChannel
        {
            private readonly Bench _bench;

            public UiccView(Bench bench)
            {
                _bench = bench;
            }

            public void Start(AkaCall call)
            {
                _bench.Uicc.Start(call);
            }

            public void Cancel(AkaCall call)
            {
                _bench.Uicc.Cancel(call);
            }
        }

        // The drive as the ME sees it: notes what is written.
        private sealed class DriveView : ISlotDrive
        {
            private readonly Bench _bench;

            public DriveView(Bench bench)
            {
                _bench = bench;
            }

            public byte[] Read(int slot)
            {
                return _bench.Drive.Read(slot);
            }

            public void Write(int slot, byte[] image)
            {
                _bench.Images.Add(Octets.Slice(image, 0, image.Length));
                _bench.Drive.Write(slot, image);
            }
        }
    }
}
