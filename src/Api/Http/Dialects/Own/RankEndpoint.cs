using System.Text.Json;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;

namespace ActorEmbed.Api.Http.Dialects.Own;

/// <summary>
/// <c>POST /rank</c>: <c>{"query":"...","texts":[...]}</c> to <c>{"scores":[...]}</c>, in the order of the texts. It is there
/// for this project's own clients, which send a long list in parts and know overload as 503.
/// </summary>
internal sealed class RankEndpoint(EmbeddingService service, ServedModels models, ServerOptions options)
{
    public async Task HandleAsync(HttpContext context)
    {
        var request = new RankRequest("texts", TextFieldKinds.List, options);
        await JsonBody.ReadObjectAsync(
            // As in /embed, whatever stands in the field for the model's name is ignored where there is one model.
            context.Request, (string field, ref Utf8JsonReader reader) => (field != EmbedRequest.ModelField || models.AreSeveral) && request.TryRead(field, ref reader));
        await service.RankAsync(context, request, ranked =>
        {
            var scores = ranked.Scores;
            return ListAnswer.WriteAsync(
                context.Response,
                scores.Count,
                json =>
                {
                    json.WriteStartObject();
                    json.WriteStartArray("scores");
                },
                (json, i) => json.WriteNumberValue(scores[i]),
                json => json.WriteEndObject());
        });
    }
}
