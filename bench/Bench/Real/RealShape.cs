using ActorEmbed.Bench.Families;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Tests.RealModels;

namespace ActorEmbed.Bench.Real;

/// <summary>The shape of a model with real weights, for the rate of matrix kernels.</summary>
internal static class RealShape
{
    public static FamilyShape Of(RealModel model)
    {
        var config = EncoderConfig.Read(Path.Combine(RealVariant.DirectoryOf(model), "config.json"));
        var shape = StandardFields.Shape(config, paddingId: null, normEpsilon: 0);
        return new FamilyShape(
            model.Name, shape.Layers, shape.Hidden, shape.Hidden, shape.Hidden, shape.FeedForward, IsGated: false, shape.Vocabulary, model.MaxTokens,
            Config: new { }, PoolingMode.Mean, Tensors: []);
    }
}
