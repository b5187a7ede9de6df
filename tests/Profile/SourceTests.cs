using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MbmsMe.Tests.Profile;

/// <summary>Where sources lie, and what of the house style the build does not tell.</summary>
[TestClass]
public sealed partial class SourceTests
{
    [TestMethod]
    public void TheCoresRootHasTwoFiles() => CollectionAssert.AreEquivalent(
        new[] { "MobileEquipment.cs", "ServiceLifecycle.cs" },
        Directory.GetFiles(Path.Combine(Repository.Root, "firmware", "Core"), "*.cs").Select(Path.GetFileName).ToArray(),
        "firmware/Core holds the door and the conductor; everything else lies in the folder it belongs to.");

    [TestMethod]
    public void TheNamespaceIsTheFolder()
    {
        string[] astray = [.. Sources.Firmware.Trees.Where(tree => Namespace(tree) != FolderName(tree.FilePath))
            .Select(tree => $"{tree.FilePath}: namespace {Namespace(tree)} instead of {FolderName(tree.FilePath)}")];
        Assert.IsEmpty(astray, string.Join(Environment.NewLine, astray));
    }

    [TestMethod]
    public void UsingsAreInOrder()
    {
        string[] unordered = [.. All().Where(tree => !InOrder(tree)).Select(tree => $"{tree.FilePath}: usings in alphabetical order, System first")];
        Assert.IsEmpty(unordered, string.Join(Environment.NewLine, unordered));
    }

    [TestMethod]
    public void FilesEndWithTheirLastLine()
    {
        string[] wrong = [.. All().Where(tree => !LastLine().IsMatch(tree.ToString())).Select(tree => $"{tree.FilePath}: one line end at its end")];
        Assert.IsEmpty(wrong, string.Join(Environment.NewLine, wrong));
    }

    /// <summary>Board and application have no build on a PC, so none that enforces .editorconfig: the rules that are broken most easily.</summary>
    [TestMethod]
    public void TheBoardsSourcesKeepTheHouseStyle()
    {
        SyntaxTree[] board = [.. Sources.Firmware.Trees.Where(tree =>
            tree.FilePath.StartsWith("firmware/App/", StringComparison.Ordinal) || tree.FilePath.StartsWith("hal/Esp32/", StringComparison.Ordinal))];
        Assert.IsNotEmpty(board);
        string[] wrong = [.. board.SelectMany(HouseStyle)];
        Assert.IsEmpty(wrong, string.Join(Environment.NewLine, wrong));
    }

    [TestMethod]
    public void TheBoardsSourcesKeepTheHouseLayout()
    {
        ProcessStartInfo start = new("dotnet", ["format", "whitespace", ".", "--folder", "--verify-no-changes", "--include", "firmware/App/", "hal/Esp32/"])
        {
            WorkingDirectory = Repository.Root, RedirectStandardError = true,
        };
        using Process format = Process.Start(start)!;
        string wrong = format.StandardError.ReadToEnd();
        format.WaitForExit();
        Assert.AreEqual(0, format.ExitCode, "The same command without --verify-no-changes mends it:" + Environment.NewLine + wrong);
    }

    [TestMethod]
    [DataRow("class A { int a; }", "a.cs:1: a is to be called _a")]
    [DataRow("class A { static int _a; }", "a.cs:1: _a is to be called s_a")]
    [DataRow("class A { private static readonly int A1; }", "a.cs:1: A1 is to be called s_a1")]
    [DataRow("class A { const int a = 1; }", "a.cs:1: a is to be called A")]
    [DataRow("class A { void B() { if (true) B(); } }", "a.cs:1: braces")]
    [DataRow("class A { void B() { if (true) { } else B(); } }", "a.cs:1: braces")]
    [DataRow("class A { void B() { while (true) B(); } }", "a.cs:1: braces")]
    [DataRow("class A { void B() { foreach (int a in new int[0]) B(); } }", "a.cs:1: braces")]
    [DataRow("class A { void B() { var a = 1; } }", "a.cs:1: the type instead of var")]
    [DataRow("namespace A;", "a.cs:1: a namespace with braces")]
    public void WhatBreaksTheHouseStyleIsFound(string source, string finding) =>
        Assert.Contains(finding, HouseStyle(CSharpSyntaxTree.ParseText(source, path: "a.cs")));

