using ActorEmbed.Inference.Compilation.Cache;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs.Families.Bert;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.PostNorm;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Tests.Compilation;

/// <summary>Graphs that the compiler writes only when another one has failed, or never.</summary>
internal static class VariantGraph
{
    public static PackedEncoder Open(SeededModel model, Func<PostNormWeights, DenseProducts> products)
    {
        using var files = new SafetensorsFiles([model.WeightsPath]);
        var weights = PostNormWeights.TryOpen(files, model.Architecture, BertTensorNames.Instance, out _);
        Assert.NotNull(weights);
        var path = Path.Combine(model.Directory, "variant.onnx");
        using (var largeTensors = new ExternalTensorFile(Path.Combine(model.Directory, "variant.bin")))
        {
            var graph = new OnnxGraph(largeTensors);
            new PostNormGraph(model.Architecture, weights, [PoolingMode.Mean], products(weights)).Write(graph);
            graph.Save(path, "test");
        }

        var version = SourceVersion.Read(model.WeightsPath, []);
        return new PackedEncoder(
            new PackedSessions(path, threads: 2),
            new PackedTokenTable(weights.TokenTable, version.Stamp, version.Checksum),
            model.Architecture,
            model.Architecture.Hidden,
            threads: 2);
    }
}
