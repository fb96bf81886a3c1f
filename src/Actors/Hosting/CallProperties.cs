using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorEmbed.Actors.Hosting;

/// <summary>
/// Reads <see cref="EmbeddingGenerationOptions.AdditionalProperties"/>. One that is null says nothing; options that were read
/// from JSON hold a <see cref="JsonElement"/> in place of the value.
/// </summary>
internal static class CallProperties
{
    /// <exception cref="ArgumentException">It is no string.</exception>
    public static string? Text(EmbeddingGenerationOptions? options, string property) => Of(options, property) switch
    {
        null => null,
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString(),
        _ => throw new ArgumentException($"The additional property '{property}' must be a string.", nameof(options)),
    };

    /// <exception cref="ArgumentException">It is neither true nor false.</exception>
    public static bool? Flag(EmbeddingGenerationOptions? options, string property) => Of(options, property) switch
    {
        null => null,
        bool flag => flag,
        JsonElement { ValueKind: JsonValueKind.True or JsonValueKind.False } json => json.GetBoolean(),
        _ => throw new ArgumentException($"The additional property '{property}' must be true or false.", nameof(options)),
    };

    public static object? Of(EmbeddingGenerationOptions? options, string property) =>
        options?.AdditionalProperties?.TryGetValue(property, out var value) is true && value is not JsonElement { ValueKind: JsonValueKind.Null } ? value : null;
}
