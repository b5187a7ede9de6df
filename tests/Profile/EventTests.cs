using Microsoft.CodeAnalysis;

namespace MbmsMe.Tests.Profile;

/// <summary>docs/events.md has the events, their values and the drop reasons that are in the code, and no others.</summary>
[TestClass]
public sealed class EventTests
{
    private const string Event = "MbmsMe.Machine.MeEvent";
    private const string EventClass = "namespace MbmsMe.Machine { public class MeEvent { public MeEvent(string name) { } } } ";

    [TestMethod]
    public void EveryEventIsDocumented() => Agree("event", Texts(Sources.Firmware, ".ctor"), EventDocument.OfTheRepository.Names("Event", 0));

    [TestMethod]
    public void EveryValueIsDocumented() => Agree("value", Texts(Sources.Firmware, "With"), EventDocument.OfTheRepository.Names("Event", 1));

    [TestMethod]
    public void EveryDropReasonIsDocumented()
    {
        INamedTypeSymbol reasons = Sources.Firmware.Type("MbmsMe.Receiving.DropReason");
        Agree(
            "drop reason",
            [.. reasons.GetMembers().OfType<IFieldSymbol>().Where(field => field.IsConst).Select(field => ((string?)field.ConstantValue, reasons.Name + "." + field.Name))],
            EventDocument.OfTheRepository.Names("Reason", 0));
    }

    [TestMethod]
    public void NothingIsDocumentedTwice()
    {
        string[] names = [.. EventDocument.OfTheRepository.Names("Event", 0)];
        CollectionAssert.AllItemsAreUnique(names);
        Assert.IsNotEmpty(names);
        CollectionAssert.AllItemsAreUnique(EventDocument.OfTheRepository.Names("Reason", 0).ToArray());
    }

    [TestMethod]
    [DataRow("object A() => new MeEvent(\"a\");", "a")]
    [DataRow("MeEvent A() { MeEvent made = new(\"a\"); return made; }", "a")]
    [DataRow("object A(bool both) => new MeEvent(both ? \"a\" : \"b\");", "a b")]
    [DataRow("object A(int kind) => new MeEvent(kind switch { 1 => \"a\", 2 => \"b\", _ => throw new System.Exception() });", "a b")]
    [DataRow("const string Name = \"a\"; object A() => new MeEvent(Name);", "a")]
    [DataRow("static readonly string s_name = \"a\"; object A() => new MeEvent(s_name);", "a")]
    [DataRow("string Name { get; } = \"a\"; object A() => new MeEvent(Name);", "a")]
    [DataRow("object A(bool both) { string name = \"a\"; if (both) { name = \"b\"; } return new MeEvent(name); }", "a b")]
    [DataRow("object About(int id, string name) => new MeEvent(name); void B() { About(1, \"a\"); About(name: \"b\", id: 2); }", "a b")]
    [DataRow("object About(string name) => new MeEvent(name); object Inner(string name) => About(name); void B() { Inner(\"a\"); }", "a")]
    [DataRow("object About(string name = \"a\") => new MeEvent(name); void B() { About(); }", "a")]
    [DataRow("object About(string name, int id) => new MeEvent(name); void B(Unknown id) { About(\"a\", id.Value); }", "a")]
    [DataRow("string Name() { return \"a\"; } object A() => new MeEvent(Name());", "a")]
    [DataRow("interface IAbout { object About(string name); } class Maker : IAbout { public object About(string name) => new MeEvent(name); } void B(IAbout all) { all.About(\"a\"); }", "a")]
    [DataRow("object A(string name, bool again) => again ? A(name, false) : new MeEvent(name); void B() { A(\"a\", true); }", "a")]
    public void NamesAreFollowed(string members, string names) => CollectionAssert.AreEquivalent(
        names.Split(' '), Texts(Planted(members), ".ctor").Select(found => found.Text).ToArray());

    [TestMethod]
    [DataRow("object A(object name) => new MeEvent(name.ToString());")]
    [DataRow("object A(string[] names) => new MeEvent(names[0]);")]
    [DataRow("object A(int number) => new MeEvent(\"a\" + number);")]
    public void ANameThatCannotBeFollowedIsTold(string members)
    {
        AssertFailedException told = Assert.ThrowsExactly<AssertFailedException>(() => Agree("event", Texts(Planted(members), ".ctor"), []));
        Assert.Contains("b.cs:1: the name of this event cannot be told: write it as a literal", told.Message);
    }

    [TestMethod]
    [DataRow("| Event | Values |\n| --- | --- |\n| `a` | `v` |\n", "b.cs:1: event `b` is not in docs/events.md: add it there")]
    [DataRow("| Event | Values |\n| --- | --- |\n| `a`, `b`, `c` | |\n", "docs/events.md has the event `c`, which is not in the code: take it out there")]
    public void WhatIsOnOneSideOnlyIsFound(string document, string finding)
    {
        Sources planted = Planted("object A(bool both) => new MeEvent(both ? \"a\" : \"b\");");
        AssertFailedException told = Assert.ThrowsExactly<AssertFailedException>(
            () => Agree("event", Texts(planted, ".ctor"), new EventDocument(document).Names("Event", 0)));
        Assert.Contains(finding, told.Message);
    }

    private static Sources Planted(string members) =>
        new([("a.cs", EventClass), ("b.cs", "using MbmsMe.Machine; namespace B { class Planted { " + members + " } }")]);

    private static IReadOnlyList<(string? Text, string Where)> Texts(Sources sources, string method) =>
        EventNames.Of(sources, sources.Type(Event).GetMembers(method).OfType<IMethodSymbol>());

    private static void Agree(string what, IReadOnlyList<(string? Text, string Where)> code, IReadOnlyList<string> documented)
    {
        Assert.IsNotEmpty(code);
        string[] findings =
        [
            .. code.Where(found => found.Text is null).Select(found => $"{found.Where}: the name of this {what} cannot be told: write it as a literal"),
            .. code.Where(found => found.Text is not null && !documented.Contains(found.Text)).DistinctBy(found => found.Text)
                .Select(found => $"{found.Where}: {what} `{found.Text}` is not in docs/events.md: add it there"),
            .. documented.Except(code.Select(found => found.Text)).Select(name => $"docs/events.md has the {what} `{name}`, which is not in the code: take it out there"),
        ];
        Assert.IsEmpty(findings, string.Join(Environment.NewLine, findings));
    }
}
