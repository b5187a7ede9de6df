using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary><c>lab.json</c>: what its keys become, and the one line that a wrong one gets.</summary>
[TestClass]
public sealed class LabFile
{
    private static readonly string s_sample = Path.Combine(Repository.Root, "tests", "Lab", "lab.json");

    [TestMethod]
    public void TheSampleStreamsAService()
    {
        LabConfiguration lab = LabConfigurationFile.Read(s_sample);
        LabService service = lab.Services.Single();
        Assert.AreEqual("urn:example:news 239.255.1.1:2269 239.255.1.1:5004", $"{service.Id} {service.MtkGroup} {service.Flow}");
        Assert.AreEqual(lab.KeyGroups.Single(), service.KeyGroups.Single());
        Assert.AreEqual(20, service.PacketsPerSecond);
        Assert.AreEqual((true, true), (service.Confidentiality, service.Integrity));
        Assert.AreEqual((TimeSpan.FromSeconds(1), TimeSpan.Zero, TimeSpan.Zero, 1), (lab.MtkRepeat, lab.MtkLifetime, lab.MtkLead, lab.MulticastTtl));
    }

    [TestMethod]
    public void TwoBmScsAndAllOfTheTraffic()
    {
        LabConfiguration lab = Read(json =>
        {
            json["bmscs"] = JsonNode.Parse("""[ { "fqdn": "two.example.org", "listen": "127.0.0.1:8082", "path": "/keys" } ]""");
            json["keyGroups"] = JsonNode.Parse("""[ { "keyDomain": "00f110", "keyGroup": "0010" }, { "keyDomain": "00f110", "keyGroup": "0020", "bmsc": "two.example.org" } ]""");
            json["bsf"] = JsonNode.Parse("""{ "listen": "[::]:8070" }""");
            json["mtk"] = JsonNode.Parse("""{ "repeatSeconds": 2, "lifetimeSeconds": 30, "leadSeconds": 5, "ttl": 3 }""");
            json["services"] = JsonNode.Parse("""[ { "id": "urn:s", "keyGroups": ["00F110/0020"], "packetsPerSecond": 50, "protection": { "integrity": false } } ]""");
        });
        KeyGroup first = new("00f110", 0x0010);
        KeyGroup second = new("00f110", 0x0020);
        Assert.AreEqual(("bmsc.example.org", "two.example.org"), (lab.BmScOf(first), lab.BmScOf(second)));
        Assert.AreEqual("two.example.org 127.0.0.1:8082 /keys", $"{lab.BmScs[1].Fqdn} {lab.BmScs[1].Listen} {lab.BmScs[1].Path}");
        Assert.AreEqual((2.0, 30.0, 5.0), (lab.MtkRepeat.TotalSeconds, lab.MtkLifetime.TotalSeconds, lab.MtkLead.TotalSeconds));
        Assert.AreEqual("[::]:8070", lab.BsfListen.ToString());
        Assert.AreEqual(3, lab.MulticastTtl);
        LabService service = lab.Services.Single();
        Assert.AreEqual((second, 50), (service.KeyGroups.Single(), service.PacketsPerSecond));
        Assert.AreEqual((true, false), (service.Confidentiality, service.Integrity));
        Assert.IsNull(service.MtkGroup);
        Assert.IsNull(service.Flow);
    }

    [TestMethod]
    public void WithoutServicesAsBefore()
    {
        LabConfiguration lab = Read(json =>
        {
            json.Remove("services");
            json.Remove("mtk");
        });
        Assert.AreEqual(0, lab.Services.Count);
        Assert.AreEqual(1, lab.BmScs.Count);
    }

