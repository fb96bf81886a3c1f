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
    /// Where the model is run. Default <see cref="DeviceChoice.Auto"/>: on a device of NVIDIA where ONNX Runtime's package for
    /// CUDA, its libraries and the device are there, and give the processor's vectors; on one of Apple where <see cref="DeviceChoice.Mps"/> was
    /// compared with the processor before, and was faster; otherwise on the processor.
    /// </summary>
    public DeviceChoice Device { get; set; }

    /// <summary>
    /// Numbers of the dense products of a compiled model. Default null: <see cref="Precision.Fp32"/>, exact, on the processor, and
    /// <see cref="Precision.Fp16"/> on other devices. What <see cref="Precision.Int8"/> costs, which runs on the processor only, depends on
    /// the model and the texts; measure it before choosing it.
    /// </summary>
    public Precision? Precision { get; set; }

    /// <summary>Why <see cref="Device"/> and <see cref="Precision"/> exclude each other on every machine, as a sentence; null where they do not.</summary>
    public string? FindConflict() => (Device, Precision) switch
    {
        (DeviceChoice.Cuda or DeviceChoice.Mps, Inference.Precision.Int8) =>
            $"Device {Device.ToString().ToLowerInvariant()} and Precision int8 exclude each other: int8 runs on the processor only, other devices take fp16 or fp32.",
        (DeviceChoice.Cpu, Inference.Precision.Fp16) => "Device cpu and Precision fp16 exclude each other: the processor takes fp32 or int8.",
        _ => null,
    };

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
