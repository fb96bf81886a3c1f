using ActorEmbed.Inference.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Encoders;

/// <summary>The inputs of one run of a graph of fixed shapes: every text is padded, and so is the number of texts.</summary>
/// <param name="architecture">The model's shape.</param>
/// <param name="tokenTable">Of the same model.</param>
/// <param name="shape">Of the run.</param>
internal sealed class FixedInputs(EncoderArchitecture architecture, PackedTokenTable tokenTable, FixedShape shape)
{
    private readonly float[] _tokenRows = Pinned<float>(shape.Tokens * architecture.Hidden);
    private readonly int[] _positions = Pinned<int>(shape.Tokens);
    private readonly int[] _types = Pinned<int>(shape.Tokens);
    private readonly int[] _pooledTokens = Pinned<int>(shape.Tokens);
    private readonly float[] _mask = Pinned<float>(shape.Tokens);
    private readonly Dictionary<PoolingMode, float[]> _weights = [];
    private readonly int[] _lengths = new int[shape.Texts];
    private readonly int[] _unpooled = new int[shape.Texts];

    /// <param name="texts">Token ids of each text, as many as the shape has at most; the rest of the run repeats the first.</param>
    /// <param name="unpooled">Of each text, how many of its first tokens do not count in the pooling; empty where all count.</param>
    /// <param name="types">Of each text the types of its tokens, null where all are 0; empty where that is so of all texts.</param>
    /// <exception cref="InferenceException">A text has no token, too many, or one that the model does not know.</exception>
    public void Fill(ReadOnlySpan<int[]> texts, ReadOnlySpan<int> unpooled = default, ReadOnlySpan<int[]?> types = default)
    {
        for (var place = 0; place < shape.Texts; place++)
        {
            var text = place < texts.Length ? place : 0;
            var ids = texts[text];
            if (ids.Length < 1 || ids.Length > shape.Length)
                throw new InferenceException($"A text of {ids.Length} tokens; the graph takes 1 to {shape.Length}.");
            _lengths[place] = ids.Length;
            _unpooled[place] = unpooled.IsEmpty ? 0 : Math.Min(unpooled[text], ids.Length);
            FillTokens(place, ids);
            FillTypes(place, ids.Length, types.IsEmpty ? null : types[text]);
        }
    }

    public OrtValue Tensor(string input) => input switch
    {
        PackedGraph.TokenRows => PinnedTensor.Over(_tokenRows, [shape.Tokens, architecture.Hidden]),
        PackedGraph.TokenPositions => PinnedTensor.Over(_positions, [shape.Tokens]),
        PackedGraph.TokenTypes => PinnedTensor.Over(_types, [shape.Tokens]),
        PackedGraph.PaddedTokens => PinnedTensor.Over(_pooledTokens, [shape.Texts, shape.Length]),
        PackedGraph.AttentionMask => PinnedTensor.Over(_mask, [shape.Texts, 1, 1, shape.Length]),
        PackedGraph.MeanWeights => Weights(PoolingMode.Mean),
        PackedGraph.LastTokenWeights => Weights(PoolingMode.LastToken),
        PackedGraph.RisingWeights => Weights(PoolingMode.WeightedMean),
        PackedGraph.MeanSqrtLenWeights => Weights(PoolingMode.MeanSqrtLen),
        _ => throw new ArgumentOutOfRangeException(nameof(input), input, "Not an input of a graph of fixed shapes."),
    };

    private static T[] Pinned<T>(int length) => GC.AllocateArray<T>(length, pinned: true);

    private OrtValue Weights(PoolingMode mode)
    {
        if (!_weights.TryGetValue(mode, out var weights))
            _weights[mode] = weights = Pinned<float>(shape.Tokens);
        for (var place = 0; place < shape.Texts; place++)
        {
            for (var s = 0; s < shape.Length; s++)
                weights[(place * shape.Length) + s] = Pooling.WeightOf(mode, s, _lengths[place], _unpooled[place]);
        }

        return PinnedTensor.Over(weights, [shape.Texts, 1, shape.Length]);
    }

    private void FillTokens(int place, int[] ids)
    {
        var (first, position) = (place * shape.Length, architecture.FirstPosition);
        for (var s = 0; s < shape.Length; s++)
        {
            // Padding repeats the text's own first token, so that nothing of another text can leak in.
            var isToken = s < ids.Length;
            var id = ids[isToken ? s : 0];
            if ((uint)id >= (uint)tokenTable.Vocabulary)
                throw new InferenceException($"Token id {id} is not in the model's vocabulary of {tokenTable.Vocabulary}.");
            tokenTable.Read(id, _tokenRows.AsSpan((first + s) * architecture.Hidden, architecture.Hidden));
            // A padding token inside a text keeps the padding's own position and is not counted: as the model was trained.
            _positions[first + s] = !isToken ? architecture.FirstPosition : id == architecture.PaddingId ? id : position++;
            _mask[first + s] = isToken ? 0f : PackedGraph.MaskedScore;
            // The places that do not count repeat the first token that does, which changes no maximum.
            var isPooled = isToken && s >= _unpooled[place];
            _pooledTokens[first + s] = first + (isPooled ? s : Math.Min(_unpooled[place], ids.Length - 1));
        }
    }

    private void FillTypes(int place, int length, int[]? types)
    {
        var filled = _types.AsSpan(place * shape.Length, shape.Length);
        filled.Clear();
        if (architecture.TokenTypes == 0)
            return;
        types?.AsSpan(0, length).CopyTo(filled);
        foreach (var type in filled)
        {
            if ((uint)type >= (uint)architecture.TokenTypes)
                throw new InferenceException($"Token type {type} is not in the model's table of {architecture.TokenTypes}.");
        }
    }
}
