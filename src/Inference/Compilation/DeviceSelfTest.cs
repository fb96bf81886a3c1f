using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Inference.Compilation;

/// <summary>Whether a device gives the vectors of the processor.</summary>
internal static class DeviceSelfTest
{
    /// <summary>
    /// Most that a component of a vector of length 1 may differ by. Half precision has 11 bits: a dozen layers of it were seen to
    /// cost some 0.0005.
    /// </summary>
    public const float MostDifference = 2e-3f;

    /// <summary>Least cosine of the two vectors of a text.</summary>
    public const double LeastCosine = 0.9999;

    // The first of a session is slower; of the others the shortest is the one that nothing else interrupted.
    private const int Rounds = 3;

    /// <param name="exact">Of the processor in single precision.</param>
    /// <param name="vectors">Of the device.</param>
    /// <param name="logger">Is told how far they are apart.</param>
    /// <returns>How far they are apart, and why the device must not be used for this model, or null.</returns>
    public static (float Difference, double Cosine, string? Failure) Compare(float[][] exact, float[][] vectors, ILogger logger)
    {
        var (greatest, least) = (0f, 1d);
        foreach (var (expected, vector) in exact.Zip(vectors))
        {
            if (!TensorPrimitives.IsFiniteAll<float>(vector))
                return (float.NaN, double.NaN, "a vector has components that are not numbers");
            var (one, other) = (VectorNorm.Normalize(expected), VectorNorm.Normalize(vector));
            var differences = new float[one.Length];
            TensorPrimitives.Subtract<float>(one, other, differences);
            greatest = Math.Max(greatest, Math.Abs(TensorPrimitives.MaxMagnitude<float>(differences)));
            least = Math.Min(least, TensorPrimitives.CosineSimilarity<float>(one, other));
        }

        logger.LogInformation(
            "the device against the processor on {Texts} calibration texts: components differ by {Difference:E1} at most, cosine {Cosine:F6} at least",
            exact.Length, greatest, least);
        return (greatest, least, greatest <= MostDifference && least >= LeastCosine
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"its vectors differ from the processor's by {greatest:E1} in a component, cosine {least:F5}"));
    }

    /// <summary>The time that something takes which was done before.</summary>
    /// <param name="clock">Measures it.</param>
    /// <param name="run">Does it.</param>
    public static TimeSpan Measure(TimeProvider clock, Action run) => Enumerable.Range(0, Rounds).Min(_ =>
    {
        var start = clock.GetTimestamp();
        run();
        return clock.GetElapsedTime(start);
    });
}
