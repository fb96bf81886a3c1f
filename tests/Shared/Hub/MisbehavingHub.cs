using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Tests.Shared.Hub;

/// <summary>
/// A real HTTP server on loopback that speaks the hub's API (file list with hashes, resolve with redirect, ETag, Range)
/// for one repository, and misbehaves as told. Large files come from a second port, as the hub's come from a CDN.
/// </summary>
public sealed class MisbehavingHub : IAsyncDisposable
{
    /// <summary>Stands for the file list where a file is named.</summary>
    public const string Listing = "(file list)";

    /// <summary>For faults that never end.</summary>
    public const int Always = int.MaxValue;

    private readonly WebApplication _app;
    private readonly HubScript _script = new();
    private readonly ConcurrentQueue<HubRequest> _requests = new();

    private MisbehavingHub(HubRepository repository)
    {
        Repository = repository;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.Zero);
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0", "http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    public HubRepository Repository { get; }

    /// <summary>What <c>HF_ENDPOINT</c> is set to.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>Where large files come from.</summary>
    public Uri FileServer { get; private set; } = null!;

    /// <summary>What it is like when it does not misbehave.</summary>
    public HubCharacter Character { get; } = new();

    /// <summary>Every request so far, in order of arrival.</summary>
    public IReadOnlyList<HubRequest> Requests => [.. _requests];

    /// <summary>Called when a request has arrived, before it is answered.</summary>
    public Action<HubRequest>? OnRequest { get; set; }

    public static async Task<MisbehavingHub> StartAsync(HubRepository repository)
    {
        var hub = new MisbehavingHub(repository);
        await hub._app.StartAsync();
        var ports = hub._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!
            .Addresses.Select(address => new Uri(address)).ToArray();
        hub.Endpoint = ports[0];
        hub.FileServer = ports[1];
        return hub;
    }

    /// <summary>Lets something happen to the next requests for a file.</summary>
    /// <param name="file">Path in the repository, or <see cref="Listing"/>.</param>
    /// <param name="fault">What happens. Faults of one file happen one after the other.</param>
    /// <param name="times">To how many requests.</param>
    public MisbehavingHub Fail(string file, HubFault fault, int times = 1)
    {
        _script.Add(file, fault, times);
        return this;
    }

    /// <summary>The requests for the content of a file.</summary>
    public IReadOnlyList<HubRequest> RequestsFor(string file) =>
        [.. _requests.Where(request => request.File == file && request.IsContent)];

    public long BytesSentOf(string file) => _requests.Where(request => request.File == file).Sum(request => request.BytesSent);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var isFileServer = context.Connection.LocalPort == FileServer.Port;
        // Escaped slashes matter: a revision with a slash is one segment.
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?', 2);
        var query = target.Length > 1 ? target[1] : "";
        var path = target[0].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        var route = HubRoute.Parse(path, query, isFileServer, Repository);
        var request = new HubRequest(
            route.File, isFileServer, HubAnswer.RangeFrom(context.Request), context.Request.Headers.Authorization.FirstOrDefault(), route.IsContent)
        {
            Method = context.Request.Method,
        };
        _requests.Enqueue(request);
        OnRequest?.Invoke(request);

        var answer = new HubAnswer(context, Repository, request, Character);
        answer.WriteLimits();
        if (!isFileServer && WhereElse(target[0], query) is { } elsewhere)
            answer.Redirect(elsewhere.Location, elsewhere.Code);
        else if (!isFileServer && ((Character.RefusesQueries && query.Length > 0 && route.File == Listing) || (!Character.HasTree && route.TreePage is not null)))
            await answer.FailAsync(new HubFault.Status(404));
        else
            await AnswerAsync(answer, route);
    }

    private async Task AnswerAsync(HubAnswer answer, HubRoute route)
    {
        var fault = _script.Next(route.File, fault => HappensHere(fault, route));
        if (route.Error is { } error)
            await answer.FailAsync(error);
        else if (answer.WhyUnauthorized(route) is { } unauthorized)
            await answer.FailAsync(unauthorized);
        else if (fault is HubFault.Status status)
            await answer.FailAsync(status);
        else if (fault is HubFault.Redirect redirect)
            answer.Redirect(redirect.Location);
        else if (route.TreePage is { } first)
            await answer.ListTreeAsync(first);
        else if (route.File == Listing)
            await answer.ListAsync(fault);
        else if (route.RedirectsToFileServer)
            answer.RedirectToFileServer(FileServer.Port);
        else if (!route.IsContent)
            answer.RedirectToCache();
        else
            await answer.SendFileAsync(fault);
    }

    private (string Location, int Code)? WhereElse(string path, string query)
    {
        var target = query.Length > 0 ? $"{path}?{query}" : path;
        if (Character.RedirectsTo is { } other)
            return (other.ToString().TrimEnd('/') + target, StatusCodes.Status308PermanentRedirect);
        return Character.FormerId is { } former && target.Contains(former + "/", StringComparison.Ordinal)
            ? (target.Replace(former + "/", Repository.Id + "/", StringComparison.Ordinal), StatusCodes.Status307TemporaryRedirect)
            : null;
    }

    /// <summary>What concerns the content happens where the content is; a status says itself where it belongs.</summary>
    private static bool HappensHere(HubFault fault, HubRoute route) => fault switch
    {
        HubFault.Status { AtFileServer: false } or HubFault.Redirect => !route.IsFileServer && (!route.IsContent || route.File == Listing),
        _ => route.IsContent && route.TreePage is null,
    };
}
