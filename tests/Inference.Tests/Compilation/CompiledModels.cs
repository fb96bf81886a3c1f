using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Encoders;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Inference.Tests.Compilation;

/// <summary>Opens model directories as the server does.</summary>
internal static class CompiledModels
{
    public static CompiledModelSource Source(SeededModel model, PoolingMode pooling = PoolingMode.Mean) =>
        new(model.Directory, [pooling], () => new HashedIds(SeededModel.Vocabulary));

    public static ITextEncoder? TryOpen(
        SeededModel model, Precision precision = Precision.Fp32, PoolingMode pooling = PoolingMode.Mean, int threads = 2, ILogger? logger = null) =>
        CompiledEncoder.TryOpen(Source(model, pooling), precision, new EncoderOptions(threads), logger ?? NullLogger.Instance, out _)?.Encoder;

    public static ITextEncoder Open(
        SeededModel model, Precision precision = Precision.Fp32, PoolingMode pooling = PoolingMode.Mean, int threads = 2)
    {
        var encoder = TryOpen(model, precision, pooling, threads);
        Assert.NotNull(encoder);
        return encoder;
    }

    public static float LargestDifference(float[] vector, IEnumerable<double> expected) =>
        vector.Zip(expected, (a, b) => (float)Math.Abs(a - b)).Max();
}
