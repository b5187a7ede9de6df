namespace MbmsMe.Hal.Esp32
{
    /// <summary>
    /// What the status LED says. The value is the pattern: 16 steps of <see cref="StatusLed.StepMilliseconds"/>, the
    /// lowest bit first, 1 for on.
    /// </summary>
    public enum LedPattern
    {
        /// <summary>Quick even blinking: waiting for the network.</summary>
        Joining = 0x5555,

        /// <summary>Two flashes every two seconds: on the network, no valid time yet.</summary>
        NoTime = 0x0005,

        /// <summary>One flash every two seconds: the ME works.</summary>
        Running = 0x0001,

        /// <summary>Half a second on, half a second off: me.json is wrong or the drive refuses writes; the console says which.</summary>
        Fault = 0x0F0F,
    }
}
