using System.Globalization;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Router;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Api.Http.Errors;
using ActorEmbed.Inference;
using Akka.Actor;
using Akka.Hosting;

namespace ActorEmbed.Api.Http;

/// <summary>Asks the router for the endpoints: with a deadline and the connection's cancellation, rejections answered.</summary>
internal sealed class EmbeddingService(IRequiredActor<BatchRouterActor> router, Problems problems, ServerOptions options)
{
    public const string TruncatedTextsHeader = "X-Truncated-Texts";
    public const string TokensHeader = "X-Embedding-Tokens";

    // The router answers every request within its time-out; this is for the case that the router itself is lost.
    private static readonly TimeSpan AnswerMargin = TimeSpan.FromSeconds(10);

    /// <summary>The loaded model; waits for it while it is being loaded for the first time.</summary>
    /// <exception cref="ModelUnavailableException">It has failed for good.</exception>
    public async Task<ModelInfo> ModelAsync(CancellationToken cancellation)
    {
        var status = await AskAsync<ServiceStatus>(GetStatus.Instance, cancellation);
        if (status is { State: ServiceState.Loading, Model: null })
            status = await AskAsync<ServiceStatus>(new AwaitStateChange(ServiceState.Loading), cancellation);
        return status is { State: not ServiceState.Failed, Model: { } model } ? model : throw new ModelUnavailableException(status.Reason ?? "There is no model.");
    }

    /// <summary>The model that a request is for.</summary>
    /// <exception cref="BadRequestException">The model has another name, or fewer dimensions than asked for.</exception>
    public async Task<ModelInfo> ModelForAsync(EmbedRequest request, CancellationToken cancellation)
    {
        var model = await ModelAsync(cancellation);
        if (options.RequireModelName && request.Model is { } name)
            ModelNames.Check(name, model);
        request.CheckDimensions(model);
        return model;
    }

    /// <summary>Gets the vectors of a request's texts, cut to the dimensions asked for, and has them written.</summary>
    public Task EmbedAsync(HttpContext context, EmbedRequest request, Func<TextsEmbedded, Task> write) =>
        EmbedAsync(context, request, request.Field!.Texts, request.Field.PlaceOf, write);

    /// <summary>The same for texts that stood in several fields.</summary>
    public Task EmbedAsync(HttpContext context, EmbedRequest request, IReadOnlyList<EmbeddingInput> texts, TextPlaces placeOf, Func<TextsEmbedded, Task> write) =>
        AskAsync<TextsEmbedded>(context, request.ToCommand(texts, context.RequestAborted), placeOf, embedded =>
        {
            context.Response.Headers[TokensHeader] = embedded.TokenCounts.Sum(count => (long)count).ToString(CultureInfo.InvariantCulture);
            if (embedded.TruncatedTexts.Count > 0)
                context.Response.Headers[TruncatedTextsHeader] = embedded.TruncatedTexts.Count.ToString(CultureInfo.InvariantCulture);
            return write(embedded with { Vectors = ShortVectors.Cut(embedded.Vectors, request) });
        });

    /// <summary>Has the reply to a command written, or answers its rejection.</summary>
    public async Task AskAsync<TReply>(HttpContext context, object command, TextPlaces placeOf, Func<TReply, Task> write)
        where TReply : EmbedReply
    {
        var reply = await AskAsync<EmbedReply>(command, context.RequestAborted);
        if (reply is EmbedRejected rejected)
            await problems.WriteAsync(context, rejected, placeOf);
        else
            await write((TReply)reply);
    }

    private Task<T> AskAsync<T>(object message, CancellationToken cancellation) =>
        router.ActorRef.Ask<T>(message, options.Scheduling.RequestTimeout + AnswerMargin, cancellation);
}
