namespace MbmsMe.Tests.Profile;

/// <summary>
/// What the compiler writes into an assembly for .NET out of sources that name none of it. For nanoFramework, whose
/// base library lacks these, it compiles the same sources to something else.
/// </summary>
internal static class HostCompiler
{
    private const string Characters = "System.ReadOnlySpan`1{System.Char}";

    private static readonly HashSet<string> s_members =
    [
        // text + character; there, Concat of strings.
        $"{Characters}..ctor(`0@)",
        "System.String.op_Implicit(System.String)",
        $"System.String.Concat({Characters},{Characters})",
        $"System.String.Concat({Characters},{Characters},{Characters})",
        $"System.String.Concat({Characters},{Characters},{Characters},{Characters})",

        // text.Split(','): an optional second parameter here, params there.
        "System.String.Split(System.Char,System.StringSplitOptions)",

        // lock; there, Enter of the object alone.
        "System.Threading.Monitor.Enter(System.Object,System.Boolean@)",

        // AutoResetEvent.Set, which its base class declares here.
        "System.Threading.EventWaitHandle.Set()",
    ];

    /// <summary>Whether the compiler itself adds this type to an assembly.</summary>
    public static bool Wrote(string type) =>
        type == "<Module>"
        || type.StartsWith("<PrivateImplementationDetails>", StringComparison.Ordinal)
        || type.StartsWith("Microsoft.CodeAnalysis.", StringComparison.Ordinal)
        || type.StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal);

    /// <summary>Whether it marks types and members with this attribute; async methods and iterators are not meant.</summary>
    public static bool Marks(string attribute) =>
        attribute.StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal)
        && !attribute.EndsWith("StateMachineAttribute", StringComparison.Ordinal);

    /// <summary>Whether it calls this member.</summary>
    public static bool Calls(string member) => s_members.Contains(member);
}
