namespace MbmsMe.Tests.Profile;

/// <summary>
/// The public members of some nanoFramework assemblies, from the lists in nanoframework-api: one documentation ID a line.
/// </summary>
internal sealed class MemberLists
{
    private readonly HashSet<string> _ids = [];

    /// <summary>Reads the lists of these assemblies.</summary>
    public MemberLists(params string[] assemblies)
    {
        foreach (string assembly in assemblies)
        {
            _ids.UnionWith(File.ReadLines(PathOf(assembly)));
        }
    }

    /// <summary>The names of all assemblies that there is a list of.</summary>
    public static IEnumerable<string> Assemblies =>
        Directory.EnumerateFiles(Folder, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Order();

    private static string Folder => Path.Combine(Repository.Root, "tests", "Profile", "nanoframework-api");

    /// <summary>The assembly that has this type, or null.</summary>
    public static string? Home(string type) =>
        Assemblies.FirstOrDefault(assembly => File.ReadLines(PathOf(assembly)).Contains("T:" + type));

    /// <summary>Whether the type is there.</summary>
    public bool HasType(string type) => _ids.Contains("T:" + type);

    /// <summary>Whether a method (constructor, accessor, operator) is there.</summary>
    /// <param name="type">Full name of its type.</param>
    /// <param name="name">Its name in metadata.</param>
    /// <param name="parameters">The types of its parameters.</param>
    /// <param name="result">The type of its result, which tells conversions apart.</param>
    public bool HasMethod(string type, string name, IReadOnlyList<string> parameters, string result)
    {
        if (name == ".ctor")
        {
            // A constructor that its class does not spell out has no documentation, and so no ID.
            return _ids.Contains($"M:{type}.#ctor{List(parameters)}")
                || (parameters.Count == 0 && HasType(type) && !_ids.Any(id => id.StartsWith($"M:{type}.#ctor", StringComparison.Ordinal)));
        }

        string conversion = name is "op_Implicit" or "op_Explicit" ? "~" + result : "";
        if (_ids.Contains($"M:{type}.{name}{List(parameters)}{conversion}"))
        {
            return true;
        }

        int underscore = name.IndexOf('_');
        string accessor = name[(underscore + 1)..];
        return name[..(underscore + 1)] switch
        {
            "get_" => _ids.Contains($"P:{type}.{accessor}{List(parameters)}"),
            "set_" => _ids.Contains($"P:{type}.{accessor}{List(parameters.SkipLast(1))}"),
            "add_" or "remove_" => _ids.Contains($"E:{type}.{accessor}"),
            _ => false,
        };
    }

    /// <summary>Whether a field is there.</summary>
    public bool HasField(string type, string name) => _ids.Contains($"F:{type}.{name}");

    private static string List(IEnumerable<string> parameters) =>
        parameters.Any() ? "(" + string.Join(',', parameters) + ")" : "";

    private static string PathOf(string assembly) => Path.Combine(Folder, assembly + ".txt");
}
