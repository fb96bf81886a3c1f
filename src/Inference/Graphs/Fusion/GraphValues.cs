using System.Runtime.InteropServices;
using ActorEmbed.Inference.Graphs.Onnx;

namespace ActorEmbed.Inference.Graphs.Fusion;

/// <summary>Where the values of a graph come from, and how often they are used.</summary>
internal sealed class GraphValues
{
    private readonly GraphProto _graph;
    private readonly Dictionary<string, NodeProto> _makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);

    public GraphValues(GraphProto graph)
    {
        _graph = graph;
        foreach (var tensor in graph.Initializer)
            _tensors[tensor.Name] = tensor;
        foreach (var node in graph.Node)
            foreach (var output in node.Output)
                _makers[output] = node;
        CountUses(graph);
    }

    /// <summary>The node that makes a value and is of one kind; null where another does, or none.</summary>
    public NodeProto? Maker(string value, params ReadOnlySpan<string> operations) =>
        _makers.GetValueOrDefault(value) is { } node && operations.Contains(node.OpType) ? node : null;

    /// <summary>The same where nothing else uses the value.</summary>
    public NodeProto? OnlyFor(string value, params ReadOnlySpan<string> operations) => Uses(value) == 1 ? Maker(value, operations) : null;

    /// <summary>How many inputs and outputs a value is, those of graphs within the graph included.</summary>
    public int Uses(string value) => _uses.GetValueOrDefault(value);

    /// <summary>Whether a value is a tensor of the graph with one dimension.</summary>
    public bool IsVector(string value) => _tensors.GetValueOrDefault(value) is { Dims.Count: 1 };

    /// <summary>The only number of a tensor of the graph.</summary>
    public long? Integer(string value) => _tensors.GetValueOrDefault(value) is { RawData.Length: sizeof(long) } tensor
        ? MemoryMarshal.Read<long>(tensor.RawData.Span)
        : null;

    /// <summary>Puts a node in the place of others.</summary>
    /// <param name="place">The one of them behind all that it needs and before all that needs it.</param>
    /// <param name="replaced">All of them.</param>
    /// <param name="node">What computes the same.</param>
    public void Replace(NodeProto place, IEnumerable<NodeProto> replaced, NodeProto node)
    {
        _graph.Node[_graph.Node.IndexOf(place)] = node;
        foreach (var old in replaced)
            if (old != place)
                _graph.Node.Remove(old);
        foreach (var output in node.Output)
            _makers[output] = node;
    }

    /// <summary>Takes out the tensors that only replaced nodes used.</summary>
    public void RemoveUnusedTensors()
    {
        _uses.Clear();
        CountUses(_graph);
        foreach (var tensor in _tensors.Values)
            if (Uses(tensor.Name) == 0)
                _graph.Initializer.Remove(tensor);
    }

    private void CountUses(GraphProto graph)
    {
        foreach (var input in graph.Node.SelectMany(node => node.Input).Concat(graph.Output.Select(output => output.Name)))
            _uses[input] = Uses(input) + 1;
        foreach (var inner in graph.Node.SelectMany(node => node.Attribute).Where(attribute => attribute.G is not null))
            CountUses(inner.G);
    }
}
