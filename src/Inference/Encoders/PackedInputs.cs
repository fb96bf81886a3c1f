using ActorEmbed.Inference.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Encoders;

/// <summary>The inputs of one run of a compiled graph, in pinned memory that is reused from run to run.</summary>
/// <param name="architecture">The model's shape.</param>
/// <param name="tokenTable">Of the same model; null where it is in the graph.</param>
internal sealed class PackedInputs(EncoderArchitecture architecture, PackedTokenTable? tokenTable)
{
    private readonly int _vocabulary = tokenTable?.Vocabulary ?? architecture.Vocabulary;
    private int[] _tokenIds = [];
    private int[] _tokenPlaces = [];
    private int[] _textStarts = [];
    private float[] _tokenRows = [];
    private int[] _positions = [];
    private int[] _types = [];
    private int[] _packedHeads = [];
    private int[] _paddedTokens = [];
    private int[] _paddedHeads = [];
    private float[] _mask = [];
    private float[] _meanWeights = [];
    // Several ways to pool may stand side by side, each with its weights.
    private readonly Dictionary<PoolingMode, float[]> _otherWeights = [];
    private int[] _lengths = [];
    private int[] _unpooled = [];
    private int _texts;
    private int _tokens;
    private int _padded;

    /// <param name="texts">Token ids of each text.</param>
    /// <param name="unpooled">Of each text, how many of its first tokens do not count in the pooling; empty where all count.</param>
    /// <param name="types">Of each text the types of its tokens, null where all are 0; empty where that is so of all texts.</param>
    /// <exception cref="InferenceException">A text has no token, too many, or one that the model does not know.</exception>
    public void Fill(ReadOnlySpan<int[]> texts, ReadOnlySpan<int> unpooled = default, ReadOnlySpan<int[]?> types = default)
    {
        Measure(texts);
        Reserve();
        for (int text = 0, firstToken = 0; text < _texts; firstToken += texts[text].Length, text++)
        {
            _unpooled[text] = unpooled.IsEmpty ? 0 : Math.Min(unpooled[text], texts[text].Length);
            FillTokens(texts[text], firstToken);
            if (architecture.TokenTypes > 0)
                FillTypes(types.IsEmpty ? null : types[text], firstToken, texts[text].Length);
            FillPadded(text, firstToken, texts[text].Length);
            FillPooling(text, firstToken, texts[text].Length, _unpooled[text]);
        }
    }

    public OrtValue Tensor(string input)
    {
        int heads = architecture.Heads, hidden = architecture.Hidden;
        return input switch
        {
            PackedGraph.TokenRows => PinnedTensor.Over(_tokenRows, [_tokens, hidden]),
            PackedGraph.TokenIds => PinnedTensor.Over(_tokenIds, [_tokens]),
            PackedGraph.TokenPlaces => TokenPlaces(),
            PackedGraph.TextStarts => TextStarts(),
            PackedGraph.TokenPositions => PinnedTensor.Over(_positions, [_tokens]),
            PackedGraph.TokenTypes => PinnedTensor.Over(_types, [_tokens]),
            PackedGraph.PackedHeads => PinnedTensor.Over(_packedHeads, [_tokens, heads]),
            PackedGraph.PaddedTokens => PinnedTensor.Over(_paddedTokens, [_texts, _padded]),
            PackedGraph.PaddedHeads => PinnedTensor.Over(_paddedHeads, [_texts, heads, _padded]),
            PackedGraph.AttentionMask => PinnedTensor.Over(_mask, [_texts, 1, 1, _padded]),
            PackedGraph.MeanWeights => PinnedTensor.Over(_meanWeights, [_texts, 1, _padded]),
            PackedGraph.LastTokenWeights => Weights(PoolingMode.LastToken),
            PackedGraph.RisingWeights => Weights(PoolingMode.WeightedMean),
            PackedGraph.MeanSqrtLenWeights => Weights(PoolingMode.MeanSqrtLen),
            _ => throw new ArgumentOutOfRangeException(nameof(input), input, "Not an input of a packed graph."),
        };
    }

    /// <summary>A graph has one pooling, so that there is one such tensor at a time.</summary>
    private OrtValue Weights(PoolingMode mode)
    {
        var weights = _otherWeights.GetValueOrDefault(mode, []);
        PinnedTensor.Grow(ref weights, _texts * _padded);
        _otherWeights[mode] = weights;
        for (var text = 0; text < _texts; text++)
        {
            for (var s = 0; s < _padded; s++)
                weights[text * _padded + s] = Pooling.WeightOf(mode, s, _lengths[text], _unpooled[text]);
        }

        return PinnedTensor.Over(weights, [_texts, 1, _padded]);
    }

