namespace MbmsMe.Tests.Profile;

/// <summary>One type knows another one.</summary>
/// <param name="From">Full name of the type that knows, without what is nested in it.</param>
/// <param name="Where">Where in it: the member, or file and line.</param>
/// <param name="To">Full name of the type it knows, or namespace and ".*" for a using directive.</param>
internal sealed record Arrow(string From, string Where, string To)
{
    /// <summary>
    /// The folder a type lies in, as its namespace. In the root of the core each type has a place of its own, because they lie
    /// above one another.
    /// </summary>
    public static string Place(string type)
    {
        string folder = type[..type.LastIndexOf('.')];
        return folder == FolderOrder.Root ? type : folder;
    }
}
