namespace MbmsMe.Tests.Profile;

/// <summary>
/// Which folder may know which: each one those of lower levels. Folders of one level do not know each other.
/// </summary>
/// <param name="levels">Folders as namespaces, the uppermost level first.</param>
/// <param name="beside">Folders outside the levels, and more that a folder of the levels may know: which ones each may know.</param>
internal sealed class FolderOrder(string[][] levels, Dictionary<string, string[]> beside)
{
    /// <summary>The namespace of firmware/Core.</summary>
    public const string Root = "MbmsMe";

    private static readonly string[] s_forAdapters = ["Hal.Common", "Crypto", "Text", "Machine", "Binary"];

    /// <summary>The order of docs/architecture.md: whoever makes a folder puts it into both.</summary>
    public static FolderOrder Architecture { get; } = new(
        [
            Names("App", "Host"),
            Names("Runtime"),
            Names("Control"),
            Names(nameof(MobileEquipment)),
            Names("Receiving", nameof(ServiceLifecycle)),
            Names("Requests"),
            Names("Configuration", "Gba", "Uicc"),
            Names("Keys"),
            Names("Mikey", "Http", "Storage", "Srtp", "Announcement"),
            Names("Text", "Services", "Crypto"),
            Names("Machine"),
            Names("Binary"),
        ],
        new Dictionary<string, string[]>
        {
            [Name("App")] = Names("Hal.Common", "Hal.Esp32", "Hal.SoftUicc"),
            [Name("Host")] = Names("Hal.Common", "Hal.Host", "Hal.SoftUicc"),
            [Name("Runtime")] = Names("Hal.Common"),
            [Name("Hal.Common")] = Names("Machine", "Binary"),
            [Name("Hal.Esp32")] = Names(s_forAdapters),
            [Name("Hal.Host")] = Names(s_forAdapters),
            [Name("Hal.SoftUicc")] = Names("Hal.Common", "Uicc", "Storage", "Crypto", "Machine", "Binary"),
        });

    /// <summary>All folders that have a place.</summary>
    public IEnumerable<string> Folders => levels.SelectMany(level => level).Union(beside.Keys);

    /// <summary>Whether the folder has a place in the order.</summary>
    public bool Has(string folder) => Level(folder) >= 0 || beside.ContainsKey(folder);

    /// <summary>Whether one folder may know the other.</summary>
    public bool Allows(string from, string to) =>
        from == to
        || (beside.TryGetValue(from, out string[]? others) && others.Contains(to))
        || (Level(from) >= 0 && Level(from) < Level(to));

    /// <summary>How the second folder lies to the first one, which may not know it.</summary>
    public string Relation(string from, string to) =>
        Level(from) < 0 || Level(to) < 0 ? "is not for"
        : Level(from) == Level(to) ? "lies beside"
        : "lies above";

    private static string Name(string folder) => Root + "." + folder;

    private static string[] Names(params string[] folders) => [.. folders.Select(Name)];

    private int Level(string folder) => Array.FindIndex(levels, level => level.Contains(folder));
}
