using ActorEmbed.Inference.Graphs.Onnx;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>
/// Rotary position embedding (RoPE), the form that turns the two halves of a head against each other: queries and keys
/// are turned by angles that grow with the token's place in its text.
/// </summary>
internal sealed class RotaryPositions
{
    private readonly int _headSize;
    private readonly string _places;
    private readonly string _cosines;
    private readonly string _sines;

    /// <param name="graph">The graph to add to.</param>
    /// <param name="tokenPositions">The input <see cref="PackedGraph.TokenPositions"/>, int32 [T].</param>
    /// <param name="frequencies">[head size / 2]: the angle of one step, for each pair of components.</param>
    /// <param name="positions">Places that a token can have.</param>
    public RotaryPositions(OnnxGraph graph, string tokenPositions, float[] frequencies, int positions)
    {
        _headSize = 2 * frequencies.Length;
        if (graph.IsFixed)
        {
            // The row of each token, for all its heads.
            _places = tokenPositions;
            _cosines = RowOfEach(graph, Table(graph, frequencies, positions, Math.Cos));
            _sines = RowOfEach(graph, Table(graph, frequencies, positions, Math.Sin));
            return;
        }

        var wide = graph.Node(StandardDomain, "Cast", [tokenPositions], [Attribute("to", (long)TensorProto.Types.DataType.Int64)]);
        _places = graph.Node("Reshape", wide, graph.Int64s(-1, 1));
        _cosines = Table(graph, frequencies, positions, Math.Cos);
        _sines = Table(graph, frequencies, positions, Math.Sin);
    }

    /// <summary>Frequencies that fall from 1 in powers of a base.</summary>
    /// <param name="headSize">Components of a head.</param>
    /// <param name="theta">The base.</param>
    /// <param name="divisor">Divides them all: 1 unless the positions are stretched.</param>
    public static float[] Frequencies(int headSize, double theta, double divisor = 1)
    {
        var frequencies = new float[headSize / 2];
        for (var i = 0; i < frequencies.Length; i++)
            frequencies[i] = (float)(1 / Math.Pow(theta, 2d * i / headSize) / divisor);
        return frequencies;
    }

    /// <param name="graph">The graph to add to.</param>
    /// <param name="tokens">[T, n * head size], any number of heads.</param>
    /// <param name="width">n * head size.</param>
    /// <returns>The turned heads, [T * n, head size].</returns>
    public string Write(OnnxGraph graph, string tokens, int width)
    {
        if (graph.IsFixed)
            return WritePlain(graph, tokens, width / _headSize);
        // Each token as a batch entry of its own: the operator takes no sequence longer than its tables.
        var single = graph.Node("Reshape", tokens, graph.Int64s(-1, 1, width));
        var turned = graph.Node(MicrosoftDomain, "RotaryEmbedding", [single, _places, _cosines, _sines], [Attribute("interleaved", 0L)]);
        return graph.Node("Reshape", turned, graph.Int64s(-1, _headSize));
    }

    private string WritePlain(OnnxGraph graph, string tokens, int heads)
    {
        var rows = graph.Node("Reshape", tokens, graph.Int64s(-1, heads, _headSize));
        var (one, other) = (Half(0), Half(1));
        var turned = graph.Node(
            StandardDomain,
            "Concat",
            [
                graph.Node("Sub", graph.Node("Mul", one, _cosines), graph.Node("Mul", other, _sines)),
                graph.Node("Add", graph.Node("Mul", other, _cosines), graph.Node("Mul", one, _sines)),
            ],
            [Attribute("axis", -1L)]);
        return graph.Node("Reshape", turned, graph.Int64s(-1, _headSize));

        string Half(int half) =>
            graph.Node("Slice", rows, graph.Int64s(half * _headSize / 2), graph.Int64s((half + 1) * _headSize / 2), graph.Int64s(2));
    }

    private string RowOfEach(OnnxGraph graph, string table) =>
        graph.Node("Reshape", graph.Node("Gather", table, _places), graph.Int64s(-1, 1, _headSize / 2));

    private static string Table(OnnxGraph graph, float[] frequencies, int positions, Func<double, double> function)
    {
        var table = new float[positions * frequencies.Length];
        for (var position = 0; position < positions; position++)
        {
            // The angle in single precision, as the models were trained: far from the start it rounds visibly.
            for (var i = 0; i < frequencies.Length; i++)
                table[(position * frequencies.Length) + i] = (float)function(position * frequencies[i]);
        }

        return graph.Floats(table, positions, frequencies.Length);
    }
}
