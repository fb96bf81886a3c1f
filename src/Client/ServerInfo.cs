using System.Text.Json.Serialization;

namespace ActorEmbed.Client;

/// <summary>What a server runs: the answer to <c>GET /info</c>.</summary>
/// <param name="ModelId">Full id, such as <c>sentence-transformers/paraphrase-multilingual-mpnet-base-v2</c>.</param>
/// <param name="Dimensions">Components of each vector.</param>
/// <param name="Device"><c>cpu</c>, <c>mps</c> or <c>cuda</c>.</param>
/// <param name="Version">Version of the server.</param>
/// <param name="ProcessId">Process id, from servers that tell it.</param>
public sealed record ServerInfo(
    [property: JsonPropertyName("model_id"), JsonRequired] string ModelId,
    [property: JsonPropertyName("dim"), JsonRequired] int Dimensions,
    [property: JsonPropertyName("device")] string? Device,
    [property: JsonPropertyName("version")] string? Version,
    [property: JsonPropertyName("pid")] int? ProcessId);
