using System.Globalization;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Api.Http.Errors;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Api.Http;

/// <summary>
/// Asks the router of a request's model for the endpoints, once a request: with a deadline and the connection's cancellation, rejections
/// answered. A request that comes before the model waits in the router's queue, as far as its bounds allow.
/// </summary>
internal sealed class EmbeddingService(ServedModels models, Problems problems, ServerOptions options)
{
    public const string TruncatedTextsHeader = "X-Truncated-Texts";
    public const string TokensHeader = "X-Embedding-Tokens";
    public const string ModelHeader = "X-Embedding-Model";

    /// <summary>Gets the vectors of a request's texts, and has them written.</summary>
    public Task EmbedAsync(HttpContext context, EmbedRequest request, Func<TextsEmbedded, Task> write) =>
        EmbedAsync(context, request, request.Field?.Texts ?? [], index => request.Field!.PlaceOf(index), write);

    /// <summary>The same for texts that stood in several fields.</summary>
    public async Task EmbedAsync(HttpContext context, EmbedRequest request, IReadOnlyList<EmbeddingInput> texts, TextPlaces placeOf, Func<TextsEmbedded, Task> write)
    {
        request.CheckPrompt(texts);
        var model = await models.ChooseAsync(request.Model, ModelKind.Embedder, context.RequestAborted);
        await AskAsync<TextsEmbedded>(context, model, ToCommand(request, texts, context.RequestAborted), placeOf, embedded =>
        {
            AddCounts(context.Response, model.NameOf(embedded.Model), embedded.TotalTokens, embedded.TruncatedTexts.Count);
            return write(embedded);
        });
    }

    /// <summary>Gets the vectors of all tokens of a request's texts, and has them written.</summary>
    public async Task EmbedTokensAsync(HttpContext context, EmbedRequest request, TextField field, Func<TokensEmbedded, Task> write)
    {
        request.CheckPrompt(field.Texts);
        var model = await models.ChooseAsync(request.Model, ModelKind.Embedder, context.RequestAborted);
        var command = new EmbedTokens(field.Texts)
        {
            Model = NameToExpect(request.Model),
            Truncate = request.Truncate,
            Prompt = request.Prompt,
            Cancellation = context.RequestAborted,
        };
        await AskAsync<TokensEmbedded>(context, model, command, field.PlaceOf, embedded =>
        {
            AddCounts(context.Response, model.NameOf(embedded.Model), embedded.TotalTokens, embedded.TruncatedTexts.Count);
            return write(embedded);
        });
    }

    /// <summary>Gets the scores of a request's texts against its query, and has them written.</summary>
    public async Task RankAsync(HttpContext context, RankRequest request, Func<TextsRanked, Task> write)
    {
        request.Check();
        var model = await models.ChooseAsync(request.Model, ModelKind.Reranker, context.RequestAborted);
        var command = new RankTexts(request.Query, [.. request.Texts.Texts.Select(text => text.Text!)])
        {
            Model = NameToExpect(request.Model),
            Truncate = request.Truncate,
            Cancellation = context.RequestAborted,
        };
        await AskAsync<TextsRanked>(context, model, command, request.Texts.PlaceOf, ranked =>
        {
            AddCounts(context.Response, model.NameOf(ranked.Model), ranked.TotalTokens, ranked.TruncatedTexts.Count);
            return write(ranked);
        });
    }

    /// <summary>Has the reply to a command written, or answers its rejection.</summary>
    public async Task AskAsync<TReply>(HttpContext context, ServedModel model, object command, TextPlaces placeOf, Func<TReply, Task> write)
        where TReply : EmbedReply
    {
        var reply = await model.Router.Ask<EmbedReply>(command, WaitTimes.ForAnswer(options.Scheduling.RequestTimeout), context.RequestAborted);
        if (reply is EmbedRejected rejected)
            await problems.WriteAsync(context, rejected, rejected.TextIndex is { } index ? placeOf(index) : (FieldOf(rejected.Reason), null));
        else
            await write((TReply)reply);
    }

    private static void AddCounts(HttpResponse response, string model, long tokens, int truncated)
    {
        response.Headers[TokensHeader] = tokens.ToString(CultureInfo.InvariantCulture);
        response.Headers[ModelHeader] = HeaderText.Of(model);
        if (truncated > 0)
            response.Headers[TruncatedTextsHeader] = truncated.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The field at fault where it is none of those with texts.</summary>
    private static string? FieldOf(RejectionReason reason) => reason switch
    {
        RejectionReason.WrongModel => EmbedRequest.ModelField,
        RejectionReason.TooManyDimensions => EmbedRequest.DimensionsField,
        RejectionReason.UnknownPrompt => EmbedRequest.PromptNameField,
        _ => null,
    };

    /// <summary>Where there are several models, the name has chosen the router.</summary>
    private string? NameToExpect(string? asked) => options.RequireModelName && !models.AreSeveral ? asked : null;

    private EmbedTexts ToCommand(EmbedRequest request, IReadOnlyList<EmbeddingInput> texts, CancellationToken cancellation) => new(texts)
    {
        Model = NameToExpect(request.Model),
        Dimensions = request.Dimensions,
        Normalize = request.Normalize,
        Truncate = request.Truncate,
        Prompt = request.Prompt,
        KeepAlive = request.KeepAlive,
        Cancellation = cancellation,
    };
}
