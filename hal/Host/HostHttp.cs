using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using MbmsMe.Hal.Common;
using MbmsMe.Machine;

namespace MbmsMe.Hal.Host;

/// <summary>HTTP by .NET's client, bounded in time and size, with authentication left to the core.</summary>
public sealed class HostHttp : IHttpTransport, IDisposable
{
    private const int TimeoutSeconds = 10;
    private const int MaxBodyOctets = 65536;
    private const int MaxHeaderKilobytes = 16;

    // Of each call by itself: whichever of Send and Cancel comes first makes it, and it goes with the call.
    private readonly ConditionalWeakTable<HttpCall, CancellationTokenSource> _cancellations = [];
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        ConnectTimeout = TimeSpan.FromSeconds(TimeoutSeconds),
    })
    {
        Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
        MaxResponseContentBufferSize = MaxBodyOctets,
    };

    /// <inheritdoc/>
    public HttpReply Send(HttpCall call)
    {
        var cancellation = CancellationOf(call);
        try
        {
            using var request = new HttpRequestMessage(new HttpMethod(call.Method), call.Url);
            request.Headers.TryAddWithoutValidation("User-Agent", call.UserAgent);
            if (call.Authorization != null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", call.Authorization);
            }

            if (call.ContentType != null)
            {
                request.Content = new ByteArrayContent(call.Body);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(call.ContentType);
            }

            // Not HttpClient.Send: it buffers as well, but only the asynchronous path ends a body that never ends in time.
            using var response = _client.SendAsync(request, cancellation.Token).GetAwaiter().GetResult();
            return new HttpReply
            {
                Status = (int)response.StatusCode,
                WwwAuthenticate = Header(response, "WWW-Authenticate"),
                AuthenticationInfo = Header(response, "Authentication-Info"),
                Body = response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult(),
            };
        }
        catch (TaskCanceledException)
        {
            throw new HttpTransportException(
                $"{call.Url}: {(cancellation.IsCancellationRequested ? "cancelled" : $"no complete response within {TimeoutSeconds} s")}");
        }
        catch (UriFormatException failure)
        {
            throw new HttpTransportException($"{call.Url}: {failure.Message}");
        }
        catch (HttpRequestException failure)
        {
            var cause = failure.InnerException is SocketException or IOException ? failure.InnerException.Message : failure.Message;
            throw new HttpTransportException($"{call.Url}: {cause}");
        }
    }

    /// <inheritdoc/>
    /// <remarks>Not CancellationTokenSource.Cancel, which closes the connection before it returns.</remarks>
    public void Cancel(HttpCall call) => _ = CancellationOf(call).CancelAsync();

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private CancellationTokenSource CancellationOf(HttpCall call) => _cancellations.GetValue(call, _ => new CancellationTokenSource());

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
