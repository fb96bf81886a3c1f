using System.Text.Json;

namespace ActorEmbed.Tests.Shared.Models;

/// <summary>One line of a <c>reference.jsonl</c>: what independent implementations gave for a text.</summary>
/// <param name="Text">The text.</param>
/// <param name="Ids">Token ids by the Rust tokenizers library, special tokens included.</param>
/// <param name="Vector">Mean pooled, not normalised.</param>
public sealed record ReferenceText(string Text, int[] Ids, float[] Vector)
{
    public static IReadOnlyList<ReferenceText> Of(string modelDirectory) =>
    [
        .. File.ReadLines(Path.Combine(modelDirectory, "reference.jsonl"))
            .Select(line => JsonSerializer.Deserialize<ReferenceText>(line, JsonSerializerOptions.Web)!),
    ];
}
