namespace MbmsMe.Tests.Flash;

/// <summary>Paths of the files under test.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Script => Path.Combine(Root, "flash.ps1");

    public static string Boards => Path.Combine(Root, "boards");

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "flash.ps1")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("No folder above " + AppContext.BaseDirectory + " holds flash.ps1.");
    }
}