    /// <summary>The padded places of all tokens, then those that are padding.</summary>
    private OrtValue TokenPlaces()
    {
        PinnedTensor.Grow(ref _tokenPlaces, _texts * _padded);
        var (token, padding) = (0, _tokens);
        for (var text = 0; text < _texts; text++)
        {
            for (var s = 0; s < _padded; s++)
                _tokenPlaces[s < _lengths[text] ? token++ : padding++] = (text * _padded) + s;
        }

        return PinnedTensor.Over(_tokenPlaces, [_texts, _padded]);
    }

    private OrtValue TextStarts()
    {
        PinnedTensor.Grow(ref _textStarts, _texts + 1);
        _textStarts[0] = 0;
        for (var text = 0; text < _texts; text++)
            _textStarts[text + 1] = _textStarts[text] + _lengths[text];
        return PinnedTensor.Over(_textStarts, [_texts + 1]);
    }

    private void FillTokens(int[] ids, int firstToken)
    {
        var position = architecture.FirstPosition;
        for (var i = 0; i < ids.Length; i++)
        {
            if ((uint)ids[i] >= (uint)_vocabulary)
                throw new InferenceException($"Token id {ids[i]} is not in the model's vocabulary of {_vocabulary}.");
            if (tokenTable is null)
                _tokenIds[firstToken + i] = ids[i];
            else
                tokenTable.Read(ids[i], _tokenRows.AsSpan((firstToken + i) * architecture.Hidden, architecture.Hidden));
            // A padding token inside a text keeps the padding's own position and is not counted: as the model was trained.
            _positions[firstToken + i] = ids[i] == architecture.PaddingId ? ids[i] : position++;
        }
    }

    private void FillTypes(int[]? types, int firstToken, int length)
    {
        var filled = _types.AsSpan(firstToken, length);
        filled.Clear();
        types?.CopyTo(filled);
        foreach (var type in filled)
        {
            if ((uint)type >= (uint)architecture.TokenTypes)
                throw new InferenceException($"Token type {type} is not in the model's table of {architecture.TokenTypes}.");
        }
    }

    private void FillPadded(int text, int firstToken, int length)
    {
        var heads = architecture.Heads;
        var place = text * _padded;
        for (var s = 0; s < _padded; s++)
        {
            var isToken = s < length;
            // Padding repeats the text's own first token, so that nothing of another text can leak in.
            var token = firstToken + (isToken ? s : 0);
            _mask[place + s] = isToken ? 0f : PackedGraph.MaskedScore;
            for (var head = 0; head < heads; head++)
            {
                var row = (text * heads + head) * _padded + s;
                _paddedHeads[row] = token * 3 * heads + head;
                if (isToken)
                    _packedHeads[token * heads + head] = row;
            }
        }
    }

    private void FillPooling(int text, int firstToken, int length, int unpooled)
    {
        var place = text * _padded;
        for (var s = 0; s < _padded; s++)
        {
            var isPooled = s >= unpooled && s < length;
            // The other places repeat the first token that counts, which changes no maximum.
            _paddedTokens[place + s] = firstToken + (isPooled ? s : Math.Min(unpooled, length - 1));
            _meanWeights[place + s] = isPooled ? 1f / (length - unpooled) : 0f;
        }
    }

    private void Measure(ReadOnlySpan<int[]> texts)
    {
        (_texts, _tokens, _padded) = (texts.Length, 0, 0);
        PinnedTensor.Grow(ref _lengths, _texts);
        PinnedTensor.Grow(ref _unpooled, _texts);
        for (var text = 0; text < _texts; text++)
        {
            var ids = texts[text];
            _lengths[text] = ids.Length;
            if (ids.Length < 1 || ids.Length > architecture.MaxTokens)
                throw new InferenceException($"A text of {ids.Length} tokens; the model takes 1 to {architecture.MaxTokens}.");
            _tokens += ids.Length;
            _padded = Math.Max(_padded, PackedGraph.Padded(ids.Length));
        }
    }

    private void Reserve()
    {
        if (tokenTable is null)
            PinnedTensor.Grow(ref _tokenIds, _tokens);
        else
            PinnedTensor.Grow(ref _tokenRows, _tokens * architecture.Hidden);
        PinnedTensor.Grow(ref _positions, _tokens);
        PinnedTensor.Grow(ref _types, _tokens);
        PinnedTensor.Grow(ref _packedHeads, _tokens * architecture.Heads);
        PinnedTensor.Grow(ref _paddedTokens, _texts * _padded);
        PinnedTensor.Grow(ref _paddedHeads, _texts * _padded * architecture.Heads);
        PinnedTensor.Grow(ref _mask, _texts * _padded);
        PinnedTensor.Grow(ref _meanWeights, _texts * _padded);
    }
}
