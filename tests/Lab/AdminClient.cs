using System.Net;
using System.Net.Http.Json;

namespace MbmsMe.Lab;

/// <summary>The command line's side of the admin API.</summary>
internal static class AdminClient
{
    /// <summary>Sends a command to a running lab and prints its answer. Returns the exit code.</summary>
    public static async Task<int> SendAsync(IPEndPoint admin, string command, AdminRequest request, CancellationToken cancellation)
    {
        using HttpClient client = new() { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            using HttpResponseMessage response = await client.PostAsJsonAsync($"http://{admin}/{command}", request, cancellation);
            string[] lines = await response.Content.ReadFromJsonAsync<string[]>(cancellation) ?? [];
            TextWriter output = response.IsSuccessStatusCode ? Console.Out : Console.Error;
            foreach (string line in lines)
            {
                output.WriteLine(line);
            }
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or System.Text.Json.JsonException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            Console.Error.WriteLine($"No lab answers at {admin} (admin.listen of its configuration; choose another with --admin). Start one with: serve --config lab.json");
            return 1;
        }
    }
}
