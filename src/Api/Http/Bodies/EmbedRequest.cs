using System.Text.Json;

namespace ActorEmbed.Api.Http.Bodies;

/// <summary>What every dialect can ask for.</summary>
internal sealed class EmbedRequest
{
    // Names that all dialects give these fields.
    public const string NormalizeField = "normalize";
    public const string TruncateField = "truncate";
    public const string DimensionsField = "dimensions";
    public const string ModelField = "model";

    // Names reach answers and messages; the longest on the hub has 193 characters, its limit for both parts together.
    private const int LongestModelName = 256;

    /// <summary>Where the texts stood; null while there are none.</summary>
    public TextField? Field { get; set; }

    /// <summary>Whether each vector is scaled to length 1.</summary>
    public bool Normalize { get; set; } = true;

    /// <summary>Whether a text that is too long is cut; if not, it is refused.</summary>
    public bool Truncate { get; set; } = true;

    /// <summary>How many components of each vector are wanted; null for all.</summary>
    public int? Dimensions { get; set; }

    /// <summary>The model that the caller expects, by name.</summary>
    public string? Model { get; set; }

    /// <summary>Reads a field that dialects share; false when it is none.</summary>
    /// <exception cref="Errors.BadRequestException">It is of the wrong type.</exception>
    public bool TryRead(string field, ref Utf8JsonReader reader)
    {
        switch (field)
        {
            case NormalizeField:
                Normalize = JsonFields.ReadBoolean(ref reader, field);
                return true;
            case TruncateField:
                Truncate = reader.TokenType == JsonTokenType.Null || JsonFields.ReadBoolean(ref reader, field);
                return true;
            case DimensionsField:
                Dimensions = JsonFields.ReadPositiveOrNull(ref reader, field);
                return true;
            case ModelField:
                Model = JsonFields.ReadStringOrNull(ref reader, field, LongestModelName);
                return true;
            default:
                return false;
        }
    }
}
