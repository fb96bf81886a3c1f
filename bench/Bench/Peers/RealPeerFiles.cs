using ActorEmbed.Bench.Real;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Weights.Exported;
using ActorEmbed.Tests.RealModels;

namespace ActorEmbed.Bench.Peers;

/// <summary>A model with real weights as transformers.js and llama.cpp read it, and texts of its words. Nothing of it is committed.</summary>
internal static class RealPeerFiles
{
    private const string CompleteMark = "peers.complete-3";
    private const string Continuation = "##";
    private const int SpecialTokensAround = 2;

    // Before it are marks, digits, single letters and unused places.
    private const int FirstWord = 1996;

    /// <summary>Writes the files unless they are there already.</summary>
    public static void Ensure(RealModel model, string directory)
    {
        var repository = RealVariant.DirectoryOf(model);
        var mark = Path.Combine(directory, CompleteMark);
        if (File.Exists(mark))
            return;
        var vocabulary = File.ReadAllLines(Path.Combine(repository, "vocab.txt"));
        var copy = Path.Combine(directory, "transformers", model.Name);
        Directory.CreateDirectory(copy);
        foreach (var name in new[] { "config.json", "tokenizer_config.json" })
            File.Copy(Path.Combine(repository, name), Path.Combine(copy, name), overwrite: true);
        File.WriteAllText(Path.Combine(copy, "tokenizer.json"), BertTokenizerJson.Write(vocabulary));
        PeerFiles.WriteGraphs(Path.Combine(repository, "onnx", "model.onnx"), copy);
        WriteGguf(model, repository, vocabulary, directory);
        string[] words = [.. vocabulary.Skip(FirstWord).Where(piece => !piece.StartsWith(Continuation, StringComparison.Ordinal) && piece.All(char.IsAsciiLetter))];
        // Each is one token.
        string Write(Random random, int tokens) => string.Join(' ', Enumerable.Range(0, tokens - SpecialTokensAround).Select(_ => words[random.Next(words.Length)]));
        PeerFiles.WriteTexts(PeerCorpus.All(RealVariant.Tokenizer(model), Write), Path.Combine(directory, "texts.json"));
        File.WriteAllText(mark, "");
    }

    private static void WriteGguf(RealModel model, string repository, string[] vocabulary, string directory)
    {
        var shape = StandardFields.Shape(EncoderConfig.Read(Path.Combine(repository, "config.json")), paddingId: null, normEpsilon: 0);
        var encoder = new GgufEncoder(
            model.Name, shape.Layers, shape.Hidden, shape.Heads, shape.FeedForward, shape.Positions, PositionOffset: 0, shape.NormEpsilon, model.UsesFirstToken ? GgufPooling.FirstToken : GgufPooling.Mean);
        using var weights = ExportedWeights.Open(Path.Combine(repository, "onnx", "model.onnx"));
        PeerFiles.WriteGguf(encoder, weights, file => GgufTokenizers.WriteWordPieces(file, vocabulary), directory);
    }
}
