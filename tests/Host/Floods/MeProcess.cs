using System.Globalization;
using System.Text;

namespace MbmsMe.Tests.Host;

/// <summary>What Linux tells about the process of a running ME.</summary>
internal sealed class MeProcess
{
    private readonly string _directory;
    private readonly int _port;

    /// <param name="pair">Whose ME; it must be running.</param>
    public MeProcess(MeAndLab pair)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("reads /proc");
        }

        _port = pair.MePort;
        _directory = Directory.EnumerateDirectories("/proc").First(directory => IsMe(directory, pair.ConfigurationPath));
    }

    /// <summary>Octets of memory it has now.</summary>
    public long Resident => Status("VmRSS:");

    /// <summary>The most it ever had.</summary>
    public long Peak => Status("VmHWM:");

    /// <summary>Seconds of processor time it has used.</summary>
    public double ProcessorSeconds
    {
        get
        {
            string[] fields = File.ReadAllText(Path.Combine(_directory, "stat")).Split(") ")[^1].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
        }
    }

    /// <summary>Datagrams to its port that the kernel dropped because the socket's receive buffer was full.</summary>
    public long LostByTheKernel
    {
        get
        {
            string local = $"0100007F:{_port:X4}"; // second field: the socket's own address; last field: drops
            string[] fields = File.ReadLines("/proc/net/udp").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Single(line => line[1] == local);
            return long.Parse(fields[^1], CultureInfo.InvariantCulture);
        }
    }

    private static bool IsMe(string directory, string configuration)
    {
        try
        {
            string line = File.ReadAllText(Path.Combine(directory, "cmdline"), Encoding.UTF8);
            return int.TryParse(Path.GetFileName(directory), out _) && line.Split('\0').Contains(configuration);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private long Status(string name)
    {
        string line = File.ReadLines(Path.Combine(_directory, "status")).Single(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
