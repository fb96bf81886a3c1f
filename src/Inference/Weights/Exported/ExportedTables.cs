namespace ActorEmbed.Inference.Weights.Exported;

/// <summary>The tables that a graph looks rows up in.</summary>
/// <param name="Token">That of its tokens; null where none is looked up by <c>input_ids</c>.</param>
/// <param name="Others">By position, by token type, by distance; a type that is the same for all tokens is a table of one row.</param>
internal sealed record ExportedTables(TensorPart? Token, IReadOnlyList<TensorPart> Others)
{
    private const string Ids = "input_ids";

    public static ExportedTables Of(ExportedGraph graph)
    {
        TensorPart? token = null;
        var others = new List<TensorPart>();
        foreach (var node in graph.Nodes)
        {
            switch (node.Operation)
            {
                case "Gather" when graph.TensorOf(node.Input(0)) is { Shape.Length: 2 } table:
                    if (token is null && IsIds(graph, node.Input(1)))
                        token = TensorPart.Whole(table);
                    else
                        others.Add(TensorPart.Whole(table));
                    break;
                // Of ONNX Runtime's optimizer: ids, types, and their tables.
                case "EmbedLayerNormalization" when graph.TensorOf(node.Input(2)) is { Shape.Length: 2 } table:
                    token = TensorPart.Whole(table);
                    others.AddRange(node.Inputs.Skip(3).Take(2).Select(graph.TensorOf).OfType<WeightTensor>().Select(other => TensorPart.Whole(other)));
                    break;
            }
        }

        // A constant that is added before anything is normalised or multiplied.
        foreach (var node in graph.Nodes.TakeWhile(node => node.Operation is not ("LayerNormalization" or "ReduceMean" or "MatMul" or "Gemm")))
        {
            if (node.Operation == "Add" && token is not null)
                others.AddRange(node.Inputs.Select(graph.TensorOf).OfType<WeightTensor>().Where(row => row.Elements == token.Shape[1]).Select(row => TensorPart.Whole(row).AsRow()));
        }

        return new ExportedTables(token, others);
    }

    private static bool IsIds(ExportedGraph graph, string value)
    {
        while (graph.ProducerOf(value) is { Operation: "Cast" or "Identity" or "Reshape" } producer)
            value = producer.Input(0);
        return value == Ids;
    }
}
