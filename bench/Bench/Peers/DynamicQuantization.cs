using System.Runtime.InteropServices;
using ActorEmbed.Inference.Graphs.Onnx;
using Google.Protobuf;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Bench.Peers;

/// <summary>
/// Dynamic quantisation as ONNX Runtime's tool does it with the settings that transformers.js's conversion script uses
/// for encoders (its "q8"): products with a constant get int8 weights, symmetric per column, of seven bits, and
/// activations quantised when they are known; tables get uint8, one scale each. Everything else stays as exported.
/// </summary>
internal sealed class DynamicQuantization
{
    // reduce_range of the tool: seven bits, so that sums of two products fit 16 bits on processors without VNNI.
    private const int WeightLimit = 64;

    private readonly GraphProto _graph;
    private readonly Dictionary<string, TensorProto> _tensors;
    private readonly HashSet<string> _replaced = [];
    private readonly Dictionary<string, string> _activations = [];
    private readonly List<NodeProto> _nodes = [];

    private DynamicQuantization(GraphProto graph)
    {
        _graph = graph;
        _tensors = graph.Initializer.ToDictionary(tensor => tensor.Name);
    }

    /// <summary>Reads an exported graph and writes the quantised one.</summary>
    public static void Rewrite(string exported, string quantized)
    {
        ModelProto model;
        using (var input = File.OpenRead(exported))
            model = ModelProto.Parser.ParseFrom(input);
        new DynamicQuantization(model.Graph).Run();
        using var output = File.Create(quantized);
        model.WriteTo(output);
    }

    private void Run()
    {
        foreach (var node in _graph.Node)
        {
            if (node.OpType == "MatMul" && IsFloatMatrix(node.Input[1]))
                QuantizeProduct(node);
            else if (node.OpType == "Gather" && IsFloatMatrix(node.Input[0]))
                QuantizeTable(node);
            else
                _nodes.Add(node);
        }

        _graph.Node.Clear();
        _graph.Node.Add(_nodes);
        var kept = _graph.Initializer.Where(tensor => !_replaced.Contains(tensor.Name)).ToList();
        _graph.Initializer.Clear();
        _graph.Initializer.Add(kept);
    }

    private bool IsFloatMatrix(string name) =>
        _tensors.TryGetValue(name, out var tensor) && tensor.DataType == (int)DataType.Float && tensor.Dims.Count == 2;

    private void QuantizeProduct(NodeProto node)
    {
        var (input, weight, result) = (node.Input[0], node.Input[1], node.Output[0]);
        var tensor = _tensors[weight];
        var (rows, columns) = ((int)tensor.Dims[0], (int)tensor.Dims[1]);
        var values = MemoryMarshal.Cast<byte, float>(tensor.RawData.Span);
        var scales = new float[columns];
        for (var i = 0; i < values.Length; i++)
            scales[i % columns] = Math.Max(scales[i % columns], Math.Abs(values[i]) / WeightLimit);
        var bytes = new sbyte[values.Length];
        for (var i = 0; i < values.Length; i++)
            bytes[i] = (sbyte)Math.Clamp(MathF.Round(values[i] / scales[i % columns]), -WeightLimit, WeightLimit);
        Add(weight + "_quantized", DataType.Int8, MemoryMarshal.AsBytes<sbyte>(bytes), rows, columns);
        Add(weight + "_scale", DataType.Float, MemoryMarshal.AsBytes<float>(scales), columns);
        Add(weight + "_zero_point", DataType.Int8, new byte[columns], columns);
        _replaced.Add(weight);

        var activation = Activation(input);
        Node("MatMulInteger", [activation + "_quantized", weight + "_quantized", activation + "_zero_point", weight + "_zero_point"], result + "_integer");
        Node("Cast", [result + "_integer"], result + "_cast").Attribute.Add(OnnxGraph.Attribute("to", (long)DataType.Float));
        Node("Mul", [activation + "_scale", weight + "_scale"], result + "_scales");
        Node("Mul", [result + "_cast", result + "_scales"], result);
    }

    /// <summary>Several products of one input share its quantised form.</summary>
    private string Activation(string input)
    {
        if (_activations.TryAdd(input, input))
        {
            Node("DynamicQuantizeLinear", [input], input + "_quantized").Output.Add([input + "_scale", input + "_zero_point"]);
        }

        return input;
    }

    private void QuantizeTable(NodeProto node)
    {
        var (table, indices, result) = (node.Input[0], node.Input[1], node.Output[0]);
        var tensor = _tensors[table];
        var values = MemoryMarshal.Cast<byte, float>(tensor.RawData.Span);
        var (least, most) = (0f, 0f);
        foreach (var value in values)
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        var scale = (most - least) / byte.MaxValue;
        var zero = (byte)MathF.Round(-least / scale);
        var bytes = new byte[values.Length];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)Math.Clamp(MathF.Round(values[i] / scale) + zero, byte.MinValue, byte.MaxValue);
        Add(table + "_quantized", DataType.Uint8, bytes, [.. tensor.Dims]);
        Add(table + "_scale", DataType.Float, MemoryMarshal.AsBytes<float>([scale]));
        Add(table + "_zero_point", DataType.Uint8, [zero]);
        _replaced.Add(table);

        Node("Gather", [table + "_quantized", indices], result + "_gathered").Attribute.Add(node.Attribute);
        Node("DequantizeLinear", [result + "_gathered", table + "_scale", table + "_zero_point"], result);
    }

    private NodeProto Node(string operation, ReadOnlySpan<string> inputs, string output)
    {
        var node = new NodeProto { OpType = operation, Name = output, Input = { inputs.ToArray() }, Output = { output } };
        _nodes.Add(node);
        return node;
    }

    private void Add(string name, DataType type, ReadOnlySpan<byte> data, params ReadOnlySpan<long> shape) =>
        _graph.Initializer.Add(new TensorProto
        {
            Name = name,
            DataType = (int)type,
            Dims = { shape.ToArray() },
            RawData = ByteString.CopyFrom(data),
        });
}
