using System.Text.Json;
using ActorEmbed.Bench.StandIn;
using ActorEmbed.Inference.Tokenization;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Bench.Peers;

/// <summary>
/// The stand-in model in the formats of the servers that bench/peers measures, and the texts it sends them. Nothing of
/// it is committed.
/// </summary>
internal static class PeerFiles
{
    // Written last: its presence says that the directory is whole. The number changes with what is written.
    private const string CompleteMark = "peers.complete-2";

    // Position ids of this architecture start behind the padding id.
    private const int PositionOffset = 2;

    /// <summary>Writes the files unless they are there already.</summary>
    public static void Ensure(string standIn, string directory)
    {
        var mark = Path.Combine(directory, CompleteMark);
        if (File.Exists(mark))
            return;
        Console.Error.WriteLine($"Writing the stand-in model in the peers' formats to {directory} (1.2 GB, once).");
        WriteTransformersJs(standIn, Path.Combine(directory, "transformers", "standin"));
        WriteGguf(standIn, directory);
        WriteTexts(standIn, Path.Combine(directory, "texts.json"));
        File.WriteAllText(mark, "");
    }

    /// <summary>The layout that transformers.js looks for: onnx/model.onnx is fp32, onnx/model_quantized.onnx is q8.</summary>
    private static void WriteTransformersJs(string standIn, string directory)
    {
        var exported = Path.Combine(standIn, "onnx", "model.onnx");
        Directory.CreateDirectory(directory);
        foreach (var name in new[] { "config.json", "tokenizer_config.json" })
            File.Copy(Path.Combine(standIn, name), Path.Combine(directory, name), overwrite: true);
        TokenizerJson.Write(Path.Combine(standIn, "sentencepiece.bpe.model"), Path.Combine(directory, "tokenizer.json"));
        WriteGraphs(exported, directory);
    }

    /// <summary>onnx/model.onnx is fp32, onnx/model_quantized.onnx is q8.</summary>
    public static void WriteGraphs(string exported, string directory)
    {
        var linked = Path.Combine(directory, "onnx", "model.onnx");
        Directory.CreateDirectory(Path.Combine(directory, "onnx"));
        File.Delete(linked);
        try
        {
            File.CreateSymbolicLink(linked, Path.GetFullPath(exported));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Windows wants a privilege for it.
            File.Copy(exported, linked);
        }

        DynamicQuantization.Rewrite(exported, Path.Combine(directory, "onnx", "model_quantized.onnx"));
    }

    public static void WriteTexts(IEnumerable<PeerCorpus> corpora, string path)
    {
        PeerCorpus[] all = [.. corpora];
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(all.ToDictionary(
            corpus => corpus.Name, corpus => new { tokens = corpus.MeanTokens, texts = corpus.Texts })));
        foreach (var corpus in all)
            Console.Error.WriteLine($"{corpus.Name}: {corpus.Texts.Length} texts, {corpus.MeanTokens:F1} tokens on average");
    }

    private static void WriteGguf(string standIn, string directory)
    {
        using var weights = new SafetensorsFiles([Path.Combine(standIn, "model.safetensors")]);
        var tokenizer = Path.Combine(standIn, "sentencepiece.bpe.model");
        var encoder = new GgufEncoder(
            "standin", StandInShape.Layers, StandInShape.Hidden, StandInShape.Heads, StandInShape.FeedForward, StandInShape.Positions, PositionOffset, StandInShape.NormEpsilon, GgufPooling.Mean);
        WriteGguf(encoder, weights, file => GgufTokenizers.WriteSentencePieces(file, tokenizer, StandInShape.Vocabulary), directory);
    }

    /// <summary>In half precision, and as blocks of bytes.</summary>
    public static void WriteGguf(GgufEncoder encoder, IModelWeights weights, Action<GgufFile> writeTokenizer, string directory)
    {
        encoder.Write(weights, writeTokenizer, GgufType.F16, Path.Combine(directory, $"{encoder.Name}-f16.gguf"));
        encoder.Write(weights, writeTokenizer, GgufType.Q8_0, Path.Combine(directory, $"{encoder.Name}-q8_0.gguf"));
    }

    private static void WriteTexts(string standIn, string path)
    {
        var tokenizer = XlmRobertaTokenizer.Load(Path.Combine(standIn, "sentencepiece.bpe.model"), StandInShape.MaxTokens);
        WriteTexts(PeerCorpus.All(tokenizer, new PeerWords(StandInShape.FirstOrdinaryId, tokenizer).Text), path);
    }
}
