using System.Text.Json;
using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Compilation.Cache;

/// <summary>
/// How a device compared with the processor when a graph was compiled for it, kept beside the graph; one whose vectors were wrong leaves a
/// <see cref="CompiledModelRejection"/> and no graph.
/// </summary>
/// <param name="Difference">Greatest difference in a component of a vector of length 1.</param>
/// <param name="Cosine">Least cosine of two vectors.</param>
/// <param name="DeviceSeconds">Time that the device took for the texts.</param>
/// <param name="ProcessorSeconds">Time that the processor took for the same, in single precision.</param>
internal sealed record DeviceVerdict(float Difference, double Cosine, double DeviceSeconds, double ProcessorSeconds)
{
    /// <summary>
    /// Least gain for which a device is taken that nobody named: less would not be worth its memory, the time that its sessions
    /// take to open, and what clocks and neighbours add to a measurement.
    /// </summary>
    public const double LeastGain = 1.25;

    private const string Name = "verdict.json";

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    /// <summary>How many times as fast as the processor.</summary>
    public double Gain => ProcessorSeconds / DeviceSeconds;

    public bool IsFaster => Gain >= LeastGain;

    /// <returns>Null where there is none, or none that can be read.</returns>
    public static DeviceVerdict? TryRead(string directory)
    {
        try
        {
            var path = Path.Combine(directory, Name);
            return File.Exists(path) ? JsonSerializer.Deserialize<DeviceVerdict>(ModelFile.ReadAllBytes(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Write(string directory) =>
        File.WriteAllBytes(Path.Combine(directory, Name), JsonSerializer.SerializeToUtf8Bytes(this, Format));
}
