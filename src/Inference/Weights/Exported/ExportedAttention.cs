namespace ActorEmbed.Inference.Weights.Exported;

/// <summary>The four products around one attention.</summary>
internal sealed record ExportedAttention(ExportedProduct Query, ExportedProduct Key, ExportedProduct Value, ExportedProduct Output)
{
    // What moves numbers, scales or masks them on the way between a product and the scores, besides a residual's sum.
    private static readonly string[] OnTheWay =
        ["Add", "Sub", "Mul", "Div", "Where", "Cast", "Reshape", "Transpose", "Identity", "Dropout", "Squeeze", "Unsqueeze", "Softmax"];

    /// <summary>All of a graph whose products are found, in its order.</summary>
    public static IReadOnlyList<ExportedAttention> Of(ExportedGraph graph, IReadOnlyList<ExportedProduct> products)
    {
        var byOutput = products.SelectMany(product => product.Outputs, (product, output) => (product, output))
            .ToLookup(entry => entry.output, entry => entry.product, StringComparer.Ordinal);
        var byInput = products.ToLookup(product => product.Input, StringComparer.Ordinal);
        return [.. graph.Nodes.Select(Find).OfType<ExportedAttention>()];

        ExportedAttention? Find(ExportedNode node) => node.Operation switch
        {
            "Softmax" => Spelled(node),
            // Of ONNX Runtime's optimizer.
            "Attention" when products.Where(product => product.Node == node).ToArray() is [var query, var key, var value] =>
                Below(node.Outputs[0]) is { } output ? new ExportedAttention(query, key, value, output) : null,
            _ => null,
        };

        ExportedAttention? Spelled(ExportedNode softmax)
        {
            // Two values that were computed meet in the scores, and the shares meet the values.
            var scores = Above(softmax.Input(0), node => IsDynamicProduct(node) ? node : null);
            var context = Next(softmax.Outputs[0], IsDynamicProduct);
            if (scores is null || context is null)
                return null;
            var values = context.Inputs.Where(input => Above(input, node => node == softmax ? node : null) is null).ToArray();
            return values is [var others] && Product(scores.Input(0)) is { } query && Product(scores.Input(1)) is { } key
                && Product(others) is { } value && Below(context.Outputs[0]) is { } output
                ? new ExportedAttention(query, key, value, output)
                : null;
        }

        bool IsDynamicProduct(ExportedNode node) =>
            node.Operation is "MatMul" or "FusedMatMul" && graph.PartOf(node.Input(0)) is null && graph.PartOf(node.Input(1)) is null;

        // The product that a value comes from.
        ExportedProduct? Product(string value) => Above(
            value, node => node.Outputs.SelectMany(output => byOutput[output]).FirstOrDefault());

        // The first thing that is looked for on the way up; of several summands the first that leads to one.
        T? Above<T>(string value, Func<ExportedNode, T?> find) where T : class
        {
            var seen = new HashSet<ExportedNode>(ReferenceEqualityComparer.Instance);
            var ahead = new Stack<string>([value]);
            while (ahead.TryPop(out var next))
            {
                if (graph.ProducerOf(next) is not { } node || !seen.Add(node))
                    continue;
                if (find(node) is { } found)
                    return found;
                var inputs = !OnTheWay.Contains(node.Operation) ? [] : node.Operation is "Reshape" or "Unsqueeze" or "Squeeze" ? node.Inputs.Take(1) : node.Inputs;
                foreach (var input in inputs.Reverse())
                    ahead.Push(input);
            }

            return null;
        }

        // The product that takes a value, which is only put into another order before.
        ExportedProduct? Below(string value) => Downwards(value, ["Transpose", "Reshape", "Cast", "Identity"], next => byInput[next].FirstOrDefault());

        ExportedNode? Next(string value, Func<ExportedNode, bool> isIt) =>
            Downwards(value, ["Cast", "Identity", "Dropout", "Where"], next => graph.ConsumersOf(next).FirstOrDefault(isIt));

        T? Downwards<T>(string value, string[] through, Func<string, T?> find) where T : class
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var ahead = new Queue<string>([value]);
            while (ahead.TryDequeue(out var next))
            {
                if (!seen.Add(next))
                    continue;
                if (find(next) is { } found)
                    return found;
                foreach (var node in graph.ConsumersOf(next).Where(node => through.Contains(node.Operation)))
                    ahead.Enqueue(node.Outputs[0]);
            }

            return null;
        }
    }
}
