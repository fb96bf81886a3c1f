using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Mime;

namespace ActorEmbed.Client.Vectors;

/// <summary>The checked answer to <c>POST /embed</c>.</summary>
/// <param name="Vectors">As many as there were texts, of one dimension, all values finite.</param>
/// <param name="Tokens">Tokens of all texts, from servers that tell it.</param>
/// <param name="Model">Id of the model that made the vectors, from servers that tell it.</param>
internal sealed record EmbedAnswer(float[][] Vectors, long? Tokens, string? Model)
{
    private const string CountHeader = "X-Embedding-Count";
    private const string DimensionsHeader = "X-Embedding-Dimensions";
    private const string TokensHeader = "X-Embedding-Tokens";

    public int Dimensions => Vectors[0].Length;

    /// <exception cref="FormatException">The answer is not usable; the message says why.</exception>
    /// <exception cref="System.Text.Json.JsonException">The answer is no JSON.</exception>
    public static EmbedAnswer Read(HttpResponseMessage response, ReadOnlySpan<byte> body, int count, int? dimensions)
    {
        var isBinary = response.Content.Headers.ContentType?.MediaType == MediaTypeNames.Application.Octet;
        var vectors = isBinary
            ? Float32Vectors.Read(body, Required(response.Headers, CountHeader), Required(response.Headers, DimensionsHeader))
            : JsonVectors.Read(body, count);
        Check(vectors, count, dimensions);
        return new EmbedAnswer(vectors, Number(response.Headers, TokensHeader), ModelName.Of(response));
    }

    private static void Check(float[][] vectors, int count, int? dimensions)
    {
        if (vectors.Length != count)
            throw new FormatException($"{count} texts were sent, but {vectors.Length} vectors came back");
        var expected = dimensions ?? vectors[0].Length;
        for (var row = 0; row < count; row++)
        {
            if (vectors[row].Length != expected || expected == 0)
                throw new FormatException($"vector {row} has {vectors[row].Length} dimensions{(expected == 0 ? "" : $", expected {expected}")}");
            if (!Array.TrueForAll(vectors[row], float.IsFinite))
                throw new FormatException($"vector {row} holds a value that is no finite number");
        }
    }

    private static int Required(HttpResponseHeaders headers, string name) =>
        Number(headers, name) ?? throw new FormatException($"the binary answer lacks {name}");

    private static int? Number(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values)
        && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
