using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>Streams without confidentiality, without integrity, without both: from the lab over multicast through an ME told likewise.</summary>
[TestClass]
public sealed class ProtectionOfStreams
{
    [TestMethod]
    [DataRow(true, false, "SRTP without integrity by ")]
    [DataRow(false, true, "SRTP without confidentiality by ")]
    [DataRow(false, false, "plain RTP")]
    public async Task ThePlayerGetsClearText(bool confidentiality, bool integrity, string told)
    {
        await using StreamedMe streamed = await StartAsync(confidentiality, integrity);
        streamed.Pair.PowerOn(streamed.Configuration(service => service["protection"] = new JsonObject
        {
            ["confidentiality"] = confidentiality,
            ["integrity"] = integrity,
        }));
        await streamed.Pair.DeliveredAsync(default);
        streamed.Lab.StartStream(StreamedMe.News);
        StringAssert.StartsWith((await streamed.Pair.LabAsync(LabEventKind.StreamStarted, default)).Detail, told);

        // Plain RTP names no key.
        await streamed.ContentAsync(confidentiality || integrity ? streamed.CurrentMki : "");
    }

    /// <summary>An ME that is told otherwise gets nothing out of it.</summary>
    [TestMethod]
    public async Task AnMeThatWantsATagTakesNoPacketWithoutOne()
    {
        await using StreamedMe streamed = await StartAsync(confidentiality: true, integrity: false);
        streamed.Pair.PowerOn(streamed.Configuration());
        await streamed.Pair.DeliveredAsync(default);
        streamed.Lab.StartStream(StreamedMe.News);
        await streamed.Pair.MeAsync("mtk-accepted", default);
        await streamed.NoContentAsync();
    }

    private static Task<StreamedMe> StartAsync(bool confidentiality, bool integrity) => StreamedMe.StartAsync(
        change: lab => lab with { Services = [lab.Services[0] with { Confidentiality = confidentiality, Integrity = integrity }] });
}
