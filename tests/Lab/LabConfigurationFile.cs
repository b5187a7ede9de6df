using System.Net;
using System.Text.Json;

namespace MbmsMe.Lab;

/// <summary>The configuration file is unreadable, lacks a key or has a wrong one. The message is one line that names the key.</summary>
public sealed class LabConfigurationException(string message) : Exception(message);

/// <summary>Reads <c>lab.json</c>. Every key is checked and unknown ones are errors, so that a misspelt key is not silently ignored.</summary>
public static class LabConfigurationFile
{
    /// <summary>Where the admin API listens unless told otherwise.</summary>
    public static readonly IPEndPoint DefaultAdmin = new(IPAddress.Loopback, 8090);

    /// <summary>Reads a file; a relative database path is relative to it.</summary>
    /// <exception cref="LabConfigurationException">The file is missing, is not JSON, or a key is missing, wrong or unknown.</exception>
    public static LabConfiguration Read(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(
                File.ReadAllText(path),
                new JsonDocumentOptions { AllowDuplicateProperties = false, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            LabConfiguration configuration = Read(new JsonSection(document.RootElement, ""));
            return configuration with { Database = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, configuration.Database) };
        }
        catch (LabConfigurationException e)
        {
            throw new LabConfigurationException($"{path}: {e.Message}");
        }
        catch (JsonException e)
        {
            throw new LabConfigurationException($"{path}: not valid JSON: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LabConfigurationException($"{path}: cannot be read: {e.Message}");
        }
    }

    private static LabConfiguration Read(JsonSection root)
    {
        JsonSection bsf = root.Section("bsf");
        JsonSection bmsc = root.Section("bmsc");
        JsonSection mikey = root.Section("mikey");
        JsonSection admin = root.Section("admin");
        JsonSection gba = root.Section("gba");
        JsonSection mtk = root.Section("mtk");
        List<(KeyGroup Group, string? BmSc)> groups = [.. root.Sections("keyGroups", OwnedKeyGroup)];
        LabConfiguration configuration = new()
        {
            BsfListen = bsf.TcpEndPoint("listen", new(IPAddress.Loopback, 8070)),
            BmScListen = bmsc.TcpEndPoint("listen", new(IPAddress.Loopback, 8080)),
            BmScFqdn = Fqdn(bmsc, "fqdn"),
            BmScPath = UaPath(bmsc),
            DemandFreshKey = bmsc.Flag("demandFreshKey", true),
            MikeyListen = mikey.UdpEndPoint("listen", new(IPAddress.Loopback, 2270)),
            AckTimeout = TimeSpan.FromSeconds(mikey.Number("ackTimeoutSeconds", 1, 3600, 2)),
            MaxTries = mikey.Number("maxTries", 1, 1000, 5),
            Profile = mikey.Choice<MikeyProfile>("profile") ?? MikeyProfile.Release6,
            Variant = new MikeyVariant
            {
                NafIdInIdi = mikey.Flag("nafIdInIdi", false),
                IdType = (byte)mikey.Number("idType", 0, 1, 0),
                KeyDataType = (byte)mikey.Number("keyDataType", 0, 3, 0),
            },
            AdminListen = admin.TcpEndPoint("listen", DefaultAdmin),
            Database = root.Text("database", "a file name", text => text.Length > 0, "lab.db"),
            GbaLifetime = TimeSpan.FromSeconds(gba.Number("lifetimeSeconds", 1, int.MaxValue, 3600)),
            Subscribers = root.Sections("subscribers", Subscriber),
            KeyGroups = [.. groups.Select(owned => owned.Group)],
            BmScOfKeyGroup = groups.Where(owned => owned.BmSc is not null).DistinctBy(owned => owned.Group).ToDictionary(owned => owned.Group, owned => owned.BmSc!),
            MoreBmScs = root.Has("bmscs") ? root.Sections("bmscs", BmSc) : [],
            Services = root.Has("services") ? root.Sections("services", Service) : [],
            MtkRepeat = TimeSpan.FromSeconds(mtk.Number("repeatSeconds", 1, 3600, 1)),
            MtkLifetime = TimeSpan.FromSeconds(mtk.Number("lifetimeSeconds", 0, int.MaxValue, 0)),
            MtkLead = TimeSpan.FromSeconds(mtk.Number("leadSeconds", 0, 86_400, 0)),
            MulticastTtl = mtk.Number("ttl", 1, 255, 1),
        };
        foreach (JsonSection section in new[] { bsf, bmsc, mikey, admin, gba, mtk, root })
        {
            section.RejectOthers();
        }
        RejectTwins("subscribers", "imsi", [.. configuration.Subscribers.Select(subscriber => subscriber.Imsi)]);
        RejectTwins("keyGroups", "keyGroup", [.. configuration.KeyGroups.Select(group => group.ToString())]);
        RejectTwins("services", "id", [.. configuration.Services.Select(service => service.Id)]);
        RejectStrangers(configuration);
        return configuration;
    }

    /// <summary>What one key names must stand under another.</summary>
    private static void RejectStrangers(LabConfiguration configuration)
    {
        List<string> fqdns = [.. configuration.BmScs.Select(bmsc => bmsc.Fqdn)];
        for (int i = 1; i < fqdns.Count; i++)
        {
            if (fqdns.IndexOf(fqdns[i]) < i)
            {
                throw new LabConfigurationException($"bmscs[{i - 1}].fqdn: wrong; expected one that no other BM-SC has");
            }
        }
        for (int i = 0; i < configuration.KeyGroups.Count; i++)
        {
            if (!fqdns.Contains(configuration.BmScOf(configuration.KeyGroups[i])))
            {
                throw new LabConfigurationException($"keyGroups[{i}].bmsc: wrong; expected the fqdn of bmsc or of one of bmscs");
            }
        }
        for (int i = 0; i < configuration.Services.Count; i++)
        {
            IReadOnlyList<KeyGroup> groups = configuration.Services[i].KeyGroups;
            if (!groups.All(configuration.KeyGroups.Contains))
            {
                throw new LabConfigurationException($"services[{i}].keyGroups: wrong; expected Key Groups of keyGroups");
            }
            if (groups.Distinct().Count() < groups.Count)
            {
                throw new LabConfigurationException($"services[{i}].keyGroups: wrong; expected each Key Group once");
            }
            if (groups.Select(configuration.BmScOf).Distinct().Count() > 1)
            {
                throw new LabConfigurationException($"services[{i}].keyGroups: wrong; expected Key Groups of one BM-SC");
            }
        }
    }

    private static LabBmSc BmSc(JsonSection section)
    {
        LabBmSc bmsc = new(Fqdn(section, "fqdn"), section.TcpEndPoint("listen", new(IPAddress.Loopback, 8081)), UaPath(section));
        section.RejectOthers();
        return bmsc;
    }

    private static string Fqdn(JsonSection section, string key) =>
        section.Text(key, "a host name such as \"bmsc.example.org\"", text => Uri.CheckHostName(text) == UriHostNameType.Dns);

    private static string UaPath(JsonSection section) =>
        section.Text("path", "a path that begins with \"/\"", text => text.StartsWith('/') && !text.Contains('?'), "/keymanagement");

    private static LabService Service(JsonSection section)
    {
        JsonSection protection = section.Section("protection");
        LabService service = new(
            section.Text("id", "a string such as \"urn:example:news\"", text => text.Trim() is { Length: > 0 } trimmed && trimmed == text),
            [.. section.Texts("keyGroups", "strings such as \"00f110/0010\"", text => TryParse(text, out _)).Select(text => TryParse(text, out KeyGroup group) ? group : default)])
        {
            MtkGroup = section.Destination("mtkGroup"),
            Flow = section.Destination("flow"),
            Confidentiality = protection.Flag("confidentiality", true),
            Integrity = protection.Flag("integrity", true),
            PacketsPerSecond = section.Number("packetsPerSecond", 1, 1000, 20),
        };
        protection.RejectOthers();
        section.RejectOthers();
        return service;
    }

    private static bool TryParse(string text, out KeyGroup group)
    {
        bool right = text.Length == 11 && text[6] == '/' && text.Remove(6, 1).All(char.IsAsciiHexDigit);
        group = right ? new KeyGroup(text[..6].ToLowerInvariant(), Convert.ToUInt16(text[7..], 16)) : default;
        return right;
    }

    private static (KeyGroup Group, string? BmSc) OwnedKeyGroup(JsonSection section)
    {
        string? fqdn = section.Has("bmsc") ? Fqdn(section, "bmsc") : null;
        return (KeyGroupOf(section), fqdn);
    }

    private static void RejectTwins(string array, string key, List<string> values)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (values.IndexOf(values[i]) < i)
            {
                throw new LabConfigurationException($"{array}[{i}].{key}: wrong; expected one that no other of {array} has");
            }
        }
    }

    private static LabSubscriber Subscriber(JsonSection section)
    {
        LabSubscriber subscriber = new(
            section.Text("imsi", "a string of 6 to 15 digits", text => text.Length is >= 6 and <= 15 && text.All(char.IsAsciiDigit)),
            section.Number("mncLength", 2, 3),
            section.Octets("k", 16),
            section.Octets("opc", 16))
        {
            Amf = section.Octets("amf", 2, "8000"),
            Sqn = Convert.ToUInt64(Convert.ToHexString(section.Octets("sqn", 6, "000000000000")), 16),
            MikeyPort = section.Number("mikeyPort", 1, 65535, LabConfiguration.StandardMikeyPort),
            Profile = section.Choice<MikeyProfile>("profile"),
            KeyGroups = section.Has("keyGroups") ? section.Sections("keyGroups", KeyGroupOf) : null,
        };
        section.RejectOthers();
        return subscriber;
    }

    private static KeyGroup KeyGroupOf(JsonSection section)
    {
        byte[] group = section.Octets("keyGroup", 2);
        KeyGroup keyGroup = new(Convert.ToHexStringLower(section.Octets("keyDomain", 3)), (ushort)(group[0] << 8 | group[1]));
        section.RejectOthers();
        return keyGroup;
    }
}
