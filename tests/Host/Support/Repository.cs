namespace MbmsMe.Tests;

/// <summary>The checkout that the tests were built in.</summary>
internal static class Repository
{
    private const string Mark = "flash.ps1";

    public static string Root { get; } = FindRoot();

    public static string Script => Path.Combine(Root, Mark);

    public static string Boards => Path.Combine(Root, "boards");

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Mark)))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds {Mark}.");
    }
}
