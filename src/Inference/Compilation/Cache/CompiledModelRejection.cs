using System.Globalization;
using System.Text.Json;
using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Compilation.Cache;

/// <summary>
/// That a graph failed its self-test on this machine. It holds for the versions that the name of the compiled model
/// stands for and for a while: what has failed once is worth another try after updates of the system below.
/// </summary>
/// <param name="Graph">Which graph.</param>
/// <param name="Reason">What the self-test found.</param>
/// <param name="At">When.</param>
/// <param name="RuntimeVersion">Of ONNX Runtime.</param>
/// <param name="Cpu">Instruction sets of the processor, or the device that it was made for.</param>
internal sealed record CompiledModelRejection(
    string Graph, string Reason, DateTimeOffset At, string RuntimeVersion, string Cpu)
{
    /// <summary>What the file's name ends with; the rest is the name that the compiled model would have.</summary>
    public const string Suffix = ".rejected.json";

    // A month: the test takes as long as compiling, which nobody wants at every start.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    public bool HasExpired => DateTimeOffset.UtcNow - At > Lifetime || At > DateTimeOffset.UtcNow + Lifetime;

    /// <returns>Null where there is none, or none that can be read.</returns>
    public static CompiledModelRejection? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<CompiledModelRejection>(ModelFile.ReadAllBytes(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Write(string path) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this, Format));

    /// <summary>One line for a person.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"the {Graph} graph was rejected on {At:yyyy-MM-dd} with ONNX Runtime {RuntimeVersion} on {Cpu} ({Reason}); it is tried again after {At + Lifetime:yyyy-MM-dd}");
}
