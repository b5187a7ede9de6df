using System.Reflection;

namespace MbmsMe.Tests.Host;

/// <summary>The host ME as a process.</summary>
/// <param name="arguments">Its command line.</param>
internal sealed class HostMe(params string[] arguments) : JsonProcess(Assembly, arguments)
{
    /// <summary>Path of the host ME, from the build.</summary>
    public static string Assembly { get; } = typeof(HostMe).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "HostMe").Value!;
}
