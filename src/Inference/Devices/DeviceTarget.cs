using ActorEmbed.Inference.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Devices;

/// <summary>A device that is not the processor, and what runs graphs there.</summary>
/// <param name="Runtime">Runs them.</param>
/// <param name="Device">The device.</param>
internal sealed record DeviceTarget(IDeviceRuntime Runtime, Device Device)
{
    /// <summary>Opens a compiled graph there.</summary>
    /// <param name="graphPath">Its file.</param>
    /// <param name="shape">Of all its runs; null where runs may have any.</param>
    /// <exception cref="InferenceException">
    /// The files were checked by their checksums: it is the device that has no memory for them, or is gone. Building them again
    /// would not help.
    /// </exception>
    public InferenceSession Open(string graphPath, FixedShape? shape = null)
    {
        try
        {
            return Runtime.Open(graphPath, Device, shape);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InferenceException($"The model could not be opened on {Device.Name()}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