    [TestMethod]
    [DataRow("""{ "mtk": { "leadSeconds": -1 } }""", "mtk.leadSeconds: wrong")]
    [DataRow("""{ "mtk": { "repeatSeconds": 0 } }""", "mtk.repeatSeconds: wrong")]
    [DataRow("""{ "mtk": { "lifetime": 1 } }""", "mtk.lifetime: unknown key")]
    [DataRow("""{ "mtk": { "ttl": 0 } }""", "mtk.ttl: wrong")]
    [DataRow("""{ "mikey": { "listen": "[::]:2270" } }""", "mikey.listen: wrong; expected this PC's own IPv4 address and a port such as \"192.168.1.10:2270\"")]
    [DataRow("""{ "mikey": { "listen": "192.168.1.10" } }""", "mikey.listen: wrong")]
    [DataRow("""{ "admin": { "listen": "8090" } }""", "admin.listen: wrong")]
    [DataRow("""{ "services": [] }""", "services: wrong")]
    [DataRow("""{ "services": [ { "id": "urn:s" } ] }""", "services[0].keyGroups: missing")]
    [DataRow("""{ "services": [ { "id": "", "keyGroups": ["00f110/0010"] } ] }""", "services[0].id: wrong")]
    [DataRow("""{ "services": [ { "id": "urn:s", "keyGroups": ["00f110-0010"] } ] }""", "services[0].keyGroups: wrong")]
    [DataRow("""{ "services": [ { "id": "urn:s", "keyGroups": ["00f110/0099"] } ] }""", "services[0].keyGroups: wrong; expected Key Groups of keyGroups")]
    [DataRow("""{ "services": [ { "id": "urn:s", "keyGroups": ["00f110/0010", "00F110/0010"] } ] }""", "services[0].keyGroups: wrong; expected each Key Group once")]
    [DataRow("""{ "services": [ { "id": "urn:s", "keyGroups": ["00f110/0010"], "flow": "239.255.1.1" } ] }""", "services[0].flow: wrong")]
    [DataRow("""{ "services": [ { "id": "urn:s", "keyGroups": ["00f110/0010"], "mtkGroup": "[::1]:2269" } ] }""", "services[0].mtkGroup: wrong")]
    [DataRow("""{ "services": [ { "id": "urn:s", "keyGroups": ["00f110/0010"], "packetsPerSecond": 0 } ] }""", "services[0].packetsPerSecond: wrong")]
    [DataRow("""{ "services": [ { "id": "urn:s", "keyGroups": ["00f110/0010"] }, { "id": "urn:s", "keyGroups": ["00f110/0010"] } ] }""", "services[1].id: wrong")]
    [DataRow("""{ "services": [ { "id": "urn:s", "keyGroups": ["00f110/0010"], "protection": { "integrity": 1 } } ] }""", "services[0].protection.integrity: wrong")]
    [DataRow("""{ "services": [ { "id": "urn:s", "keyGroups": ["00f110/0010"], "protection": { "secrecy": true } } ] }""", "services[0].protection.secrecy: unknown key")]
    [DataRow("""{ "bmscs": [ { "listen": "127.0.0.1:8081" } ] }""", "bmscs[0].fqdn: missing")]
    [DataRow("""{ "bmscs": [ { "fqdn": "bmsc.example.org" } ] }""", "bmscs[0].fqdn: wrong; expected one that no other BM-SC has")]
    [DataRow("""{ "keyGroups": [ { "keyDomain": "00f110", "keyGroup": "0010", "bmsc": "none.example.org" } ] }""", "keyGroups[0].bmsc: wrong")]
    [DataRow(
        """
        { "bmscs": [ { "fqdn": "two.example.org" } ],
          "keyGroups": [ { "keyDomain": "00f110", "keyGroup": "0010" }, { "keyDomain": "00f110", "keyGroup": "0020", "bmsc": "two.example.org" } ],
          "services": [ { "id": "urn:s", "keyGroups": ["00f110/0010", "00f110/0020"] } ] }
        """,
        "services[0].keyGroups: wrong; expected Key Groups of one BM-SC")]
    public void AWrongKeyIsNamed(string changes, string line)
    {
        LabConfigurationException e = Assert.ThrowsExactly<LabConfigurationException>(() => Read(json =>
        {
            foreach ((string key, JsonNode? value) in JsonNode.Parse(changes)!.AsObject())
            {
                json[key] = value!.DeepClone();
            }
        }));
        StringAssert.Contains(e.Message, line);
        Assert.IsFalse(e.Message.Contains('\n'), "one line");
    }

    private static LabConfiguration Read(Action<JsonObject> change)
    {
        JsonObject json = JsonNode.Parse(File.ReadAllText(s_sample))!.AsObject();
        change(json);
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, json.ToJsonString());
            return LabConfigurationFile.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
