using ActorEmbed.Inference.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Devices;

/// <summary>What there is beside the processor on this machine and in this build of ONNX Runtime: the edge that tests replace.</summary>
internal interface IDeviceRuntime
{
    /// <summary>What became of its devices so far.</summary>
    DeviceHistory History { get; }

    /// <summary>Whether attention over packed texts is one operator there (<c>PackedMultiHeadAttention</c>).</summary>
    bool HasPackedAttention { get; }

    /// <summary>Measures how long runs take.</summary>
    TimeProvider Clock { get; }

    /// <summary>Why this build or system never has a device, as the end of a sentence; null where it may. Looks for nothing.</summary>
    string? WhyNever(Device device);

    /// <summary>Why a device cannot be had: what is missing, as the end of a sentence; null where it can be had.</summary>
    string? WhyNot(Device device);

    /// <summary>Which hardware and driver it is: what was tested on one proves nothing for another.</summary>
    string Identify(Device device);

    /// <summary>Opens a graph there.</summary>
    /// <param name="graphPath">Its file.</param>
    /// <param name="device">The device.</param>
    /// <param name="shape">Of all its runs; null where runs may have any.</param>
    /// <exception cref="OnnxRuntimeException">The device or the graph does not let it.</exception>
    InferenceSession Open(string graphPath, Device device, FixedShape? shape);

    /// <summary>Runs a graph on what was bound.</summary>
    /// <exception cref="OnnxRuntimeException">The device failed, or is not there any more.</exception>
    void Run(InferenceSession session, RunOptions options, OrtIoBinding binding);
}
