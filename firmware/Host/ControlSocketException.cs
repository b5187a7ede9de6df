namespace MbmsMe.Host;

/// <summary>The control socket is not to be had; the message is one line for the user.</summary>
internal sealed class ControlSocketException(string message) : Exception(message);
