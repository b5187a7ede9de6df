using System.Net;
using MbmsMe.Lab;
using MbmsMe.Mikey;

namespace MbmsMe.Tests.Host;

/// <summary>
/// The datagrams that host ME and lab really exchanged, read by Wireshark's MIKEY dissector and by the core: every field is
/// the same, at the same place.
/// </summary>
[TestClass]
public sealed class Tshark
{
    private static readonly Tool s_tool = new("tshark", "tshark");

    [TestMethod]
    [DataRow(MikeyProfile.Release6)]
    [DataRow(MikeyProfile.Draft2004)]
    public async Task ReadsWhatWeRead(MikeyProfile profile)
    {
        await using MeAndLab pair = await MeAndLab.PairedAsync(change: lab => lab with { Profile = profile }, profile: profile);
        Mark mark = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
        await pair.DeliveredAsync(mark, profile: profile);
        pair.Lab.Variant = new MikeyVariant { IdType = 1, KeyDataType = 3, NafIdInIdi = true };
        mark = pair.Now;
        pair.Lab.Rekey(MeAndLab.News);
        await pair.DeliveredAsync(mark, profile: profile);
        mark = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News);
        await pair.DeliveredAsync(mark, profile: profile);

        LabEventKind[] kinds = [LabEventKind.MskSent, LabEventKind.PullSent, LabEventKind.DatagramReceived];
        LabEvent[] datagrams = [.. pair.Lab.Events.Since(0).Where(e => kinds.Contains(e.Kind))];
        IReadOnlyList<TsharkMessage> read = Dissect(datagrams, pair);

