using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;

namespace ActorEmbed.Api.Http.Dialects.Tei;

/// <summary><c>POST /embed_all</c>: <c>{"inputs":...}</c> to the vectors of all tokens of each text, before they are pooled.</summary>
internal sealed class EmbedAllEndpoint(EmbeddingService service, ServedModels models, LargeAnswers answers, ServerOptions options)
{
    public async Task HandleAsync(HttpContext context)
    {
        var request = new EmbedRequest();
        await JsonBody.ReadObjectAsync(context.Request, (string field, ref Utf8JsonReader reader) =>
        {
            switch (field)
            {
                case TeiFields.Inputs:
                    request.Field = TextField.Read(ref reader, field, TextFieldKinds.Single | TextFieldKinds.TokenIds, options);
                    return true;
                case EmbedRequest.TruncateField or EmbedRequest.PromptNameField or EmbedRequest.InputTypeField:
                case EmbedRequest.ModelField when models.AreSeveral:
                    return request.TryRead(field, ref reader);
                default:
                    return TeiFields.TryRefuse(field, ref reader);
            }
        });
        if (request.Field is not { } inputs)
            throw JsonBody.Missing(TeiFields.Inputs);
        await service.EmbedTokensAsync(context, request, inputs, embedded => answers.WriteAsync(
            context,
            embedded.Vectors.Sum(vectors => (long)vectors.Length * sizeof(float)),
            () =>
            {
                TeiHeaders.Add(context.Response, inputs.Texts, embedded);
                return WriteAsync(context.Response, embedded);
            }));
    }

    private static async Task WriteAsync(HttpResponse response, TokensEmbedded embedded)
    {
        await using var answer = new JsonAnswer(response);
        answer.Json.WriteStartArray();
        for (var text = 0; text < embedded.Vectors.Count; text++)
        {
            answer.Json.WriteStartArray();
            for (var token = 0; token < embedded.TokenCounts[text]; token++)
            {
                answer.Json.WriteVector(embedded.VectorOf(text, token).Span);
                await answer.FlushIfFullAsync();
            }

            answer.Json.WriteEndArray();
        }

        answer.Json.WriteEndArray();
        answer.End();
    }
}
