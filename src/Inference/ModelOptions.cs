using System.ComponentModel.DataAnnotations;

namespace ActorEmbed.Inference;

/// <summary>How a model is run.</summary>
public sealed class ModelOptions
{
    /// <summary>
    /// Threads that inference uses. Default: one for each core. Range 1 to 1,024. Fewer leave room for others on the
    /// same machine.
    /// </summary>
    [Range(1, 1024)]
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// Numbers of the dense products of a compiled model. Default <see cref="Precision.Fp32"/>: exact. What
    /// <see cref="Precision.Int8"/> costs depends on the model and the texts; measure it before choosing it.
    /// </summary>
    public Precision Precision { get; set; } = Precision.Fp32;

    /// <summary>
    /// The X of <c>onnx/model_X.onnx</c>, a graph of the repository to run instead of what is best here; null, the
    /// default, for that.
    /// </summary>
    public string? Variant { get; set; }

    /// <summary>
    /// How token vectors are pooled, whatever the repository says; null, the default, for what it says. For repositories
    /// that say nothing: see <see cref="ModelInfo.Assumption"/>.
    /// </summary>
    public PoolingMode? Pooling { get; set; }

    /// <summary>
    /// Whether <see cref="ModelInfo.Fingerprint"/> is computed. Default false: it reads every file of the model, a second
    /// for a gigabyte. The nodes of a cluster compare it.
    /// </summary>
    public bool ComputeFingerprint { get; set; }

    /// <summary>
    /// Directory that compiled models are kept in, made when it is needed. Null keeps them beside the model, or in the
    /// user's cache where the model lies in a place that must not change, such as an application's own folder.
    /// </summary>
    public string? CompiledModelDirectory { get; set; }

    /// <summary>
    /// Called with the model's id before it is compiled, on the thread that loads it. That is done once for each machine
    /// and precision, and takes some twenty seconds for a gigabyte. Null calls nobody.
    /// </summary>
    public Action<string>? OnCompiling { get; set; }
}