        Assert.AreEqual(datagrams.Length, read.Count);
        Assert.IsTrue(datagrams.Count(e => e.Kind == LabEventKind.PullSent) >= 2 && datagrams.Count(e => e.Kind == LabEventKind.DatagramReceived) >= 4);
        for (int i = 0; i < datagrams.Length; i++)
        {
            Compare(read[i], datagrams[i]);
        }
    }

    /// <summary>MTK messages as the lab sends them to everybody.</summary>
    [TestMethod]
    [DataRow(MikeyProfile.Release6, "000300f1100104001000010202")]
    [DataRow(MikeyProfile.Draft2004, "000300f11001020001" + "0202")]
    public async Task ReadsMtkMessages(MikeyProfile profile, string keyIds)
    {
        IPEndPoint group = new(IPAddress.Parse("239.255.78.1"), FreePort.Next());
        await using LabServer lab = await LabServer.StartAsync(new LabConfiguration
        {
            Profile = profile,
            KeyGroups = [MeAndLab.News],
            Services = [new LabService("urn:example:news", [MeAndLab.News]) { MtkGroup = group }],
        });
        lab.NewMtk(MeAndLab.News);
        lab.NewMtk(MeAndLab.News, early: TimeSpan.FromSeconds(5));
        lab.NewMtk(MeAndLab.News, dummy: true);
        LabEvent[] sent = [.. lab.Events.Since(0).Where(e => e.Kind == LabEventKind.MtkSent)];
        IReadOnlyList<TsharkMessage> read = Dissect(sent.Select(e => (e.Time, lab.MikeyEndPoint, e.Peer!, e.Datagram!)), group.Port);

        Assert.AreEqual(3, sent.Length);
        Assert.AreEqual(3, read.Count);
        for (int i = 0; i < sent.Length; i++)
        {
            byte[] data = sent[i].Datagram!;
            TsharkMessage message = read[i];
            Assert.AreEqual("hdr ext t kemac", message.Payloads);
            Assert.AreEqual(data.Length, message.Length);
            Assert.AreEqual(0, message.Number("type"));
            Assert.AreEqual(0, message.Number("v.set"), "nobody acknowledges it");
            Assert.AreEqual(profile == MikeyProfile.Draft2004 ? "00000010" : lab.CurrentMsk(MeAndLab.News)!.CsbId.ToString("x8"), message.Octets("csb_id"));
            Assert.AreEqual(1, message.Number("cs_id_map_type"));
            Assert.AreEqual(MikeyConstants.ExtKeyId, message.Number("ext.type"));
            Assert.AreEqual($"{keyIds}{i + 1:x4}", message.Octets("ext.data"));
            Assert.AreEqual(2, message.Number("t.ts_type"));
            Assert.AreEqual(i + 1, data[message.Offset("t.ts_type") + 4], "T counts");
            Assert.AreEqual(1, message.Number("kemac.encr_alg"));
            Assert.AreEqual(4 + 16 + 2 + 14, message.Number("kemac.key_data_len"), "TEK and salt");
            Assert.AreEqual(1, message.Number("kemac.mac_alg"));
            Assert.AreEqual(data.Length - MikeyConstants.MacLength, message.Offset("kemac.mac"));
        }
    }

    /// <summary>What neither of them sends today but the core's writer can write: SP and ERR.</summary>
    [TestMethod]
    public void ReadsWhatTheWriterWrites()
    {
        byte[] message = new MikeyWriter(MikeyDataType.PreSharedKey, true, 0xCAFEF00D)
            .KeyIds([0x00, 0xF1, 0x10], [0, 0x10, 0, 1], [0, 7]).Counter(9).Rand(new byte[16])
            .SecurityPolicy(3, [0, 1, 1, 1, 1, 16]).Kemac(new byte[26]).ToArray(new byte[20]);
        byte[] error = new MikeyWriter(MikeyDataType.Error, false, 1).Counter(9).Error(5).ToArray();
        IPEndPoint end = new(IPAddress.Loopback, MikeyConstants.Port);
        IReadOnlyList<TsharkMessage> read = Dissect([(DateTimeOffset.UtcNow, end, end, message), (DateTimeOffset.UtcNow, end, end, error)], MikeyConstants.Port);

        Assert.AreEqual("hdr ext t rand sp kemac", read[0].Payloads);
        Assert.AreEqual("0xcafef00d", $"0x{read[0].Octets("csb_id")}");
        Assert.AreEqual("000300f1100104001000010202" + "0007", read[0].Octets("ext.data"));
        Assert.AreEqual(3, read[0].Number("sp.no"));
        Assert.AreEqual("hdr t err", read[1].Payloads);
        Assert.AreEqual(5, read[1].Number("err.no"));
        Assert.AreEqual(error.Length, read[1].Length);
    }

    private static void Compare(TsharkMessage theirs, LabEvent datagram)
    {
        byte[] data = datagram.Datagram!;
        Mikey.MikeyMessage ours = new();
        Assert.IsTrue(ours.TryRead(data, data.Length));
        string Slice(int offset, int length) => Convert.ToHexStringLower(data, offset, length);
        bool isAck = datagram.Kind == LabEventKind.DatagramReceived;
        bool isPull = datagram.Kind == LabEventKind.PullSent;

        Assert.AreEqual(isAck ? "hdr t id v" : "hdr ext t rand id id kemac", theirs.Payloads);
        Assert.AreEqual(data.Length, theirs.Length);
        Assert.AreEqual(MikeyConstants.Version, theirs.Number("version"));
        Assert.AreEqual((int)ours.DataType, theirs.Number("type"));
        Assert.AreEqual(isAck ? 1 : 0, theirs.Number("type"));
        Assert.AreEqual(ours.VerificationWanted ? 1 : 0, theirs.Number("v.set"));
        Assert.AreEqual(datagram.Kind == LabEventKind.MskSent, ours.VerificationWanted);
        Assert.AreEqual(ours.PrfFunction, theirs.Number("prf_func"));
        Assert.AreEqual(ours.CsbId.ToString("x8"), theirs.Octets("csb_id"));
        Assert.AreEqual(ours.CryptoSessions, theirs.Number("cs_count"));
        Assert.AreEqual(ours.MapType, theirs.Number("cs_id_map_type"));
        Assert.AreEqual(ours.TimestampType, theirs.Number("t.ts_type"));
        Assert.AreEqual(ours.TimestampOffset, theirs.Offset("t.ts_type") + 1);
        CompareIds(theirs, ours, Slice);
        if (isAck)
        {
            Assert.AreEqual(ours.MacAlgorithm, theirs.Number("v.auth_alg"));
            Assert.AreEqual(ours.MacOffset, theirs.Offset("v.ver_data"));
            Assert.AreEqual(Slice(ours.MacOffset, MikeyConstants.MacLength), theirs.Octets("v.ver_data"));
            return;
        }

        int ext = theirs.Offset("ext.data");
        Assert.AreEqual(MikeyConstants.ExtKeyId, theirs.Number("ext.type"));
        Assert.AreEqual(
            ours.KeyDomainOffset == 0
                ? $"0102{Slice(ours.MskIdOffset, 2)}"
                : $"0003{Slice(ours.KeyDomainOffset, 3)}0104{Slice(ours.MskIdOffset, 4)}",
            theirs.Octets("ext.data"));
        Assert.AreEqual(ours.MskIdOffset, ext + (ours.KeyDomainOffset == 0 ? 2 : 7));
        Assert.AreEqual(ours.RandLength, theirs.Number("rand.len"));
        Assert.AreEqual(ours.RandOffset, theirs.Offset("rand.data"));
        Assert.AreEqual(Slice(ours.RandOffset, ours.RandLength), theirs.Octets("rand.data"));
        Assert.AreEqual(ours.EncryptionAlgorithm, theirs.Number("kemac.encr_alg"));
        Assert.AreEqual(ours.EncryptedLength, theirs.Number("kemac.key_data_len"));
        Assert.AreEqual(isPull, ours.EncryptedLength == 0);
        Assert.AreEqual(Slice(ours.EncryptedOffset, ours.EncryptedLength), theirs.Octets("kemac.key_data"));
        Assert.AreEqual(ours.MacAlgorithm, theirs.Number("kemac.mac_alg"));
        Assert.AreEqual(ours.MacOffset, theirs.Offset("kemac.mac"));
        Assert.AreEqual(Slice(ours.MacOffset, MikeyConstants.MacLength), theirs.Octets("kemac.mac"));
    }

    private static void CompareIds(TsharkMessage theirs, Mikey.MikeyMessage ours, Func<int, int, string> slice)
    {
        Assert.AreEqual(ours.IdiOffset, theirs.Offset("id.data"));
        Assert.AreEqual(slice(ours.IdiOffset, ours.IdiLength), theirs.Octets("id.data"));
        Assert.AreEqual(ours.IdrOffset, theirs.Offset("id.data", 1));
        Assert.AreEqual(slice(ours.IdrOffset, ours.IdrLength), theirs.Octets("id.data", 1));
    }

    private static IReadOnlyList<TsharkMessage> Dissect(IEnumerable<LabEvent> datagrams, MeAndLab pair)
    {
        IPEndPoint lab = pair.Lab.MikeyEndPoint;
        return Dissect(
            datagrams.Select(e => e.Kind == LabEventKind.DatagramReceived ? (e.Time, e.Peer!, lab, e.Datagram!) : (e.Time, lab, e.Peer!, e.Datagram!)),
            pair.MePort);
    }

    private static IReadOnlyList<TsharkMessage> Dissect(IEnumerable<(DateTimeOffset Time, IPEndPoint From, IPEndPoint To, byte[] Datagram)> packets, int port)
    {
        string path = Path.GetTempFileName();
        try
        {
            using (PcapFile file = new(path))
            {
                foreach (var packet in packets)
                {
                    file.Add(packet.Time, packet.From, packet.To, packet.Datagram);
                }
            }

            return TsharkMessage.ReadAll(s_tool.Run("-r", path, "-d", $"udp.port=={port},mikey", "-T", "pdml"));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
