using System;
using System.Threading;
using MbmsMe.Machine;
using nanoFramework.Runtime.Native;

namespace MbmsMe.Hal.Esp32
{
    /// <summary>The last resort: reset the chip. Keys and noted pulls are in flash and survive it.</summary>
    public static class Restart
    {
        // Long enough to read the event, and to let nanoff in before the next attempt.
        private const int PauseMilliseconds = 30000;

        /// <summary>Reports "restarting" with the reason, waits half a minute, and resets the chip. Does not return.</summary>
        public static void Because(IEventSink events, string reason)
        {
            try
            {
                events.Report(new MeEvent("restarting").With("reason", reason).With("inSeconds", PauseMilliseconds / 1000));
            }
            catch (OutOfMemoryException)
            {
                // Then without a word.
            }

            Thread.Sleep(PauseMilliseconds);
            Power.RebootDevice(RebootOption.NormalReboot);
        }

        /// <summary>An exception nobody expected, as a reason: its type and message.</summary>
        public static string Describe(Exception failure)
        {
            return failure.GetType().FullName + ": " + failure.Message;
        }
    }
}
