using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Families;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Tests.Graphs;
using ActorEmbed.Inference.Weights;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Tests.Devices;

/// <summary>What CoreML's provider would be given of the graphs of fixed shapes, which nothing here can run.</summary>
public sealed class FixedGraphTests
{
    // Of coreml_supported_mlprogram_ops.md of ONNX Runtime, and Gather, which its provider has a builder for that is not listed.
    private static readonly string[] Taken =
    [
        "Add", "Cast", "Concat", "Div", "Erf", "Gather", "Gemm", "Identity", "LayerNormalization", "MatMul", "Mul", "ReduceMax",
        "ReduceMean", "Reshape", "Sigmoid", "Slice", "Softmax", "Sqrt", "Sub", "Tanh", "Transpose",
        // What the processor, which has no softmax of half precision, makes of one.
        "Exp", "ReduceSum",
    ];

    // The processor has no such product of half precision, and converts what goes in.
    private const string CastForProcessor = "InsertedPrecisionFreeCast_";

    public static TheoryData<string> Repositories => FamilyTests.Repositories;

    [Theory]
    [MemberData(nameof(Repositories))]
    public void Every_operator_that_is_left_is_one_that_CoreML_takes_and_no_shape_is_open(string repository)
    {
        AssertTaken(Prepared(repository, isHalf: true, new FixedShape(4, 32)));
        AssertTaken(Prepared(repository, isHalf: false, new FixedShape(1, 64)));
    }

    [Fact]
    public void The_numbers_are_of_half_precision_and_rows_go_in()
    {
        var graph = Prepared("distilbert-dense-tiny", isHalf: true, new FixedShape(1, 32));

        Assert.Contains(graph.Input, input => input.Name == PackedGraph.TokenRows);
        Assert.DoesNotContain(graph.Initializer, tensor => tensor.DataType == (int)TensorProto.Types.DataType.Float);
    }

    [Fact]
    public void What_CoreML_keeps_of_it_has_a_name_that_does_not_follow_the_path()
    {
        using var folder = TestDirectory.Create();
        var path = Write("distilbert-dense-tiny", isHalf: true, folder.Path);

        var property = Assert.Single(ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).MetadataProps);

        Assert.Equal("COREML_CACHE_KEY", property.Key);
        Assert.All(property.Value, character => Assert.True(char.IsAsciiLetterOrDigit(character)));
    }

    private static void AssertTaken(GraphProto graph)
    {
        Assert.Empty(graph.Node.Where(node => node.Domain.Length > 0 || !Taken.Contains(node.OpType)).Select(node => node.OpType).Distinct());
        Assert.All(graph.Input, input => Assert.All(input.Type.TensorType.Shape.Dim, dimension => Assert.True(dimension.DimValue > 0, input.Name)));
        // What a builder of the provider wants as a constant.
        var constants = graph.Initializer.Select(tensor => tensor.Name).ToHashSet();
        Assert.All(graph.Node.Where(node => node.OpType is "Reshape" or "Slice"), node => Assert.All(node.Input.Skip(1), input => Assert.Contains(input, constants)));
        // Its provider turns the weights of any other itself, and writes them as text.
        Assert.All(graph.Node.Where(node => node.OpType == "Gemm"), node => Assert.Equal(1, node.Attribute.Single(attribute => attribute.Name == "transB").I));
        Assert.All(graph.Node.Where(node => node.OpType == "Gemm"), node => Assert.Contains(node.Input[1].Replace(CastForProcessor, "", StringComparison.Ordinal), constants));
    }

    /// <summary>The graph as the provider sees it: shapes filled in and constants folded, nothing fused yet.</summary>
    private static GraphProto Prepared(string repository, bool isHalf, FixedShape shape)
    {
        using var folder = TestDirectory.Create();
        var prepared = Path.Combine(folder.Path, "prepared.onnx");
        using (OnnxSessions.OpenOnDevice(Write(repository, isHalf, folder.Path), options =>
        {
            options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_BASIC;
            options.OptimizedModelFilePath = prepared;
        }, shape))
            return ModelProto.Parser.ParseFrom(File.ReadAllBytes(prepared)).Graph;
    }

    private static string Write(string name, bool isHalf, string directory)
    {
        var repository = new ReferenceRepository(name);
        var config = EncoderConfig.Read(Path.Combine(repository.Directory, "config.json"));
        var family = EncoderFamilies.Find(config)!;
        var architecture = family.TryRead(config, out _)!;
        using var files = new SafetensorsFiles([Path.Combine(repository.Directory, "model.safetensors")]);
        var writer = family.TryOpen(files, architecture, out _)!;
        var graph = new OnnxGraph(largeTensors: null, new DeviceForm(isHalf, WriteTokenTable: null, HasPackedAttention: false) { IsFixed = true });
        writer.WriteExact(graph, [repository.Pooling]);
        var path = Path.Combine(directory, "model.onnx");
        graph.Save(path, "test");
        return path;
    }
}
