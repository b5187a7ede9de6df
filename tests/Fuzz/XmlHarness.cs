using System;
using System.Collections.Generic;
using System.Globalization;
using MbmsMe.Announcement;
using MbmsMe.Gba;
using MbmsMe.Machine;
using MbmsMe.Requests;

namespace MbmsMe.Tests.Fuzz;

/// <summary>The bodies of BSF and BM-SC, and announcements: every input is read as each of them.</summary>
internal sealed class XmlHarness : Harness
{
    /// <summary>A security description with everything the ME reads of one.</summary>
    public const string Announcement =
        "<securityDescription xmlns=\"urn:3GPP:metadata:2005:MBMS:securityDescription\" confidentialityProtection=\"true\" "
        + "integrityProtection='0' uiccKeyManagement=\"false\"><keyManagement waitTime=\"5\" maxBackOff=\"20\">"
        + "<serverURI>https://bmsc.example.org/keymanagement?a=1&amp;b=2</serverURI></keyManagement>"
        + "<keyId><mediaFlow flowID=\"239.255.1.1:5004\"/><mediaFlow flowID=\"239.255.1.1:5006\"/><MSKID>ABIAAg==</MSKID>"
        + "<keyDomainID>APEQ</keyDomainID></keyId><fecProtection/></securityDescription>";

    private const string Bsf =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><BootstrappingInfo xmlns=\"uri:3gpp-gba\"><btid>" + Vectors.Btid
        + "</btid><lifetime>2026-10-28T23:36:26Z</lifetime></BootstrappingInfo>";

    private const string Bmsc =
        "<mskResponse xmlns=\"urn:3GPP:metadata:2005:MBMS:mskResponse\"><MSK><keyDomainID>APEQ</keyDomainID>"
        + "<MSKID>ABAAAA==</MSKID><responseCode>200</responseCode></MSK><MSK><keyDomainID>APEQ</keyDomainID>"
        + "<MSKID>AAEAAA==</MSKID><responseCode>503</responseCode></MSK></mskResponse>";

    // The text in UTF-16, the text of elements, their names.
    private const int AllocationFixed = 4096;
    private const int AllocationPerOctet = 64;

    private readonly KeyGroup[] _groups = [new(Bench.Domain, 0x0010), new(Bench.Domain, 0x0001)];

    public override string Name => "xml";

    public override string[] Dictionary =>
    [
        "<btid>", "</btid>", "<lifetime>", "</lifetime>", "<BootstrappingInfo>", "<mskResponse>", "</mskResponse>", "<MSK>",
        "</MSK>", "<MSKID>", "<keyDomainID>", "<responseCode>", "<![CDATA[", "]]>", "<!--", "-->", "<?", "?>", "<!DOCTYPE ",
        "<!ENTITY ", "&amp;", "&lt;", "&#x41;", "&#65;", "xmlns:a=\"", "/>", "-01:30",
        "<securityDescription ", "<keyManagement ", "<serverURI>", "<keyId>", "<mediaFlow flowID=\"", " waitTime='1'", " integrityProtection='",
    ];

    public override IEnumerable<Seed> Seeds() =>
    [
        new Seed("BSF", Bsf),
        new Seed("BM-SC", Bmsc),
        new Seed("announcement", Announcement),
        new Seed("announcement, other names", Announcement.Replace("waitTime", "offsetTime").Replace("maxBackOff", "randomTimePeriod")),
        new Seed("announcement without values", "<securityDescription/>"),
        new Seed("offset and fraction", Bsf.Replace("26Z", "26.125-01:30")),
        new Seed("prefixes", "<g:B xmlns:g='u'><g:btid>a@b</g:btid><g:lifetime>1970-01-01T00:00:00</g:lifetime></g:B>"),
        new Seed("CDATA, comment, references", "<B><!-- > --><btid><![CDATA[a@]]>b&amp;&#x63;&#100;</btid><lifetime>2030-02-28T00:00:00Z</lifetime><e a='>'/></B>"),
        new Seed("bomb", "<!DOCTYPE a [<!ENTITY b \"cccccccc\"><!ENTITY d \"&b;&b;&b;\">]><a>&d;</a>"),
        new Seed("deep", "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>"),
        new Seed("no such time", Bsf.Replace("10-28", "02-30")),
        new Seed("empty", string.Empty),
    ];

    protected override void Test(byte[] input)
    {
        int limit = AllocationFixed + (AllocationPerOctet * input.Length);
        BootstrappingInfo info = null;
        Bounded(limit, () => info = BootstrappingInfo.Read(input));
        if (info != null)
        {
            Accepted++;
            JudgeInfo(info);
        }

        int[] codes = new int[_groups.Length];
        bool read = false;
        Bounded(limit, () => read = MskRequest.TryReadResponse(input, _groups, codes));
        Accepted += read ? 1 : 0;

        SecurityDescription announced = null;
        Bounded(limit, () =>
        {
            try
            {
                announced = SecurityDescription.Parse(input);
            }
            catch (FormatException wrong)
            {
                Require(wrong.Message.Length > 0, "no word about what is wrong");
            }
        });
        if (announced != null)
        {
            Accepted++;
            JudgeAnnounced(announced);
        }
    }

    private static void JudgeAnnounced(SecurityDescription announced)
    {
        Require(announced.WaitSeconds is >= -1 and <= 86400 && announced.MaxBackoffSeconds is >= -1 and <= 86400, "back-off");
        foreach (AnnouncedKey key in announced.Keys)
        {
            Require(key.KeyDomain is >= -1 and <= 0xFFFFFF && key.KeyGroup is > 0 and <= 0xFFFF, "a keyId that cannot be one");
            foreach (UdpAddress flow in key.Flows)
            {
                Require(System.Net.IPAddress.TryParse(flow.Address, out _) && flow.Port is > 0 and <= 65535, "a flow that cannot be one");
            }
        }
    }

    private static void JudgeInfo(BootstrappingInfo info)
    {
        Require(info.Btid.Length is >= 1 and <= 255, "a B-TID that cannot be one");
        foreach (char c in info.Btid)
        {
            Require(c is > ' ' and <= '~', "a B-TID that cannot stand in a header");
        }

        if (DateTimeOffset.TryParseExact(
            info.Lifetime, ["yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:sszzz"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            Require(info.ExpiresAt == time.ToUnixTimeSeconds(), "another lifetime than .NET reads");
        }
    }
}
