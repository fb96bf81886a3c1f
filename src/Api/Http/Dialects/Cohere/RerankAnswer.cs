using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;

namespace ActorEmbed.Api.Http.Dialects.Cohere;

/// <summary>
/// The best documents of a request: <c>results</c> with <c>id</c> and <c>meta</c> as Cohere and Jina have them, <c>data</c> with
/// <c>object</c> as Voyage has it, or both.
/// </summary>
/// <param name="model">What ranked them.</param>
/// <param name="ranked">What it said.</param>
/// <param name="count">How many are told, at most.</param>
/// <param name="documents">Their texts, where they are given back; null otherwise.</param>
internal sealed class RerankAnswer(string model, TextsRanked ranked, int count, TextField? documents)
{
    /// <summary>The name of a document's text.</summary>
    public const string TextOfDocument = "text";

    private readonly IReadOnlyList<int> _order = ranked.BestFirst;
    private readonly IReadOnlyList<float> _scores = ranked.Scores;

    /// <summary>Version of Cohere's API that the path names.</summary>
    public required string ApiVersion { get; init; }

    public required bool IsForCohere { get; init; }

    public required bool IsForVoyage { get; init; }

    public async Task WriteAsync(HttpResponse response)
    {
        await using var answer = new JsonAnswer(response);
        var json = answer.Json;
        json.WriteStartObject();
        if (IsForCohere)
            json.WriteString("id", Guid.NewGuid());
        if (IsForVoyage)
            json.WriteString("object", "list");
        json.WriteString("model", model);
        if (IsForCohere)
            await WriteListAsync(answer, "results", isDocumentObject: true);
        if (IsForVoyage)
            await WriteListAsync(answer, "data", isDocumentObject: false);
        json.WriteStartObject("usage");
        // Jina's.
        if (IsForCohere)
            json.WriteNumber("prompt_tokens", ranked.TotalTokens);
        json.WriteNumber("total_tokens", ranked.TotalTokens);
        json.WriteEndObject();
        if (IsForCohere)
            CohereMeta.Write(json, ApiVersion, ranked.TotalTokens, isBilledByToken: false);
        json.WriteEndObject();
        answer.End();
    }

    private async Task WriteListAsync(JsonAnswer answer, string name, bool isDocumentObject)
    {
        answer.Json.WriteStartArray(name);
        foreach (var index in _order.Take(count))
        {
            WriteElement(answer.Json, index, isDocumentObject);
            await answer.FlushIfFullAsync();
        }

        answer.Json.WriteEndArray();
    }

    private void WriteElement(Utf8JsonWriter json, int index, bool isDocumentObject)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteNumber("relevance_score", _scores[index]);
        var text = documents?.Texts[index].Text;
        if (text is not null && isDocumentObject)
        {
            json.WriteStartObject("document");
            json.WriteString(TextOfDocument, text);
            json.WriteEndObject();
        }
        else if (text is not null)
        {
            json.WriteString("document", text);
        }

        json.WriteEndObject();
    }
}
