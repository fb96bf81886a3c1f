using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using ActorEmbed.Bench.StandIn;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Loading;

namespace ActorEmbed.Bench.Static;

/// <summary>
/// Texts a second of a static model, a table of seeded random rows behind the embedded model's tokenizer, and of the
/// embedded model itself, which is a table in an ONNX graph; in turns, on the same texts.
/// </summary>
internal static class StaticBench
{
    private const int Rounds = 5;
    private const int Dimensions = 256;
    private const int TextsPerBatch = 32;
    private const ulong Seed = 7;
    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(1);

    /// <param name="embedded">Directory of the embedded model, with its <c>reference.jsonl</c>.</param>
    /// <param name="directory">Where the static model is written.</param>
    public static void Run(string embedded, string directory)
    {
        var texts = File.ReadLines(Path.Combine(embedded, "reference.jsonl"))
            .Select(line => EmbeddingInput.FromString(JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!)).Take(TextsPerBatch).ToArray();
        using var starter = ModelLoader.Load(embedded);
        Write(embedded, directory, starter.Info.VocabularySize!.Value);
        using var table = ModelLoader.Load(directory);
        var rates = Enumerable.Range(0, Rounds + 1).Select(_ => (Starter: Measure(starter, texts), Table: Measure(table, texts))).Skip(1).ToArray();
        var (starterRate, tableRate) = (Median(rates.Select(rate => rate.Starter)), Median(rates.Select(rate => rate.Table)));
        Console.WriteLine("| model | texts/s, median | ratio |");
        Console.WriteLine("|---|---|---|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| embedded, in ONNX Runtime | {starterRate:0} | 1.00 |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| static table of the same size | {tableRate:0} | {tableRate / starterRate:0.00} |"));
    }

    private static double Measure(IEmbeddingModel model, EmbeddingInput[] texts)
    {
        var started = Stopwatch.GetTimestamp();
        var count = 0L;
        for (; Stopwatch.GetElapsedTime(started) < RoundLength; count += texts.Length)
            model.Embed(texts);
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private static void Write(string embedded, string directory, int vocabulary)
    {
        Directory.CreateDirectory(directory);
        File.Copy(Path.Combine(embedded, "tokenizer.json"), Path.Combine(directory, "tokenizer.json"), overwrite: true);
        File.WriteAllText(
            Path.Combine(directory, "modules.json"),
            """[{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.StaticEmbedding"}]""");
        var rows = new float[vocabulary * Dimensions];
        new SeededNormals(Seed).Fill(rows, mean: 0, deviation: 1);
        var header = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["embedding.weight"] = new { dtype = "F32", shape = new[] { vocabulary, Dimensions }, data_offsets = new[] { 0L, (long)rows.Length * sizeof(float) } },
        });
        using var file = File.Create(Path.Combine(directory, "model.safetensors"));
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        file.Write(length);
        file.Write(header);
        file.Write(MemoryMarshal.AsBytes(rows.AsSpan()));
    }
}
