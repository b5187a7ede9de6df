namespace MbmsMe.Tests.Profile;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    /// <summary>The folder of MbmsMe.nfproj.sln.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MbmsMe.nfproj.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("No folder above " + AppContext.BaseDirectory + " holds MbmsMe.nfproj.sln.");
    }
}
