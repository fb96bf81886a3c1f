using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Encoders;

/// <summary>A compiled graph, open on a device: inputs go there, vectors come back.</summary>
/// <param name="runtime">Runs it.</param>
/// <param name="session">Over the graph; disposed with this.</param>
internal sealed class BoundSession(IDeviceRuntime runtime, InferenceSession session) : IDisposable
{
    private readonly RunOptions _runOptions = new();
    private readonly string[] _inputNames = [.. session.InputMetadata.Keys];

    /// <param name="texts">How many texts, for the message of a failure.</param>
    /// <param name="tensor">Gives an input by its name.</param>
    /// <returns>[B, dimensions].</returns>
    /// <exception cref="InferenceException">The device failed, or is not there any more.</exception>
    public float[] Run(int texts, Converter<string, OrtValue> tensor)
    {
        var tensors = Array.ConvertAll(_inputNames, tensor);
        try
        {
            // Binding an input copies it to the device, an output from there once the run is over.
            using var binding = session.CreateIoBinding();
            for (var i = 0; i < tensors.Length; i++)
                binding.BindInput(_inputNames[i], tensors[i]);
            binding.BindOutputToDevice(PackedGraph.Vectors, OrtMemoryInfo.DefaultInstance);
            runtime.Run(session, _runOptions, binding);
            using var outputs = binding.GetOutputValues();
            return outputs[0].GetTensorDataAsSpan<float>().ToArray();
        }
        catch (OnnxRuntimeException e)
        {
            throw new InferenceException($"The device failed on {texts} texts: {e.Message.ReplaceLineEndings(" ")}", e);
        }
        finally
        {
            foreach (var value in tensors)
                value.Dispose();
        }
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        session.Dispose();
    }
}
