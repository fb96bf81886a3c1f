using System.Text.Json;

namespace ActorEmbed.Inference.Tests.Compilation;

/// <summary>The reference model of the repository and what an independent implementation computed with it.</summary>
internal static class TinyModel
{
    public static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "data", "xlmr-tiny");

    public static List<(string Text, int[] Ids, float[] Vector)> ReadReference() =>
    [
        .. File.ReadLines(Path.Combine(Directory, "reference.jsonl")).Select(line =>
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            return (
                root.GetProperty("text").GetString()!,
                root.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray(),
                root.GetProperty("vector").EnumerateArray().Select(v => v.GetSingle()).ToArray());
        }),
    ];
}
