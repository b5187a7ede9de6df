using System.Reflection;

namespace MbmsMe.Tests.Host;

/// <summary>The host ME as a process.</summary>
internal sealed class HostMe : JsonProcess
{
    /// <summary>Starts it.</summary>
    /// <param name="arguments">Its command line.</param>
    public HostMe(params string[] arguments)
        : this(arguments, isRead: true)
    {
    }

    private HostMe(string[] arguments, bool isRead)
        : base(Assembly, arguments, isRead)
    {
    }

    /// <summary>Path of the host ME, from the build.</summary>
    public static string Assembly { get; } = typeof(HostMe).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "HostMe").Value!;

    /// <summary>Starts it with standard output that is a pipe nobody reads before <see cref="JsonProcess.Read"/>.</summary>
    /// <param name="arguments">Its command line.</param>
    public static HostMe Unread(params string[] arguments) => new(arguments, isRead: false);
}
