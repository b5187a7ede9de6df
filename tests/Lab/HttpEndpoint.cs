using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MbmsMe.Lab;

/// <summary>An HTTP server on one address and port (Kestrel).</summary>
internal sealed class HttpEndpoint : IAsyncDisposable
{
    private const int MaxBodyOctets = 64 * 1024;

    private readonly WebApplication _application;

    private HttpEndpoint(WebApplication application, IPEndPoint local)
    {
        _application = application;
        LocalEndPoint = local;
    }

    public IPEndPoint LocalEndPoint { get; }

    public static async Task<HttpEndpoint> StartAsync(IPEndPoint listen, RequestDelegate handle)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MaxBodyOctets;
            options.Listen(listen);
        });
        WebApplication application = builder.Build();
        application.Run(handle);
        try
        {
            await application.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await application.DisposeAsync();
            throw new IOException($"HTTP cannot listen on {listen}: {e.Message}", e);
        }
        return new HttpEndpoint(application, new IPEndPoint(listen.Address, new Uri(application.Urls.First()).Port));
    }

    /// <summary>Serves BSF or BM-SC: hands over each request as a value, writes the answer and records both.</summary>
    public static Task<HttpEndpoint> StartAsync(IPEndPoint listen, string server, Func<HttpExchange, HttpAnswer> answer, HttpFaults faults, LabEvents events, string? bmsc = null) =>
        StartAsync(listen, async context =>
        {
            HttpExchange request = await ReadAsync(context);
            HttpAnswer reply;
            try
            {
                reply = faults.Status is int status ? new HttpAnswer(status, server == "bsf" ? "gba" : "", "fault") : answer(request);
            }
            catch (Exception e)
            {
                events.Add(events.New(LabEventKind.Failed) with { Server = server, Detail = e.Message });
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return;
            }
            events.Add(events.New(LabEventKind.Http) with
            {
                Server = server,
                BmSc = bmsc,
                RequestType = reply.RequestType,
                Status = reply.Status,
                Imsi = reply.Imsi,
                Btid = reply.Btid,
                Detail = reply.Detail,
            });
            await WriteAsync(context, reply, server, events);
        });

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
    }

    private static async Task<HttpExchange> ReadAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        IPAddress source = context.Connection.RemoteIpAddress!;
        return new HttpExchange(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            context.Request.ContentType?.Split(';')[0].Trim() ?? "",
            context.Request.Headers.Authorization is { Count: > 0 } authorization ? authorization.ToString() : null,
            body.ToArray(),
            source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source);
    }

    private static async Task WriteAsync(HttpContext context, HttpAnswer answer, string server, LabEvents events)
    {
        context.Response.StatusCode = answer.Status;
        foreach ((string name, string value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }
        context.Response.ContentLength = answer.Body.Length;
        context.Response.OnCompleted(() =>
        {
            try
            {
                answer.Then?.Invoke();
            }
            catch (Exception e)
            {
                events.Add(events.New(LabEventKind.Failed) with { Server = server, Detail = e.Message });
            }
            return Task.CompletedTask;
        });
        await context.Response.Body.WriteAsync(answer.Body);
    }
}