    [TestMethod]
    [DataRow("using System;\nusing A;\nusing A.B;\n", true)]
    [DataRow("using A;\nusing System;\n", false)]
    [DataRow("using System.Text;\nusing System;\n", false)]
    [DataRow("using B;\nusing A;\n", false)]
    public void WhatIsOutOfOrderIsFound(string source, bool inOrder) => Assert.AreEqual(inOrder, InOrder(CSharpSyntaxTree.ParseText(source)));

    /// <summary>The namespace of a source, or what shows that it has none or several.</summary>
    public static string Namespace(SyntaxTree tree) => string.Join(
        " and ", tree.GetRoot().DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().Select(space => space.Name.ToString()).Distinct());

    private static string FolderName(string path) => string.Join('.', new[] { FolderOrder.Root }.Concat(path.Split('/')[..^1] switch
    {
        ["firmware", "Core", .. string[] inside] => inside,
        ["firmware", .. string[] inside] => inside,
        ["hal", .. string[] inside] => ["Hal", .. inside],
        string[] other => other,
    }));

    private static IEnumerable<SyntaxTree> All() => Sources.Paths("firmware", "hal", "tests")
        .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), path: Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')));

    private static bool InOrder(SyntaxTree tree)
    {
        string[] names = [.. ((CompilationUnitSyntax)tree.GetRoot()).Usings
            .Where(directive => directive.Alias is null && directive.StaticKeyword.IsKind(SyntaxKind.None)).Select(directive => directive.Name!.ToString())];
        return names.SequenceEqual(names.OrderBy(name => name.Split('.')[0] != "System").ThenBy(name => name, StringComparer.Ordinal));
    }

    private static IEnumerable<string> HouseStyle(SyntaxTree tree)
    {
        foreach (SyntaxNode node in tree.GetRoot().DescendantNodes())
        {
            switch (node)
            {
                case FieldDeclarationSyntax field when !field.Modifiers.Any(modifier =>
                    modifier.IsKind(SyntaxKind.PublicKeyword) || modifier.IsKind(SyntaxKind.InternalKeyword) || modifier.IsKind(SyntaxKind.ProtectedKeyword)):
                    foreach (string name in field.Declaration.Variables.Select(variable => variable.Identifier.Text).Where(name => name != Named(field, name)))
                    {
                        yield return $"{Sources.Where(node)}: {name} is to be called {Named(field, name)}";
                    }

                    break;
                case StatementSyntax and not BlockSyntax when node.Parent is IfStatementSyntax or WhileStatementSyntax or ForStatementSyntax
                    or CommonForEachStatementSyntax or DoStatementSyntax or UsingStatementSyntax or LockStatementSyntax or FixedStatementSyntax
                    || (node.Parent is ElseClauseSyntax && node is not IfStatementSyntax):
                    yield return $"{Sources.Where(node)}: braces";
                    break;
                case IdentifierNameSyntax { IsVar: true }:
                    yield return $"{Sources.Where(node)}: the type instead of var";
                    break;
                case FileScopedNamespaceDeclarationSyntax:
                    yield return $"{Sources.Where(node)}: a namespace with braces";
                    break;
            }
        }
    }

    private static string Named(FieldDeclarationSyntax field, string name)
    {
        string bare = name.StartsWith("s_", StringComparison.Ordinal) ? name[2..] : name.TrimStart('_');
        return field.Modifiers.Any(SyntaxKind.ConstKeyword) ? char.ToUpperInvariant(bare[0]) + bare[1..]
            : (field.Modifiers.Any(SyntaxKind.StaticKeyword) ? "s_" : "_") + char.ToLowerInvariant(bare[0]) + bare[1..];
    }

    [GeneratedRegex("[^\\s]\\n\\z")]
    private static partial Regex LastLine();
}
