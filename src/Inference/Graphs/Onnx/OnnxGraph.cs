using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ActorEmbed.Inference.Operators;
using Google.Protobuf;

namespace ActorEmbed.Inference.Graphs.Onnx;

/// <summary>An ONNX graph while it is written: every method adds something and returns the name of its result.</summary>
internal sealed class OnnxGraph
{
    public const string StandardDomain = "";
    public const string MicrosoftDomain = "com.microsoft";

    // What CoreML makes of a graph is kept in a directory of the compiled form: there it has this name, which may be any. Without one it
    // would be the path's, which changes when the form is complete.
    private const string CoreMlCacheKey = "COREML_CACHE_KEY";
    private const string CoreMlCacheName = "actorembed";

    // Below this the padding to a page and the map entry cost more than a copy.
    private const int MaxInlineBytes = 1 << 16;

    // 17 brought LayerNormalization; 18 moved the axes of reductions to an input, which gains nothing here.
    private const int StandardOpset = 17;
    private const int MicrosoftOpset = 1;
    private const int IrVersion = 8;

    private readonly GraphProto _graph;
    // Itself, or the outermost graph around it: names are told apart, and tensors kept, there.
    private readonly OnnxGraph _whole;
    private readonly ExternalTensorFile? _largeTensors;
    private int _names;
    private int _products;
    private int _calibratedProducts;

    /// <param name="largeTensors">Takes the large tensors; null keeps them in the graph's own file, of 2 GB at most.</param>
    /// <param name="device">What a device that is not the processor asks of the graph; null for the processor.</param>
    public OnnxGraph(ExternalTensorFile? largeTensors, DeviceForm? device = null)
    {
        _whole = this;
        Device = device;
        _largeTensors = largeTensors;
        _graph = new GraphProto { Name = "packed-encoder" };
    }

    private OnnxGraph(OnnxGraph whole, string name)
    {
        _whole = whole;
        _largeTensors = whole._largeTensors;
        Device = whole.Device;
        _graph = new GraphProto { Name = name };
    }

    /// <summary>What a device that is not the processor asks of the graph; null for the processor.</summary>
    public DeviceForm? Device { get; }

    /// <summary>Whether operators of our own (<see cref="OperatorDomain"/>) may be in it, which only sessions on the processor know.</summary>
    public bool HasOwnOperators { get; init; }

    /// <summary>Of what type the numbers of weights and activations are.</summary>
    public TensorProto.Types.DataType Numbers =>
        Device is { IsHalf: true } ? TensorProto.Types.DataType.Float16 : TensorProto.Types.DataType.Float;

    /// <summary>Whether it is written for a device that knows fixed shapes and plain operators only.</summary>
    public bool IsFixed => Device is { IsFixed: true };

    public string Input(string name, TensorProto.Types.DataType type, params string[] shape)
    {
        _graph.Input.Add(Describe(name, type, shape));
        return name;
    }

    public void Output(string value, string name, params string[] shape)
    {
        _graph.Node.Add(new NodeProto { OpType = "Identity", Input = { value }, Output = { name } });
        _graph.Output.Add(Describe(name, TensorProto.Types.DataType.Float, shape));
    }

    public string Node(string operation, params ReadOnlySpan<string> inputs) => Node(StandardDomain, operation, inputs, []);

    public string Node(string domain, string operation, ReadOnlySpan<string> inputs, ReadOnlySpan<AttributeProto> attributes) =>
        Nodes(domain, operation, inputs, attributes, outputs: 1)[0];

    /// <summary>A node of several results.</summary>
    public string[] Nodes(string domain, string operation, ReadOnlySpan<string> inputs, ReadOnlySpan<AttributeProto> attributes, int outputs)
    {
        var results = new string[outputs];
        foreach (ref var result in results.AsSpan())
            result = Next(operation);
        var node = new NodeProto { Domain = domain, OpType = operation, Name = results[0], Output = { results } };
        foreach (var input in inputs)
            node.Input.Add(input);
        foreach (var attribute in attributes)
            node.Attribute.Add(attribute);
        _graph.Node.Add(node);
        return results;
    }

    /// <summary>Whichever of two values is asked for; the other is not computed. Both may use what is outside.</summary>
    /// <param name="condition">A single bool.</param>
    /// <param name="then">Writes what is computed where it is true, and gives <see cref="Numbers"/>.</param>
    /// <param name="otherwise">The same where it is false.</param>
    public string If(string condition, Func<OnnxGraph, string> then, Func<OnnxGraph, string> otherwise) => Node(
        StandardDomain, "If", [condition], [Attribute("then_branch", Branch(then)), Attribute("else_branch", Branch(otherwise))]);

    /// <summary>The same computation for each part of some values, one after the other.</summary>
    /// <param name="over">Values of the same first dimension, along which they are taken apart.</param>
    /// <param name="shape">Of one result; names for what is not fixed.</param>
    /// <param name="body">Gets a graph and the parts, in the order of <paramref name="over"/>; may use what is outside, and gives <see cref="Numbers"/>.</param>
    /// <returns>All results, along a new first dimension.</returns>
    public string Scan(ReadOnlySpan<(string Value, TensorProto.Types.DataType Type)> over, string[] shape, Func<OnnxGraph, string[], string> body)
    {
        var part = new OnnxGraph(_whole, _whole.Next("part"));
        var (values, parts) = (new string[over.Length], new string[over.Length]);
        for (var i = 0; i < parts.Length; i++)
        {
            values[i] = over[i].Value;
            parts[i] = _whole.Next("part");
            part._graph.Input.Add(Describe(parts[i], over[i].Type, shape: null));
        }

        part._graph.Output.Add(Describe(body(part, parts), Numbers, shape));
        return Node(StandardDomain, "Scan", values, [Attribute("body", part._graph), Attribute("num_scan_inputs", (long)values.Length)]);
    }

