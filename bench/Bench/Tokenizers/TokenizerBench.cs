using System.Diagnostics;
using System.Globalization;
using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Bench.Tokenizers;

/// <summary>Tokens a second of every tokenizer below a directory, one thread, on the texts that lie beside each.</summary>
internal static class TokenizerBench
{
    private const int Rounds = 5;
    private const int MaxTokens = 512;
    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(1);

    public static void Run(string directory)
    {
        Console.WriteLine("| tokenizer | M tokens/s, median | bytes allocated a token |");
        Console.WriteLine("|---|---|---|");
        foreach (var path in Directory.EnumerateFiles(directory, "texts.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var folder = Path.GetDirectoryName(path)!;
            var tokenizer = TokenizerLoader.Load(folder, MaxTokens);
            var texts = File.ReadLines(path).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!).ToArray();
            Measure(tokenizer, texts); // the runtime compiles what is hot
            var rounds = Enumerable.Range(0, Rounds).Select(_ => Measure(tokenizer, texts)).OrderBy(round => round.TokensPerSecond).ToArray();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {Path.GetFileName(folder)} | {rounds[Rounds / 2].TokensPerSecond / 1e6:0.00} | {rounds[Rounds / 2].BytesPerToken:0} |"));
        }
    }

    private static (double TokensPerSecond, double BytesPerToken) Measure(IModelTokenizer tokenizer, string[] texts)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        var tokens = 0L;
        while (Stopwatch.GetElapsedTime(started) < RoundLength)
        {
            foreach (var text in texts)
                tokens += tokenizer.Tokenize(text).Ids.Length;
        }

        return (tokens / Stopwatch.GetElapsedTime(started).TotalSeconds, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)tokens);
    }
}
