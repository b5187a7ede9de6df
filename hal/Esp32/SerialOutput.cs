using System;
using MbmsMe.Hal.Common;
using MbmsMe.Machine;
using MbmsMe.Text;

namespace MbmsMe.Hal.Esp32
{
    /// <summary>Events as JSON lines on the serial console, the same as those of the host ME with --json.</summary>
    /// <remarks>
    /// Console.WriteLine goes to the UART that the board was flashed over, as plain text, while no debugger is attached;
    /// with one, to the debugger's output window. (Debug.WriteLine goes the same way, but not out of a Release build.)
    /// The time of an event is 1970 until the clock is set.
    /// </remarks>
    public sealed class SerialOutput : IEventOutput
    {
        /// <inheritdoc/>
        public void Write(MeEvent meEvent, DateTime utc)
        {
            Console.WriteLine(EventJson.Write(meEvent, utc));
        }
    }
}
