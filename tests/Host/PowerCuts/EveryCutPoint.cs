using System.Text;

namespace MbmsMe.Tests.Host;

/// <summary>
/// Rule 4 without sampling: every fault of the drive at every write and every octet of every flow that writes, to the
/// ME's flash and to the UICC's memory, each followed by a restart and the rest of the flow.
/// </summary>
[TestClass]
[DoNotParallelize] // the fakes belong to one thread
public sealed class EveryCutPoint
{
    private const int FaultsPerOctet = 3; // torn, torn over the former content, bit rot
    private const int FaultsPerWrite = 10;

    private static readonly string[] s_flows =
    [
        WritingFlow.Pairing, WritingFlow.MskUpdate, WritingFlow.SecondMsk, WritingFlow.ThirdMsk, WritingFlow.Deletion, WritingFlow.CounterUpdate,
        WritingFlow.Pull, WritingFlow.PullWithGba, WritingFlow.Renewal, WritingFlow.PullRefused, WritingFlow.ServiceLeft, WritingFlow.UiccChange,
        WritingFlow.UiccPutBack, WritingFlow.MtkBlock,
    ];

    public TestContext TestContext { get; set; } = null!; // MSTest sets it

    [TestMethod]
    public void LeavesTheOldStateOrTheNewOneAndTheFlowEnds()
    {
        StringBuilder table = new("| Flow | Writes | Octets | UICC writes | Cut points, release6 | Cut points, draft2004 |\n| --- | --- | --- | --- | --- | --- |\n");
        int total = 0;
        foreach (string name in s_flows)
        {
            PowerCuts[] profiles = [.. new[] { false, true }.Select(draft2004 => TryEvery(WritingFlow.Of(name, draft2004)))];
            PowerCuts first = profiles[0];
            table.Append($"| {name} | {first.Images.Count} | {first.Octets} | {first.UiccWrites} | {profiles[0].Tried:N0} | {profiles[1].Tried:N0} |\n");
            total += profiles.Sum(cuts => cuts.Tried);
        }

        TestContext.WriteLine($"{table}\n{total:N0} cut points, 0 lost");
        Assert.IsGreaterThan(20_000, total);
    }

    private static PowerCuts TryEvery(WritingFlow flow)
    {
        PowerCuts cuts = new(flow);
        cuts.TryEvery();
        int octets = cuts.Octets + (cuts.UiccWrites * cuts.UiccLength);
        Assert.AreEqual((FaultsPerOctet * octets) + (FaultsPerWrite * (cuts.Images.Count + cuts.UiccWrites)), cuts.Tried, $"cut points of {flow.Name}");
        return cuts;
    }
}
