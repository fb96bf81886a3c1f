using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Weights.Exported;

/// <summary>
/// Reads operators and places of tensors from an ONNX file; what is in subgraphs is left out. Numbers are skipped, so that a
/// file of two gigabytes costs a few thousand seeks and no memory.
/// </summary>
internal sealed class ExportedGraphReader
{
    // Field numbers are those of the ONNX standard (onnx.proto3 of IR version 10).
    private const int ModelGraph = 7;
    private const int GraphNode = 1, GraphInitializer = 5;
    private const int NodeInput = 1, NodeOutput = 2, NodeName = 3, NodeOperation = 4, NodeAttribute = 5;
    private const int AttributeName = 1, AttributeNumber = 3, AttributeTensor = 5, AttributeNumbers = 8;
    private const int TensorShape = 1, TensorDataType = 2, TensorFloats = 4, TensorName = 8, TensorRaw = 9, TensorExternalData = 13;
    private const int EntryKey = 1, EntryValue = 2;

    private readonly ProtobufFields _fields;
    private readonly string _path;
    private readonly List<ExportedNode> _nodes = [];
    private readonly Dictionary<string, WeightTensor> _tensors = new(StringComparer.Ordinal);

    private ExportedGraphReader(Stream stream, string path) => (_fields, _path) = (new ProtobufFields(stream), path);

    /// <param name="stream">The file, seekable, at its beginning.</param>
    /// <param name="path">Its path; data files lie beside it.</param>
    /// <exception cref="InvalidDataException">It is no ONNX file, or it is cut off.</exception>
    public static ExportedGraph Read(Stream stream, string path)
    {
        var reader = new ExportedGraphReader(stream, path);
        reader._fields.Each(stream.Length, (field, end) =>
        {
            if (field == ModelGraph)
                reader.Graph(end);
        });
        return new ExportedGraph(path, reader._nodes, reader._tensors);
    }

    private void Graph(long end) => _fields.Each(end, (field, fieldEnd) =>
    {
        if (field == GraphNode)
            Node(fieldEnd);
        else if (field == GraphInitializer && Tensor(fieldEnd) is { } tensor)
            _tensors[tensor.Name] = tensor;
    });

    private void Node(long end)
    {
        var (inputs, outputs) = (new List<string>(), new List<string>());
        string name = "", operation = "";
        var numbers = new Dictionary<string, List<long>>(StringComparer.Ordinal);
        WeightTensor? constant = null;
        _fields.Each(end, (field, fieldEnd) =>
        {
            switch (field)
            {
                case NodeInput: inputs.Add(_fields.ReadText(fieldEnd)); break;
                case NodeOutput: outputs.Add(_fields.ReadText(fieldEnd)); break;
                case NodeName: name = _fields.ReadText(fieldEnd); break;
                case NodeOperation: operation = _fields.ReadText(fieldEnd); break;
                case NodeAttribute: constant = Attribute(fieldEnd, numbers) ?? constant; break;
            }
        });
        if (operation == "Constant" && constant is not null && outputs is [var value])
            _tensors[value] = constant with { Name = value };
        else if (outputs.Count > 0)
            _nodes.Add(new ExportedNode(_nodes.Count, operation, name, inputs, outputs, numbers));
    }

    private WeightTensor? Attribute(long end, Dictionary<string, List<long>> numbers)
    {
        var name = "";
        var values = new List<long>();
        WeightTensor? tensor = null;
        _fields.Each(
            end,
            (field, fieldEnd) =>
            {
                switch (field)
                {
                    case AttributeName: name = _fields.ReadText(fieldEnd); break;
                    case AttributeTensor: tensor = Tensor(fieldEnd); break;
                    case AttributeNumbers: values.AddRange(_fields.ReadNumbers(fieldEnd)); break;
                }
            },
            (field, number) =>
            {
                if (field is AttributeNumber or AttributeNumbers)
                    values.Add((long)number);
            });
        if (values.Count > 0)
            numbers[name] = values;
        return tensor;
    }

    /// <returns>Null where its numbers are stored in another way than exporters store weights.</returns>
    private WeightTensor? Tensor(long end)
    {
        var name = "";
        var shape = new List<long>();
        var type = WeightType.Other;
        (string File, long Offset, long? Length)? place = null;
        var external = new Dictionary<string, string>(StringComparer.Ordinal);
        _fields.Each(
            end,
            (field, fieldEnd) =>
            {
                switch (field)
                {
                    case TensorShape: shape.AddRange(_fields.ReadNumbers(fieldEnd)); break;
                    case TensorName: name = _fields.ReadText(fieldEnd); break;
                    // Packed floats are stored as raw ones are.
                    case TensorRaw or TensorFloats: place = (_path, _fields.Position, fieldEnd - _fields.Position); break;
                    case TensorExternalData: Entry(fieldEnd, external); break;
                }
            },
            (field, number) =>
            {
                if (field == TensorShape)
                    shape.Add((long)number);
                else if (field == TensorDataType)
                    type = TypeOf(number);
            });
        if (external.TryGetValue("location", out var location))
        {
            place = (
                Path.Combine([Path.GetDirectoryName(_path) ?? "", .. location.Split('/')]),
                external.TryGetValue("offset", out var offset) && long.TryParse(offset, out var start) ? start : 0,
                external.TryGetValue("length", out var length) && long.TryParse(length, out var bytes) ? bytes : null);
        }

        if (shape.Any(size => size is < 0 or > int.MaxValue))
            return null;
        var expected = shape.Aggregate(type.ElementBytes(), (product, size) => product * size);
        return place is { } known && (known.Length ?? expected) == expected && expected > 0
            ? new WeightTensor(known.File, name, type, [.. shape], known.Offset, expected)
            : null;
    }

    private void Entry(long end, Dictionary<string, string> entries)
    {
        string key = "", value = "";
        _fields.Each(end, (field, fieldEnd) =>
        {
            if (field == EntryKey)
                key = _fields.ReadText(fieldEnd);
            else if (field == EntryValue)
                value = _fields.ReadText(fieldEnd);
        });
        entries[key] = value;
    }

    /// <summary>TensorProto.DataType of the standard.</summary>
    private static WeightType TypeOf(ulong number) => number switch
    {
        1 => WeightType.F32,
        7 => WeightType.I64,
        10 => WeightType.F16,
        16 => WeightType.BF16,
        _ => WeightType.Other,
    };
}
