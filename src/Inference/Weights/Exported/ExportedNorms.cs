namespace ActorEmbed.Inference.Weights.Exported;

/// <summary>The layer normalisations of a graph.</summary>
internal static class ExportedNorms
{
    /// <summary>Factor and shift of each, in the graph's order.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="hidden">Length of both.</param>
    public static IReadOnlyList<(TensorPart Factor, TensorPart Shift)> Of(ExportedGraph graph, int hidden)
    {
        var norms = new List<(TensorPart, TensorPart)>();
        foreach (var node in graph.Nodes)
        {
            var parts = node.Operation switch
            {
                "LayerNormalization" => (Vector(node.Input(1)), Vector(node.Input(2))),
                // Of ONNX Runtime's optimizer: what is added comes before the factor.
                "SkipLayerNormalization" => (Vector(node.Input(2)), Vector(node.Input(3))),
                "EmbedLayerNormalization" => (Vector(node.Input(5)), Vector(node.Input(6))),
                "Mul" => Spelled(node),
                _ => (null, null),
            };
            if (parts is ({ } factor, { } shift))
                norms.Add((factor, shift));
        }

        return norms;

        // In primitive operators: what was divided by the deviation is multiplied by the factor, and the shift is added.
        (TensorPart?, TensorPart?) Spelled(ExportedNode product)
        {
            var next = graph.ConsumersOf(product.Outputs[0]).FirstOrDefault(node => node.Operation == "Add");
            return (product.Inputs.Select(Vector).FirstOrDefault(part => part is not null), next?.Inputs.Select(Vector).FirstOrDefault(part => part is not null));
        }

        TensorPart? Vector(string value) =>
            graph.TensorOf(value) is { Shape: [var length] } tensor && length == hidden ? TensorPart.Whole(tensor) : null;
    }
}
