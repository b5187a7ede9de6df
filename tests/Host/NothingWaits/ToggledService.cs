using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace MbmsMe.Tests.Host;

/// <summary>
/// A service that nobody has keys for, switched on and off over the control socket: as many events as are wanted, and at once.
/// </summary>
internal sealed class ToggledService : IDisposable
{
    public const string Id = "urn:example:toggled";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly ControlClient _client;

    private ToggledService(ControlClient client) => _client = client;

    /// <summary>Adds the service and a control socket to the configuration of an ME.</summary>
    /// <param name="pair">Whose ME.</param>
    /// <param name="configuration">Its configuration.</param>
    /// <returns>Path of the socket.</returns>
    public static string AddTo(MeAndLab pair, JsonObject configuration)
    {
        JsonObject service = MeAndLab.Service(Id, new Lab.KeyGroup("00f110", 0x0030));
        service["active"] = false;
        configuration["services"]!.AsArray().Add(service);
        string socket = Path.Combine(pair.StateDirectory, "me.sock");
        configuration["control"] = new JsonObject { ["socket"] = socket };
        Directory.CreateDirectory(pair.StateDirectory);
        return socket;
    }

    /// <summary>Connects to an ME that is perhaps about to start.</summary>
    public static async Task<ToggledService> ConnectAsync(string socket)
    {
        for (long end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds; ; await Task.Delay(20))
        {
            try
            {
                ControlClient client = new(socket);
                client.Ask("help");
                return new ToggledService(client);
            }
            catch (SocketException) when (Environment.TickCount64 < end)
            {
                // It has not made its socket yet.
            }
        }
    }

    /// <summary>Switches the service on and off so many times: two events each time.</summary>
    public void Toggle(int times)
    {
        for (int i = 0; i < times; i++)
        {
            Assert.IsTrue((bool)_client.Ask("activate " + Id)["ok"]!);
            Assert.IsTrue((bool)_client.Ask("deactivate " + Id)["ok"]!);
        }
    }

    public void Dispose() => _client.Dispose();
}
