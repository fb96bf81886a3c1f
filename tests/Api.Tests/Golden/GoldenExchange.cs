using System.Text.Json;

namespace ActorEmbed.Api.Tests.Golden;

/// <summary>A request and the answer that it has to get, as the files beside this one have them.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path.</param>
/// <param name="Body">The body; a string stands for itself, so that what is no JSON can be sent.</param>
/// <param name="Status">The status code.</param>
/// <param name="Answer">The body of the answer; "*" stands for anything.</param>
public sealed record GoldenExchange(string Name, string Method, string Path, JsonElement? Body, int Status, JsonElement Answer)
{
    // Sums in another order, as another CPU does them, differ in the last digits.
    private const double Tolerance = 1e-6;

    private static readonly string Folder = System.IO.Path.Combine(AppContext.BaseDirectory, "Golden");

    /// <summary>A file each.</summary>
    public static IReadOnlyList<string> Dialects { get; } =
        [.. Directory.GetFiles(Folder, "*.json").Select(file => System.IO.Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<GoldenExchange> Of(string dialect) => JsonSerializer.Deserialize<GoldenExchange[]>(
        File.ReadAllText(System.IO.Path.Combine(Folder, dialect + ".json")), JsonSerializerOptions.Web)!;

    public override string ToString() => Name;

    /// <summary>Null when an answer is the expected one, else where it is not.</summary>
    public static string? Difference(JsonElement expected, JsonElement actual, string at = "$")
    {
        if (expected.ValueKind == JsonValueKind.String && expected.GetString() == "*")
            return null;
        if (expected.ValueKind != actual.ValueKind)
            return $"{at}: {actual.GetRawText()} instead of {expected.GetRawText()}";
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                var names = expected.EnumerateObject().Select(p => p.Name).Order().ToArray();
                var actualNames = actual.EnumerateObject().Select(p => p.Name).Order().ToArray();
                if (!names.SequenceEqual(actualNames))
                    return $"{at}: {string.Join(", ", actualNames)} instead of {string.Join(", ", names)}";
                return names.Select(name => Difference(expected.GetProperty(name), actual.GetProperty(name), $"{at}.{name}")).FirstOrDefault(d => d is not null);
            case JsonValueKind.Array when expected.GetArrayLength() != actual.GetArrayLength():
                return $"{at}: {actual.GetArrayLength()} elements instead of {expected.GetArrayLength()}";
            case JsonValueKind.Array:
                return expected.EnumerateArray().Zip(actual.EnumerateArray()).Select((pair, i) => Difference(pair.First, pair.Second, $"{at}[{i}]")).FirstOrDefault(d => d is not null);
            case JsonValueKind.Number when Math.Abs(expected.GetDouble() - actual.GetDouble()) <= Tolerance:
                return null;
            default:
                return expected.GetRawText() == actual.GetRawText() ? null : $"{at}: {actual.GetRawText()} instead of {expected.GetRawText()}";
        }
    }
}
