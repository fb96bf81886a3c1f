using System.Text.Json;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Bodies;

/// <summary>In which form a caller wants vectors: OpenAI's field for it, Voyage's and Jina's.</summary>
internal sealed class VectorForm
{
    /// <summary>The form that is base64.</summary>
    public const string Base64 = "base64";

    private const string FormatField = "encoding_format";
    private const string JinaField = "embedding_type";

    /// <summary>The types of components, by their names.</summary>
    public static IReadOnlyDictionary<string, VectorType> Types { get; } = new Dictionary<string, VectorType>(StringComparer.Ordinal)
    {
        ["float"] = VectorType.Float,
        ["int8"] = VectorType.Int8,
        ["uint8"] = VectorType.UInt8,
        ["binary"] = VectorType.Binary,
        ["ubinary"] = VectorType.UBinary,
    };

    /// <summary>What each component is sent as.</summary>
    public VectorType Type { get; private set; }

    /// <summary>Whether a vector is the base64 of its bytes and no list of numbers.</summary>
    public bool IsBase64 { get; private set; }

    /// <summary>Reads a field that says so; false when it is none.</summary>
    /// <exception cref="BadRequestException">It asks for a form that there is not, or for two.</exception>
    public bool TryRead(string field, ref Utf8JsonReader reader)
    {
        if (field is not (FormatField or JinaField or EmbedRequest.OutputTypeField))
            return false;
        if (JsonFields.ReadStringOrNull(ref reader, field) is not { } name)
            return true;
        if (name == Base64 && field != EmbedRequest.OutputTypeField)
            IsBase64 = true;
        else if (!Types.TryGetValue(name, out var type))
            throw JsonBody.Invalid($"'{field}' must be {Known(field)}, but is \"{Quoted.Of(name)}\".", field);
        // "float" is what clients send who mean nothing by it.
        else if (type != VectorType.Float)
            Type = Type is VectorType.Float || Type == type ? type : throw JsonBody.Invalid($"'{field}' is \"{name}\", but another field asks for another type.", field);
        return true;
    }

    private static string Known(string field) =>
        string.Join(", ", (field == EmbedRequest.OutputTypeField ? Types.Keys : Types.Keys.Prepend(Base64)).Select(name => $"\"{name}\""));
}
