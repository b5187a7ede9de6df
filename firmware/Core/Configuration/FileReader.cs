namespace MbmsMe.Configuration
{
    /// <summary>Gives the octets of a file that the configuration names.</summary>
    /// <param name="path">Its path as it stands in the configuration.</param>
    /// <exception cref="System.IO.IOException">It cannot be read; the message says why.</exception>
    public delegate byte[] FileReader(string path);
}
