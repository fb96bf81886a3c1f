using static ActorEmbed.Bench.StandIn.StandInShape;

namespace ActorEmbed.Bench.StandIn;

/// <summary>The tensors of the stand-in, in the order and under the names that Hugging Face has them.</summary>
internal static class StandInWeights
{
    // Deviations near those of trained encoders, so that activations stay of ordinary size through twelve layers.
    private const float WeightDeviation = 0.04f;
    private const float SmallDeviation = 0.02f;

    public static IEnumerable<(string Name, long[] Shape, float Mean, float Deviation)> List()
    {
        yield return ("embeddings.word_embeddings.weight", [Vocabulary, Hidden], 0, WeightDeviation);
        yield return ("embeddings.position_embeddings.weight", [Positions, Hidden], 0, SmallDeviation);
        yield return ("embeddings.token_type_embeddings.weight", [1, Hidden], 0, SmallDeviation);
        foreach (var tensor in Norm("embeddings.LayerNorm"))
            yield return tensor;
        for (var layer = 0; layer < Layers; layer++)
        {
            var name = $"encoder.layer.{layer}";
            var tensors = Dense($"{name}.attention.self.query", Hidden, Hidden)
                .Concat(Dense($"{name}.attention.self.key", Hidden, Hidden))
                .Concat(Dense($"{name}.attention.self.value", Hidden, Hidden))
                .Concat(Dense($"{name}.attention.output.dense", Hidden, Hidden))
                .Concat(Norm($"{name}.attention.output.LayerNorm"))
                .Concat(Dense($"{name}.intermediate.dense", FeedForward, Hidden))
                .Concat(Dense($"{name}.output.dense", Hidden, FeedForward))
                .Concat(Norm($"{name}.output.LayerNorm"));
            foreach (var tensor in tensors)
                yield return tensor;
        }
    }

    private static IEnumerable<(string, long[], float, float)> Dense(string name, int outputs, int inputs) =>
        [(name + ".weight", [outputs, inputs], 0f, WeightDeviation), (name + ".bias", [outputs], 0f, SmallDeviation)];

    private static IEnumerable<(string, long[], float, float)> Norm(string name) =>
        [(name + ".weight", [Hidden], 1f, SmallDeviation), (name + ".bias", [Hidden], 0f, SmallDeviation)];
}
