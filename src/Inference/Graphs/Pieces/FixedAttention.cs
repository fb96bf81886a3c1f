using ActorEmbed.Inference.Graphs.Onnx;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>
/// Attention where all texts of a run are padded to one length: nothing has to be unpacked, and the shapes, which are computed of
/// those of an input, are constants once a session knows them.
/// </summary>
internal sealed class FixedAttention
{
    private readonly OnnxGraph _graph;
    private readonly int _heads;
    private readonly int _keyValueHeads;
    private readonly int _headSize;
    private readonly string _textsAndLength;
    private readonly string _texts;
    private readonly string _length;
    private readonly string _components;

    /// <param name="graph">The graph to add to.</param>
    /// <param name="paddedTokens">The input <see cref="PackedGraph.PaddedTokens"/>, [B, S].</param>
    /// <param name="heads">Heads of the queries.</param>
    /// <param name="keyValueHeads">Heads of keys and values; divides those of the queries.</param>
    /// <param name="headSize">Components of a head.</param>
    public FixedAttention(OnnxGraph graph, string paddedTokens, int heads, int keyValueHeads, int headSize)
    {
        (_graph, _heads, _keyValueHeads, _headSize) = (graph, heads, keyValueHeads, headSize);
        _textsAndLength = graph.Node("Shape", paddedTokens);
        _texts = Size(0);
        _length = Size(1);
        _components = graph.Int64s(headSize);

        string Size(long axis) => graph.Node("Slice", _textsAndLength, graph.Int64s(axis), graph.Int64s(axis + 1), graph.Int64s(0));
    }

    /// <param name="queries">B * S * heads * head size components; the factor of the scores is in them.</param>
    /// <param name="keys">B * S * key-value heads * head size components.</param>
    /// <param name="values">As many.</param>
    /// <param name="mask">Added to the scores, [B or 1, heads or 1, S or 1, S].</param>
    /// <returns>The context, [T, heads * head size].</returns>
    public string Write(string queries, string keys, string values, string mask)
    {
        var scores = _graph.Node("MatMul", Shared(ByHead(queries, _heads, 0, 2, 1, 3), _components), ByHead(keys, _keyValueHeads, 0, 2, 3, 1));
        var masked = _graph.Node("Add", OfEachHead(scores, _length), mask);
        var shares = _graph.Node(StandardDomain, "Softmax", [masked], [Attribute("axis", -1L)]);
        var context = _graph.Node("MatMul", Shared(shares, _length), ByHead(values, _keyValueHeads, 0, 2, 1, 3));
        return _graph.Node("Reshape", Transposed(OfEachHead(context, _components), 0, 2, 1, 3), _graph.Int64s(-1, _heads * _headSize));
    }

    /// <summary>[B, S, heads, head size] in another order.</summary>
    private string ByHead(string rows, int heads, params long[] order) =>
        Transposed(_graph.Node("Reshape", rows, Joined(_textsAndLength, _graph.Int64s(heads, _headSize))), order);

    /// <summary>[B, heads, S, n] to [B, key-value heads, S of all heads that share them, n].</summary>
    private string Shared(string ofHeads, string last) => _heads == _keyValueHeads
        ? ofHeads
        : _graph.Node("Reshape", ofHeads, Joined(_texts, _graph.Int64s(_keyValueHeads, -1), last));

    /// <summary>The other way round.</summary>
    private string OfEachHead(string shared, string last) => _heads == _keyValueHeads
        ? shared
        : _graph.Node("Reshape", shared, Joined(_texts, _graph.Int64s(_heads), _length, last));

    private string Joined(params string[] sizes) => _graph.Node(StandardDomain, "Concat", sizes, [Attribute("axis", 0L)]);

    private string Transposed(string value, params long[] order) =>
        _graph.Node(StandardDomain, "Transpose", [value], [Attribute("perm", order)]);
}
