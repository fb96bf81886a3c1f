using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Api.Http.Errors;
using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Api.Http.Dialects.Ollama;

/// <summary>
/// <c>POST /api/pull</c>: gets a model of the hub onto the disk, for a later start. What is loaded is there already;
/// everything else takes the operator's leave, because it fills a disk.
/// </summary>
internal sealed class PullEndpoint(ServedModels models, ServerOptions options, HubSettings hub) : IDisposable
{
    private const string StreamField = "stream";

    // Several at once would only share the line.
    private readonly SemaphoreSlim _turn = new(1);

    public async Task HandleAsync(HttpContext context)
    {
        var name = new ModelNameField();
        var streams = true;
        await JsonBody.ReadObjectAsync(
            context.Request,
            (string field, ref Utf8JsonReader reader) =>
            {
                if (field != StreamField)
                    return name.TryRead(field, ref reader);
                streams = JsonFields.ReadBooleanOrNull(ref reader, field) ?? true;
                return true;
            },
            takesAnyContentType: true);
        var answer = new PullAnswer(context.Response, streams);
        if (await IsThereAsync(name.Value, context.RequestAborted))
        {
            await answer.EndAsync();
            return;
        }

        if (!options.AllowPull)
            throw new BadRequestException(StatusCodes.Status403Forbidden, "Pulling is switched off on this server; its operator can allow it (--allow-pull).", EmbedRequest.ModelField);
        if (!await _turn.WaitAsync(TimeSpan.Zero, context.RequestAborted))
            throw new BadRequestException(StatusCodes.Status503ServiceUnavailable, "Another model is being pulled; try again later.");
        try
        {
            await PullAsync(ReferenceOf(name.Value), answer, context.RequestAborted);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<bool> IsThereAsync(string name, CancellationToken cancellation)
    {
        if (Bare(name) == EmbeddedModel.Name || models.All.Any(model => model.IsNamed(name)))
            return true;
        try
        {
            return ModelNames.IsOf(name, await models.First.LoadedAsync(cancellation));
        }
        catch (ModelUnavailableException)
        {
            return false;
        }
    }

    private async Task PullAsync(ModelReference reference, PullAnswer answer, CancellationToken cancellation)
    {
        try
        {
            using var source = new ModelHub(hub.Read());
            await answer.FollowAsync(progress => source.PullAsync(reference, progress, cancellation));
        }
        catch (ModelPullException e) when (answer.HasStarted)
        {
            await answer.FailAsync(PublicReason.Of(e.Message));
        }
        catch (ModelPullException e)
        {
            throw new BadRequestException(StatusOf(e.Failure), PublicReason.Of(e.Message), EmbedRequest.ModelField);
        }
    }

    private static ModelReference ReferenceOf(string name)
    {
        try
        {
            return ModelReference.Parse(Bare(name));
        }
        catch (ModelPullException e)
        {
            throw JsonBody.Invalid(e.Message, EmbedRequest.ModelField);
        }
    }

    /// <summary>Without what Ollama's users write around the name of a model of the hub.</summary>
    private static string Bare(string name)
    {
        var bare = name.EndsWith(ModelNames.LatestTag, StringComparison.OrdinalIgnoreCase) ? name[..^ModelNames.LatestTag.Length] : name;
        foreach (var host in new[] { "hf.co/", "huggingface.co/" })
        {
            if (bare.StartsWith(host, StringComparison.OrdinalIgnoreCase))
                bare = bare[host.Length..];
        }

        return bare;
    }

    private static int StatusOf(PullFailure failure) => failure switch
    {
        // The hub does not tell a model that is private from one that there is not.
        PullFailure.NotFound or PullFailure.Unauthorized or PullFailure.OfflineAndAbsent => StatusCodes.Status404NotFound,
        PullFailure.InvalidReference or PullFailure.NotSupported => StatusCodes.Status400BadRequest,
        PullFailure.Gated => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status500InternalServerError,
    };
}
