using System.Net;
using System.Net.Sockets;
using System.Text;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>A service that streams: its packets, and the MTK messages that go with them.</summary>
[TestClass]
public sealed class Streams
{
    private const string News = "urn:example:news";
    private static readonly IPAddress s_group = IPAddress.Parse("239.255.77.1");
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [TestMethod]
    public async Task PacketsFollowTheMtk()
    {
        using UdpClient mtks = Join();
        using UdpClient packets = Join();
        await using LabServer lab = await LabServer.StartAsync(new LabConfiguration
        {
            KeyGroups = [MeAndLab.News],
            Services = [new LabService(News, [MeAndLab.News]) { MtkGroup = To(mtks), Flow = To(packets) }],
        });
        lab.StartStream(News, firstSequence: ushort.MaxValue - 1);
        Assert.ThrowsExactly<LabException>(() => lab.StartStream(News));
        byte[] message = await ReceiveAsync(mtks);
        CollectionAssert.AreEqual(lab.CurrentMtk(MeAndLab.News)!.Message, message);
        CollectionAssert.AreEqual(message, await ReceiveAsync(mtks), "the repeat");

        Mtk first = lab.CurrentMtk(MeAndLab.News)!;
        using ManagedSrtpSender again = new(first.Key, first.Salt, first.Mki);
        HashSet<string> sources = [];
        for (int i = 0; i < 4; i++)
        {
            byte[] packet = await ReceiveAsync(packets);
            sources.Add(Convert.ToHexString(packet, 8, 4));
            byte[] clear = [.. packet.AsSpan(0, 12), .. Encoding.UTF8.GetBytes($"{News} {i:000000}")];
            CollectionAssert.AreEqual(again.Protect(clear), packet, $"packet {i}");
        }
        Assert.AreEqual(2, sources.Count, "a new SSRC in place of a wrapped sequence number");

        Mtk second = lab.NewMtk(MeAndLab.News);
        LabEvent changed = await lab.Events.WaitAsync(e => e.Kind == LabEventKind.MtkChanged && e.MtkId == 2, s_patience);
        Assert.AreEqual(News, changed.Service);
        while (!(await ReceiveAsync(packets)).AsSpan()[^16..^10].SequenceEqual(second.Mki))
        {
        }
        Assert.IsTrue(await lab.StopStreamAsync(News));
        Assert.IsFalse(await lab.StopStreamAsync(News));
    }

    [TestMethod]
    public async Task AnMtkHasItsLifetime()
    {
        using UdpClient packets = Join();
        await using LabServer lab = await LabServer.StartAsync(new LabConfiguration
        {
            KeyGroups = [MeAndLab.News],
            MtkLifetime = TimeSpan.FromSeconds(1),
            Services = [new LabService(News, [MeAndLab.News]) { Flow = To(packets) }],
        });
        DateTimeOffset start = DateTimeOffset.UtcNow;
        lab.StartStream(News);
        LabEvent third = await lab.Events.WaitAsync(e => e.Kind == LabEventKind.MtkChanged && e.MtkId == 3, s_patience);
        Assert.IsTrue(third.Time - start >= TimeSpan.FromSeconds(1.95), $"two lifetimes after {third.Time - start}");
    }

    /// <summary>libsrtp2 reads the stream as it comes over the network, before and after a change of the MTK, with the MTKs of the messages.</summary>
    [TestMethod]
    public async Task LibSrtpReadsTheStream()
    {
        LibSrtpReceiver.Require();
        using UdpClient packets = Join();
        await using LabServer lab = await LabServer.StartAsync(new LabConfiguration
        {
            KeyGroups = [MeAndLab.News],
            Services = [new LabService(News, [MeAndLab.News]) { Flow = To(packets), PacketsPerSecond = 100 }],
        });
        lab.StartStream(News);
        Mtk first = lab.CurrentMtk(MeAndLab.News)!;
        using LibSrtpReceiver before = new(first.Key, first.Salt, first.Mki);
        int number = 0;
        for (; number < 20; number++)
        {
            AssertClear(before.Unprotect(await ReceiveAsync(packets)), number);
        }

        Mtk second = lab.NewMtk(MeAndLab.News);
        using LibSrtpReceiver after = new(second.Key, second.Salt, second.Mki);
        for (int under = 0; under < 20; number++)
        {
            byte[] packet = await ReceiveAsync(packets);
            bool changed = packet.AsSpan()[^16..^10].SequenceEqual(second.Mki);
            Assert.IsTrue(changed || under == 0, "never back");
            AssertClear((changed ? after : before).Unprotect(packet), number);
            under += changed ? 1 : 0;
        }
    }

    /// <summary>The next MTK's message comes ahead of the change, which is when the lifetime of the one before is over.</summary>
    [TestMethod]
    public async Task AnMtkComesAheadOfItsUse()
    {
        using UdpClient packets = Join();
        await using LabServer lab = await LabServer.StartAsync(new LabConfiguration
        {
            KeyGroups = [MeAndLab.News],
            MtkLifetime = TimeSpan.FromSeconds(3),
            MtkLead = TimeSpan.FromSeconds(2),
            Services = [new LabService(News, [MeAndLab.News]) { MtkGroup = To(packets), Flow = To(packets) }],
        });
        lab.StartStream(News);
        LabEvent first = await lab.Events.WaitAsync(e => e.Kind == LabEventKind.MtkSent && e.MtkId == 1, s_patience);
        LabEvent second = await lab.Events.WaitAsync(e => e.Kind == LabEventKind.MtkSent && e.MtkId == 2, s_patience);
        LabEvent changed = await lab.Events.WaitAsync(e => e.Kind == LabEventKind.MtkChanged && e.MtkId == 2, s_patience);

        // The lower bounds are exact but for the clock's resolution; the upper ones leave a loaded machine time.
        Assert.IsTrue(second.Time - first.Time is { TotalSeconds: > 0.95 and < 2.5 }, $"message after {second.Time - first.Time}");
        Assert.IsTrue(changed.Time - first.Time is { TotalSeconds: > 2.95 and < 6 }, $"lifetime {changed.Time - first.Time}");

        Mtk byCommand = lab.NewMtk(MeAndLab.News);
        Assert.AreNotEqual(byCommand.Id, lab.CurrentMtk(MeAndLab.News)!.Id, "the lead holds for commands too");
        Mtk now = lab.NewMtk(MeAndLab.News, early: TimeSpan.Zero);
        Assert.AreEqual(now.Id, lab.CurrentMtk(MeAndLab.News)!.Id);
    }

    private static void AssertClear(byte[]? packet, int number)
    {
        Assert.IsNotNull(packet, $"packet {number}");
        Assert.AreEqual(96, packet[1]);
        Assert.AreEqual($"{News} {number:000000}", Encoding.UTF8.GetString(packet.AsSpan(12)));
    }

    private static UdpClient Join()
    {
        UdpClient client = new(new IPEndPoint(IPAddress.Any, FreePort.Next()));
        client.JoinMulticastGroup(s_group, IPAddress.Loopback);
        return client;
    }

    private static IPEndPoint To(UdpClient client) => new(s_group, ((IPEndPoint)client.Client.LocalEndPoint!).Port);

    private static async Task<byte[]> ReceiveAsync(UdpClient client)
    {
        using CancellationTokenSource patience = new(s_patience);
        return (await client.ReceiveAsync(patience.Token)).Buffer;
    }
}
