using System.Text;
using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Repositories;

/// <summary>
/// Walks an ONNX file for its inputs, its outputs and every file that a tensor of it lies in: initializers, sparse
/// ones, and tensors in the attributes of nodes, at any depth of subgraphs and functions. Numbers are skipped, so that
/// a file of two gigabytes costs a few thousand seeks and no memory.
/// </summary>
internal sealed class OnnxOutlineReader
{
    // Field numbers are those of the ONNX standard (onnx.proto3 of IR version 10).
    private const int ModelGraph = 7, ModelFunction = 25;
    private const int FunctionNode = 7;
    private const int GraphNode = 1, GraphInitializer = 5, GraphInput = 11, GraphOutput = 12, GraphSparseInitializer = 15;
    private const int NodeAttribute = 5;
    private const int AttributeTensor = 5, AttributeGraph = 6, AttributeTensors = 10, AttributeGraphs = 11;
    private const int AttributeSparseTensor = 22, AttributeSparseTensors = 23;
    private const int SparseValues = 1, SparseIndices = 2;
    private const int TensorName = 8, TensorExternalData = 13, TensorDataLocation = 14;
    private const int ValueName = 1, EntryKey = 1, EntryValue = 2;
    private const ulong External = 1;

    // Exporters nest two or three deep; deeper than this is an attack on the stack.
    private const int MaxDepth = 64;

    private readonly ProtobufFields _fields;
    private readonly List<string> _inputs = [];
    private readonly List<string> _outputs = [];
    private readonly List<string> _dataFiles = [];
    private readonly HashSet<string> _initializers = new(StringComparer.Ordinal);

    private OnnxOutlineReader(Stream stream) => _fields = new ProtobufFields(stream);

    /// <param name="stream">The file, seekable.</param>
    /// <exception cref="InvalidDataException">It is no ONNX file, or it is cut off.</exception>
    public static OnnxOutline Read(Stream stream)
    {
        var reader = new OnnxOutlineReader(stream);
        var hasGraph = false;
        reader._fields.Each(stream.Length, (field, end) =>
        {
            if (field == ModelGraph)
            {
                hasGraph = true;
                reader.Graph(end, depth: 0);
            }
            else if (field == ModelFunction)
                reader.Nodes(end, FunctionNode, depth: 0);
        });
        if (!hasGraph)
            throw new InvalidDataException("it holds no graph");
        // Files of the first ONNX versions list their initializers among the inputs.
        return new OnnxOutline([.. reader._inputs.Except(reader._initializers)], reader._outputs, [.. reader._dataFiles.Distinct()]);
    }

    private void Graph(long end, int depth)
    {
        if (depth > MaxDepth)
            throw new InvalidDataException("its graphs are nested without end");
        _fields.Each(end, (field, fieldEnd) =>
        {
            switch (field)
            {
                case GraphNode: Node(fieldEnd, depth); break;
                case GraphInitializer: Tensor(fieldEnd, isInitializer: depth == 0); break;
                case GraphSparseInitializer: Sparse(fieldEnd); break;
                case GraphInput when depth == 0: _inputs.Add(Text(fieldEnd, ValueName)); break;
                case GraphOutput when depth == 0: _outputs.Add(Text(fieldEnd, ValueName)); break;
            }
        });
    }

    private void Nodes(long end, int nodeField, int depth) => _fields.Each(end, (field, fieldEnd) =>
    {
        if (field == nodeField)
            Node(fieldEnd, depth);
    });

    private void Node(long end, int depth) => _fields.Each(end, (field, fieldEnd) =>
    {
        if (field == NodeAttribute)
            Attribute(fieldEnd, depth);
    });

    private void Attribute(long end, int depth) => _fields.Each(end, (field, fieldEnd) =>
    {
        switch (field)
        {
            case AttributeTensor or AttributeTensors: Tensor(fieldEnd, isInitializer: false); break;
            case AttributeGraph or AttributeGraphs: Graph(fieldEnd, depth + 1); break;
            case AttributeSparseTensor or AttributeSparseTensors: Sparse(fieldEnd); break;
        }
    });

    private void Sparse(long end) => _fields.Each(end, (field, fieldEnd) =>
    {
        if (field is SparseValues or SparseIndices)
            Tensor(fieldEnd, isInitializer: false);
    });

    private void Tensor(long end, bool isInitializer)
    {
        string? location = null;
        var isExternal = false;
        _fields.Each(
            end,
            (field, fieldEnd) =>
            {
                if (field == TensorExternalData)
                    location = Location(fieldEnd) ?? location;
                else if (field == TensorName && isInitializer)
                    _initializers.Add(_fields.ReadText(fieldEnd));
            },
            (field, number) => isExternal |= field == TensorDataLocation && number == External);
        if (isExternal)
            _dataFiles.Add(location ?? throw new InvalidDataException("a tensor lies in a file that it does not name"));
    }

    private string? Location(long end)
    {
        string? key = null, value = null;
        _fields.Each(end, (field, fieldEnd) =>
        {
            if (field == EntryKey)
                key = _fields.ReadText(fieldEnd);
            else if (field == EntryValue)
                value = _fields.ReadText(fieldEnd);
        });
        return key == "location" ? value : null;
    }

    private string Text(long end, int textField)
    {
        var text = new StringBuilder();
        _fields.Each(end, (field, fieldEnd) =>
        {
            if (field == textField)
                text.Clear().Append(_fields.ReadText(fieldEnd));
        });
        return text.ToString();
    }
}
