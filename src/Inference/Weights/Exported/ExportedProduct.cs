namespace ActorEmbed.Inference.Weights.Exported;

/// <summary>A dense product in an exported graph.</summary>
/// <param name="Node">The operator that multiplies.</param>
/// <param name="Outputs">Names of the value before its bias is added, and after.</param>
/// <param name="Weights">[outputs, inputs].</param>
/// <param name="Bias">[outputs]; null where there is none.</param>
internal sealed record ExportedProduct(ExportedNode Node, IReadOnlyList<string> Outputs, TensorPart Weights, TensorPart? Bias)
{
    public string Input => Node.Input(0);

    /// <summary>All of a graph, in its order.</summary>
    public static IReadOnlyList<ExportedProduct> Of(ExportedGraph graph) => [.. graph.Nodes.SelectMany(node => Of(graph, node))];

    private static IEnumerable<ExportedProduct> Of(ExportedGraph graph, ExportedNode node)
    {
        if (node.Operation is not ("MatMul" or "Gemm" or "FusedMatMul" or "Attention") || graph.PartOf(node.Input(1)) is not { } weights || weights.Stored.Shape.Length != 2)
            return [];
        if (node.Operation == "Attention")
            return Fused(graph, node, weights.Transposed());

        var part = node.Flag("transB") ? weights : weights.Transposed();
        var output = node.Outputs[0];
        if (node.Operation == "Gemm" && node.Input(2).Length > 0)
            return [new ExportedProduct(node, [output], part, BiasOf(graph, node.Input(2), part.Rows))];
        return [Biased(graph, node, part, output)];
    }

    /// <summary>Queries, keys and values in one operator of ONNX Runtime.</summary>
    private static IEnumerable<ExportedProduct> Fused(ExportedGraph graph, ExportedNode node, TensorPart weights)
    {
        const int projections = 3;
        var bias = BiasOf(graph, node.Input(2), weights.Rows);
        return Enumerable.Range(0, projections).Select(i => new ExportedProduct(node, [], weights.Share(i, projections), bias?.Share(i, projections)));
    }

    private static ExportedProduct Biased(ExportedGraph graph, ExportedNode node, TensorPart weights, string output)
    {
        foreach (var next in graph.ConsumersOf(output))
        {
            var bias = next.Operation switch
            {
                "Add" or "BiasGelu" => next.Inputs.Where(input => input != output).Select(input => BiasOf(graph, input, weights.Rows)).FirstOrDefault(),
                "SkipLayerNormalization" => BiasOf(graph, next.Input(4), weights.Rows),
                _ => null,
            };
            if (bias is not null)
                return new ExportedProduct(node, next.Operation == "Add" ? [output, next.Outputs[0]] : [output], weights, bias);
        }

        return new ExportedProduct(node, [output], weights, Bias: null);
    }

    private static TensorPart? BiasOf(ExportedGraph graph, string value, int columns) =>
        graph.TensorOf(value) is { Shape: [var length] } tensor && length == columns ? TensorPart.Whole(tensor) : null;
}
