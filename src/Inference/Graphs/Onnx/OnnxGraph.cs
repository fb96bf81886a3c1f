using System.Runtime.InteropServices;
using Google.Protobuf;

namespace ActorEmbed.Inference.Graphs.Onnx;

/// <summary>An ONNX graph while it is written: every method adds something and returns the name of its result.</summary>
/// <param name="largeTensors">Takes the large tensors; null keeps them in the graph's own file, of 2 GB at most.</param>
internal sealed class OnnxGraph(ExternalTensorFile? largeTensors)
{
    public const string StandardDomain = "";
    public const string MicrosoftDomain = "com.microsoft";

    // Below this the padding to a page and the map entry cost more than a copy.
    private const int MaxInlineBytes = 1 << 16;

    // 17 brought LayerNormalization; 18 moved the axes of reductions to an input, which gains nothing here.
    private const int StandardOpset = 17;
    private const int MicrosoftOpset = 1;
    private const int IrVersion = 8;

    private readonly GraphProto _graph = new() { Name = "packed-encoder" };
    private int _names;

    public string Input(string name, TensorProto.Types.DataType type, params ReadOnlySpan<string> shape)
    {
        _graph.Input.Add(Describe(name, type, shape));
        return name;
    }

    public void Output(string value, string name, params ReadOnlySpan<string> shape)
    {
        _graph.Node.Add(new NodeProto { OpType = "Identity", Input = { value }, Output = { name } });
        _graph.Output.Add(Describe(name, TensorProto.Types.DataType.Float, shape));
    }

    public string Node(string operation, params ReadOnlySpan<string> inputs) => Node(StandardDomain, operation, inputs, []);

    public string Node(string domain, string operation, ReadOnlySpan<string> inputs, ReadOnlySpan<AttributeProto> attributes)
    {
        var output = Next(operation);
        var node = new NodeProto { Domain = domain, OpType = operation, Name = output, Output = { output } };
        foreach (var input in inputs)
            node.Input.Add(input);
        foreach (var attribute in attributes)
            node.Attribute.Add(attribute);
        _graph.Node.Add(node);
        return output;
    }

    public string Floats(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        Tensor(TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), shape);

    public string Int8s(ReadOnlySpan<sbyte> values, params ReadOnlySpan<long> shape) =>
        Tensor(TensorProto.Types.DataType.Int8, MemoryMarshal.AsBytes(values), shape);

    public string UInt8(byte value) => Tensor(TensorProto.Types.DataType.Uint8, [value], []);

    public string Int32s(ReadOnlySpan<int> values, params ReadOnlySpan<long> shape) =>
        Tensor(TensorProto.Types.DataType.Int32, MemoryMarshal.AsBytes(values), shape);

    public string Int64s(params ReadOnlySpan<long> values) =>
        Tensor(TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), [values.Length]);

    /// <summary>A number without dimensions.</summary>
    public string Int64(long value) => Tensor(TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes<long>([value]), []);

    public static AttributeProto Attribute(string name, long value) =>
        new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto Attribute(string name, float value) =>
        new() { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float };

    public static AttributeProto Attribute(string name, TensorProto value) =>
        new() { Name = name, T = value, Type = AttributeProto.Types.AttributeType.Tensor };

    public static AttributeProto Attribute(string name, params long[] values) =>
        new() { Name = name, Ints = { values }, Type = AttributeProto.Types.AttributeType.Ints };

    public static AttributeProto Axes(params long[] axes) => Attribute("axes", axes);

    public void Save(string path, string producerVersion)
    {
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "ActorEmbed",
            ProducerVersion = producerVersion,
            Graph = _graph,
            OpsetImport =
            {
                new OperatorSetIdProto { Domain = StandardDomain, Version = StandardOpset },
                new OperatorSetIdProto { Domain = MicrosoftDomain, Version = MicrosoftOpset },
            },
        };
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write);
        model.WriteTo(stream);
        stream.Flush(flushToDisk: true);
    }

    private string Tensor(TensorProto.Types.DataType type, ReadOnlySpan<byte> data, ReadOnlySpan<long> shape)
    {
        var tensor = new TensorProto { Name = Next("tensor"), DataType = (int)type, Dims = { shape.ToArray() } };
        if (largeTensors is not null && data.Length > MaxInlineBytes)
            largeTensors.Append(tensor, data);
        else
            tensor.RawData = ByteString.CopyFrom(data);
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private string Next(string kind) => $"{kind}_{_names++}";

    private static ValueInfoProto Describe(string name, TensorProto.Types.DataType type, ReadOnlySpan<string> shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (var size in shape)
        {
            dimensions.Dim.Add(long.TryParse(size, out var fixedSize)
                ? new TensorShapeProto.Types.Dimension { DimValue = fixedSize }
                : new TensorShapeProto.Types.Dimension { DimParam = size });
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions } },
        };
    }
}