    /// <summary>Numbers of the graph's own type.</summary>
    public string Floats(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        if (Numbers == TensorProto.Types.DataType.Float)
            return Singles(values, shape);
        var halves = new Half[values.Length];
        TensorPrimitives.ConvertToHalf(values, halves);
        return Tensor(TensorProto.Types.DataType.Float16, MemoryMarshal.AsBytes<Half>(halves), shape);
    }

    /// <summary>Numbers in single precision, whatever the graph's own type.</summary>
    public string Singles(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        Tensor(TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), shape);

    /// <summary>A value in single precision as one of the graph's own type.</summary>
    public string FromSingle(string value) => Numbers == TensorProto.Types.DataType.Float ? value : Cast(value, Numbers);

    /// <summary>A value of the graph's own type in single precision.</summary>
    public string ToSingle(string value) => Numbers == TensorProto.Types.DataType.Float ? value : Cast(value, TensorProto.Types.DataType.Float);

    public string Int8s(ReadOnlySpan<sbyte> values, params ReadOnlySpan<long> shape) =>
        Tensor(TensorProto.Types.DataType.Int8, MemoryMarshal.AsBytes(values), shape);

    public string UInt8(byte value) => Tensor(TensorProto.Types.DataType.Uint8, [value], []);

    public string Int32s(ReadOnlySpan<int> values, params ReadOnlySpan<long> shape) =>
        Tensor(TensorProto.Types.DataType.Int32, MemoryMarshal.AsBytes(values), shape);

    public string Int64s(params ReadOnlySpan<long> values) =>
        Tensor(TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), [values.Length]);

    /// <summary>A number without dimensions.</summary>
    public string Int64(long value) => Tensor(TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes<long>([value]), []);

    /// <summary>Counts a product of bytes.</summary>
    /// <param name="isCalibrated">Whether its inputs were observed.</param>
    public void CountProduct(bool isCalibrated)
    {
        _products++;
        _calibratedProducts += isCalibrated ? 1 : 0;
    }

    /// <summary>Lets the complete graph be written in another way.</summary>
    public void Rewrite(Action<GraphProto> rewrite) => rewrite(_graph);

    public static AttributeProto Attribute(string name, long value) =>
        new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto Attribute(string name, float value) =>
        new() { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float };

    public static AttributeProto Attribute(string name, TensorProto value) =>
        new() { Name = name, T = value, Type = AttributeProto.Types.AttributeType.Tensor };

    private static AttributeProto Attribute(string name, GraphProto value) =>
        new() { Name = name, G = value, Type = AttributeProto.Types.AttributeType.Graph };

    public static AttributeProto Attribute(string name, params long[] values) =>
        new() { Name = name, Ints = { values }, Type = AttributeProto.Types.AttributeType.Ints };

    public static AttributeProto Axes(params long[] axes) => Attribute("axes", axes);

    public void Save(string path, string producerVersion)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write);
        Model(producerVersion).WriteTo(stream);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>The bytes of the file that <see cref="Save"/> writes.</summary>
    public byte[] ToModel(string producerVersion) => Model(producerVersion).ToByteArray();

    private ModelProto Model(string producerVersion)
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
        if (IsFixed)
            model.MetadataProps.Add(new StringStringEntryProto { Key = CoreMlCacheKey, Value = CoreMlCacheName });
        if (HasOwnOperators)
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = OperatorDomain.Name, Version = OperatorDomain.Version });
        if (_products > 0)
        {
            var share = ((double)_calibratedProducts / _products).ToString("F3", CultureInfo.InvariantCulture);
            model.MetadataProps.Add(new StringStringEntryProto { Key = PackedGraph.CalibratedShare, Value = share });
        }

        return model;
    }

    private string Cast(string value, TensorProto.Types.DataType type) => Node(StandardDomain, "Cast", [value], [Attribute("to", (long)type)]);

    private string Tensor(TensorProto.Types.DataType type, ReadOnlySpan<byte> data, ReadOnlySpan<long> shape)
    {
        var tensor = new TensorProto { Name = Next("tensor"), DataType = (int)type, Dims = { shape.ToArray() } };
        if (_largeTensors is not null && data.Length > MaxInlineBytes)
            _largeTensors.Append(tensor, data);
        else
            tensor.RawData = ByteString.CopyFrom(data);
        _whole._graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private GraphProto Branch(Func<OnnxGraph, string> write)
    {
        var branch = new OnnxGraph(_whole, _whole.Next("branch"));
        branch._graph.Output.Add(Describe(write(branch), Numbers, shape: null));
        return branch._graph;
    }

    private string Next(string kind) => $"{kind}_{_whole._names++}";

    /// <param name="name">Of the value.</param>
    /// <param name="type">Of its elements.</param>
    /// <param name="shape">Sizes, or names for those that are not fixed; null says nothing of the shape.</param>
    private static ValueInfoProto Describe(string name, TensorProto.Types.DataType type, string[]? shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type };
        if (shape is not null)
        {
            tensor.Shape = new TensorShapeProto();
            foreach (var size in shape)
            {
                tensor.Shape.Dim.Add(long.TryParse(size, out var fixedSize)
                    ? new TensorShapeProto.Types.Dimension { DimValue = fixedSize }
                    : new TensorShapeProto.Types.Dimension { DimParam = size });
            }
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
