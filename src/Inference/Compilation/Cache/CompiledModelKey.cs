using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorEmbed.Inference.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Compilation.Cache;

/// <summary>Everything that a compiled model depends on. What differs in any of it is another compiled model.</summary>
/// <param name="Kind">Which graph.</param>
/// <param name="SourceChecksum">Of <c>model.safetensors</c>.</param>
/// <param name="Architecture">What was read of <c>config.json</c>.</param>
/// <param name="Pooling">What was read of the pooling configuration.</param>
internal sealed record CompiledModelKey(
    CompiledGraphKind Kind, string SourceChecksum, EncoderArchitecture Architecture, IReadOnlyList<PoolingMode> Pooling)
{
    // Enough of a SHA-256 that no two models of one machine meet, and short enough to read.
    private const int HashCharacters = 16;

    /// <summary>Raised with every change to how a compiled model is kept.</summary>
    public int CacheVersion { get; } = 2;

    public int BuilderVersion { get; } = PackedGraph.Version;

    public string RuntimeVersion { get; } = OrtEnv.Instance().GetVersionString();

    public string Cpu { get; } = CpuFeatures.Name;

    /// <summary>Which device it is for, and its driver; null for the processor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Accelerator { get; init; }

    /// <summary>Name of the model's directory in the cache.</summary>
    public string DirectoryName
    {
        get
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Describe())));
            return $"{Kind.ToString().ToLowerInvariant()}-{hash[..HashCharacters]}";
        }
    }

    // As an object: a family may say more of its architecture than all have in common.
    private object Describe() => Accelerator is null
        ? new { Kind, SourceChecksum, Architecture = (object)Architecture, Pooling, CacheVersion, BuilderVersion, RuntimeVersion, Cpu }
        : new { Kind, SourceChecksum, Architecture = (object)Architecture, Pooling, CacheVersion, BuilderVersion, RuntimeVersion, Cpu, Accelerator };
}
