namespace ActorEmbed.Inference.Weights.Exported;

/// <summary>An ONNX graph as an exporter wrote it: its operators, and where its tensors lie. No number has been read.</summary>
internal sealed class ExportedGraph
{
    private readonly Dictionary<string, WeightTensor> _tensors;
    private readonly Dictionary<string, ExportedNode> _producers = new(StringComparer.Ordinal);
    private readonly ILookup<string, ExportedNode> _consumers;

    /// <param name="path">The graph's file.</param>
    /// <param name="nodes">In an order in which they can be run.</param>
    /// <param name="tensors">Initializers and constants, by the names of their values.</param>
    public ExportedGraph(string path, IReadOnlyList<ExportedNode> nodes, Dictionary<string, WeightTensor> tensors)
    {
        (Path, Nodes, _tensors) = (path, nodes, tensors);
        foreach (var node in nodes)
        {
            foreach (var output in node.Outputs)
                _producers.TryAdd(output, node);
        }

        _consumers = nodes.SelectMany(node => node.Inputs.Where(input => input.Length > 0).Distinct(), (node, input) => (node, input))
            .ToLookup(use => use.input, use => use.node, StringComparer.Ordinal);
    }

    public string Path { get; }

    public IReadOnlyList<ExportedNode> Nodes { get; }

    /// <summary>Whether what an operator needs comes before it, as the format demands: then no way through it has a circle.</summary>
    public bool IsInOrder => Nodes.All(node => node.Inputs.All(input => ProducerOf(input) is not { } producer || producer.Place < node.Place));

    /// <summary>Names of its own tensors.</summary>
    public IReadOnlyCollection<string> TensorNames => _tensors.Keys;

    /// <summary>The operator that gives a value; null for an input or a tensor.</summary>
    public ExportedNode? ProducerOf(string value) => _producers.GetValueOrDefault(value);

    /// <summary>The operators that take a value.</summary>
    public IEnumerable<ExportedNode> ConsumersOf(string value) => _consumers[value];

    /// <summary>The floating-point tensor behind a value, or null. Exporters store equal ones once and name the others by an Identity.</summary>
    public WeightTensor? TensorOf(string value) => PartOf(value) is { IsTransposed: false } part ? part.Stored : null;

    /// <summary>The same where it may be transposed on its way.</summary>
    public TensorPart? PartOf(string value)
    {
        var isTransposed = false;
        while (!_tensors.ContainsKey(value))
        {
            if (ProducerOf(value) is not { Operation: "Identity" or "Cast" or "Transpose" } producer)
                return null;
            if (producer.Operation == "Transpose")
                isTransposed = !isTransposed;
            value = producer.Input(0);
        }

        var tensor = _tensors[value];
        return tensor.Type.IsFloatingPoint() && (!isTransposed || tensor.Shape.Length == 2) ? TensorPart.Whole(tensor, isTransposed) : null;
    }
}
