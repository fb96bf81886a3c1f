using System.Text.Json;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http.Dialects.Tei;

/// <summary>
/// <c>POST /rerank</c>: <c>{"query":"...","texts":[...]}</c> to the score of each text, the best first. As with
/// text-embeddings-inference a score is the logistic function of the logit whatever the model asks for, or the logit itself.
/// </summary>
internal sealed class RerankEndpoint(EmbeddingService service, ServedModels models, ServerOptions options)
{
    private const string TextsField = "texts";
    private const string RawScoresField = "raw_scores";
    private const string ReturnTextField = "return_text";

    public async Task HandleAsync(HttpContext context)
    {
        var request = new RankRequest(TextsField, TextFieldKinds.List, options);
        var activation = ScoreActivation.Sigmoid;
        var returnsText = false;
        await JsonBody.ReadObjectAsync(context.Request, (string field, ref Utf8JsonReader reader) =>
        {
            switch (field)
            {
                case RawScoresField:
                    activation = JsonFields.ReadBoolean(ref reader, field) ? ScoreActivation.Identity : ScoreActivation.Sigmoid;
                    return true;
                case ReturnTextField:
                    returnsText = JsonFields.ReadBoolean(ref reader, field);
                    return true;
                // Where there is one model, this path has no field for its name, as /embed has none.
                case EmbedRequest.ModelField when !models.AreSeveral:
                    return false;
                default:
                    return request.TryRead(field, ref reader) || TeiFields.TryRefuse(field, ref reader);
            }
        });
        await service.RankAsync(context, request, ranked =>
        {
            TeiHeaders.Add(context.Response, request.Query, request.Texts.Texts, ranked);
            var order = ranked.BestFirst;
            return ListAnswer.WriteAsync(
                context.Response,
                order.Count,
                json => json.WriteStartArray(),
                (json, place) =>
                {
                    var index = order[place];
                    json.WriteStartObject();
                    json.WriteNumber("index", index);
                    if (returnsText)
                        json.WriteString("text", request.Texts.Texts[index].Text);
                    json.WriteNumber("score", activation.Apply(ranked.Logits[index]));
                    json.WriteEndObject();
                },
                _ => { });
        });
    }
}
