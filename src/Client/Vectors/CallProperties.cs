using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorEmbed.Client.Vectors;

/// <summary>
/// Reads the additional properties of a call. One that is null says nothing; options that were read from JSON hold a
/// <see cref="JsonElement"/> in place of the value.
/// </summary>
internal static class CallProperties
{
    /// <exception cref="ArgumentException">It is no string.</exception>
    public static string? Text(EmbeddingGenerationOptions? options, string property) => Of(options, property) switch
    {
        null => null,
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString(),
        var value => throw new ArgumentException($"The additional property '{property}' must be a string, but is '{value}'.", nameof(options)),
    };

    /// <exception cref="ArgumentException">It is neither true nor false.</exception>
    public static bool? Flag(EmbeddingGenerationOptions? options, string property) => Of(options, property) switch
    {
        null => null,
        bool flag => flag,
        JsonElement { ValueKind: JsonValueKind.True or JsonValueKind.False } json => json.GetBoolean(),
        var value => throw new ArgumentException($"The additional property '{property}' must be true or false, but is '{value}'.", nameof(options)),
    };

    private static object? Of(EmbeddingGenerationOptions? options, string property) =>
        options?.AdditionalProperties?.TryGetValue(property, out var value) is true && value is not JsonElement { ValueKind: JsonValueKind.Null } ? value : null;
}
