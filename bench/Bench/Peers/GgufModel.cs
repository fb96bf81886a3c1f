using ActorEmbed.Inference.Weights;
using static ActorEmbed.Bench.StandIn.StandInShape;

namespace ActorEmbed.Bench.Peers;

/// <summary>
/// The stand-in as llama.cpp's own conversion writes an XLM-RoBERTa: architecture "bert", position rows from the offset
/// on, tables of positions and token types in single precision, all other matrices in the wanted type.
/// </summary>
internal static class GgufModel
{
    // Position ids of this architecture start behind the padding id.
    private const int PositionOffset = 2;

    // Numbers of llama.cpp for kinds of tokens.
    private const int Normal = 1, Unknown = 2, Control = 3, Unused = 5;
    private const float UnusedScore = -10_000;

    public static void Write(SafetensorsFile weights, string sentencePieceModel, GgufType matrices, string path)
    {
        using var file = new GgufFile(path);
        file.Entry("general.architecture", "bert");
        file.Entry("general.name", "standin");
        file.Entry("general.file_type", GgufNumbers.FileType(matrices));
        file.Entry("general.quantization_version", 2u);
        file.Entry("bert.block_count", (uint)Layers);
        file.Entry("bert.context_length", (uint)(Positions - PositionOffset));
        file.Entry("bert.embedding_length", (uint)Hidden);
        file.Entry("bert.feed_forward_length", (uint)FeedForward);
        file.Entry("bert.attention.head_count", (uint)StandIn.StandInShape.Heads);
        file.Entry("bert.attention.layer_norm_epsilon", NormEpsilon);
        file.Entry("bert.attention.causal", false);
        file.Entry("bert.pooling_type", (uint)GgufPooling.Mean);
        WriteTokenizer(file, sentencePieceModel);
        foreach (var (name, source) in Names())
            AddTensor(file, weights, matrices, name, source);
        file.Save();
    }

    private static void WriteTokenizer(GgufFile file, string sentencePieceModel)
    {
        var pieces = StandInPieces.Read(sentencePieceModel);
        file.Entry("tokenizer.ggml.model", "t5");
        file.Entry("tokenizer.ggml.pre", "default");
        // The conversion leaves <mask>, which SentencePiece does not know, as an unused last token.
        file.Entry("tokenizer.ggml.tokens", [.. StandInPieces.Special, .. pieces.Select(piece => piece.Text), $"[PAD{Vocabulary - 1}]"]);
        file.Entry("tokenizer.ggml.scores", [0f, 0f, 0f, 0f, .. pieces.Select(piece => piece.Score), UnusedScore]);
        file.Entry("tokenizer.ggml.token_type", [Control, Control, Control, Unknown, .. Enumerable.Repeat(Normal, pieces.Count), Unused]);
        file.Entry("tokenizer.ggml.add_space_prefix", true);
        file.Entry("tokenizer.ggml.token_type_count", 1u);
        file.Entry("tokenizer.ggml.remove_extra_whitespaces", true);
        file.Entry("tokenizer.ggml.bos_token_id", 0u);
        file.Entry("tokenizer.ggml.eos_token_id", 2u);
        file.Entry("tokenizer.ggml.unknown_token_id", 3u);
        file.Entry("tokenizer.ggml.seperator_token_id", 2u);
        file.Entry("tokenizer.ggml.padding_token_id", 1u);
        file.Entry("tokenizer.ggml.cls_token_id", 0u);
        file.Entry("tokenizer.ggml.add_bos_token", true);
        file.Entry("tokenizer.ggml.add_eos_token", true);
    }

    private static void AddTensor(GgufFile file, SafetensorsFile weights, GgufType matrices, string name, string source)
    {
        var tensor = weights.Find(source)!;
        if (name == "position_embd.weight")
            file.Tensor(name, [Positions - PositionOffset, Hidden], GgufType.F32, () => weights.ReadFloats(tensor)[(PositionOffset * Hidden)..]);
        else
            file.Tensor(name, tensor.Shape, tensor.Shape.Length == 1 || name == "token_types.weight" ? GgufType.F32 : matrices, () => weights.ReadFloats(tensor));
    }

    private static IEnumerable<(string Name, string Source)> Names()
    {
        yield return ("token_embd.weight", "embeddings.word_embeddings.weight");
        yield return ("position_embd.weight", "embeddings.position_embeddings.weight");
        yield return ("token_types.weight", "embeddings.token_type_embeddings.weight");
        foreach (var pair in Both("token_embd_norm", "embeddings.LayerNorm"))
            yield return pair;
        for (var layer = 0; layer < Layers; layer++)
        {
            var (block, source) = ($"blk.{layer}", $"encoder.layer.{layer}");
            var pairs = Both($"{block}.attn_q", $"{source}.attention.self.query")
                .Concat(Both($"{block}.attn_k", $"{source}.attention.self.key"))
                .Concat(Both($"{block}.attn_v", $"{source}.attention.self.value"))
                .Concat(Both($"{block}.attn_output", $"{source}.attention.output.dense"))
                .Concat(Both($"{block}.attn_output_norm", $"{source}.attention.output.LayerNorm"))
                .Concat(Both($"{block}.ffn_up", $"{source}.intermediate.dense"))
                .Concat(Both($"{block}.ffn_down", $"{source}.output.dense"))
                .Concat(Both($"{block}.layer_output_norm", $"{source}.output.LayerNorm"));
            foreach (var pair in pairs)
                yield return pair;
        }
    }

    private static IEnumerable<(string, string)> Both(string name, string source) =>
        [(name + ".weight", source + ".weight"), (name + ".bias", source + ".bias")];
}
