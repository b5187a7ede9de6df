using System.Text;
using MbmsMe.Lab;
using MbmsMe.Receiving;

namespace MbmsMe.Tests.Host;

/// <summary>Rule 8 measured: a datagram refused before cryptography costs no memory at all.</summary>
[TestClass]
public sealed class Allocation
{
    private const int Times = 2000;
    private static readonly byte[] s_muk = new byte[32];
    private static readonly Msk s_msk = new(new KeyGroup("00f110", 0x0010), 1, new byte[16], new byte[16], 0x12345678, 1, 100);

    [TestMethod]
    [DataRow("oversized")]
    [DataRow("empty")]
    [DataRow("malformed")]
    [DataRow("truncated")]
    [DataRow("unexpected-type")]
    [DataRow("mtk of an unused group")]
    [DataRow("unknown-bmsc")]
    [DataRow("unknown-btid")]
    [DataRow("muk-expired")]
    [DataRow("replay")]
    [DataRow("replay-draft2004")]
    public void NoneBeforeCryptography(string kind)
    {
        CoreMe me = new(s_muk, counter: 10) { MaxDropsPerSecond = 0, UnixSeconds = kind == "muk-expired" ? 2000 : 0 };
        MikeyReceiver receiver = me.NewReceiver();
        byte[] datagram = Datagram(kind);
        for (int i = 0; i < 10; i++)
        {
            receiver.Receive(datagram, datagram.Length, me);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Times; i++)
        {
            receiver.Receive(datagram, datagram.Length, me);
        }

        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.AreEqual(me.Writes, me.Drive.Writes);
        Assert.AreEqual(0, me.Sent.Count);
    }

    /// <summary>Nor does the queue's look at one.</summary>
    [TestMethod]
    [DataRow("oversized")]
    [DataRow("malformed")]
    [DataRow("mtk of an unused group")]
    [DataRow("replay")]
    public void NoneForTheQueue(string kind)
    {
        byte[] datagram = Datagram(kind);
        bool isMtk = Mikey.MtkClassifier.LooksLikeMtk(datagram, datagram.Length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Times; i++)
        {
            isMtk &= Mikey.MtkClassifier.LooksLikeMtk(datagram, datagram.Length);
        }

        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.AreEqual(kind.StartsWith("mtk", StringComparison.Ordinal), isMtk);
    }

    /// <summary>The same datagrams are refused for the reason they are named after.</summary>
    [TestMethod]
    [DataRow("oversized", "oversized")]
    [DataRow("empty", "malformed")]
    [DataRow("malformed", "malformed")]
    [DataRow("truncated", "malformed")]
    [DataRow("unexpected-type", "unexpected-type")]
    [DataRow("mtk of an unused group", "unused-key-group")]
    [DataRow("unknown-bmsc", "unknown-bmsc")]
    [DataRow("unknown-btid", "unknown-btid")]
    [DataRow("muk-expired", "muk-expired")]
    [DataRow("replay", "replay")]
    [DataRow("replay-draft2004", "replay")]
    public void ForThisReason(string kind, string reason)
    {
        CoreMe me = new(s_muk, counter: 10) { UnixSeconds = kind == "muk-expired" ? 2000 : 0 };
        me.Receive(Datagram(kind));

        Assert.AreEqual(reason, me.Events.Single()["reason"]);
    }

    private static byte[] Datagram(string kind) => kind switch
    {
        "oversized" => new byte[MikeyReceiver.MaxLength + 1],
        "empty" => [],
        "malformed" => Encoding.ASCII.GetBytes("no MIKEY message at all"),
        "truncated" => Msk(11)[..^1],
        "unexpected-type" => MikeyMessage.BuildAck(Context(11), s_msk),
        "mtk of an unused group" => Convert.FromHexString(
            "010015001234567800010503000f000300f1100104000100010202000101020000000100010024a2c7eb83830a6362a0a242512b2011fa6a7e7e8af6"
            + "88514684ba2c4f004f706c4b1d610001238deaba6c2a54bd84307a4c81968b7944b91787"),
        "unknown-bmsc" => MikeyMessage.BuildMsk(Context(11) with { Fqdn = "bmsc.example.net" }, s_msk),
        "unknown-btid" => MikeyMessage.BuildMsk(Context(11) with { Btid = "x" + CoreMe.Btid[1..] }, s_msk),
        "muk-expired" => Msk(11),
        "replay" => Msk(9),
        "replay-draft2004" => MikeyMessage.BuildPull(Context(9) with { Profile = MikeyProfile.Draft2004 }, s_msk),
        _ => throw new ArgumentException(kind),
    };

    private static byte[] Msk(uint counter) => MikeyMessage.BuildMsk(Context(counter), s_msk);

    private static MikeyContext Context(uint counter) => new(s_muk, CoreMe.Btid, CoreMe.Fqdn, counter, MikeyProfile.Release6);
}
