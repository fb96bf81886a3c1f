using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http.Dialects.Cohere;

/// <summary>
/// <c>POST /v1/rerank</c> and <c>POST /v2/rerank</c>: <c>{"query":"...","documents":[...]}</c> to the relevance of the best
/// documents. It is the score that the model itself asks for.
/// </summary>
internal sealed class RerankEndpoint(EmbeddingService service, ServedModels models, ServerOptions options)
{
    private const string DocumentsField = "documents";
    private const string TopField = "top_n";
    private const string ReturnDocumentsField = "return_documents";
    private const string RankFieldsField = "rank_fields";
    private const string TextOfDocument = "text";

    public async Task HandleAsync(HttpContext context, string apiVersion)
    {
        var request = new RankRequest(DocumentsField, TextFieldKinds.Objects, options);
        int? top = null;
        var returnsDocuments = false;
        await JsonBody.ReadObjectAsync(context.Request, (string field, ref Utf8JsonReader reader) =>
        {
            switch (field)
            {
                case TopField:
                    top = JsonFields.ReadPositiveOrNull(ref reader, field);
                    return true;
                case ReturnDocumentsField:
                    returnsDocuments = JsonFields.ReadBooleanOrNull(ref reader, field) ?? false;
                    return true;
                case RankFieldsField:
                    CheckRankFields(ref reader);
                    return true;
                default:
                    return request.TryRead(field, ref reader);
            }
        });
        await service.RankAsync(context, request, ranked => WriteAsync(context, models.Choose(request.Model, ModelKind.Reranker).NameOf(ranked.Model), ranked, top, returnsDocuments ? request.Texts : null, apiVersion));
    }

    /// <summary>Of objects only the text is ranked; other fields would have to be left out without a word.</summary>
    private static void CheckRankFields(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return;
        if (reader.TokenType != JsonTokenType.StartArray)
            throw JsonFields.Wrong(ref reader, RankFieldsField, "a list of strings");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String || !reader.ValueTextEquals(TextOfDocument))
                throw JsonBody.Invalid($"'{RankFieldsField}' can only hold \"{TextOfDocument}\" here.", RankFieldsField);
        }
    }

    private static Task WriteAsync(HttpContext context, string model, TextsRanked ranked, int? top, TextField? documents, string apiVersion)
    {
        var (order, scores) = (ranked.BestFirst, ranked.Scores);
        return ListAnswer.WriteAsync(
            context.Response,
            Math.Min(top ?? order.Count, order.Count),
            json =>
            {
                json.WriteStartObject();
                json.WriteString("id", Guid.NewGuid());
                json.WriteString("model", model);
                json.WriteStartArray("results");
            },
            (json, place) =>
            {
                var index = order[place];
                json.WriteStartObject();
                json.WriteNumber("index", index);
                json.WriteNumber("relevance_score", scores[index]);
                if (documents is not null)
                {
                    json.WriteStartObject("document");
                    json.WriteString(TextOfDocument, documents.Texts[index].Text);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            },
            json =>
            {
                // Jina's.
                json.WriteStartObject("usage");
                json.WriteNumber("prompt_tokens", ranked.TotalTokens);
                json.WriteNumber("total_tokens", ranked.TotalTokens);
                json.WriteEndObject();
                CohereMeta.Write(json, apiVersion, ranked.TotalTokens, isBilledByToken: false);
                json.WriteEndObject();
            });
    }
}
