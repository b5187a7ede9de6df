using MbmsMe.Hal.Common;
using MbmsMe.Machine;
using MbmsMe.Text;

namespace MbmsMe.Hal.Host;

/// <summary>Events as lines on standard output: JSON, or text for a person.</summary>
/// <param name="json">True for JSON.</param>
public sealed class ConsoleOutput(bool json) : IEventOutput
{
    /// <inheritdoc/>
    public void Write(MeEvent meEvent, DateTime utc)
    {
        try
        {
            Console.WriteLine(json ? EventJson.Write(meEvent, utc) : $"{utc.ToLocalTime():HH:mm:ss.fff} {meEvent}");
        }
        catch (IOException)
        {
            // A log that cannot be written, as on a full disk, is no reason to end.
        }
    }
}
