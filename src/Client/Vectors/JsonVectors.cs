using System.Text.Json;

namespace ActorEmbed.Client.Vectors;

/// <summary><c>{"vectors":[[...],[...]]}</c>, read without an intermediate tree: 64 vectors of 768 are 50,000 numbers.</summary>
internal static class JsonVectors
{
    /// <exception cref="FormatException">The JSON is valid, but of another shape.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static float[][] Read(ReadOnlySpan<byte> body, int expectedCount)
    {
        var json = new Utf8JsonReader(body);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            throw new FormatException("the answer is no JSON object");

        List<float[]>? vectors = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("vectors"u8))
                vectors = ReadRows(ref json, expectedCount);
            else
                json.Skip();
        }

        // Whatever follows the object is no JSON, and this call says so.
        json.Read();
        return vectors?.ToArray() ?? throw NoVectors();
    }

    private static List<float[]> ReadRows(ref Utf8JsonReader json, int expectedCount)
    {
        var vectors = new List<float[]>(expectedCount);
        var components = new List<float>();
        Enter(ref json);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartArray)
                throw NoVectors();
            components.Clear();
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                components.Add(json.TokenType == JsonTokenType.Number ? json.GetSingle() : throw NotANumber(vectors.Count));
            vectors.Add([.. components]);
        }

        return vectors;
    }

    private static void Enter(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
            throw NoVectors();
    }

    private static FormatException NoVectors() => new("the answer has no \"vectors\" array of arrays");

    private static FormatException NotANumber(int row) => new($"vector {row} holds a value that is no number");
}
