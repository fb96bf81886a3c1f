using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Devices;

/// <summary>What there is beside the processor on this machine and in this build of ONNX Runtime: the edge that tests replace.</summary>
internal interface IDeviceRuntime
{
    /// <summary>What became of its devices so far.</summary>
    DeviceHistory History { get; }

    /// <summary>Whether attention over packed texts is one operator there (<c>PackedMultiHeadAttention</c>).</summary>
    bool HasPackedAttention { get; }

    /// <summary>Why a device cannot be had: what is missing, as the end of a sentence; null where it can be had.</summary>
    string? WhyNot(Device device);

    /// <summary>Which hardware and driver it is: what was tested on one proves nothing for another.</summary>
    string Identify(Device device);

    /// <summary>Opens a graph there.</summary>
    /// <exception cref="OnnxRuntimeException">The device or the graph does not let it.</exception>
    InferenceSession Open(string graphPath, Device device);

    /// <summary>Runs a graph on what was bound.</summary>
    /// <exception cref="OnnxRuntimeException">The device failed, or is not there any more.</exception>
    void Run(InferenceSession session, RunOptions options, OrtIoBinding binding);
}
