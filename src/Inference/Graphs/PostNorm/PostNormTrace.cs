using ActorEmbed.Inference.Weights.Exported;

namespace ActorEmbed.Inference.Graphs.PostNorm;

/// <summary>
/// Finds the tensors of a post-norm encoder in an exported graph by following it: exporters number the weights of products,
/// optimizers fuse operators and rename what is left. What is found is trusted only after its vectors were compared with the
/// graph's own.
/// </summary>
internal sealed class PostNormTrace
{
    private readonly ExportedWeights _weights;
    private readonly ExportedGraph _graph;
    private readonly EncoderArchitecture _architecture;
    private readonly IPostNormTensorNames _names;
    private readonly Dictionary<string, TensorPart> _found = new(StringComparer.Ordinal);

    private PostNormTrace(ExportedWeights weights, EncoderArchitecture architecture, IPostNormTensorNames names) =>
        (_weights, _graph, _architecture, _names) = (weights, weights.Graph, architecture, names);

    /// <summary>Gives the weights the names of the family.</summary>
    /// <returns>Why the graph is not laid out as such an encoder is, or null.</returns>
    public static string? Follow(ExportedWeights weights, EncoderArchitecture architecture, IPostNormTensorNames names)
    {
        var trace = new PostNormTrace(weights, architecture, names);
        if ((trace.FindTables() ?? trace.FindNorms() ?? trace.FindLayers()) is { } whyNot)
            return whyNot;
        weights.Name(trace._found);
        return null;
    }

    private string? FindTables()
    {
        var (positions, hidden) = (_architecture.Positions, _architecture.Hidden);
        var tables = ExportedTables.Of(_graph);
        if (tables.Token is not { } token)
            return "nothing of it looks tokens up in a table";
        _found[_names.TokenTable] = token;
        if (tables.Others.FirstOrDefault(table => table.Shape is [var rows, var width] && rows == positions && width == hidden) is not { } places)
            return $"it has no table of {positions} positions";
        _found[_names.PositionTable] = places;
        if (_names.TokenTypeTable is { } types && tables.Others.FirstOrDefault(table => table != places && table.Shape[^1] == hidden) is { } type)
            _found[types] = type;
        if (_names.ScoreBiasTable is { } scores && tables.Others.FirstOrDefault(table => table.Shape[^1] == _architecture.Heads) is { } biases)
            _found[scores] = biases;
        return null;
    }

    private string? FindNorms()
    {
        var norms = ExportedNorms.Of(_graph, _architecture.Hidden);
        string[] names =
        [
            _names.EmbeddingNorm,
            .. Enumerable.Range(0, _architecture.Layers).SelectMany(layer => new[] { _names.AttentionNorm(layer), _names.FeedForwardNorm(layer) }),
        ];
        // Behind them may be those of a head.
        if (norms.Count < names.Length)
            return $"it normalises {norms.Count} times, and {names.Length} would be expected";
        foreach (var (name, (factor, shift)) in names.Zip(norms))
            (_found[name + ".weight"], _found[name + ".bias"]) = (factor, shift);
        return null;
    }

    private string? FindLayers()
    {
        var attentions = ExportedAttention.Of(_graph, _weights.Products);
        if (attentions.Count != _architecture.Layers)
            return $"{attentions.Count} of its {_architecture.Layers} layers attend as expected";
        for (var layer = 0; layer < attentions.Count; layer++)
        {
            var attention = attentions[layer];
            var end = layer + 1 < attentions.Count ? attentions[layer + 1].Query.Node.Place : int.MaxValue;
            var between = _weights.Products.Where(product => product.Node.Place > attention.Output.Node.Place && product.Node.Place < end).Take(2).ToArray();
            if (between is not [var up, var down])
                return $"layer {layer} has no feed-forward block as expected";
            var isWhole = Name(_names.Query(layer), attention.Query) && Name(_names.Key(layer), attention.Key)
                && Name(_names.Value(layer), attention.Value) && Name(_names.AttentionOutput(layer), attention.Output)
                && Name(_names.FeedForwardUp(layer), up) && Name(_names.FeedForwardDown(layer), down);
            if (!isWhole)
                return $"a product of layer {layer} has no bias";
        }

        return null;
    }

    private bool Name(string name, ExportedProduct product)
    {
        if (product.Bias is not { } bias)
            return false;
        (_found[name + ".weight"], _found[name + ".bias"]) = (product.Weights, bias);
        return true;
    }
}
