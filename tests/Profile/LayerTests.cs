using MbmsMe.Tests.Host;

namespace MbmsMe.Tests.Profile;

/// <summary>Arrows between folders run down only.</summary>
[TestClass]
public sealed class LayerTests
{
    private const string Planted = "MbmsMe.Tests.Profile.PlantedArrows.";

    private static readonly FolderOrder s_plantedOrder = new(
        [[Planted + "First"], [Planted + "Second"], [Planted + "Third"], [Planted + "Upper"], [Planted + "Lower", Planted + "Beside"]], []);

    private static readonly Lazy<IReadOnlyCollection<Arrow>> s_planted = new(() => CompiledArrows.Read(typeof(LayerTests).Assembly.Location, Planted));
    private static readonly Lazy<IReadOnlyCollection<Arrow>> s_firmware = new(() => SourceArrows.Read(Sources.Firmware, FolderOrder.Root + "."));

    public static IEnumerable<object[]> PlantedTypes => typeof(PlantedArrows.Lower.Nothing).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(PlantedArrows.Lower.Nothing).Namespace && !type.IsNested && type != typeof(PlantedArrows.Lower.Nothing))
        .Select(type => new object[] { type.Name });

    [TestMethod]
    public void ArrowsRunDown()
    {
        List<Arrow> arrows = [.. s_firmware.Value];
        string[] inReach = [.. new[] { "Core", "Runtime", "Hal.Common", "Hal.Host", "Hal.SoftUicc" }
            .Select(name => Path.Combine(AppContext.BaseDirectory, $"MbmsMe.{name}.dll"))];
        foreach (string assembly in inReach.Append(HostMe.Assembly))
        {
            IReadOnlyCollection<Arrow> compiled = CompiledArrows.Read(assembly, FolderOrder.Root + ".");
            Assert.IsNotEmpty(compiled, assembly);
            arrows.AddRange(compiled);
        }

        Clean(LayerCheck.Run(FolderOrder.Architecture, arrows));
    }

    /// <summary>Board and application have no build on a PC: their sources must be among those read, and understood.</summary>
    [TestMethod]
    [DataRow("MbmsMe.App.Program", "MbmsMe.Configuration.MeConfiguration")]
    [DataRow("MbmsMe.Hal.Esp32.BoardGroupNetwork", "MbmsMe.Hal.Common.GroupNetwork")]
    [DataRow("MbmsMe.Hal.Esp32.BoardDrive", "MbmsMe.Machine.ISlotDrive")]
    public void TheBoardsSourcesAreRead(string from, string to) =>
        Assert.IsTrue(s_firmware.Value.Any(arrow => arrow.From == from && arrow.To == to));

    [TestMethod]
    public void EveryFolderHasAPlace()
    {
        string[] folders = [.. Sources.Firmware.Trees.Select(tree => SourceTests.Namespace(tree)).Distinct()
            .Where(folder => folder != FolderOrder.Root && !FolderOrder.Architecture.Has(folder))];
        Assert.IsEmpty(folders, $"{string.Join(", ", folders)}: give each a place in FolderOrder and in docs/architecture.md, so that all see who may know it.");
    }

    [TestMethod]
    public void TheOrderIsDocumented()
    {
        string document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));
        string[] missing = [.. FolderOrder.Architecture.Folders.Select(folder => $"`{folder[(FolderOrder.Root.Length + 1)..]}`")
            .Where(name => !document.Contains(name, StringComparison.Ordinal))];
        Assert.IsEmpty(missing, "docs/architecture.md does not say where these lie: " + string.Join(", ", missing));
    }

    [TestMethod]
    [DynamicData(nameof(PlantedTypes))]
    public void AnArrowUpIsFound(string type)
    {
        string from = Planted + "Lower." + type;
        string[] findings = [.. LayerCheck.Run(s_plantedOrder, s_planted.Value)
            .Where(finding => finding.StartsWith(from + " (", StringComparison.Ordinal) || finding.StartsWith(from + "`1 (", StringComparison.Ordinal))];
        Assert.HasCount(1, findings);
        Assert.Contains(" knows " + Planted + "Upper.", findings[0]);
        Assert.Contains($"lies above {Planted}Lower: move", findings[0]);
    }

    [TestMethod]
    public void AnArrowSidewaysIsFound() => Assert.Contains(
        finding => finding.StartsWith(Planted + "Beside.Neighbour (Make) knows " + Planted + "Lower.Nothing, ", StringComparison.Ordinal)
            && finding.Contains($"lies beside {Planted}Beside: move", StringComparison.Ordinal),
        LayerCheck.Run(s_plantedOrder, s_planted.Value));

    [TestMethod]
    public void ArrowsDownAndToTheSameFolderAreNone() => Assert.DoesNotContain(
        finding => finding.StartsWith(Planted + "Lower.Nothing ", StringComparison.Ordinal) || finding.StartsWith(Planted + "Upper.", StringComparison.Ordinal),
        LayerCheck.Run(s_plantedOrder, s_planted.Value));

    [TestMethod]
    public void ACircleOfThreeFoldersIsFound()
    {
        IReadOnlyCollection<string> circles = LayerCheck.Circles([.. s_planted.Value.Where(arrow => arrow.From.EndsWith(".Hand", StringComparison.Ordinal))]);
        Assert.HasCount(1, circles);
        Assert.StartsWith(
            $"Circle: {Planted}First.Hand (_other) knows {Planted}Second.Hand, {Planted}Second.Hand (Third) knows {Planted}Third.Hand, "
            + $"{Planted}Third.Hand (Take) knows {Planted}First.Hand: one of these must ",
            circles.Single());
    }

    [TestMethod]
    public void ACircleOfTwoFoldersIsFound() => Assert.Contains(
        circle => circle.Contains(Planted + "Upper.Thing (Down) knows " + Planted + "Lower.Nothing", StringComparison.Ordinal),
        LayerCheck.Circles([.. s_planted.Value.Where(arrow => Arrow.Place(arrow.From) is Planted + "Upper" or Planted + "Lower")]));

    [TestMethod]
    public void AFolderWithoutAPlaceIsFound() => Assert.Contains(
        finding => finding.StartsWith(Planted + "Beside has no place yet", StringComparison.Ordinal),
        LayerCheck.Run(new FolderOrder([[Planted + "Lower"]], []), s_planted.Value));

    [TestMethod]
    [DataRow("public const int Length = A.Upper.Limits.Length;", "A.Upper.Limits")]
    [DataRow("public string Name() => nameof(A.Upper.Limits);", "A.Upper.Limits")]
    [DataRow("public object Any(int value) => value > A.Upper.Limits.Length;", "A.Upper.Limits")]
    [DataRow("public object Any(Unknown other) { other.Take(new A.Upper.Thing(other)); return null; }", "A.Upper.Thing")]
    public void WhatOnlySourcesShowIsFound(string member, string to)
    {
        Sources sources = new([("a.cs", "namespace A.Upper { class Limits { public const int Length = 4; } class Thing { public Thing(int length) { } } }"),
            ("b.cs", $"namespace A.Lower {{ class Knowing {{ {member} }} }}")]);
        Assert.Contains(new Arrow("A.Lower.Knowing", "b.cs:1", to), SourceArrows.Read(sources, "A."));
    }

    [TestMethod]
    public void AUsingDirectiveIsAnArrow()
    {
        Sources sources = new([("a.cs", "namespace A.Upper { class Thing { } }"), ("b.cs", "using A.Upper;\nnamespace A.Lower { class Knowing { } }")]);
        Assert.Contains(new Arrow("A.Lower.Knowing", "b.cs:1", "A.Upper.*"), SourceArrows.Read(sources, "A."));
    }

    private static void Clean(IReadOnlyCollection<string> findings) => Assert.IsEmpty(findings, string.Join(Environment.NewLine, findings));
}
