using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Families;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Tests.Graphs;
using ActorEmbed.Inference.Weights;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Tests.Devices;

/// <summary>What stands in the graph that is made for an accelerator, which nothing here can run.</summary>
public sealed class DeviceGraphTests
{
    private const string Attention = "PackedMultiHeadAttention";

    [Theory]
    // Its scores have a bias.
    [InlineData("mpnet-tiny", 0)]
    [InlineData("distilbert-dense-tiny", 2)]
    [InlineData("nomic-tiny", 2)]
    // It sees only what came before.
    [InlineData("qwen3-tiny", 0)]
    public void Attention_is_one_operator_where_its_limits_allow(string repository, int expected)
    {
        var graph = Write(repository, hasPackedAttention: true);

        var attentions = graph.Node.Where(node => node.OpType == Attention).ToList();
        Assert.Equal(expected, attentions.Count);
        Assert.All(attentions, node =>
        {
            Assert.Equal("com.microsoft", node.Domain);
            Assert.Equal(["", PackedGraph.TokenPlaces, PackedGraph.TextStarts], node.Input.Skip(3));
            Assert.Equal(1f, node.Attribute.Single(attribute => attribute.Name == "scale").F);
        });
        Assert.Equal(expected == 0, graph.Node.Any(node => node.OpType == "Softmax"));
    }

    [Fact]
    public void A_layer_with_a_window_keeps_its_plain_operators_beside_one_without()
    {
        var graph = Write("modernbert-tiny", hasPackedAttention: true);

        Assert.Contains(graph.Node, node => node.OpType == Attention);
        Assert.Contains(graph.Node, node => node.OpType == "Softmax");
    }

    [Fact]
    public void Ids_go_in_and_no_vectors_and_what_it_holds_is_of_half_precision()
    {
        var graph = Write("distilbert-dense-tiny", hasPackedAttention: true);

        Assert.Contains(graph.Input, input => input.Name == PackedGraph.TokenIds);
        Assert.DoesNotContain(graph.Input, input => input.Name == PackedGraph.TokenRows);
        Assert.DoesNotContain(graph.Initializer, tensor => tensor.DataType == (int)TensorProto.Types.DataType.Float);
        Assert.Equal((int)TensorProto.Types.DataType.Float, Assert.Single(graph.Output).Type.TensorType.ElemType);
    }

    [Fact]
    public void The_schema_of_the_operator_accepts_what_is_written_and_the_processor_says_that_it_has_no_kernel()
    {
        using var folder = new TemporaryFolderOfTest();
        Write("distilbert-dense-tiny", hasPackedAttention: true, folder.Path);

        var error = Assert.Throws<OnnxRuntimeException>(() => OnnxSessions.OpenOnDevice(Path.Combine(folder.Path, "model.onnx"), _ => { }));

        // The graph was resolved, types and shapes with it: what is missing is somebody to run it.
        Assert.Contains("NotImplemented", error.Message, StringComparison.Ordinal);
        Assert.Contains(Attention, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Places_name_the_tokens_first_and_then_the_padding()
    {
        var inputs = new PackedInputs(new EncoderArchitecture(1, 8, 2, 8, 10, 64, null, 1e-5f), tokenTable: null);
        inputs.Fill([[1], [2, 3], [4, 5, 6, 7]]);

        using var places = inputs.Tensor(PackedGraph.TokenPlaces);
        using var starts = inputs.Tensor(PackedGraph.TextStarts);
        using var ids = inputs.Tensor(PackedGraph.TokenIds);

        Assert.Equal([3, 8], places.GetTensorTypeAndShape().Shape);
        Assert.Equal(
            [0, 8, 9, 16, 17, 18, 19, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23],
            places.GetTensorDataAsSpan<int>().ToArray());
        Assert.Equal([0, 1, 3, 7], starts.GetTensorDataAsSpan<int>().ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], ids.GetTensorDataAsSpan<int>().ToArray());
    }

    [Fact]
    public void A_run_takes_thousands_of_tokens_and_a_long_text_runs_alone()
    {
        int[] lengths = [.. Enumerable.Repeat(128, 100), 600, 700];

        var runs = MicroBatches.Cut(lengths, BoundEncoder.MaxPaddedTokens, longerThan: 512);

        Assert.Equal([1, 1, 64, 36], runs.Select(run => run.Length));
    }

    private static GraphProto Write(string name, bool hasPackedAttention, string? directory = null)
    {
        using var folder = new TemporaryFolderOfTest();
        directory ??= folder.Path;
        var repository = new ReferenceRepository(name);
        var config = EncoderConfig.Read(Path.Combine(repository.Directory, "config.json"));
        var family = EncoderFamilies.Find(config)!;
        var architecture = family.TryRead(config, out _)!;
        using var files = new SafetensorsFiles([Path.Combine(repository.Directory, "model.safetensors")]);
        var writer = family.TryOpen(files, architecture, out _)!;
        var form = new DeviceForm(
            IsHalf: true, graph => graph.Floats(files.ReadFloats(writer.TokenTable), writer.TokenTable.Shape), hasPackedAttention);
        var graph = new OnnxGraph(largeTensors: null, form);
        writer.WriteExact(graph, [repository.Pooling]);
        graph.Save(Path.Combine(directory, "model.onnx"), "test");
        return ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(directory, "model.onnx"))).Graph;
    }

    private sealed class TemporaryFolderOfTest : IDisposable
    {
        private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorembed-");

        public string Path => _directory.FullName;

        public void Dispose() => _directory.Delete(recursive: true);
    }
}
