using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MbmsMe.Tests.Profile;

/// <summary>
/// C# sources as the compiler sees them, also those of the board, which have no build on a PC: what is nanoFramework's alone is
/// unknown then, and all else is there.
/// </summary>
internal sealed class Sources
{
    // What the projects of the PC have in scope without naming it.
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly Lazy<Sources> s_firmware = new(() => new Sources(Paths("firmware", "hal").Select(path =>
        (Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'), File.ReadAllText(path)))));

    private static readonly Lazy<MetadataReference[]> s_platform = new(() => [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator).Intersect(Directory.GetFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*.dll"))
        .Select(path => MetadataReference.CreateFromFile(path))]);

    private readonly CSharpCompilation _compilation;

    /// <summary>Takes sources.</summary>
    /// <param name="files">Their paths from the repository's root, and their texts.</param>
    public Sources(IEnumerable<(string Path, string Text)> files)
    {
        Trees = [.. files.Select(file => CSharpSyntaxTree.ParseText(file.Text, path: file.Path))];
        _compilation = CSharpCompilation.Create(
            "Sources",
            [.. Trees, CSharpSyntaxTree.ParseText(ImplicitUsings)],
            s_platform.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>All sources of firmware and hal.</summary>
    public static Sources Firmware => s_firmware.Value;

    public IReadOnlyList<SyntaxTree> Trees { get; }

    /// <summary>The sources in some folders of the repository, without what a build has put there.</summary>
    public static IEnumerable<string> Paths(params string[] folders) => folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(path => !Path.GetRelativePath(Repository.Root, path).Split('/', '\\').Any(part => part is "bin" or "obj"));

    /// <summary>What the names in a source mean.</summary>
    public SemanticModel Meaning(SyntaxTree tree) => _compilation.GetSemanticModel(tree);

    /// <summary>A type by its full name.</summary>
    public INamedTypeSymbol Type(string name) =>
        _compilation.GetTypeByMetadataName(name) ?? throw new InvalidOperationException($"There is no type {name} in the sources.");

    /// <summary>File and line, for a message.</summary>
    public static string Where(SyntaxNode node) => $"{node.SyntaxTree.FilePath}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";
}
