using System.Text.Json;

namespace ActorEmbed.Tests.Shared.Models;

/// <summary>One line of a <c>reference.jsonl</c>: what independent implementations gave for a text.</summary>
/// <param name="Text">The text.</param>
/// <param name="Ids">Token ids by the Rust tokenizers library, special tokens included.</param>
/// <param name="Vector">Pooled, and normalised where the model's modules say so.</param>
public sealed record ReferenceText(string Text, int[] Ids, float[] Vector)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Name of the prompt before it; null where none was asked for.</summary>
    public string? PromptName { get; init; }

    public static IReadOnlyList<ReferenceText> Of(string modelDirectory) =>
    [
        .. File.ReadLines(Path.Combine(modelDirectory, "reference.jsonl"))
            .Select(line => JsonSerializer.Deserialize<ReferenceText>(line, Json)!),
    ];
}
