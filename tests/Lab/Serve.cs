using Microsoft.Data.Sqlite;

namespace MbmsMe.Lab;

/// <summary>The <c>serve</c> command.</summary>
internal static class Serve
{
    private const int ConfigurationError = 2;

    public static async Task<int> RunAsync(string path, bool json, CancellationToken cancellation)
    {
        try
        {
            LabConfiguration configuration = LabConfigurationFile.Read(path);
            // What happens is printed and nobody looks back: a lab that serves for weeks keeps none of it.
            LabEvents events = new(TimeProvider.System, kept: 0);
            events.Happened += labEvent => Console.WriteLine(json ? LabLog.Json(labEvent) : LabLog.Line(labEvent));
            await using LabServer lab = await LabServer.StartAsync(configuration, events);
            await Task.Delay(Timeout.Infinite, cancellation).ContinueWith(_ => { }, TaskScheduler.Default);
            return 0;
        }
        catch (LabConfigurationException e)
        {
            Console.Error.WriteLine(e.Message);
            return ConfigurationError;
        }
        catch (Exception e) when (e is IOException or SqliteException)
        {
            Console.Error.WriteLine($"The lab cannot start: {e.Message}");
            return 1;
        }
    }
}
