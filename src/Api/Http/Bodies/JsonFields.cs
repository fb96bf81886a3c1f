using System.Text.Json;
using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Bodies;

/// <summary>Reads single values of a body, and names the field where one is wrong.</summary>
internal static class JsonFields
{
    public static bool ReadBoolean(ref Utf8JsonReader reader, string field) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Wrong(ref reader, field, "true or false"),
    };

    public static string? ReadStringOrNull(ref Utf8JsonReader reader, string field, int maxCharacters)
    {
        var value = ReadStringOrNull(ref reader, field);
        return value is null || value.Length <= maxCharacters
            ? value
            : throw JsonBody.Invalid($"'{field}' has more than {maxCharacters} characters.", field);
    }

    public static string? ReadStringOrNull(ref Utf8JsonReader reader, string field) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => JsonBody.ReadString(ref reader, field, null),
        _ => throw Wrong(ref reader, field, "a string"),
    };

    public static string ReadString(ref Utf8JsonReader reader, string field) =>
        ReadStringOrNull(ref reader, field) ?? throw Wrong(ref reader, field, "a string");

    public static bool? ReadBooleanOrNull(ref Utf8JsonReader reader, string field) =>
        reader.TokenType == JsonTokenType.Null ? null : ReadBoolean(ref reader, field);

    public static int? ReadPositiveOrNull(ref Utf8JsonReader reader, string field)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.Number)
            throw Wrong(ref reader, field, "a whole number above 0");
        return reader.TryGetInt32(out var value) && value > 0
            ? value
            : throw JsonBody.Invalid($"'{field}' must be a whole number above 0.", field);
    }

    /// <summary>A field whose only value that this server can honour is the default: any other is refused, not ignored.</summary>
    public static void ReadOnly(ref Utf8JsonReader reader, string field, string supported)
    {
        if (ReadStringOrNull(ref reader, field) is { } value && !value.Equals(supported, StringComparison.OrdinalIgnoreCase))
            throw JsonBody.Invalid($"'{field}' can only be \"{supported}\" here.", field);
    }

    public static BadRequestException Wrong(ref Utf8JsonReader reader, string field, string expected) =>
        JsonBody.Invalid($"'{field}' must be {expected}, but is {JsonBody.Describe(reader.TokenType)}.", field);
}
