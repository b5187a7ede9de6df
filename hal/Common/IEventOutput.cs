using System;
using MbmsMe.Machine;

namespace MbmsMe.Hal.Common
{
    /// <summary>Where events leave the machine: a console, a serial port.</summary>
    public interface IEventOutput
    {
        /// <summary>Writes one event; may take as long as its reader does. One thread calls it.</summary>
        /// <param name="meEvent">The event.</param>
        /// <param name="utc">When it was reported.</param>
        void Write(MeEvent meEvent, DateTime utc);
    }
}
