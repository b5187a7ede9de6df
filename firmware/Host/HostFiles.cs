using MbmsMe.Configuration;

namespace MbmsMe.Host;

/// <summary>The configuration and the files it names; relative paths are relative to the current directory.</summary>
internal static class HostFiles
{
    /// <summary>Reads me.json and what it names.</summary>
    /// <exception cref="ConfigurationException">It is wrong.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static MeConfiguration ReadConfiguration(string path) => MeConfiguration.Parse(File.ReadAllText(path), Read);

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new IOException(failure.Message, failure);
        }
    }
}
