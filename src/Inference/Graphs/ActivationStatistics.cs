using System.Globalization;
using System.Numerics.Tensors;
using ActorEmbed.Inference.Graphs.Onnx;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;

namespace ActorEmbed.Inference.Graphs;

/// <summary>
/// What went into an encoder's dense products on the calibration texts: the outputs of an observed graph
/// (<see cref="IEncoderWriter.WriteObserved"/>) by their names, joined over its runs.
/// </summary>
internal sealed class ActivationStatistics
{
    private const string Least = "_min", Greatest = "_max", Sum = "_sum", Products = "_products";

    private readonly Dictionary<string, float[]> _seen = new(StringComparer.Ordinal);
    private int _tokens;

    /// <summary>Has an observed graph tell of one input of a product.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="tokens">[T, width]: the input.</param>
    /// <param name="width">Its components.</param>
    /// <param name="what">What it is, such as the normalised tokens before the attention.</param>
    /// <param name="layer">Of which layer.</param>
    public static void Observe(OnnxGraph graph, string tokens, int width, string what, int layer)
    {
        AttributeProto[] ofTokens = [Axes(0), Attribute("keepdims", 0L)];
        var size = width.ToString(CultureInfo.InvariantCulture);
        graph.Output(graph.Node(StandardDomain, "ReduceMin", [tokens], ofTokens), NameOf(what, layer, Least), size);
        graph.Output(graph.Node(StandardDomain, "ReduceMax", [tokens], ofTokens), NameOf(what, layer, Greatest), size);
        var mean = graph.Node(StandardDomain, "ReduceMean", [tokens], ofTokens);
        var count = graph.Node(StandardDomain, "Cast", [graph.Node("Gather", graph.Node("Shape", tokens), graph.Int64(0))], [Attribute("to", (long)TensorProto.Types.DataType.Float)]);
        graph.Output(graph.Node("Mul", mean, count), NameOf(what, layer, Sum), size);

        // A matrix for each block of components: together they are as large as a product's weights, one of them all would be
        // several times that.
        var block = InputStatistics.BlockOf(width);
        var blocks = graph.Node("Reshape", tokens, graph.Int64s(-1, width / block, block));
        var products = graph.Node("MatMul", Transpose(graph, blocks, 1, 2, 0), Transpose(graph, blocks, 1, 0, 2));
        graph.Output(products, NameOf(what, layer, Products), (width / block).ToString(CultureInfo.InvariantCulture), "block", "block");
    }

    /// <summary>Adds what one run gave.</summary>
    public void Join(string output, ReadOnlySpan<float> seen)
    {
        if (!_seen.TryGetValue(output, out var known))
        {
            _seen[output] = seen.ToArray();
            return;
        }

        if (output.EndsWith(Least, StringComparison.Ordinal))
            TensorPrimitives.Min(known, seen, known);
        else if (output.EndsWith(Greatest, StringComparison.Ordinal))
            TensorPrimitives.Max(known, seen, known);
        else
            TensorPrimitives.Add(known, seen, known);
    }

    /// <summary>Counts the tokens of a run.</summary>
    public void Count(int tokens) => _tokens += tokens;

    /// <summary>What was seen of one input. It is kept no longer: all together is as large as the model.</summary>
    public InputStatistics Take(string what, int layer) => new(
        Taken(what, layer, Least), Taken(what, layer, Greatest), Taken(what, layer, Sum), Taken(what, layer, Products), _tokens);

    private float[] Taken(string what, int layer, string kind) =>
        _seen.Remove(NameOf(what, layer, kind), out var seen) ? seen : throw new InvalidOperationException($"{NameOf(what, layer, kind)} was not seen, or taken before.");

    private static string NameOf(string what, int layer, string kind) => $"{what}_{layer.ToString(CultureInfo.InvariantCulture)}{kind}";

    private static string Transpose(OnnxGraph graph, string value, params long[] order) =>
        graph.Node(StandardDomain, "Transpose", [value], [Attribute("perm", order)]);
}
