using System.Net;

namespace MbmsMe.Lab;

/// <summary>A subscriber as the home network knows it.</summary>
/// <param name="Imsi">IMSI, 6 to 15 digits.</param>
/// <param name="MncLength">Digits of the MNC, 2 or 3.</param>
/// <param name="K">The subscriber key, 16 octets.</param>
/// <param name="Opc">OPc, 16 octets.</param>
public sealed record LabSubscriber(string Imsi, int MncLength, byte[] K, byte[] Opc)
{
    /// <summary>SQN before the first vector, 48 bits; afterwards the database knows it.</summary>
    public ulong Sqn { get; init; }

    /// <summary>AMF, 2 octets.</summary>
    public byte[] Amf { get; init; } = [0x80, 0x00];

    /// <summary>The UDP port of this subscriber's ME.</summary>
    public int MikeyPort { get; init; } = LabConfiguration.StandardMikeyPort;

    /// <summary>The profile of this subscriber's ME; null for <see cref="LabConfiguration.Profile"/>.</summary>
    public MikeyProfile? Profile { get; init; }

    /// <summary>The Key Groups this subscriber may have; null for all.</summary>
    public IReadOnlyList<KeyGroup>? KeyGroups { get; init; }

    /// <summary>The private identity used on Ub.</summary>
    public string Impi => GbaKeys.Impi(Imsi, MncLength);

    /// <summary>The realm of Ub.</summary>
    public string BsfName => GbaKeys.BsfName(Imsi, MncLength);

    /// <summary>Whether a Key Group's MSKs may go to this subscriber.</summary>
    public bool MayHave(KeyGroup group) => KeyGroups is null || KeyGroups.Contains(group);
}

/// <summary>A BM-SC.</summary>
/// <param name="Fqdn">Its name: in NAF_Id, in the realm of Ua and in IDi.</param>
/// <param name="Listen">Where it listens.</param>
/// <param name="Path">The path of Ua.</param>
public sealed record LabBmSc(string Fqdn, IPEndPoint Listen, string Path = "/keymanagement");

/// <summary>A user service.</summary>
/// <param name="Id">Its identity, for example <c>urn:example:news</c>.</param>
/// <param name="KeyGroups">Its Key Groups, all of one BM-SC; the first one's MTK protects its flow.</param>
public sealed record LabService(string Id, IReadOnlyList<KeyGroup> KeyGroups)
{
    /// <summary>Where the MTK messages go, a multicast group as a rule; null where only commands send them.</summary>
    public IPEndPoint? MtkGroup { get; init; }

    /// <summary>Where the SRTP packets go; null without a stream.</summary>
    public IPEndPoint? Flow { get; init; }

    /// <summary>Whether the payloads of its stream are encrypted.</summary>
    public bool Confidentiality { get; init; } = true;

    /// <summary>Whether the packets of its stream carry a tag. Without this and encryption they are plain RTP.</summary>
    public bool Integrity { get; init; } = true;

    /// <summary>SRTP packets per second.</summary>
    public int PacketsPerSecond { get; init; } = 20;
}

/// <summary>Everything a lab can be told. As created it listens on free loopback ports and keeps nothing.</summary>
public sealed record LabConfiguration
{
    /// <summary>The registered UDP port of MIKEY.</summary>
    public const int StandardMikeyPort = 2269;

    private static readonly IPEndPoint s_freePort = new(IPAddress.Loopback, 0);

    /// <summary>Where the BSF listens.</summary>
    public IPEndPoint BsfListen { get; init; } = s_freePort;

    /// <summary>Where the BM-SC listens.</summary>
    public IPEndPoint BmScListen { get; init; } = s_freePort;

    /// <summary>
    /// The IPv4 address and port MIKEY messages come from and acknowledgements go to. Multicast, streams too, leaves by the
    /// interface of that address: by the default one if it is 0.0.0.0.
    /// </summary>
    public IPEndPoint MikeyListen { get; init; } = s_freePort;

    /// <summary>Where the admin API listens; null for none.</summary>
    public IPEndPoint? AdminListen { get; init; }

    /// <summary>The BM-SC's name: in NAF_Id, in the realm of Ua and in IDi.</summary>
    public string BmScFqdn { get; init; } = "bmsc.example.org";

    /// <summary>The path of Ua.</summary>
    public string BmScPath { get; init; } = "/keymanagement";

    /// <summary>After a solicited pull under an expired MUK only a key negotiated after the pull will do; false lets any valid key do.</summary>
    public bool DemandFreshKey { get; init; } = true;

    /// <summary>The SQLite file.</summary>
    public string Database { get; init; } = ":memory:";

    /// <summary>The lifetime of what GBA negotiates, rounded up to a whole second of the clock.</summary>
    public TimeSpan GbaLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long to wait for an acknowledgement before sending again.</summary>
    public TimeSpan AckTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many times to send an MSK message in all.</summary>
    public int MaxTries { get; init; } = 5;

    /// <summary>The profile for subscribers that name none.</summary>
    public MikeyProfile Profile { get; init; } = MikeyProfile.Release6;

    /// <summary>Deviations from the usual octets.</summary>
    public MikeyVariant Variant { get; init; } = new();

    /// <summary>The subscribers.</summary>
    public IReadOnlyList<LabSubscriber> Subscribers { get; init; } = [];

    /// <summary>The Key Groups; each has an MSK from the start.</summary>
    public IReadOnlyList<KeyGroup> KeyGroups { get; init; } = [];

    /// <summary>BM-SCs beside the first one, with the same BSF and store.</summary>
    public IReadOnlyList<LabBmSc> MoreBmScs { get; init; } = [];

    /// <summary>The BM-SC, by its FQDN, of every Key Group that does not belong to the first one.</summary>
    public IReadOnlyDictionary<KeyGroup, string> BmScOfKeyGroup { get; init; } = new Dictionary<KeyGroup, string>();

    /// <summary>The services that can be registered for and streamed.</summary>
    public IReadOnlyList<LabService> Services { get; init; } = [];

    /// <summary>How often the current MTK message is repeated while a service streams.</summary>
    public TimeSpan MtkRepeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an MTK protects a stream; zero: until a command changes it.</summary>
    public TimeSpan MtkLifetime { get; init; } = TimeSpan.Zero;

    /// <summary>How long before an MTK protects traffic its message is sent, unless a command says otherwise.</summary>
    public TimeSpan MtkLead { get; init; } = TimeSpan.Zero;

    /// <summary>How many networks MTK messages and streams may cross by multicast; 1 is the local one only.</summary>
    public int MulticastTtl { get; init; } = 1;

    /// <summary>Every BM-SC, the first one first.</summary>
    public IReadOnlyList<LabBmSc> BmScs => [new LabBmSc(BmScFqdn, BmScListen, BmScPath), .. MoreBmScs];

    /// <summary>The FQDN of the BM-SC a Key Group belongs to.</summary>
    public string BmScOf(KeyGroup group) => BmScOfKeyGroup.GetValueOrDefault(group, BmScFqdn);
}
