using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Repositories;
using ActorEmbed.Tests.Shared.Models;
using Google.Protobuf;

namespace ActorEmbed.Inference.Tests.Repositories;

public sealed class OnnxOutlineReaderTests
{
    // Number of the graph in a model.
    private const int ModelGraph = 7;
    private const int GraphNode = 1;

    [Fact]
    public void Every_place_of_a_tensor_is_looked_into_for_its_file()
    {
        var model = GraphBytes.Encoder();
        model.Graph.Initializer.Add(GraphBytes.Tensor("weights", "model.onnx_data"));
        model.Graph.Initializer.Add(GraphBytes.Tensor("more", "model.onnx_data"));
        model.Graph.Initializer.Add(GraphBytes.Tensor("inline", location: null));
        model.Graph.Node.Add(GraphBytes.Constant("Constant_7_attr__value"));
        var deep = new GraphProto();
        deep.Node.Add(GraphBytes.Constant("in_a_branch"));
        var branch = new GraphProto();
        branch.Initializer.Add(GraphBytes.Tensor("branch", "of_a_branch"));
        byte[] rest =
        [
            .. GraphBytes.Field(GraphNode, GraphBytes.NodeWithSubgraph(branch)),
            .. GraphBytes.Field(GraphNode, GraphBytes.NodeWithSubgraph(deep)),
            .. GraphBytes.SparseInitializer(GraphBytes.Tensor("sparse", "sparse_values")),
        ];

        // Two fields of one number are one message.
        var outline = Read([.. model.ToByteArray(), .. GraphBytes.Field(ModelGraph, rest), .. GraphBytes.Function(GraphBytes.Constant("in_a_function"))]);

        Assert.Equal(
            ["model.onnx_data", "Constant_7_attr__value", "of_a_branch", "in_a_branch", "sparse_values", "in_a_function"],
            outline.DataFiles.Order(StringComparer.Ordinal).OrderBy(name => Array.IndexOf(
                ["model.onnx_data", "Constant_7_attr__value", "of_a_branch", "in_a_branch", "sparse_values", "in_a_function"], name)));
    }

    [Fact]
    public void Inputs_and_outputs_are_those_that_a_run_has()
    {
        var model = GraphBytes.Encoder("input_ids", "position_ids", "old_weights");
        model.Graph.Initializer.Add(GraphBytes.Tensor("old_weights", location: null));

        var outline = Read(model.ToByteArray());

        Assert.Equal(["input_ids", "position_ids"], outline.Inputs);
        Assert.Equal(["last_hidden_state"], outline.Outputs);
    }

    [Fact]
    public void A_real_graph_without_data_files_has_none()
    {
        var outline = Read(File.ReadAllBytes(Path.Combine(TestModels.XlmrTiny, "onnx", "model.onnx")));

        Assert.Empty(outline.DataFiles);
        Assert.Contains("input_ids", outline.Inputs);
        Assert.Contains("last_hidden_state", outline.Outputs);
    }

    [Fact]
    public void A_file_that_is_cut_off_at_any_place_is_damaged_or_names_fewer_files()
    {
        var model = GraphBytes.Encoder();
        model.Graph.Initializer.Add(GraphBytes.Tensor("weights", "model.onnx_data"));
        var whole = model.ToByteArray();

        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<InvalidDataException>(() => Read(whole[..length]));
    }

    [Fact]
    public void Graphs_without_end_are_damaged_and_not_a_full_stack()
    {
        var bytes = new GraphProto().ToByteArray();
        for (var depth = 0; depth < 5_000; depth++)
            bytes = GraphBytes.Field(GraphNode, GraphBytes.Field(5, GraphBytes.Field(6, bytes)));

        Assert.Throws<InvalidDataException>(() => Read(GraphBytes.Field(ModelGraph, bytes)));
    }

    private static OnnxOutline Read(byte[] bytes) => OnnxOutlineReader.Read(new MemoryStream(bytes));
}
