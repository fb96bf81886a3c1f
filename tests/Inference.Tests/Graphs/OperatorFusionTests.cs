using ActorEmbed.Inference.Compilation.Cache;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Operators;
using ActorEmbed.Inference.Tests.Compilation;

namespace ActorEmbed.Inference.Tests.Graphs;

public sealed class OperatorFusionTests
{
    [Theory]
    [InlineData("bert")]
    [InlineData("xlm-roberta")]
    public void Nothing_but_our_operators_stands_between_the_products_of_bytes(string modelType)
    {
        const int layers = 2;
        using var model = new SeededModel(modelType, layers: layers, hidden: 128, heads: 4, feedForward: 256);
        CompiledModels.Open(model, Precision.Int8).Dispose();
        var directory = Directory.GetDirectories(Path.Combine(model.Directory, ".actorembed"), "int8-*").Single();
        var graph = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(directory, CompiledModelFiles.Graph))).Graph;
        int Count(string operation) => graph.Node.Count(node => node.OpType == operation);

        Assert.Equal(4 * layers, Count("MatMulIntegerToFloat"));
        Assert.Equal(layers, Count(AttendTokens.Name));
        Assert.Equal(layers, Count(ActivateTokens.Name));
        // The last one's tokens are pooled, not multiplied.
        Assert.Equal((2 * layers) - 1, Count(NormalizeTokens.Name));
        // What no chain ends in: the embeddings, and the contexts.
        Assert.Equal(1 + layers, Count(QuantizeTokens.Name));
        Assert.Equal(0, Count("Gelu") + Count("Softmax"));
        var used = graph.Node.SelectMany(node => node.Input).ToHashSet(StringComparer.Ordinal);
        Assert.All(graph.Initializer, tensor => Assert.Contains(tensor.Name, used));
    }
}
