using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>The interval of MTK IDs of new MSKs, and the deletion of one that is not the current one.</summary>
[TestClass]
public sealed class MskIntervals
{
    [TestMethod]
    public async Task ARekeyingSetsTheIntervalAndItsEndTakesANewMsk()
    {
        await using LabServer lab = await LabServer.StartAsync(new LabConfiguration { KeyGroups = [MeAndLab.News] });
        lab.Rekey(MeAndLab.News, seqLow: 100, seqHigh: 101);
        Assert.AreEqual((100, 2), Next());
        Assert.AreEqual((101, 2), Next());
        Assert.AreEqual((1, 3), Next());
        Assert.AreEqual((ushort.MaxValue, 3), (lab.CurrentMsk(MeAndLab.News)!.SeqHigh, lab.CurrentMsk(MeAndLab.News)!.Number));
        Assert.ThrowsExactly<LabException>(() => lab.Rekey(MeAndLab.News, seqLow: 2, seqHigh: 1));
        Assert.AreEqual(3, lab.CurrentMsk(MeAndLab.News)!.Number, "nothing was made");

        (int Id, int Number) Next()
        {
            Mtk mtk = lab.NewMtk(MeAndLab.News);
            return (mtk.Id, mtk.Number);
        }
    }

    /// <summary>One subscriber out of reach keeps the new MSK, or a pull, from nobody else.</summary>
    [TestMethod]
    public async Task ARekeyingGoesOnPastASubscriberOutOfReach()
    {
        string database = Path.Combine(Path.GetTempPath(), $"mbms-reach-{Guid.NewGuid():n}.db");
        LabSubscriber far = MeAndLab.First;
        LabSubscriber near = MeAndLab.Second with { MikeyPort = FreePort.Next() };
        try
        {
            using UdpClient ue = new(new IPEndPoint(IPAddress.Loopback, near.MikeyPort));
            await using LabServer lab = await LabServer.StartAsync(new LabConfiguration
            {
                Database = database,
                AdminListen = new IPEndPoint(IPAddress.Loopback, 0),
                KeyGroups = [MeAndLab.News],
                Subscribers = [far, near],
            });
            using (LabStore store = new(database))
            {
                DateTimeOffset past = DateTimeOffset.UtcNow.AddHours(-1);
                store.AddMuk(new Muk(1, "far", far.Imsi, new byte[32], new byte[32], past, 0, lab.Configuration.BmScFqdn));
                store.AddMuk(new Muk(2, "near", near.Imsi, new byte[32], new byte[32], past, 0, lab.Configuration.BmScFqdn));
                store.SetAddress(far.Imsi, IPAddress.Parse("192.0.2.1")); // From a socket on loopback there is no way to it.
                store.SetAddress(near.Imsi, IPAddress.Loopback);
            }

            string[] outcomes = [.. lab.Rekey(MeAndLab.News).Select(outcome => outcome.Outcome)];
            StringAssert.StartsWith(outcomes[0], "not solicited: 127.0.0.1 does not reach 192.0.2.1: set mikey.listen to ");
            Assert.AreEqual("solicited: the MUK has expired", outcomes[1]);
            Assert.AreEqual(far.Imsi, lab.Events.Since(0).Single(e => e.Kind == LabEventKind.Failed).Imsi);
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
            byte[] pull = (await ue.ReceiveAsync(patience.Token)).Buffer;
            CollectionAssert.AreEqual(lab.Events.Since(0).Single(e => e.Kind == LabEventKind.PullSent).Datagram, pull, "none was sent to the first");

            using JsonProcess solicit = new(typeof(LabServer).Assembly.Location, "solicit", "--admin", lab.AdminUrl!.Authority);
            Assert.AreEqual(0, await solicit.ExitAsync(), solicit.Errors);
            StringAssert.StartsWith(solicit.Output, $"{far.Imsi} {MeAndLab.News}: not solicited: ");
            StringAssert.Contains(solicit.Output, $"{near.Imsi} {MeAndLab.News}: solicited: the MUK has expired");
            pull = (await ue.ReceiveAsync(patience.Token)).Buffer;
            CollectionAssert.AreEqual(lab.Events.Since(0).Last(e => e.Kind == LabEventKind.PullSent).Datagram, pull);
        }
        finally
        {
            foreach (string file in Directory.EnumerateFiles(Path.GetTempPath(), Path.GetFileName(database) + "*"))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>An ME that had forgotten the MSK gets it with SEQl at the MTK in force: the messages of older MTKs are no good any more.</summary>
    [TestMethod]
    public async Task WhatIsDeliveredAgainBeginsAtTheMtkInForce()
    {
        await using MeAndLab pair = await MeAndLab.StartAsync();
        JsonObject configuration = pair.Configuration();
        configuration["storage"]!["atPowerDown"] = "delete";
        pair.PowerOn(configuration);
        await pair.DeliveredAsync(default);
        await pair.MeAsync("msk-stored", default, ("seqLow", "1"));
        byte[][] old = [.. Enumerable.Range(1, 3).Select(_ => pair.Lab.NewMtk(MeAndLab.News, imsi: MeAndLab.First.Imsi).Message)];
        pair.Lab.NewMtk(MeAndLab.News, early: TimeSpan.FromHours(1));
        await pair.MeAsync("mtk-accepted", default, ("mtkId", "3"));

        Mark mark = pair.Now;
        await pair.RestartAsync(configuration.DeepClone().AsObject());
        await pair.LabAsync(LabEventKind.AckVerified, mark);
        await pair.MeAsync("msk-stored", default, ("mskId", "00100001"), ("seqLow", "3"), ("seqHigh", "65535"));
        await pair.DroppedAsync(old[..2], "mtk-id-out-of-range");
        pair.Lab.SendRaw(old[2], MeAndLab.First.Imsi);
        await pair.MeAsync("mtk-accepted", default, ("mtkId", "3"));
        Assert.AreEqual(1, pair.Lab.CurrentMsk(MeAndLab.News)!.SeqLow, "what is stored stays");
    }

    /// <summary>An interval that ends before the MTK in force is no deletion.</summary>
    [TestMethod]
    public async Task AnIntervalIsNeverEmptiedByTheMtkInForce()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        for (int i = 0; i < 5; i++)
        {
            pair.Lab.NewMtk(MeAndLab.News);
        }
        Mark mark = pair.Now;
        pair.Lab.ChangeInterval(MeAndLab.News, 1, 2);
        await pair.MeAsync("msk-stored", mark, ("seqLow", "2"), ("seqHigh", "2"));
        pair.Lab.DeleteMsk(MeAndLab.News);
        await pair.MeAsync("msk-deleted", mark, ("reason", "deleted by the BM-SC"));
    }

    /// <summary>The ME holds two MSKs; the older one goes, the current one stays.</summary>
    [TestMethod]
    public async Task AnOlderMskIsDeleted()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync();
        Mark mark = pair.Now;
        pair.Lab.Rekey(MeAndLab.News, seqLow: 5, seqHigh: 9);
        await pair.DeliveredAsync(mark);
        await pair.MeAsync("msk-stored", mark, ("mskId", "00100002"), ("seqLow", "5"), ("seqHigh", "9"));

        mark = pair.Now;
        Assert.AreEqual("pushed", pair.Lab.DeleteMsk(MeAndLab.News, MeAndLab.First.Imsi, number: 1).Single().Outcome);
        await pair.MeAsync("msk-deleted", mark, ("mskId", "00100001"), ("reason", "deleted by the BM-SC"));
        await pair.LabAsync(LabEventKind.AckVerified, mark, e => e.MskId == "00100001");
        Assert.IsFalse(pair.Lab.CurrentMsk(MeAndLab.News)!.Deleted);
        Assert.AreEqual(5, pair.Lab.NewMtk(MeAndLab.News, imsi: MeAndLab.First.Imsi).Id);
        await pair.MeAsync("mtk-accepted", mark, ("mskId", "00100002"), ("mtkId", "5"));
        Assert.ThrowsExactly<LabException>(() => pair.Lab.DeleteMsk(MeAndLab.News, number: 3));
    }

    /// <summary>Under an expired MUK nothing can be delivered, and a pull asks for the current MSK.</summary>
    [TestMethod]
    public async Task AnOlderMskIsNotDeletedUnderAnExpiredMuk()
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync(shortLifetime: true);
        pair.Lab.CreateMsk(MeAndLab.News);
        await pair.ExpireAsync();
        Mark mark = pair.Now;
        StringAssert.StartsWith(pair.Lab.DeleteMsk(MeAndLab.News, MeAndLab.First.Imsi, number: 1).Single().Outcome, "not sent");
        await pair.AssertSilenceAsync(mark);
    }
}
