using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Api.Http.Errors;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http.Dialects.Tei;

/// <summary><c>POST /decode</c>: <c>{"ids":...}</c> to the text that each list of token ids stands for.</summary>
internal sealed class DecodeEndpoint(EmbeddingService service, ServedModels models, ServerOptions options)
{
    private const string IdsField = "ids";
    private const string SkipSpecialTokensField = "skip_special_tokens";

    public async Task HandleAsync(HttpContext context)
    {
        TextField? ids = null;
        var skipsSpecialTokens = true;
        var request = new EmbedRequest();
        await JsonBody.ReadObjectAsync(context.Request, (string field, ref Utf8JsonReader reader) =>
        {
            switch (field)
            {
                case IdsField:
                    ids = TextField.Read(ref reader, field, TextFieldKinds.OnlyTokenIds, options);
                    return true;
                case SkipSpecialTokensField:
                    skipsSpecialTokens = JsonFields.ReadBoolean(ref reader, field);
                    return true;
                case EmbedRequest.ModelField when models.AreSeveral:
                    return request.TryRead(field, ref reader);
                default:
                    return false;
            }
        });
        if (ids is null)
            throw JsonBody.Missing(IdsField);
        var count = ids.Texts.Sum(text => (long)text.TokenIds!.Length);
        if (count > options.MaxTokenizeCharacters)
        {
            throw new BadRequestException(
                StatusCodes.Status413PayloadTooLarge,
                $"'{IdsField}' has {count} token ids; at most {options.MaxTokenizeCharacters} are decoded at once. Send several requests.",
                IdsField);
        }

        var command = new DecodeTokens([.. ids.Texts.Select(text => text.TokenIds!)]) { SkipsSpecialTokens = skipsSpecialTokens, Cancellation = context.RequestAborted };
        await service.AskAsync<TokensDecoded>(context, await models.ChooseAsync(request.Model, ModelKind.Embedder, context.RequestAborted), command, ids.PlaceOf, decoded => ListAnswer.WriteAsync(
            context.Response, decoded.Texts.Count, json => json.WriteStartArray(), (json, i) => json.WriteStringValue(decoded.Texts[i]), _ => { }));
    }
}
