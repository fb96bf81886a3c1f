using ActorEmbed.Inference.Graphs.Onnx;
using Google.Protobuf;

namespace ActorEmbed.Inference.Tests.Repositories;

/// <summary>Small ONNX files with tensors in all the places that a tensor can lie in.</summary>
internal static class GraphBytes
{
    // Fields of the ONNX standard that the writer's own subset leaves out.
    private const int AttributeGraph = 6;
    private const int GraphSparseInitializer = 15;
    private const int SparseValues = 1;
    private const int ModelFunctions = 25;
    private const int FunctionNode = 7;
    private const int DelimitedWireType = 2;

    /// <summary>A graph of the inputs and outputs of an encoder.</summary>
    public static ModelProto Encoder(params string[] inputs)
    {
        var graph = new GraphProto { Name = "encoder" };
        graph.Input.AddRange((inputs.Length > 0 ? inputs : ["input_ids", "attention_mask"]).Select(name => new ValueInfoProto { Name = name }));
        graph.Output.Add(new ValueInfoProto { Name = "last_hidden_state" });
        return new ModelProto { IrVersion = 8, Graph = graph };
    }

    public static TensorProto Tensor(string name, string? location)
    {
        var tensor = new TensorProto { Name = name, RawData = ByteString.CopyFrom(new byte[64]) };
        if (location is null)
            return tensor;
        tensor.RawData = ByteString.Empty;
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = "0" });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        return tensor;
    }

    /// <summary>As BAAI/bge-m3 has it: the value of a constant, in a file of its own.</summary>
    public static NodeProto Constant(string location)
    {
        var node = new NodeProto { OpType = "Constant" };
        node.Attribute.Add(new AttributeProto { Name = "value", T = Tensor("", location) });
        return node;
    }

    /// <summary>A node such as If, with a graph in an attribute.</summary>
    public static byte[] NodeWithSubgraph(GraphProto subgraph) =>
        Field(number: 5, Field(AttributeGraph, subgraph.ToByteArray()));

    public static byte[] SparseInitializer(TensorProto values) => Field(GraphSparseInitializer, Field(SparseValues, values.ToByteArray()));

    /// <summary>A function of the model, which has nodes and no graph.</summary>
    public static byte[] Function(NodeProto node) => Field(ModelFunctions, Field(FunctionNode, node.ToByteArray()));

    /// <summary>A field with a message or a text in it.</summary>
    public static byte[] Field(int number, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteUInt32((uint)(number << 3 | DelimitedWireType));
            output.WriteBytes(ByteString.CopyFrom(content));
        }

        return stream.ToArray();
    }
}
