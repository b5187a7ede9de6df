using System.Text;
using MbmsMe.Configuration;
using MbmsMe.Crypto;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Receiving;
using MbmsMe.Requests;
using MbmsMe.Services;

namespace MbmsMe.Tests.Host;

/// <summary>The core of an ME in this process that has one MUK and nothing else; its network leads nowhere.</summary>
internal sealed class CoreMe : IClock, IRandomSource, IHttpChannel, IUiccChannel, IDatagramSender, IEventSink
{
    public const string Fqdn = "bmsc.example.org";
    public const string Btid = "I1U8vpY3qJ0hiuZNrke/NQ==@bsf.mnc001.mcc001.pub.3gppnetwork.org";

    private const string Json = """
        {
          "uicc": { "kind": "soft", "iccid": "8988201000000000019", "imsi": "001010123456789", "mncLength": 2,
                    "k": "465b5ce8b199b49faa5f0a2ee238a6bc", "opc": "cd63cb71954a9f4e48a5994e37a02baf" },
          "bsf": { "url": "http://127.0.0.1:1/" },
          "bmsc": { "url": "http://127.0.0.1:1/keymanagement", "fqdn": "bmsc.example.org" },
          "mikey": { "listen": "127.0.0.1:2269" },
          "services": [ { "id": "urn:example:news", "keyDomain": "00f110", "keyGroups": ["0010"] } ],
          "backoff": { "offsetSeconds": 0, "randomSeconds": 0 },
          "storage": { "directory": "." }
        }
        """;

    private static readonly MeConfiguration s_configuration = MeConfiguration.Parse(Json);

    private static readonly UiccIdentity s_identity = new(s_configuration.Uicc.Iccid, s_configuration.Uicc.Imsi, s_configuration.Uicc.MncLength);

    private readonly List<MeEvent> _events = [];

    /// <summary>Makes it.</summary>
    /// <param name="muk">The MUK, 32 octets.</param>
    /// <param name="counter">Counter of the last message accepted under it.</param>
    public CoreMe(byte[] muk, uint counter)
    {
        Peripherals = new Peripherals
        {
            Clock = this,
            Random = this,
            Crypto = new ManagedCrypto(),
            Drive = Drive,
            Http = this,
            Uicc = this,
            Datagrams = this,
            Traffic = new FakeTraffic(),
            Events = this,
        };
        KeyStore store = new(Peripherals, lasting: true);
        store.Bind(s_identity.Iccid, s_identity.Imsi);
        store.State.Of(s_configuration.Bmscs[0].Fqdn).Replace(new GbaContext
        {
            Muk = new Muk { Btid = Encoding.ASCII.GetBytes(Btid), Key = [.. muk], Counter = counter, ExpiresAt = 1000 },
            Mrk = new byte[GbaContext.MrkLength],
        });
        store.TryCommit();
        Me = new MobileEquipment(Peripherals, s_configuration);
        Me.InsertUicc(s_identity);
        Writes = Drive.Writes;
    }

    public MobileEquipment Me { get; }

    public Peripherals Peripherals { get; }

    public SimulatedDrive Drive { get; } = new();

    /// <summary>Writes to the drive before the first datagram.</summary>
    public int Writes { get; }

    /// <summary>The datagrams the ME sent.</summary>
    public List<byte[]> Sent { get; } = [];

    /// <summary>The events since power-on, whichever thread it runs on.</summary>
    public IReadOnlyList<MeEvent> Events
    {
        get
        {
            lock (_events)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Makes a receiver of its own over the same keys.</summary>
    public MikeyReceiver NewReceiver()
    {
        KeyStore store = new(Peripherals, lasting: true);
        store.Bind(s_identity.Iccid, s_identity.Imsi);
        ServiceTable services = new(s_configuration.Services);
        KeyRequester requester = new(Peripherals, s_configuration, store, services);
        _ = new ServiceLifecycle(Peripherals, services, store, requester);
        return new MikeyReceiver(new ReceivingContext
        {
            Machine = Peripherals,
            Bmscs = s_configuration.Bmscs,
            Store = store,
            Services = services,
            Requester = requester,
            Drops = new DropLog(Peripherals),
        });
    }

    public void Receive(byte[] datagram) => Me.Receive(datagram, datagram.Length, this);

    public bool IsSet => true;

    public long UnixSeconds { get; set; }

    public long UptimeMilliseconds { get; set; }

    public int MaxDropsPerSecond { get; set; } = int.MaxValue;

    public static UiccIdentity Identity => s_identity;

    public void Fill(byte[] buffer) => Array.Fill(buffer, (byte)0x5A);

    /// <summary>Requests that the ME started; none is answered.</summary>
    public List<HttpCall> Calls { get; } = [];

    public void Start(HttpCall call) => Calls.Add(call);

    public void Cancel(HttpCall call) => Calls.Remove(call);

    public void Start(AkaCall call) => throw new InvalidOperationException("no network, so no challenge");

    public void Cancel(AkaCall call) => throw new InvalidOperationException("no challenge was started");

    public bool Send(object peer, byte[] data)
    {
        Sent.Add(data);
        return true;
    }

    public void Report(MeEvent meEvent)
    {
        lock (_events)
        {
            _events.Add(meEvent);
        }
    }
}
