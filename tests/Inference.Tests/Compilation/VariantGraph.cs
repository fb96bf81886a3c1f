using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Models;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Tests.Compilation;

/// <summary>Graphs that the compiler writes only when another one has failed, or never.</summary>
internal static class VariantGraph
{
    public static PackedEncoder Open(SeededModel model, Func<EncoderWeights, DenseProducts> products)
    {
        using var file = new SafetensorsFile(model.WeightsPath);
        var weights = EncoderWeights.TryOpen(file, model.Architecture, out _);
        Assert.NotNull(weights);
        var path = Path.Combine(model.Directory, "variant.onnx");
        using (var largeTensors = new ExternalTensorFile(Path.Combine(model.Directory, "variant.bin")))
        {
            var graph = new OnnxGraph(largeTensors);
            new EncoderGraphBuilder(model.Architecture, weights, PoolingMode.Mean, products(weights)).Build(graph);
            graph.Save(path, "test");
        }

        return new PackedEncoder(
            new PackedSessions(path, threads: 2), new PackedTokenTable(model.WeightsPath, weights.TokenTable), model.Architecture, threads: 2);
    }
}
