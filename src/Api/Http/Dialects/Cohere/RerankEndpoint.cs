using System.Text.Json;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http.Dialects.Cohere;

/// <summary>
/// <c>POST /v1/rerank</c> and <c>POST /v2/rerank</c>: <c>{"query":"...","documents":[...]}</c> to the relevance of the best
/// documents. It is the score that the model itself asks for. Cohere, Jina and Voyage share the first path, and the request tells by its
/// fields whose form the answer has; one that does not gets both.
/// </summary>
internal sealed class RerankEndpoint(EmbeddingService service, ServedModels models, ServerOptions options)
{
    private const string DocumentsField = "documents";
    private const string TopField = "top_n";
    private const string VoyageTopField = "top_k";
    private const string ReturnDocumentsField = "return_documents";
    private const string RankFieldsField = "rank_fields";

    public async Task HandleAsync(HttpContext context, string apiVersion)
    {
        var request = new RankRequest(DocumentsField, TextFieldKinds.Objects, options);
        int? top = null;
        var (returnsDocuments, isCohere, isVoyage) = (false, apiVersion != CohereDialect.Version1, false);
        await JsonBody.ReadObjectAsync(context.Request, (string field, ref Utf8JsonReader reader) =>
        {
            switch (field)
            {
                case TopField or VoyageTopField:
                    var given = JsonFields.ReadPositiveOrNull(ref reader, field);
                    if (given is not null && top is not null && given != top)
                        throw JsonBody.Invalid($"'{TopField}' and '{VoyageTopField}' contradict each other.", field);
                    top ??= given;
                    isCohere |= field == TopField;
                    isVoyage |= field == VoyageTopField;
                    return true;
                case EmbedRequest.TruncationField:
                    isVoyage = true;
                    return request.TryRead(field, ref reader);
                case ReturnDocumentsField:
                    returnsDocuments = JsonFields.ReadBooleanOrNull(ref reader, field) ?? false;
                    return true;
                case RankFieldsField:
                    isCohere = true;
                    CheckRankFields(ref reader);
                    return true;
                default:
                    return request.TryRead(field, ref reader);
            }
        });
        await service.RankAsync(context, request, ranked =>
        {
            var model = models.Choose(request.Model, ModelKind.Reranker).NameOf(ranked.Model);
            var answer = new RerankAnswer(model, ranked, top ?? int.MaxValue, returnsDocuments ? request.Texts : null)
            {
                ApiVersion = apiVersion,
                IsForCohere = isCohere || !isVoyage,
                IsForVoyage = isVoyage || !isCohere,
            };
            return answer.WriteAsync(context.Response);
        });
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
            if (reader.TokenType != JsonTokenType.String || !reader.ValueTextEquals(RerankAnswer.TextOfDocument))
                throw JsonBody.Invalid($"'{RankFieldsField}' can only hold \"{RerankAnswer.TextOfDocument}\" here.", RankFieldsField);
        }
    }
}
