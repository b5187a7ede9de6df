using System.Net;
using System.Net.Sockets;
using MbmsMe.Lab;
using Microsoft.Data.Sqlite;

namespace MbmsMe.Tests.Host;

/// <summary>What befalls the lab is told and passes: streams, deliveries and the MIKEY port go on.</summary>
[TestClass]
public sealed class FailuresPass
{
    private const string News = "urn:example:news";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [TestMethod]
    public async Task AStreamPausesWhileTheClockIsBeforeItsMtk()
    {
        SetBackClock clock = new();
        await using LabServer lab = await LabServer.StartAsync(Configuration(":memory:"), time: clock);
        lab.StartStream(News);
        await PacketsAsync(lab, 3);
        clock.Back = TimeSpan.FromHours(1);
        using CancellationTokenSource patience = new(s_patience);
        long before;
        do
        {
            before = lab.PacketsSent(News)!.Value;
            await Task.Delay(200, patience.Token);
        }
        while (lab.PacketsSent(News) > before);
        clock.Back = TimeSpan.Zero;
        await PacketsAsync(lab, before + 3);
        Assert.IsFalse(lab.Events.Since(0).Any(e => e.Kind == LabEventKind.Failed));

        using JsonProcess stop = new(typeof(LabServer).Assembly.Location, "stream", "--stop", "--service", News, "--admin", lab.AdminUrl!.Authority);
        Assert.AreEqual(0, await stop.ExitAsync(), stop.Errors);
        StringAssert.Contains(stop.Output, $"{News}: stopped");
    }

    [TestMethod]
    public async Task AStoreThatFailsEndsNothing()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("mbms-failing-");
        string database = Path.Combine(directory.FullName, "lab.db");
        try
        {
            await using LabServer lab = await LabServer.StartAsync(Configuration(database));
            Muk muk = new(1, "btid@example.org", MeAndLab.First.Imsi, new byte[32], new byte[32], DateTimeOffset.UtcNow.AddHours(1), 0, lab.Configuration.BmScFqdn);
            using (LabStore store = new(database))
            {
                store.AddMuk(muk);
                store.SetAddress(muk.Imsi, IPAddress.Loopback);
            }
            lab.StartStream(News);
            await PacketsAsync(lab, 3);
            lab.Push(MeAndLab.News);
            Execute(database, "ALTER TABLE mtk RENAME TO mtk_gone; ALTER TABLE delivery RENAME TO delivery_gone");
            await FailedAsync(lab, e => e.Service == News);
            await FailedAsync(lab, e => e.Detail!.StartsWith("MSK delivery ", StringComparison.Ordinal));
            using JsonProcess status = new(typeof(LabServer).Assembly.Location, "status", "--admin", lab.AdminUrl!.Authority);
            Assert.AreEqual(1, await status.ExitAsync());
            StringAssert.Contains(status.Errors, "no such table");

            using UdpClient ue = new(new IPEndPoint(IPAddress.Loopback, 0));
            byte[] ack = MikeyMessage.BuildAck(new MikeyContext(muk.Key, muk.Btid, muk.Fqdn, 1, MikeyProfile.Release6), lab.CurrentMsk(MeAndLab.News)!);
            await ue.SendAsync(ack, lab.MikeyEndPoint);
            await FailedAsync(lab, e => e.Peer is not null && e.Service is null);
            Assert.AreEqual(2, lab.Events.Since(0).Count(e => e.Kind == LabEventKind.Failed && e.Service == News), "one for the packets, one for the repeats");

            Execute(database, "ALTER TABLE mtk_gone RENAME TO mtk; ALTER TABLE delivery_gone RENAME TO delivery");
            await PacketsAsync(lab, lab.PacketsSent(News)!.Value + 3);
            int mark = lab.Events.Count;
            lab.Push(MeAndLab.News);
            await ue.SendAsync(MikeyMessage.BuildAck(
                new MikeyContext(muk.Key, muk.Btid, muk.Fqdn, lab.LastMuk(muk.Imsi)!.Counter, MikeyProfile.Release6), lab.CurrentMsk(MeAndLab.News)!), lab.MikeyEndPoint);
            await lab.Events.WaitAsync(e => e.Kind == LabEventKind.AckVerified, s_patience, mark);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static LabConfiguration Configuration(string database) => new()
    {
        Database = database,
        AdminListen = new IPEndPoint(IPAddress.Loopback, 0),
        KeyGroups = [MeAndLab.News],
        Subscribers = [MeAndLab.First with { MikeyPort = FreePort.Next() }],
        AckTimeout = TimeSpan.FromMilliseconds(200),
        MaxTries = 1000,
        MtkRepeat = TimeSpan.FromMilliseconds(50),
        Services =
        [
            new LabService(News, [MeAndLab.News])
            {
                MtkGroup = new IPEndPoint(IPAddress.Loopback, FreePort.Next()),
                Flow = new IPEndPoint(IPAddress.Loopback, FreePort.Next()),
                PacketsPerSecond = 50,
            },
        ],
    };

    private static async Task PacketsAsync(LabServer lab, long count)
    {
        using CancellationTokenSource patience = new(s_patience);
        while (lab.PacketsSent(News) < count)
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private static Task<LabEvent> FailedAsync(LabServer lab, Func<LabEvent, bool> matches) =>
        lab.Events.WaitAsync(e => e.Kind == LabEventKind.Failed && matches(e), s_patience);

    private static void Execute(string database, string sql)
    {
        using SqliteConnection connection = new($"Data Source={database};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed class SetBackClock : TimeProvider
    {
        public TimeSpan Back { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - Back;
    }
}
