using System.Text.Json;

namespace ActorEmbed.Tests.Shared.Models;

/// <summary>One line of a reranker's <c>reference.jsonl</c>: what independent implementations gave for a query and a text.</summary>
/// <param name="Query">The query.</param>
/// <param name="Text">The text.</param>
/// <param name="Ids">Token ids by the Rust tokenizers library, cut to the model's maximum.</param>
/// <param name="Logit">What the classifier gives.</param>
/// <param name="Score">What sentence-transformers' <c>CrossEncoder</c> returns.</param>
public sealed record ReferencePair(string Query, string Text, int[] Ids, float Logit, float Score)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Types of the tokens; null for models that are not told any.</summary>
    public int[]? TokenTypeIds { get; init; }

    public static IReadOnlyList<ReferencePair> Of(string modelDirectory) =>
    [
        .. File.ReadLines(Path.Combine(modelDirectory, "reference.jsonl"))
            .Select(line => JsonSerializer.Deserialize<ReferencePair>(line, Json)!),
    ];
}
