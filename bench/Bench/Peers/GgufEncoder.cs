using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Bench.Peers;

/// <summary>
/// An encoder of the BERT kind as llama.cpp's own conversion writes it: architecture "bert", position rows from the offset
/// on, tables of positions and token types in single precision, all other matrices in the wanted type.
/// </summary>
/// <param name="Name">Of the model.</param>
/// <param name="Layers">Its layers.</param>
/// <param name="Hidden">Components of a token.</param>
/// <param name="Heads">Heads of each layer.</param>
/// <param name="FeedForward">Components between the two products of the feed-forward block.</param>
/// <param name="Positions">Rows of the table of positions.</param>
/// <param name="PositionOffset">Rows of it that no token has.</param>
/// <param name="NormEpsilon">Added to the variance.</param>
/// <param name="Pooling">How token vectors become the vector of a text.</param>
internal sealed record GgufEncoder(
    string Name, int Layers, int Hidden, int Heads, int FeedForward, int Positions, int PositionOffset, float NormEpsilon, GgufPooling Pooling)
{
    private const string PositionTable = "position_embd.weight", TypeTable = "token_types.weight";

    /// <param name="weights">By the names that sentence-transformers knows them by.</param>
    /// <param name="writeTokenizer">Writes the entries of the tokenizer.</param>
    /// <param name="matrices">What the matrices are written as.</param>
    /// <param name="path">The file to write.</param>
    public void Write(IModelWeights weights, Action<GgufFile> writeTokenizer, GgufType matrices, string path)
    {
        using var file = new GgufFile(path);
        file.Entry("general.architecture", "bert");
        file.Entry("general.name", Name);
        file.Entry("general.file_type", GgufNumbers.FileType(matrices));
        file.Entry("general.quantization_version", 2u);
        file.Entry("bert.block_count", (uint)Layers);
        file.Entry("bert.context_length", (uint)(Positions - PositionOffset));
        file.Entry("bert.embedding_length", (uint)Hidden);
        file.Entry("bert.feed_forward_length", (uint)FeedForward);
        file.Entry("bert.attention.head_count", (uint)Heads);
        file.Entry("bert.attention.layer_norm_epsilon", NormEpsilon);
        file.Entry("bert.attention.causal", false);
        file.Entry("bert.pooling_type", (uint)Pooling);
        writeTokenizer(file);
        foreach (var (name, source) in Names())
            AddTensor(file, weights, matrices, name, source);
        file.Save();
    }

    private static IEnumerable<(string, string)> Both(string name, string source) =>
        [(name + ".weight", source + ".weight"), (name + ".bias", source + ".bias")];

    private void AddTensor(GgufFile file, IModelWeights weights, GgufType matrices, string name, string source)
    {
        var tensor = weights.Find(source) ?? throw new InvalidDataException($"{weights.Path} has no tensor {source}.");
        if (name == PositionTable)
            file.Tensor(name, [Positions - PositionOffset, Hidden], GgufType.F32, () => weights.ReadFloats(tensor)[(PositionOffset * Hidden)..]);
        else
            file.Tensor(name, tensor.Shape, tensor.Shape.Length == 1 || name == TypeTable ? GgufType.F32 : matrices, () => weights.ReadFloats(tensor));
    }

    private IEnumerable<(string Name, string Source)> Names()
    {
        yield return ("token_embd.weight", "embeddings.word_embeddings.weight");
        yield return (PositionTable, "embeddings.position_embeddings.weight");
        yield return (TypeTable, "embeddings.token_type_embeddings.weight");
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
}
