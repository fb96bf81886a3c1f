using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorEmbed.Inference.Operators.Attention;

/// <summary>
/// One head of some queries of one text: block of keys by block, with a softmax that is corrected when a block has greater
/// scores, so that the scores of a text never stand in memory. A few queries at a time go with all keys of the block.
/// </summary>
internal unsafe ref struct HeadAttention
{
    // Tiles that go with each few keys and values before the next: these come from the second-level cache, and what is kept of
    // so many queries leaves them room in the first.
    private const int TilesTogether = 4;
    private const int QueriesTogether = TilesTogether * Tile.Rows;

    private readonly int _size;
    // Of the rows of values and contexts: whole tiles.
    private readonly int _width;
    // Of the scores of a query: with room for a vector behind them.
    private readonly int _scoreStride;
    private readonly int _back;
    private readonly int _ahead;
    private readonly float* _keys;
    private readonly float* _values;
    private readonly float* _contexts;
    private readonly float* _queries;
    private readonly float* _scores;
    private readonly float* _greatest;
    private readonly float* _sums;
    private readonly float* _turned;

    /// <param name="size">Components of a head.</param>
    /// <param name="back">Tokens before it that a token sees.</param>
    /// <param name="ahead">Tokens behind it that a token sees.</param>
    /// <param name="tokens">Of the text.</param>
    public HeadAttention(int size, int back, int ahead, int tokens)
    {
        (_size, _back, _ahead) = (size, back, ahead);
        _width = RoundUp(size, Tile.Columns);
        var block = RoundUp(Math.Min(tokens, AttentionScratch.KeysOfBlock), Tile.Columns);
        var queries = RoundUp(Math.Min(tokens, AttentionScratch.KeysOfBlock), Tile.Rows);
        _scoreStride = block + Vector<float>.Count;
        _keys = AttentionScratch.Take((block * (_width + _width)) + (queries * (_width + 2)) + (QueriesTogether * (_width + _scoreStride)) + (KeyPanel.Together * size));
        _values = _keys + (block * _width);
        _contexts = _values + (block * _width);
        _queries = _contexts + (queries * _width);
        _scores = _queries + (QueriesTogether * _width);
        _greatest = _scores + (QueriesTogether * _scoreStride);
        _sums = _greatest + queries;
        _turned = _sums + queries;
    }

    /// <summary>The contexts of queries, at most <see cref="AttentionScratch.KeysOfBlock"/>.</summary>
    /// <param name="queries">Of all tokens.</param>
    /// <param name="queryStart">First component of this head.</param>
    /// <param name="keys">Of all tokens.</param>
    /// <param name="keyStart">First component of the head that belongs to it.</param>
    /// <param name="values">Of all tokens, of the same components.</param>
    /// <param name="text">First token of the text, and the one behind its last.</param>
    /// <param name="first">First query, a token.</param>
    /// <param name="end">The one behind the last.</param>
    /// <param name="result">Where this head's context of the first token of all stands.</param>
    /// <param name="resultStride">From one token to the next.</param>
    public void Attend(
        TokenPart queries, int queryStart, TokenPart keys, int keyStart, TokenPart values,
        (int First, int End) text, int first, int end, float* result, nint resultStride)
    {
        for (var i = 0; i < end - first; i++)
            (_greatest[i], _sums[i]) = (float.NegativeInfinity, 0);
        NativeMemory.Clear(_contexts, (nuint)(RoundUp(end - first, Tile.Rows) * _width * sizeof(float)));
        var (from, to) = (Seen(first, text).First, Seen(end - 1, text).End);
        for (var block = from; block < to; block += AttentionScratch.KeysOfBlock)
        {
            var blockEnd = Math.Min(to, block + AttentionScratch.KeysOfBlock);
            Pack(keys, values, keyStart, block, blockEnd);
            for (var query = first; query < end; query += QueriesTogether)
            {
                var queryEnd = Math.Min(end, query + QueriesTogether);
                for (var row = query; row < queryEnd; row++)
                    queries.Of(row, queryStart).CopyTo(_queries + ((row - query) * _size), _size);
                AttendBlock(text, query, queryEnd, query - first, block, blockEnd);
            }
        }

        for (var query = first; query < end; query++)
            Divide(_contexts + ((query - first) * _width), _sums[query - first], result + (query * resultStride));
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    private readonly (int First, int End) Seen(int token, (int First, int End) text) =>
        (Math.Max(text.First, token - _back), (int)Math.Min(text.End, (long)token + _ahead + 1));

    /// <summary>Keys by components, as many side by side as a tile has columns; values as they are, in rows of whole tiles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Pack(TokenPart keys, TokenPart values, int start, int block, int end)
    {
        for (var panel = block; panel < end; panel += Tile.Columns)
            KeyPanel.Pack(keys, start, _size, panel, end, _keys + ((panel - block) * _size), _turned);
        for (var token = block; token < end; token++)
        {
            var row = _values + ((token - block) * _width);
            values.Of(token, start).CopyTo(row, _size);
            for (var i = _size; i < _width; i++)
                row[i] = 0;
        }
    }

    private readonly void AttendBlock((int First, int End) text, int first, int end, int place, int block, int blockEnd)
    {
        // What the first query sees begins first, what the last sees ends last.
        var from = Math.Max(block, Seen(first, text).First) - block;
        var to = Math.Min(blockEnd, Seen(end - 1, text).End) - block;
        if (from >= to)
            return;
        // The last tile may have less queries: what the rest of it gives is not looked at.
        var rows = RoundUp(end - first, Tile.Rows);
        for (var panel = from / Tile.Columns * Tile.Columns; panel < to; panel += Tile.Columns)
        {
            for (var row = 0; row < rows; row += Tile.Rows)
            {
                Tile.Multiply(
                    _queries + (row * _size), _size, _keys + (panel * _size), Tile.Columns, _size,
                    _scores + (row * _scoreStride) + panel, _scoreStride, isAdded: false);
            }
        }

        for (var query = first; query < end; query++)
        {
            var seen = Seen(query, text);
            Soften(_scores + ((query - first) * _scoreStride), place + query - first, from, to, Math.Max(from, seen.First - block), Math.Min(to, seen.End - block));
        }

        for (var column = 0; column < _width; column += Tile.Columns)
        {
            for (var row = 0; row < rows; row += Tile.Rows)
            {
                Tile.Multiply(
                    _scores + (row * _scoreStride) + from, _scoreStride, _values + (from * _width) + column, _width, to - from,
                    _contexts + ((place + row) * _width) + column, _width, isAdded: true);
            }
        }
    }

    /// <summary>Makes shares of a query's scores; what it has of earlier blocks is made to fit.</summary>
    private readonly void Soften(float* scores, int place, int from, int to, int first, int end)
    {
        if (first < end)
        {
            var greatest = float.MaxNative(_greatest[place], RowSoftmax.Greatest(scores + first, end - first));
            if (_sums[place] != 0 && greatest > _greatest[place])
                Shrink(place, MathF.Exp(_greatest[place] - greatest));
            _greatest[place] = greatest;
            _sums[place] += RowSoftmax.Exponentials(scores + first, end - first, greatest);
        }

        for (var i = from; i < Math.Min(first, to); i++)
            scores[i] = 0;
        for (var i = Math.Max(end, from); i < to; i++)
            scores[i] = 0;
    }

    private readonly void Shrink(int place, float factor)
    {
        _sums[place] *= factor;
        var context = _contexts + (place * _width);
        for (var i = 0; i < _width; i += Vector<float>.Count)
            (Vector.Load(context + i) * factor).Store(context + i);
    }

    private readonly void Divide(float* context, float sum, float* result)
    {
        var factor = 1 / sum;
        var i = 0;
        for (; i <= _size - Vector<float>.Count; i += Vector<float>.Count)
            (Vector.Load(context + i) * factor).Store(result + i);
        for (; i < _size; i++)
            result[i] = context[i] * factor;
    }
}
