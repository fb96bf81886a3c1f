using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Api.Http.Errors;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http.Dialects.Tei;

/// <summary><c>POST /tokenize</c>: <c>{"inputs":...}</c> to the tokens of each text, all of them.</summary>
internal sealed class TokenizeEndpoint(EmbeddingService service, ServedModels models, TokenAnswer answer, ServerOptions options)
{
    private const string AddSpecialTokensField = "add_special_tokens";

    public async Task HandleAsync(HttpContext context)
    {
        TextField? inputs = null;
        var withSpecialTokens = true;
        var request = new EmbedRequest();
        await JsonBody.ReadObjectAsync(context.Request, (string field, ref Utf8JsonReader reader) =>
        {
            switch (field)
            {
                case TeiFields.Inputs:
                    inputs = TextField.Read(ref reader, field, TextFieldKinds.Single, options);
                    return true;
                case AddSpecialTokensField:
                    withSpecialTokens = JsonFields.ReadBoolean(ref reader, field);
                    return true;
                case EmbedRequest.PromptNameField:
                case EmbedRequest.ModelField when models.AreSeveral:
                    return request.TryRead(field, ref reader);
                default:
                    return TeiFields.TryRefuse(field, ref reader);
            }
        });
        if (inputs is null)
            throw JsonBody.Missing(TeiFields.Inputs);
        var characters = inputs.Texts.Sum(text => (long)text.Text!.Length);
        if (characters > options.MaxTokenizeCharacters)
        {
            throw new BadRequestException(
                StatusCodes.Status413PayloadTooLarge,
                $"'{TeiFields.Inputs}' has {characters} characters; at most {options.MaxTokenizeCharacters} are tokenized at once. Send several requests.",
                TeiFields.Inputs);
        }

        var command = new TokenizeTexts([.. inputs.Texts.Select(text => text.Text!)]) { Prompt = request.Prompt, Cancellation = context.RequestAborted };
        await service.AskAsync<TextsTokenized>(
            context, await models.ChooseAsync(request.Model, ModelKind.Embedder, context.RequestAborted), command, inputs.PlaceOf, tokenized => answer.WriteAsync(context, [.. command.Texts.Select(text => tokenized.Prompt + text)], tokenized, withSpecialTokens));
    }
}
