using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;

namespace MbmsMe.Tests.Profile;

/// <summary>The nanoFramework projects list the sources that the .NET projects beside them find by themselves.</summary>
[TestClass]
public sealed class ProjectListTests
{
    public static IEnumerable<object[]> Projects =>
        new[] { "firmware", "hal", "tests" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.nfproj", SearchOption.AllDirectories))
            .Select(path => new object[] { Path.GetRelativePath(Repository.Root, path).Replace('\\', '/') });

    // The bench takes the fakes of the unit tests along and has a test of its own.
    public static IEnumerable<object[]> Folders => Projects.Select(project => Sources((string)project[0])).Distinct()
        .Where(folder => folder != Bench).Select(folder => new object[] { folder });

    private const string Bench = "tests/Bench";

    [TestMethod]
    [DynamicData(nameof(Folders))]
    public void EverySourceIsListed(string folder)
    {
        string[] there = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.StartsWith(folder + "/bin/", StringComparison.Ordinal) && !path.StartsWith(folder + "/obj/", StringComparison.Ordinal))];
        string[] listed = [.. Projects.Select(project => (string)project[0]).Where(project => Sources(project) == folder).SelectMany(Compiled).Distinct()];
        CollectionAssert.AreEquivalent(there, listed, Difference(there, listed));
    }

    [TestMethod]
    [DynamicData(nameof(Folders))]
    public void TheHostProjectCompilesWhatLiesInItsFolder(string folder)
    {
        foreach (string host in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj"))
        {
            Assert.IsFalse(
                Load(host).Descendants().Any(element => element.Name.LocalName is "Compile" or "EnableDefaultCompileItems"),
                $"{host} has a list of its own: EverySourceIsListed must learn it.");
        }
    }

    [TestMethod]
    public void TheBenchCompilesTheSameOnBothSides()
    {
        string folder = Path.Combine(Repository.Root, Bench);
        ProcessStartInfo start = new("dotnet", ["msbuild", "Bench.csproj", "-getItem:Compile"]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        using Process msbuild = Process.Start(start)!;
        using JsonDocument evaluated = JsonDocument.Parse(msbuild.StandardOutput.ReadToEnd());
        string[] host = [.. evaluated.RootElement.GetProperty("Items").GetProperty("Compile").EnumerateArray()
            .Select(item => Path.GetRelativePath(Repository.Root, item.GetProperty("FullPath").GetString()!).Replace('\\', '/'))];
        string[] listed = [.. Compiled("tests/Bench/Bench.nfproj")];
        CollectionAssert.AreEquivalent(host, listed, Difference(host, listed));
    }

    [TestMethod]
    [DynamicData(nameof(Projects))]
    public void NothingIsListedTwice(string project) => CollectionAssert.AllItemsAreUnique(Compiled(project).ToArray());

    [TestMethod]
    public void EveryProjectIsInTheSolution()
    {
        string solution = File.ReadAllText(Path.Combine(Repository.Root, "MbmsMe.nfproj.sln")).Replace('\\', '/');
        foreach (object[] project in Projects)
        {
            Assert.Contains($"\"{project[0]}\"", solution);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Projects))]
    public void ReferencesAndPackagesAgree(string project)
    {
        string[] restored = [.. Load(Path.Combine(Path.GetDirectoryName(project)!, "packages.config")).Descendants("package")
            .Select(package => $"{package.Attribute("id")!.Value}.{package.Attribute("version")!.Value}")];
        string[] referenced = [.. Load(project).Descendants().Where(element => element.Name.LocalName == "HintPath")
            .Select(path => path.Value.Split('\\').SkipWhile(part => part != "packages").ElementAt(1)).Distinct()];
        CollectionAssert.AreEquivalent(restored, referenced, Difference(restored, referenced));
    }

    [TestMethod]
    [DynamicData(nameof(Projects))]
    public void ALockFileNamesTheSamePackages(string project)
    {
        string locked = Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, "packages.lock.json");
        bool keepsNone = Load(project).Descendants().Any(element => element.Name.LocalName == "RestorePackagesWithLockFile" && element.Value == "false");
        Assert.AreEqual(keepsNone, !File.Exists(locked), "a lock file, or RestorePackagesWithLockFile false");
        if (keepsNone)
        {
            return;
        }

        string[] restored = [.. Load(Path.Combine(Path.GetDirectoryName(project)!, "packages.config")).Descendants("package")
            .Select(package => $"{package.Attribute("id")!.Value}.{package.Attribute("version")!.Value}")];
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(locked));
        JsonElement packages = document.RootElement.GetProperty("dependencies").GetProperty(".NETnanoFramework,Version=v1.0");
        string[] named = [.. packages.EnumerateObject().Select(package => $"{package.Name}.{package.Value.GetProperty("resolved").GetString()}")];
        CollectionAssert.AreEquivalent(restored, named, Difference(restored, named));
    }

    [TestMethod]
    public void EveryPackageHasOneVersion()
    {
        IEnumerable<string> packages = Projects
            .SelectMany(project => Load(Path.Combine(Path.GetDirectoryName((string)project[0])!, "packages.config")).Descendants("package"))
            .Select(package => $"{package.Attribute("id")!.Value} {package.Attribute("version")!.Value}")
            .Distinct();
        Assert.IsEmpty(packages.GroupBy(package => package.Split(' ')[0]).Where(versions => versions.Count() > 1).Select(versions => string.Join(", ", versions)));
    }

    /// <summary>The folder of a project's sources: its own, but for the parts of the unit tests.</summary>
    private static string Sources(string project) =>
        project.StartsWith("tests/emulator/", StringComparison.Ordinal) ? "tests/Unit" : Path.GetDirectoryName(project)!.Replace('\\', '/');

    private static IEnumerable<string> Compiled(string project)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, project))!;
        return Load(project).Descendants().Where(element => element.Name.LocalName == "Compile")
            .Select(element => Path.Combine(folder, element.Attribute("Include")!.Value.Replace('\\', '/')))
            .Select(path => Path.GetRelativePath(Repository.Root, Path.GetFullPath(path)).Replace('\\', '/'));
    }

    private static XDocument Load(string project) => XDocument.Load(Path.Combine(Repository.Root, project));

    private static string Difference(string[] expected, string[] actual) =>
        $"missing: {string.Join(", ", expected.Except(actual))}; too many: {string.Join(", ", actual.Except(expected))}";
}
